"""An address as words: each with its plain letters, its marks and where it stands in what was typed.

Bounded: of a longer text the first ``MAX_TEXT`` characters count. Any text is taken; what is no letter, digit or
separator (control characters, emoji) is nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from gis.addresses.spelling import Spelling, spell, telex_word, vni_word

MAX_TEXT = 200
MAX_WORDS = 40

# A number with all that hangs on it: 220/9/43, 59bis, 22-36, 18A/23, 9T1.
_SLASH = r"\s?[/\\]\s?"
_TAIL = r"[a-z]{0,3}\d{0,2}"
_NUMBER = rf"\d{{1,5}}{_TAIL}(?:(?:{_SLASH}|-)[a-z]?\d{{0,5}}{_TAIL})*"
_TOKEN = re.compile(rf"{_NUMBER}|[^\W\d_]+\d[^\W_]*|[^\W_]+(?:['’`][^\W_]+)*|[,;|\n]|[-–—&×/+(){{}}\[\]]")
_SEPARATORS = frozenset(",;|\n(){}[]")
_JOINTS = frozenset("-–—&×/+")


@dataclass(frozen=True, slots=True)
class Word:
    """``start`` and ``end`` are places in the text that ``words_of`` was given. ``after_comma``: a comma or line break
    stands before it; ``joint``: it is no word but a sign between two (- & × /)."""

    plain: str
    marks: frozenset[str]
    start: int
    end: int
    after_comma: bool = False
    joint: bool = False

    @property
    def is_number(self) -> bool:
        return self.plain[:1].isdigit()

    @property
    def spelling(self) -> Spelling:
        return Spelling(self.plain, self.marks)


def typed(text: str, start: int, end: int) -> str:
    """The piece of a text that a word's places name, as it was typed."""
    return unicodedata.normalize("NFC", text[:MAX_TEXT])[start:end].strip()


def words_of(text: str) -> list[Word]:
    """The words of a text, at most ``MAX_WORDS``."""
    composed = unicodedata.normalize("NFC", text[:MAX_TEXT])
    lower = "".join(_lower(c) for c in composed)
    words: list[Word] = []
    comma = False
    for found in _TOKEN.finditer(lower):
        piece = found.group().strip(" \t")
        start, end = found.start(), found.start() + len(found.group().rstrip())
        if piece in _SEPARATORS:
            comma = True
            continue
        if piece in _JOINTS:
            words.append(Word(piece, frozenset(), start, end, comma, True))
        elif piece[0].isdigit():
            plain = (
                "".join(s.plain for s in spell(piece)) if not re.search(r"[/\\-]", piece) else re.sub(r"\s", "", piece)
            )
            words.append(Word(plain.replace("\\", "/").strip("-/"), frozenset(), start, end, comma))
        else:
            for spelled in spell(piece)[:1]:
                words.append(Word(spelled.plain, spelled.marks, start, end, comma))
        comma = False
        if len(words) == MAX_WORDS:
            break
    return [word for word in words if word.plain]


def as_telex(words: list[Word], known: frozenset[str]) -> list[Word] | None:
    """The words as someone meant them who typed Telex with the input method off; None where nothing differs. A word
    that is ``known`` as it stands and not as decoded stays as it is (Pasteur)."""
    return _decoded(words, known, telex_word)


def as_vni(words: list[Word], known: frozenset[str]) -> list[Word] | None:
    """Likewise of VNI, whose keys for marks are digits."""
    return _decoded(words, known, vni_word)


def _decoded(words: list[Word], known: frozenset[str], decode: Callable[[str], Spelling]) -> list[Word] | None:
    out, changed = [], False
    for word in words:
        meant = decode(word.plain) if not (word.marks or word.joint or word.is_number) else word.spelling
        if meant == word.spelling or (word.plain in known and meant.plain not in known):
            out.append(word)
            continue
        changed = True
        out.append(replace(word, plain=meant.plain, marks=meant.marks))
    return out if changed else None


def _lower(letter: str) -> str:
    """Lower case that keeps its place: one letter for one letter."""
    lower = letter.lower()
    return lower if len(lower) == 1 else letter
