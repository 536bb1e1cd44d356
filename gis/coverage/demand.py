"""Points where somebody may call from: a grid of each ward. Every ward counts alike, since wards are drawn for like
populations; counted by area the villages would outweigh the city."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis.geodesy import to_metric
from gis.zones.zone_set import ZoneSet

POINTS_MOST = 700
"""Of all wards together, about: what the cost of every computation is held to."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Demand:
    """Point by point; ``ward`` indexes ``codes`` and ``names``; the weights add up to 1."""

    lat: Floats
    lon: Floats
    weight: Floats
    ward: Ints
    codes: tuple[str, ...]
    names: tuple[str, ...]


def demand_of(zone_set: ZoneSet, most: int = POINTS_MOST) -> Demand:
    zones = zone_set.zones
    areas = shapely.area(to_metric(np.asarray([zone.geometry for zone in zones], dtype=object)))
    spacing = sqrt(float(areas.sum()) / max(1, most)) / 111_195.0 if len(zones) else 1.0
    lats, lons, wards, weights = [], [], [], []
    for number, zone in enumerate(zones):
        points = _grid(zone.geometry, spacing)
        for lon, lat in points:
            lats.append(lat)
            lons.append(lon)
            wards.append(number)
            weights.append(1.0 / len(points) / len(zones))
    return Demand(
        np.asarray(lats), np.asarray(lons), np.asarray(weights), np.asarray(wards, dtype=np.int64),
        tuple(zone.code for zone in zones), tuple(zone.name for zone in zones),
    )  # fmt: skip


def _grid(polygon: Any, spacing: float) -> list[tuple[float, float]]:
    """Points of one grid that the polygon holds, else one that it holds for sure."""
    west, south, east, north = shapely.bounds(polygon)
    xs = np.arange(np.ceil(west / spacing), np.floor(east / spacing) + 1) * spacing
    ys = np.arange(np.ceil(south / spacing), np.floor(north / spacing) + 1) * spacing
    if len(xs) and len(ys):
        x, y = (it.ravel() for it in np.meshgrid(xs, ys))
        inside = shapely.contains_xy(polygon, x, y)
        if inside.any():
            return [(float(lon), float(lat)) for lon, lat in zip(x[inside], y[inside], strict=True)]
    point = shapely.point_on_surface(polygon)
    return [(float(point.x), float(point.y))]
