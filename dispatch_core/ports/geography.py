"""Where a place is and how long it takes to get there: zones, address search, travel times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dispatch_core.domain.vocabulary import Instant, Reach, Suggestion, ZoneAnswer


@dataclass(frozen=True, slots=True)
class Mover:
    """Something that could go: where it is now, and the travel profile of what it drives ("" = an ordinary car).
    ``age_ms``: how old that position is, None where it is only its station's."""

    unit: str
    lat: float
    lon: float
    vehicle: str = ""
    age_ms: int | None = None


class TravelTimes(Protocol):
    """How long the way takes. Pure computation in memory; called from a worker thread."""

    def reaches(self, lat: float, lon: float, movers: Sequence[Mover], at: Instant) -> Sequence[Reach]:
        """Of each mover that can get there, soonest first, equal ones in the order of their names; ``at`` is the moment
        of leaving. Raises PlaceError for a destination that is no place."""
        ...


class Locator(Protocol):
    """The geography. Pure computation in memory; called from a worker thread, so it must not touch the reactor."""

    def route(self, lat: float, lon: float, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
        """The zone of each service that has a published set."""
        ...

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        """Address search; best first, at most ``limit``."""
        ...

    def zones_geojson(self, service: str) -> bytes:
        """The published set of the service as a GeoJSON FeatureCollection in UTF-8; an empty one where none is."""
        ...
