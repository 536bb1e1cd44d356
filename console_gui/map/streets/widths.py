"""How wide a road is drawn, in pixels, by its class and by how near the map is. Without Qt."""

from __future__ import annotations

import math

CLASSES = ("path", "alley", "street", "tertiary", "secondary", "primary", "trunk", "motorway")
"""In the order of drawing: the greater road lies over the smaller one."""

AT_16 = {
    "motorway": 17.0, "trunk": 17.0, "primary": 15.0, "secondary": 12.5, "tertiary": 10.5, "street": 8.0, "alley": 4.5,
    "path": 1.6,
}  # fmt: skip
LEAST = {
    "motorway": 1.8, "trunk": 1.8, "primary": 1.6, "secondary": 1.1, "tertiary": 0.9, "street": 0.6, "alley": 0.5,
    "path": 0.6,
}  # fmt: skip
MOST = 60.0
GROWTH = 0.78
"""Of a power of two per zoom: a road on the screen grows slower than the ground, so the city does not fill with road
when far and has room for names when near."""

CASED_FROM = {"alley": 15.3, "street": 13.8, "tertiary": 12.8, "secondary": 12.0, "primary": 11.0, "trunk": 10.0,
              "motorway": 10.0}  # fmt: skip
TILE_PX = 256.0


def zoom_of(scale: float) -> float:
    """The zoom at which the whole world is ``scale`` pixels wide: 256 pixels at 0."""
    return math.log2(scale / TILE_PX)


def road_width(kind: str, zoom: float, link: bool = False) -> float:
    width: float = AT_16.get(kind, 2.0) * 2.0 ** ((zoom - 16.0) * GROWTH)
    if kind == "path":
        width = min(width, 3.0)
    return min(MOST, max(LEAST.get(kind, 0.5), width * (0.7 if link else 1.0)))


def cased(kind: str, zoom: float) -> bool:
    return zoom >= CASED_FROM.get(kind, 99.0)
