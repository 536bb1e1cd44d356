"""The smallest sum of travel times that covers what a plan wants: each unit fills one place, as many places as can be.

The Hungarian method over places and units, with a dear stand-in for a place that nobody fills; equal ways are decided
by the order in which the units are given.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

DEAR = 1e8
"""Seconds that nothing takes: a place is left empty only where nobody can fill it."""

AT_WORK = -1e4
"""Whoever is on the leg already fills a place before anybody who would have to be sent."""


class Able(Struct, frozen=True):
    """A unit that could fill a place, and what it costs."""

    unit: str
    capabilities: frozenset[str]
    seconds: float


def cover(places: Sequence[str], units: Sequence[Able]) -> dict[str, str]:
    """Unit -> the capability for which it is chosen. ``places``: a capability for each, "" = any."""
    near = _near_enough(places, units)
    costs = [
        [_cost(place, it) for it in near] + [DEAR] * len(places)  # as many stand-ins as there are places
        for place in places
    ]
    columns = _cheapest(costs)
    filled = ((places[row], column) for row, column in enumerate(columns))
    return {near[column].unit: place for place, column in filled if column < len(near) and _fits(place, near[column])}


def _fits(place: str, unit: Able) -> bool:
    return not place or place in unit.capabilities


def _cost(place: str, unit: Able) -> float:
    return unit.seconds if _fits(place, unit) else DEAR


def _near_enough(places: Sequence[str], units: Sequence[Able]) -> list[Able]:
    """For each capability the cheapest, as many as there are places: no other can be in a best choice."""
    kept: dict[str, Able] = {}
    for place in dict.fromkeys(places):
        fitting = sorted((it for it in units if _fits(place, it)), key=lambda it: it.seconds)
        kept |= {it.unit: it for it in fitting[: len(places)]}
    return [it for it in units if it.unit in kept]


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """The column of each row such that the sum is least; there are at least as many columns as rows."""
    rows, width = len(costs), len(costs[0]) if costs else 0
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (width + 1)
    taken_by, came_from = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, rows + 1):
        taken_by[0], column = row, 0
        slack, seen = [float("inf")] * (width + 1), [False] * (width + 1)
        while taken_by[column]:
            seen[column] = True
            at, least, nearest = taken_by[column], float("inf"), 0
            for other in range(1, width + 1):
                if seen[other]:
                    continue
                cost = costs[at - 1][other - 1] - of_row[at] - of_column[other]
                if cost < slack[other]:
                    slack[other], came_from[other] = cost, column
                if slack[other] < least:
                    least, nearest = slack[other], other
            for other in range(width + 1):
                if seen[other]:
                    of_row[taken_by[other]] += least
                    of_column[other] -= least
                else:
                    slack[other] -= least
            column = nearest
        while column:
            taken_by[column] = taken_by[came_from[column]]
            column = came_from[column]
    found = [0] * rows
    for column in range(1, width + 1):
        if taken_by[column]:
            found[taken_by[column] - 1] = column - 1
    return found
