"""Numbers that are written in several words made one: ``220 xẹt 9``, ``35 bis - 45``, ``p7q5`` taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gis.addresses.phrases import SLASHES
from gis.addresses.tokens import Word


def joined_numbers(words: Sequence[Word]) -> list[Word]:
    """The words with every number in one of them."""
    return _joined(_apart(words))


def _apart(words: Sequence[Word]) -> list[Word]:
    """``p7q5`` as two words; ``p7`` and ``f14`` stay one."""
    out: list[Word] = []
    for word in words:
        plain = word.plain
        cut = next((i for i in range(2, len(plain)) if plain[i] == "q" and plain[i - 1].isdigit()), 0)
        if plain[0] in "pf" and cut and plain[cut + 1 :].isdigit():
            middle = word.start + cut
            out += [
                replace(word, plain=plain[:cut], end=middle),
                replace(word, plain=plain[cut:], start=middle, after_comma=True),
            ]
        else:
            out.append(word)
    return out


def _joined(words: list[Word]) -> list[Word]:
    """``220 xẹt 9``, ``35 bis - 45``, ``59 - 61`` and ``63 A`` as one number each."""
    out: list[Word] = []
    i = 0
    while i < len(words):
        word = words[i]
        i += 1
        if not word.is_number:
            out.append(word)
            continue
        while i < len(words) and not words[i].after_comma:
            here, after = words[i], words[i + 1] if i + 1 < len(words) else None
            plain = word.plain
            letter = here.plain in "abce" and plain.isdigit() and after is not None and not after.joint
            if not here.marks and (here.plain in ("bis", "ter", "quater") or letter):
                word = replace(word, plain=plain + here.plain, end=here.end)
                i += 1
            elif _lettered(words, i) and not here.marks:  # 18 A/23
                word = replace(word, plain=f"{plain}{here.plain}/{words[i + 2].plain}", end=words[i + 2].end)
                i += 3
            elif after is not None and _is_piece(after.plain) and here.plain in SLASHES:
                word = replace(word, plain=f"{plain}/{after.plain}", end=after.end)
                i += 2
            elif (
                after is not None
                and after.is_number
                and here.joint
                and here.plain in "-–—"
                and _is_range(plain, after.plain)
            ):
                word = replace(word, plain=f"{plain}-{after.plain}", end=after.end)
                i += 2
            else:
                break
        out.append(word)
    return out


def _lettered(words: Sequence[Word], i: int) -> bool:
    """A single letter, a stroke and a number stand here."""
    there = words[i : i + 3]
    return len(there) == 3 and len(there[0].plain) == 1 and there[1].plain == "/" and there[2].is_number


def _is_piece(plain: str) -> bool:
    return plain[0].isdigit() or (plain[0].isalpha() and plain[1:].isdigit() and len(plain) <= 4)


def _is_range(first: str, last: str) -> bool:
    a, b = first.rstrip("abcdefghijklmnopqrstuvwxyz").rsplit("-", 1)[-1], last
    return a.isdigit() and b.isdigit() and int(a) < int(b) <= int(a) + 100
