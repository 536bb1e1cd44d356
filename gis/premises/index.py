"""Which notes touch a circle, and which are nearest: a dict of square cells, each note in every cell of its circle.

A note whose circle would fill too many cells stands in a list that is always looked through; radii are bounded where
notes come in, so that list is short. Distances are on a plane scaled at the place: off by less than 0.1 % in 5 km.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from math import cos, floor, hypot, radians

from msgspec.structs import replace

from dispatch_core.domain.vocabulary import Instant, PremiseFound
from gis.geodesy import metres_per_degree

CELL_DEG = 0.0025
"""About 275 m: a note of the usual 30 m stands in one or two cells."""

CELLS_MOST = 64
LOOK_MOST = 4_000
"""Cells that one question looks into; beyond that every note is looked at."""

METRES_NORTH = 110_500.0
"""Of one degree of latitude, at the least: a box is never too small."""

SLACK_M = 1.0
_STRIDE = 1 << 24


class PremiseIndex:
    """Immutable; made in a worker and swapped in whole."""

    def __init__(self, notes: Iterable[PremiseFound]) -> None:
        self._notes = tuple(notes)
        self._cells: dict[int, list[int]] = {}
        self._wide: list[int] = []
        for number, note in enumerate(self._notes):
            keys = _cells(note.lat, note.lon, note.radius_m, CELLS_MOST)
            if keys is None:
                self._wide.append(number)
                continue
            for key in keys:
                self._cells.setdefault(key, []).append(number)

    def __len__(self) -> int:
        return len(self._notes)

    def other_than(self, before: object) -> list[PremiseFound] | None:
        """What is in only one of the two: written, removed, or another by now (then both)."""
        if not isinstance(before, PremiseIndex):
            return None
        old, new = {it.id: it for it in before._notes}, {it.id: it for it in self._notes}
        changed = [it for ident, it in new.items() if old.get(ident) != it]
        return [*changed, *(it for ident, it in old.items() if new.get(ident) != it)]

    def touching(self, lat: float, lon: float, reach_m: float, now: Instant) -> list[PremiseFound]:
        """Every note in force whose circle touches the circle of ``reach_m`` around the place, the nearest first, each
        with its metres."""
        found = []
        for note in self._near(lat, lon, reach_m):
            metres = metres_between(lat, lon, note)
            if metres <= note.radius_m + reach_m and (not note.until or now < note.until):
                found.append(replace(note, metres=round(metres, 1)))
        return sorted(found, key=lambda it: (it.metres, it.id))

    def nearest(self, lat: float, lon: float, kinds: frozenset[str], within_m: float, most: int) -> list[PremiseFound]:
        """The ``most`` nearest of these kinds within so many metres."""
        measured = (
            (metres_between(lat, lon, note), note.id, note)
            for note in self._near(lat, lon, within_m)
            if note.kind in kinds
        )
        best = nsmallest(most, (it for it in measured if it[0] <= within_m), key=lambda it: it[:2])
        return [replace(note, metres=round(metres, 1)) for metres, _, note in best]

    def _near(self, lat: float, lon: float, reach_m: float) -> Iterator[PremiseFound]:
        keys = _cells(lat, lon, reach_m, LOOK_MOST)
        if keys is None:
            yield from self._notes
            return
        numbers = {number for key in keys for number in self._cells.get(key, ())}
        for number in sorted(numbers | set(self._wide)):
            yield self._notes[number]


def metres_between(lat: float, lon: float, note: PremiseFound) -> float:
    north, east = metres_per_degree((lat + note.lat) / 2)
    return hypot((note.lat - lat) * north, (note.lon - lon) * east)


def _cells(lat: float, lon: float, radius_m: float, most: int) -> list[int] | None:
    """The cells of the box around a circle; None where they are more than ``most``."""
    north = (radius_m + SLACK_M) / METRES_NORTH
    east = north / max(0.01, cos(radians(min(89.0, abs(lat) + north))))
    south_row, north_row = floor((lat - north) / CELL_DEG), floor((lat + north) / CELL_DEG)
    west_column, east_column = floor((lon - east) / CELL_DEG), floor((lon + east) / CELL_DEG)
    if (north_row - south_row + 1) * (east_column - west_column + 1) > most:
        return None
    return [
        row * _STRIDE + column
        for row in range(south_row, north_row + 1)
        for column in range(west_column, east_column + 1)
    ]
