"""Crossings that the map has no node for: dual carriageways, streets that end short of each other."""

from __future__ import annotations

import numpy as np

from gis.addresses.osm import metres
from gis.addresses.street_index import StreetIndex, Thing
from gis.geodesy import metres_per_degree

APART_M, APART_COST, JOINED_M = 150.0, 6.0, 45.0
MAX_COMPARED = 500  # spots of each of two streets


def approach(index: StreetIndex, one: Thing, other: Thing) -> list[tuple[tuple[float, float], float, float]]:
    """Where two streets that share no node come near each other."""
    if metres((one.lat, one.lon), (other.lat, other.lon)) > one.radius_m + other.radius_m + APART_M:
        return []
    ours, theirs = (np.asarray(index.spots(it.id)[:MAX_COMPARED]) for it in (one, other))
    if not len(ours) or not len(theirs):
        return []
    scale = np.asarray(metres_per_degree(one.lat))
    apart = np.hypot(*np.moveaxis((ours[:, None] - theirs[None]) * scale, 2, 0))
    i, j = np.unravel_index(int(apart.argmin()), apart.shape)
    away, a, b = float(apart[i, j]), ours[i].tolist(), theirs[j].tolist()
    if away > APART_M:
        return []
    cost = APART_COST if away > JOINED_M else 0.5
    return [(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), away + 30.0, cost)]
