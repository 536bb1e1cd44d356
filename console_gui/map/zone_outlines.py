"""The core's GeoJSON of zones as rings in world units, checked and bounded, without Qt.

Guards: nothing half-read is ever drawn: one bad coordinate, an unknown shape or too much of it refuses the whole
answer with a sentence, and the map stays as it was.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from console_gui.map.mercator import LAT_MOST, Bounds, bounds_of
from dispatch_core.domain.errors import DispatchError

VERTICES_MOST = 2_000_000
ZONES_MOST = 20_000
NAME_MOST = 120

Ring = list[tuple[float, float]]


class KeptRing:
    """A ring as it is kept: 16 bytes a point, where a list of pairs takes 120. A city has half a million of them."""

    __slots__ = ("_flat",)

    def __init__(self, ring: Ring) -> None:
        self._flat = array("d", chain.from_iterable(ring))

    def __len__(self) -> int:
        return len(self._flat) // 2

    def __iter__(self) -> Iterator[tuple[float, float]]:
        numbers = iter(self._flat)
        return zip(numbers, numbers, strict=True)


class ZonesUnreadable(DispatchError):
    def __init__(self, service: str, why: str) -> None:
        super().__init__(
            "zones_unreadable",
            f"Không đọc được địa bàn {service} ({why}). Bản đồ vẫn dùng được; nhờ kỹ thuật nhập lại bộ địa bàn.",
            f"The zones of {service} cannot be read ({why}). The map works without them; have the zone set"
            " imported again.",
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """One zone: its rings in world units, and where its name stands."""

    code: str
    name: str
    station: str
    rings: tuple[KeptRing, ...]
    bounds: Bounds
    label_at: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outlines:
    """One service's zones. The notes say why they are approximate, where they are."""

    zones: tuple[Outline, ...]
    approximate: bool = False
    note_vi: str = ""
    note_en: str = ""


def read_outlines(service: str, geojson: bytes | str | dict[str, Any]) -> Outlines:
    """A FeatureCollection of (Multi)Polygons in WGS84 degrees. Raises ``ZonesUnreadable``."""
    try:
        document = geojson if isinstance(geojson, dict) else msgspec.json.decode(geojson)
        if document.get("type") != "FeatureCollection":
            raise ValueError("not a FeatureCollection")
        features = document["features"]
        if len(features) > ZONES_MOST:
            raise ValueError(f"more than {ZONES_MOST} zones")
        count = 0
        zones = []
        for feature in features:
            zone = _outline(feature)
            count += sum(len(ring) for ring in zone.rings)
            if count > VERTICES_MOST:
                raise ValueError(f"more than {VERTICES_MOST} vertices")
            zones.append(zone)
        return Outlines(
            tuple(zones), bool(document.get("approximate", False)), *(_text(document, key) for key in _NOTES)
        )
    except (msgspec.DecodeError, UnicodeError, ValueError, TypeError, LookupError, AttributeError) as problem:
        raise ZonesUnreadable(service, str(problem)[:NAME_MOST] or type(problem).__name__) from problem


def outlines_or_why(service: str, geojson: bytes | str | dict[str, Any]) -> Outlines | ZonesUnreadable:
    try:
        return read_outlines(service, geojson)
    except ZonesUnreadable as problem:
        return problem


_NOTES = ("note_vi", "note_en")


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"{key} is not text")
    return value


def _outline(feature: dict[str, Any]) -> Outline:
    properties, geometry = feature["properties"], feature["geometry"]
    shape, coordinates = geometry["type"], geometry["coordinates"]
    if shape not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"a {shape} is no zone")
    polygons = [coordinates] if shape == "Polygon" else coordinates
    rings = [_ring(ring) for polygon in polygons for ring in polygon]
    if not rings or any(len(ring) < 4 for ring in rings):
        raise ValueError("a ring of fewer than 4 points")
    shells = [rings_of[0] for rings_of in _split(rings, polygons)]
    bounds = bounds_of([point for ring in shells for point in ring])
    assert bounds is not None  # every ring has points
    largest = max(shells, key=lambda ring: abs(_area(ring)))
    name = _text(properties, "name")[:NAME_MOST]
    return Outline(
        _text(properties, "code"), name, _text(properties, "station"), tuple(map(KeptRing, rings)), bounds,
        _inside(largest),
    )


def _split(rings: list[Ring], polygons: list[Any]) -> Iterator[list[Ring]]:
    start = 0
    for polygon in polygons:
        yield rings[start : start + len(polygon)]
        start += len(polygon)


def _ring(pairs: Any) -> Ring:
    """``to_world`` of each, written out: a city's zones have hundreds of thousands of points."""
    ring: Ring = []
    add, asinh, tan, radians, turn = ring.append, math.asinh, math.tan, math.radians, 2.0 * math.pi
    for pair in pairs:
        lon, lat = pair[0], pair[1]
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):  # what is no number is not within either
            raise ValueError(f"no place on earth: {lon}, {lat}")
        lat = LAT_MOST if lat > LAT_MOST else -LAT_MOST if lat < -LAT_MOST else lat
        add((lon / 360.0 + 0.5, 0.5 - asinh(tan(radians(lat))) / turn))
    return ring


def _area(ring: Ring) -> float:
    x0, y0 = ring[0]  # from a corner, or the differences drown in the digits
    total = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        total += (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    return total / 2


def _inside(ring: Ring) -> tuple[float, float]:
    """A point well inside: the middle of the widest stretch on a few level lines: bent zones hold their names too."""
    ys = [y for _, y in ring]
    top, bottom = min(ys), max(ys)
    best, found = -1.0, ring[0]
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        level = top + (bottom - top) * share
        crossings = sorted(
            x1 + (level - y1) * (x2 - x1) / (y2 - y1)
            for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
            if (y1 > level) != (y2 > level)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            weight = (right - left) * (1.0 if share == 0.5 else 0.85)  # the middle, unless another is clearly wider
            if weight > best:
                best, found = weight, ((left + right) / 2, level)
    return found


def thinned(points: Iterable[tuple[float, float]], tolerance: float) -> Ring:
    """The ring without points nearer than ``tolerance`` to the last one kept; its ends stay. May collapse to a dot."""
    ring = list(points)
    if len(ring) < 5 or tolerance <= 0:
        return ring
    kept = [ring[0]]
    x0, y0 = ring[0]
    for x, y in ring[1:-1]:
        if abs(x - x0) >= tolerance or abs(y - y0) >= tolerance:
            kept.append((x, y))
            x0, y0 = x, y
    kept.append(ring[-1])
    return kept
