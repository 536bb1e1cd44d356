"""How much of an uncertain place lies in which zone.

Areas are compared in degrees: over the size of any such place a degree is the same everywhere, so the shares are true.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gis.geodesy import metres_per_degree

CORNERS = 64  # of a circle: its area is then true to 0.2 %
MOST_M = 50_000.0  # a larger circle says nothing about zones; it is taken as this large
LEAST_SHARE = 0.005  # less is not worth a word
LISTED = 8

_turn = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
_CIRCLE = np.column_stack([np.cos(_turn), np.sin(_turn)])

Outline = Sequence[tuple[float, float]]


def area_of(lat: float, lon: float, uncertainty_m: float, outline: Outline) -> Any | None:
    """The place as a polygon in degrees, None where it is a point. An outline that is no area is its circle."""
    if len(outline) >= 3:
        drawn = shapely.make_valid(shapely.Polygon(outline))
        flat = shapely.union_all([p for p in shapely.get_parts(drawn) if p.geom_type.endswith("Polygon")])
        if not flat.is_empty and flat.area > 0.0:
            return flat
    if not uncertainty_m > 0.0:
        return None
    metres = min(uncertainty_m, MOST_M)
    north, east = metres_per_degree(lat)
    return shapely.Polygon(_CIRCLE * (metres / east, metres / north) + (lon, lat))


class ZoneShares:
    """Immutable. ``polygons`` in degrees; zones are their numbers."""

    def __init__(self, polygons: Sequence[Any]) -> None:
        self._polygons = np.asarray(polygons, dtype=object)
        self._tree = shapely.STRtree(self._polygons)

    def of(self, area: Any) -> tuple[list[tuple[int, float]], float]:
        """((zone, share), the largest first, equal ones in the zones' order), and the share that lies in no zone."""
        whole = float(shapely.area(area))
        numbers = np.sort(self._tree.query(area, predicate="intersects"))
        parts = shapely.area(shapely.intersection(self._polygons[numbers], area)) / whole
        found = sorted(zip(numbers.tolist(), parts.tolist(), strict=True), key=lambda it: (-it[1], it[0]))
        outside = max(0.0, 1.0 - float(parts.sum()))
        listed = [(number, min(1.0, share)) for number, share in found if share >= LEAST_SHARE][:LISTED]
        return listed, outside if outside >= LEAST_SHARE else 0.0
