"""How alike a question and a name are: letters, numbers, and the marks on the letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from gis.addresses.spelling import Spelling, spell

WRONG_MARKS, UNSAID_MARKS, MOST_MARKS = 4.0, 1.5, 12.0
WRONG_NUMBER = 30.0
BEGUN, BEGUN_STREET, BEGUN_PLACE = 84.0, 12.0, 14.0  # a name of which the beginning is typed, and what its share adds


def like_street(asked: str, text: str) -> float:
    """0 to 100. A street's name is said whole, or from its beginning while it is typed."""
    alike = fuzz.ratio(asked, text)
    if alike < 100.0 and len(asked) >= 2 and text.startswith(asked):
        alike = max(alike, BEGUN + BEGUN_STREET * len(asked) / len(text))
    return _numbers_apart(asked, text, alike)


def like_place(asked: str, text: str) -> float:
    """0 to 100. Of a place's name people say a part."""
    alike = fuzz.ratio(asked, text)
    if 40.0 < alike < 96.0 or len(asked) < len(text):
        alike = max(alike, 0.55 * fuzz.token_set_ratio(asked, text) + 0.45 * alike)
    if len(asked) >= 3 and f" {text}".find(f" {asked}") >= 0:
        alike = max(alike, BEGUN + BEGUN_PLACE * len(asked) / len(text))
    return _numbers_apart(asked, text, alike)


def _numbers_apart(asked: str, text: str, alike: float) -> float:
    return alike - WRONG_NUMBER if _numerals(asked) - _numerals(text) else alike


@lru_cache(maxsize=50_000)
def _numerals(text: str) -> frozenset[str]:
    return frozenset(it for it in text.split() if it[-1:].isdigit() or it[:1].isdigit())


def marks_apart(asked: Sequence[Spelling], written: str) -> float:
    """What it costs that words are written with other marks than were typed; unlike letters cost elsewhere."""
    known = written_words(written)
    cost = 0.0
    for word in asked:
        if word.plain in known and word.marks not in known[word.plain]:
            cost += WRONG_MARKS if word.marks else UNSAID_MARKS
    return min(cost, MOST_MARKS)


@lru_cache(maxsize=50_000)
def written_words(text: str) -> dict[str, frozenset[frozenset[str]]]:
    """Plain word -> the sets of marks that it is written with."""
    spellings = spell(text)
    return {s.plain: frozenset(t.marks for t in spellings if t.plain == s.plain) for s in spellings}
