"""From degrees to pixels and back: Web Mercator, without Qt.

The world is a square of side 1 (x to the east, y to the south). A ``Viewport`` is what a widget of a size shows of it;
it is a value: every move gives another one. Guards: the scale stays within ``WIDEST``..``CLOSEST``, the centre within
the world, so that no drag, wheel or bad number loses the map.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

EQUATOR_M = 40_075_016.686
"""WGS84's, as Web Mercator takes it."""

LAT_MOST = 85.0
WIDEST = 3_000.0
CLOSEST = 400_000_000.0
"""Pixels for the whole world: from a continent on the screen to about 0.1 m a pixel."""

FIT_MARGIN_PX = 48.0
FIT_CLOSEST = 60_000_000.0
"""Fitting one single place goes no nearer than this: the streets around it are still to be seen."""

OUTERMOST = 0.25
"""The share of points at each side that ``most_of`` leaves out."""

AROUND_M = 12_000.0
"""An incident so far outside the city still widens the first view; farther ones do not."""

Bounds = tuple[float, float, float, float]
"""West, north, east, south in world units."""


def to_world(lat: float, lon: float) -> tuple[float, float]:
    lat = max(-LAT_MOST, min(LAT_MOST, lat))
    return lon / 360.0 + 0.5, 0.5 - math.asinh(math.tan(math.radians(lat))) / (2.0 * math.pi)


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """(lat, lon) of a world point."""
    return math.degrees(math.atan(math.sinh((0.5 - y) * 2.0 * math.pi))), (x - 0.5) * 360.0


def metres_per_world(y: float) -> float:
    """How many metres on the ground one world unit is at height ``y``."""
    lat, _ = to_degrees(0.5, y)
    return EQUATOR_M * math.cos(math.radians(lat))


def finite_place(lat: float | None, lon: float | None) -> bool:
    """Whether a place can be drawn at all."""
    return lat is not None and lon is not None and abs(lat) <= 90.0 and abs(lon) <= 180.0


def bounds_of(points: list[tuple[float, float]]) -> Bounds | None:
    if not points:
        return None
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def most_of(points: list[tuple[float, float]]) -> Bounds | None:
    """Where most of them lie, without the outermost of each side: islands and towns far from the city."""
    cut = int(len(points) * OUTERMOST)
    xs, ys = (sorted(point[axis] for point in points)[cut : len(points) - cut] for axis in (0, 1))
    return (xs[0], ys[0], xs[-1], ys[-1]) if xs else None


def first_look(incidents: list[tuple[float, float]], others: list[tuple[float, float]]) -> Bounds | None:
    """Where most of the units and stations are, and every incident in or around that."""
    city = most_of(others)
    if city is None:
        return most_of(incidents)
    west, north, east, south = city
    out = AROUND_M / metres_per_world(north)
    near = [(x, y) for x, y in incidents if west - out <= x <= east + out and north - out <= y <= south + out]
    return bounds_of([(west, north), (east, south), *near])


MUCH_NEARER = 1.3
"""A view that would be this much nearer is another one."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """``x``, ``y`` are the world point in the middle; ``scale`` is pixels per world unit."""

    x: float
    y: float
    scale: float
    width: int
    height: int

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.x) * self.scale + self.width / 2, (y - self.y) * self.scale + self.height / 2

    def from_screen(self, px: float, py: float) -> tuple[float, float]:
        return self.x + (px - self.width / 2) / self.scale, self.y + (py - self.height / 2) / self.scale

    @property
    def metres_per_pixel(self) -> float:
        return metres_per_world(self.y) / self.scale

    @property
    def bounds(self) -> Bounds:
        half_w, half_h = self.width / 2 / self.scale, self.height / 2 / self.scale
        return self.x - half_w, self.y - half_h, self.x + half_w, self.y + half_h

    def sized(self, width: int, height: int) -> Viewport:
        return replace(self, width=max(1, width), height=max(1, height))

    def panned(self, dx: float, dy: float) -> Viewport:
        """Moved so that what was at (px, py) is now at (px + dx, py + dy)."""
        return self.centred(self.x - dx / self.scale, self.y - dy / self.scale)

    def centred(self, x: float, y: float) -> Viewport:
        return replace(self, x=min(1.0, max(0.0, x)), y=min(1.0, max(0.0, y)))

    def zoomed(self, factor: float, px: float, py: float) -> Viewport:
        """Nearer (factor > 1) or farther; the place under (px, py) stays there."""
        x, y = self.from_screen(px, py)
        scale = min(CLOSEST, max(WIDEST, self.scale * factor))
        return replace(self, scale=scale).centred(x - (px - self.width / 2) / scale, y - (py - self.height / 2) / scale)

    def fitted(self, bounds: Bounds) -> Viewport:
        """All of ``bounds`` in sight, with a margin."""
        west, north, east, south = bounds
        room_w = max(1.0, self.width - 2 * FIT_MARGIN_PX)
        room_h = max(1.0, self.height - 2 * FIT_MARGIN_PX)
        scale = min(room_w / max(east - west, 1e-12), room_h / max(south - north, 1e-12), FIT_CLOSEST)
        return replace(self, scale=max(WIDEST, scale)).centred((west + east) / 2, (north + south) / 2)

    def still_shows(self, bounds: Bounds) -> bool:
        """Whether all of ``bounds`` is in sight, and fills it about as far as ``fitted`` would."""
        west, north, east, south = self.bounds
        inside = west <= bounds[0] and north <= bounds[1] and bounds[2] <= east and bounds[3] <= south
        return inside and self.fitted(bounds).scale <= self.scale * MUCH_NEARER


def scale_bar(metres_per_pixel: float, most_px: float) -> tuple[float, float]:
    """The longest bar of 1, 2 or 5 times a power of ten metres that fits ``most_px``: (metres, pixels)."""
    most = metres_per_pixel * most_px
    power = 10.0 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most * (1 + 1e-9))
    return metres, metres / metres_per_pixel
