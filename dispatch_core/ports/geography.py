"""Where a place is and how long it takes to get there: zones, address search, travel times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from dispatch_core.domain.vocabulary import AskedPlace, Closure, Instant, Measured, Reach, Suggestion, ZoneAnswer


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

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        """Of each mover that can get there, soonest first, equal ones in the order of their names; ``at`` is the moment
        of leaving, ``closures`` are what nobody can pass then. Raises PlaceError for a destination that is no place."""
        ...


@dataclass(frozen=True, slots=True)
class MapFile:
    """A file of the map that consoles fetch: of which version, where it lies, and what it must be."""

    version: int
    path: Path
    bytes: int
    sha256: str


Point = tuple[float, float]
"""Latitude, longitude."""


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of a way: what to do at ``at`` (depart, straight, slight_left, left, sharp_left, slight_right, right,
    sharp_right, back, roundabout, walk, arrive), said in both languages, then ``metres`` along ``street`` ("" = no
    name)."""

    turn: str
    street: str
    metres: float
    at: Point
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Route:
    """A way from one place to another. ``line``: its course; ``walk_m``: of it, on foot at its end, where the vehicle
    cannot go; ``measured`` straight: no road is known, the line is only that."""

    seconds: float
    metres: float
    line: tuple[Point, ...]
    steps: tuple[Step, ...] = ()
    measured: Measured = Measured.STRAIGHT
    walk_m: float = 0.0


Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Reachable:
    """An area as the coordinates of a GeoJSON MultiPolygon: polygons, each an outer ring and its holes, longitude
    first, closed. ``measured`` straight: circles, no road is known."""

    polygons: tuple[tuple[Ring, ...], ...]
    measured: Measured = Measured.STRAIGHT


class Roads(Protocol):
    """Ways over the streets. Pure computation in memory; called from a worker thread."""

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        """The soonest way of the vehicle (a travel profile, "" = an ordinary car); None where there is none. Raises
        PlaceError for what is no place."""
        ...

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        """What the vehicle reaches from the nearest of ``places`` within ``seconds``. Raises PlaceError."""
        ...


@dataclass(frozen=True, slots=True)
class WardThere:
    """The ward at a place and what its ground was called before, "" and none where that is not known."""

    name: str = ""
    former: tuple[str, ...] = ()
    approximate: bool = False


class Locator(Protocol):
    """The geography. Pure computation in memory; called from a worker thread, so it must not touch the reactor."""

    def route(self, place: AskedPlace, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
        """The zone of each service that has a published set."""
        ...

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        """Address search; best first, at most ``limit``. Raises DispatchError where nothing is found and the text names
        a ward that does not exist."""
        ...

    def ward_at(self, lat: float, lon: float) -> WardThere:
        """The ward at a place, by the published sets. Raises PlaceError for what is no place."""
        ...

    def zones_geojson(self, service: str) -> bytes:
        """The published set of the service as a GeoJSON FeatureCollection in UTF-8; an empty one where none is."""
        ...
