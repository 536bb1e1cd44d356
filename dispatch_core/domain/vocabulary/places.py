"""Places: what was told of one, who serves it, what the address search found."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import force_setattr

from dispatch_core.domain.vocabulary.values import Instant, as_floats


class LocationSource(StrEnum):
    PIDF_LO = "pidf_lo"
    AML = "aml"
    APP = "app"
    GAZETTEER = "gazetteer"
    MAP_PIN = "map_pin"
    WARD = "ward"
    SPOKEN = "spoken"  # words without coordinates


class Location(Struct, frozen=True, kw_only=True):
    """A place: where, from whom, how sure. ``lat``/``lon`` are None where only words are known."""

    label: str
    source: LocationSource
    lat: float | None = None
    lon: float | None = None
    uncertainty_m: float = 0.0  # radius of the circle around lat/lon that holds the whole shape; 0 = not said
    confidence: int = 0  # percent, 0 = not said
    at: Instant = 0  # when it was measured
    shape: str = ""  # as it was told: point, circle, ellipse, arc_band, polygon, ...
    outline: tuple[tuple[float, float], ...] = ()  # longitude first, as in GeoJSON; not closed; empty = the circle
    altitude_m: float | None = None
    floor: str = ""
    method: str = ""  # gnss, wifi, cell, fused, ...
    doubt: str = ""  # why it is not to be trusted: outside, swapped, old, cut

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon", "uncertainty_m", "altitude_m")
        if self.outline:
            force_setattr(self, "outline", tuple((float(lon) + 0.0, float(lat) + 0.0) for lon, lat in self.outline))


class Area(Struct, frozen=True, kw_only=True):
    """A box on the map, degrees."""

    south: float
    west: float
    north: float
    east: float

    def __post_init__(self) -> None:
        as_floats(self, "south", "west", "north", "east")

    def holds(self, lat: float, lon: float) -> bool:
        return self.south <= lat <= self.north and self.west <= lon <= self.east


class AskedPlace(Struct, frozen=True, kw_only=True):
    """A place as the zone sets were asked for it: a point, the circle around it, or the outline (longitude first)."""

    lat: float
    lon: float
    uncertainty_m: float = 0.0
    outline: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon", "uncertainty_m")
        force_setattr(self, "outline", tuple((float(lon) + 0.0, float(lat) + 0.0) for lon, lat in self.outline))


class ZoneShare(Struct, frozen=True, kw_only=True):
    """How much of an uncertain place lies in one zone: 0 to 1 of its area."""

    zone: str
    zone_name: str
    station: str
    share: float

    def __post_init__(self) -> None:
        as_floats(self, "share")


class HandOver(Struct, frozen=True, kw_only=True):
    """Who serves a place that lies in none of our zones. ``kind``: province, sea, or far (nobody we know)."""

    kind: str
    code: str
    vi: str
    en: str
    contact: str = ""  # the number of their centre for this service, "" where none is known
    sample: bool = False  # to be checked with them before it is used


class ZoneAnswer(Struct, frozen=True, kw_only=True):
    """What a zone set says of one place: who serves it, how sure, who would be next."""

    service: str
    zone_set: str  # name and version of the set that answered
    zone: str  # code
    zone_name: str
    station: str  # id of the station that serves it, "" where none is known
    runner_up: str = ""
    runner_up_name: str = ""
    border_m: float = 0.0  # distance from the point to the border of its zone
    outside: bool = False  # the point lies in no zone: the nearest was taken
    outside_m: float = 0.0
    approximate: bool = False  # the set is a demonstration
    backups: tuple[str, ...] = ()  # stations that come where the zone's own cannot, in order
    mutual_aid: tuple[str, ...] = ()  # who may be asked beyond them: stations, or words as the site wrote them
    shares: tuple[ZoneShare, ...] = ()  # the largest first; empty where the whole place lies in ``zone``
    outside_share: float = 0.0  # of the place's area, in no zone
    also: tuple[str, ...] = ()  # further stations that are alerted at once: their zones' share is large enough
    hand_over: HandOver | None = None

    def __post_init__(self) -> None:
        as_floats(self, "border_m", "outside_m", "outside_share")


class Understood(Struct, frozen=True, kw_only=True):
    """Words of a question and what they were taken for. ``role``: house, alley, name, ward, district, near, detail,
    unknown_ward; ``means``: the name in full, "" where the words say it themselves."""

    role: str
    words: str
    means: str = ""


class Suggestion(Struct, frozen=True, kw_only=True):
    """One answer of the address search.

    ``kind``: house, house_between (placed between its neighbours), house_unknown (its street alone is known), alley,
    street, crossing, place, ward, former_ward, former_district, geocoder, or a kind of the sample of places. ``old``:
    the former ward that was said; ``once``: the former name of a street by which it was found; ``away_m``: from where
    the question was asked for, None where nobody said.
    """

    label: str
    lat: float
    lon: float
    kind: str
    ward: str = ""
    uncertainty_m: float = 0.0
    score: float = 0.0
    old: str = ""
    once: str = ""
    away_m: float | None = None
    understood: tuple[Understood, ...] = ()


class Station(Struct, frozen=True, kw_only=True):
    id: str
    service: str
    name: str
    lat: float
    lon: float
    sample: bool = False

    def __post_init__(self) -> None:
        as_floats(self, "lat", "lon")


class ZoneSetRef(Struct, frozen=True, kw_only=True):
    """Which published zone set serves; the polygons live in the store, never in the live state."""

    service: str
    name: str
    version: int
    zones: int
    approximate: bool = False


class MapRef(Struct, frozen=True, kw_only=True):
    """Which version of the city's map is in force; its streets, addresses and tiles lie on disk, never in the live
    state. ``dated``: of the newest thing in its data, 0 = not known."""

    name: str
    version: int
    dated: Instant = 0
    counts: dict[str, int] = {}


class ClosureKind(StrEnum):
    CLOSED = "closed"
    FLOODED = "flooded"


class Closure(Struct, frozen=True, kw_only=True):
    """Where nobody, or some vehicles, cannot pass for a while."""

    id: str
    kind: ClosureKind
    outline: tuple[tuple[float, float], ...]  # longitude first; an area where it ends at its first point, else a line
    vehicles: tuple[str, ...] = ()  # travel profiles that cannot pass, () = none can
    reason: str = ""  # personal
    by: str = ""
    at: Instant = 0
    until: Instant = 0  # 0 = until somebody ends it

    def __post_init__(self) -> None:
        force_setattr(self, "outline", tuple((float(lon) + 0.0, float(lat) + 0.0) for lon, lat in self.outline))
