"""Finding an incident type by what a person types: code, keyword or name, with or without diacritics."""

from __future__ import annotations

from collections.abc import Iterable

from console_gui.folding import fold, words_of
from dispatch_core.domain.vocabulary import IncidentType

EXACT, BEGINNING, ALL_WORDS, NO_MATCH = 3, 2, 1, 0


def score(kind: IncidentType, text: str) -> int:
    """How well ``text`` names ``kind``: the whole of a name, its beginning, or beginnings of all its words."""
    wanted = fold(text)
    if not wanted:
        return NO_MATCH
    names = [fold(name) for name in (kind.code, kind.code.replace("_", " "), kind.vi, kind.en, *kind.keywords)]
    if wanted in names:
        return EXACT
    if any(name.startswith(wanted) for name in names):
        return BEGINNING
    known = [word for name in names for word in words_of(name)]
    asked = words_of(wanted)
    if asked and all(any(word.startswith(part) for word in known) for part in asked):
        return ALL_WORDS
    return NO_MATCH


def search(types: Iterable[IncidentType], text: str) -> list[tuple[int, IncidentType]]:
    """(score, type), best first; among equals the more urgent, then by code. Everything where ``text`` is empty."""
    found = [(score(kind, text), kind) for kind in types] if fold(text) else [(ALL_WORDS, kind) for kind in types]
    return sorted((hit for hit in found if hit[0]), key=lambda hit: (-hit[0], hit[1].priority, hit[1].code))
