"""Where a place is: zones, distances, address search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from dispatch_core.domain.vocabulary import Suggestion, ZoneAnswer


class Locator(Protocol):
    """The geography. Pure computation in memory; called from a worker thread, so it must not touch the reactor."""

    def route(self, lat: float, lon: float, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
        """The zone of each service that has a published set."""
        ...

    def metres(self, lat: float, lon: float, places: Sequence[tuple[float, float]]) -> Sequence[float]:
        """Straight-line metres from the point to each (lat, lon)."""
        ...

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        """Address search; best first, at most ``limit``."""
        ...

    def zones_geojson(self, service: str) -> bytes:
        """The published set of the service as a GeoJSON FeatureCollection in UTF-8; an empty one where none is."""
        ...
