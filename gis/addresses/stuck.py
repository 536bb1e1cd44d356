"""Words that were typed without the space between them: ``nguyenvanlac``, ``LêAnh Xuân``, ``duongso30``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from gis.addresses.spelling import spell
from gis.addresses.tokens import MAX_TEXT, Word

MIN_STUCK = 5
MAX_STUCK, MAX_PIECES, MAX_PIECE = 40, 6, 8
_TAIL = re.compile(r"([a-z]+)(\d+[a-z]?)?\Z")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-ZÀ-Ỹ])")
_ALONE = frozenset("pqfo")
_SPEECH = frozenset((
    "duong", "so", "hem", "nha", "gan", "phuong", "quan", "nga", "tu", "ba", "goc", "giao", "cho", "benh", "vien",
    "cau", "chung", "cu", "lau", "tang", "doi", "dien", "ke", "ben", "sau", "lung", "truoc", "ngay", "chay", "tai",
    "nan", "dia", "chi", "o", "toi", "em", "dang", "anh", "oi",
))  # fmt: skip


def unstuck(words: Sequence[Word], text: str, known: frozenset[str]) -> list[Word] | None:
    """The words with those that hold several ``known`` ones taken apart, in as few as may be; None where none does."""
    composed = unicodedata.normalize("NFC", text[:MAX_TEXT])
    out: list[Word] = []
    for word in words:
        out += _humps(word, composed) or _apart(word, known) or [word]
    return out if len(out) > len(words) else None


def _humps(word: Word, text: str) -> list[Word]:
    """LêAnh: a capital within a word that is not all capitals."""
    typed = text[word.start : word.end]
    cuts = [0, *(m.start() for m in _HUMP.finditer(typed) if typed[m.start()].isupper()), len(typed)]
    pieces = [(a, b) for a, b in zip(cuts, cuts[1:], strict=False) if b - a > 1]
    if len(pieces) < 2 or len(pieces) != len(cuts) - 1 or word.plain[0].isdigit():
        return []
    spelled = [spell(typed[a:b])[:1] for a, b in pieces]
    if not all(spelled):
        return []
    return [
        replace(
            word, plain=it[0].plain, marks=it[0].marks, start=word.start + a, end=word.start + b,
            after_comma=word.after_comma and a == 0,
        )
        for it, (a, b) in zip(spelled, pieces, strict=True)
    ]  # fmt: skip


def _apart(word: Word, known: frozenset[str]) -> list[Word]:
    found = _TAIL.match(word.plain)
    if found is None or word.joint or len(word.plain) > MAX_STUCK:
        return []
    letters, digits = found.group(1), found.group(2) or ""
    if len(letters) < MIN_STUCK or word.plain in known or (letters in _SPEECH and not digits):
        return []
    pieces = pieces_of(letters, known)
    if digits and letters[:-1] in _SPEECH:  # duongd4
        pieces, digits = [letters[:-1]], letters[-1] + digits
    if len(pieces) < 2 and not (digits and pieces):
        return []
    out, at, marks = [], word.start, word.marks
    for piece in (*pieces, *([digits] if digits else ())):
        end = min(word.end, at + len(piece))
        out.append(replace(word, plain=piece, marks=frozenset() if marks else marks, start=at, end=end,
                           after_comma=word.after_comma and at == word.start))  # fmt: skip
        at = end
    return out


def pieces_of(letters: str, known: frozenset[str]) -> list[str]:
    """The fewest known words that are written one after the other in ``letters``; none where they are not."""
    best: list[list[str] | None] = [[], *([None] * len(letters))]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - MAX_PIECE), end):
            piece, before = letters[start:end], best[start]
            whole = piece in known or piece in _SPEECH if end - start > 1 else start == 0 and piece in _ALONE
            if before is None or not whole or len(before) >= MAX_PIECES:
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = [*before, piece]
    return best[-1] or []
