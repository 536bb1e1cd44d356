"""Shapes of RFC 5491 as an outline that can be drawn, and the circle that holds it.

The source gives latitude first; outlines have the longitude first, as GeoJSON has. Small distances are taken on the
plane that touches the globe at the shape: within a country's size the error is far below what a phone can measure.
The centre of an arc band is the mast, where the caller is *not*: its own middle is taken.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from telephony.caller_location.reasons import NoLocation

METRES_PER_DEGREE = 111_320.0
ELLIPSE_POINTS = 36
ARC_POINTS = 24
CORNERS_MOST = 60
"""RFC 5491 advises at most 15; with more than this nothing would be gained."""

Point = tuple[float, float]  # east and north in metres


@dataclass(frozen=True)
class Shape:
    """`lat`, `lon`, `metres`: the circle that holds it all. `outline`: longitude first; empty for a circle."""

    kind: str
    lat: float
    lon: float
    metres: float = 0.0
    outline: tuple[tuple[float, float], ...] = ()
    altitude: float | None = None


def ellipse(kind: str, lat: float, lon: float, axes: tuple[float, float], degrees: float) -> Shape:
    """`axes`: the half axes, of which `degrees` turns the first from north clockwise."""
    first, second = axes
    turn = math.radians(degrees)
    ring = []
    for step in range(ELLIPSE_POINTS):
        angle = 2 * math.pi * step / ELLIPSE_POINTS
        along, across = first * math.cos(angle), second * math.sin(angle)
        ring.append((
            along * math.sin(turn) + across * math.cos(turn), along * math.cos(turn) - across * math.sin(turn),
        ))  # fmt: skip
    return Shape(kind, lat, lon, round(max(axes), 1), _on_globe(ring, lat, lon))


def arc_band(lat: float, lon: float, radii: tuple[float, float], start: float, opening: float) -> Shape:
    """Between the inner and the outer of `radii` around the mast, from `start` clockwise over `opening` degrees."""
    inner, outer = sorted(radii)
    if not 0.0 < opening <= 360.0:
        raise NoLocation("number")
    steps = [math.radians(start + opening * step / (ARC_POINTS - 1)) for step in range(ARC_POINTS)]
    ring = [(outer * math.sin(angle), outer * math.cos(angle)) for angle in steps]
    if inner > 0:
        ring += [(inner * math.sin(angle), inner * math.cos(angle)) for angle in reversed(steps)]
    elif opening < 360.0:
        ring.append((0.0, 0.0))
    if opening >= 360.0:
        return Shape("arc_band", lat, lon, round(outer, 1), _on_globe(ring, lat, lon))
    middle = _sector_middle(inner, outer, math.radians(start + opening / 2), math.radians(opening))
    return _around("arc_band", ring, middle, lat, lon)


def _sector_middle(inner: float, outer: float, towards: float, opening: float) -> Point:
    """The centroid of the band (of its outer edge where it has no width)."""
    if outer <= 0:
        return 0.0, 0.0
    half = opening / 2
    mean = (2 / 3) * (outer**3 - inner**3) / (outer**2 - inner**2) if outer > inner else outer
    far = mean * math.sin(half) / half
    return far * math.sin(towards), far * math.cos(towards)


def polygon(kind: str, corners: Sequence[tuple[float, float]]) -> Shape:
    """`corners`: latitude and longitude each; the last may repeat the first. Three different ones at least."""
    ring = [corner for place, corner in enumerate(corners) if place == 0 or corner != corners[place - 1]]
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    if len(set(ring)) < 3:
        raise NoLocation("number")
    if len(ring) > CORNERS_MOST:
        raise NoLocation("too_long")
    lat, lon = ring[0]
    squeeze = _squeeze(lat)
    plane = [
        (_east(lon, other) * METRES_PER_DEGREE * squeeze, (north - lat) * METRES_PER_DEGREE) for north, other in ring
    ]
    return _around(kind, plane, _middle(plane), lat, lon)


def _middle(ring: Sequence[Point]) -> Point:
    """The centroid of a polygon's area; of its corners where it has none."""
    area = east = north = 0.0
    for (x, y), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x * y2 - x2 * y
        area, east, north = area + cross, east + (x + x2) * cross, north + (y + y2) * cross
    if abs(area) < 1.0:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    return east / (3 * area), north / (3 * area)


def _around(kind: str, ring: Sequence[Point], middle: Point, lat: float, lon: float) -> Shape:
    """The outline of `ring`, metres from `lat` and `lon`, in the circle around its `middle`."""
    farthest = max(math.dist(middle, point) for point in ring)
    ((east, north),) = _on_globe([middle], lat, lon)
    return Shape(kind, north, east, round(farthest, 1), _on_globe(ring, lat, lon))


def _on_globe(ring: Sequence[Point], lat: float, lon: float) -> tuple[tuple[float, float], ...]:
    """Longitude and latitude, to a decimetre. NoLocation where the shape reaches over a pole."""
    squeeze = _squeeze(lat)
    found = []
    for x, y in ring:
        north, east = lat + y / METRES_PER_DEGREE, lon + x / METRES_PER_DEGREE / squeeze
        if not -90.0 <= north <= 90.0:
            raise NoLocation("number")
        found.append((round((east + 180.0) % 360.0 - 180.0, 6), round(north, 6)))
    return tuple(found)


def _east(lon: float, other: float) -> float:
    """Degrees from one longitude to another the short way round."""
    return (other - lon + 180.0) % 360.0 - 180.0


def _squeeze(lat: float) -> float:
    return max(0.01, math.cos(math.radians(lat)))
