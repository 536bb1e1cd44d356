"""What another zone set would have changed: past places, each asked of the candidate, beside what was decided then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from gis.geodesy import in_viet_nam
from gis.zones.zone_set import ZoneSet


@dataclass(frozen=True, slots=True)
class Past:
    """One leg of an incident as it was routed then; ``zone`` "" where it never was."""

    incident: str
    place: str
    lat: float
    lon: float
    zone: str
    zone_name: str
    station: str
    zone_set: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A leg that would have gone to another zone or station. ``border_m``: how far the candidate's border is."""

    past: Past
    zone: str
    zone_name: str
    station: str
    border_m: float
    outside: bool

    @property
    def other_station(self) -> bool:
        return self.station != self.past.station


@dataclass(slots=True)
class Tally:
    """Counts of a run; those of ``elsewhere`` overlap with nothing else but each other."""

    asked: int = 0
    same: int = 0
    other_zone: int = 0  # with the same station
    other_station: int = 0
    outside: int = 0  # of all that were asked: in no zone of the candidate
    without_zone: int = 0  # never routed then: nothing to compare
    bad_place: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)  # (station then, station now)


def replay(past: Iterable[Past], candidate: ZoneSet, tally: Tally) -> Iterator[Elsewhere]:
    """Those that would have gone elsewhere, in their order; ``tally`` counts all of them on the way."""
    for it in past:
        tally.asked += 1
        if not in_viet_nam(it.lat, it.lon):
            tally.bad_place += 1
            continue
        answer = candidate.answer(it.lat, it.lon)
        tally.outside += answer.outside
        if not it.zone:
            tally.without_zone += 1
            continue
        if answer.station == it.station and answer.zone == it.zone:
            tally.same += 1
            continue
        found = Elsewhere(it, answer.zone, answer.zone_name, answer.station, answer.border_m, answer.outside)
        if found.other_station:
            tally.other_station += 1
            tally.moves[(it.station, answer.station)] += 1
        else:
            tally.other_zone += 1
        yield found
