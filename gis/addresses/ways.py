"""All ways to take a text: as it stands, as raw Telex or VNI, with its missing spaces, without the speech around it."""

from __future__ import annotations

from dataclasses import replace

from gis.addresses import reading as costs
from gis.addresses.around import cut
from gis.addresses.parse import readings
from gis.addresses.reading import Reading
from gis.addresses.spoken import spoken_numbers
from gis.addresses.stuck import unstuck
from gis.addresses.tokens import Word, as_telex, as_vni, words_of

MAX_WAYS = 22


def ways(text: str, known: frozenset[str] = frozenset()) -> list[Reading]:
    """The likeliest first, at most ``MAX_WAYS``. ``known``: words that occur in names, by which a word is told from
    keys of Telex or from several words without a space."""
    words = words_of(text)
    said: list[tuple[list[Word], float]] = [(words, 0.0)]
    said += [
        (meant, costs.GUESSED_KEYS) for meant in (as_telex(words, known), as_vni(words, known)) if meant is not None
    ]
    said += [
        (apart, cost + costs.GUESSED_SPACES)
        for those, cost in said
        if (apart := unstuck(those, text if those is words else "", known)) is not None
    ]
    best: dict[tuple[object, ...], Reading] = {}
    for those, cost in said:
        for part, cut_cost, enough in cut(those):
            for one in readings(spoken_numbers(part)):
                if not (enough or one.names):
                    continue
                it = replace(one, cost=one.cost + cost + cut_cost)
                key = (it.names, it.crossing, it.house, it.alley, it.ward, it.district)
                if key not in best or best[key].cost > it.cost:
                    best[key] = it
    return sorted(best.values(), key=lambda it: it.cost)[:MAX_WAYS]
