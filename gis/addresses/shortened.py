"""Streets of which some words are said by their first letters: ``N. Huệ``, ``NTM Khai``, ``Hai B. Trưng``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from gis.addresses.street_index import Name, StreetIndex

A_LETTER, A_CLUSTER = 0.8, 0.5  # points out of 100 for a word that is told by a letter, or by its first two
SAME_WORD = 75.0
MAX_LETTERS = 8
_VOWELS = frozenset("aeiouy")
_ONSETS = frozenset(("ng", "ngh", "nh", "tr", "th", "ph", "kh", "ch", "gi", "qu"))

Piece = tuple[str, bool]
"""What was typed of one word, and whether that is only its beginning."""


def full_names(words: Sequence[str], index: StreetIndex) -> list[tuple[float, Name]]:
    """Names of streets whose words these may stand for, with 0 to 100; none where no word is shortened or none is
    whole. ``words``: folded."""
    best: dict[int, tuple[float, Name]] = {}
    for pieces in _pieces(words):
        if all(short for _, short in pieces) or not any(short for _, short in pieces):
            continue
        for name in index.by_initials("".join(text[0] for text, _ in pieces)):
            alike = _alike(pieces, name.text.split())
            if alike and alike > best.get(name.id, (0.0, name))[0]:
                best[name.id] = (alike, name)
    return list(best.values())


def _pieces(words: Sequence[str]) -> Iterator[list[Piece]]:
    """The words as pieces of a name: a cluster of consonants is the beginning of one word or a letter for each."""
    if not 2 <= len(words) <= MAX_LETTERS or any(not it.isalpha() for it in words):
        return
    clusters = any(it in _ONSETS for it in words)
    for whole in (True, False) if clusters else (True,):
        out: list[Piece] = []
        for word in words:
            if len(word) == 1 or (word in _ONSETS and whole):
                out.append((word, True))
            elif not _VOWELS & set(word):
                out += [(letter, True) for letter in word]
            else:
                out.append((word, False))
        if len(out) <= MAX_LETTERS:
            yield out


def _alike(pieces: Sequence[Piece], name: Sequence[str]) -> float:
    if len(pieces) != len(name):
        return 0.0
    total, cost, whole = 0.0, 0.0, 0
    for (text, short), word in zip(pieces, name, strict=True):
        if short:
            if not word.startswith(text):
                return 0.0
            cost += A_LETTER if len(text) == 1 else A_CLUSTER
        else:
            same = fuzz.ratio(text, word)
            if same < SAME_WORD:
                return 0.0
            total, whole = total + same, whole + 1
    return total / whole - cost
