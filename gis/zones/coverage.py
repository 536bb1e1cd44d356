"""Zones as one coverage: what overlaps, what is missing between them, and the repair of both.

Inputs are arrays of valid polygons in degrees. Finds are made in degrees, as lookups are: a border of a kilometre that
is straight on one side and has a further vertex on the other agrees there, and would seem to overlap by centimetres
once it is projected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gis.geodesy import metres_per_degree, to_metric
from gis.zones.report import Gap, Overlap

# A hole nowhere wider than this is an accident of drawing, a wider one may be meant or may be a forgotten zone.
# (The widest of the 41 in the official wards of 2025 measures 1.02 m.)
SLIVER_WIDTH_M = 5.0
MIN_AREA_M2 = 1e-4  # smaller is rounding
_METRES_OF_A_DEGREE = 110_000.0  # of longitude 109 km and of latitude 110.6 km here: near enough for a tolerance
DECIMALS = 7  # of a degree: 1 cm


def overlaps(codes: Sequence[str], polygons: Any) -> tuple[Overlap, ...]:
    """Every pair that shares ground, largest first."""
    tree = shapely.STRtree(polygons)
    i, j = tree.query(polygons, predicate="intersects")
    i, j = i[i < j], j[i < j]
    shared = shapely.intersection(polygons[i], polygons[j])
    found = []
    for k, area_m2 in enumerate(areas_m2(shared)):
        if area_m2 < MIN_AREA_M2:
            continue
        inside = shapely.point_on_surface(shared[k])
        first, second = sorted((codes[i[k]], codes[j[k]]))
        found.append(Overlap(first, second, area_m2, inside.y, inside.x, shared[k]))
    return tuple(sorted(found, key=lambda o: (-o.area_m2, o.first, o.second)))


def holes(polygons: Any) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """(slivers, gaps): what lies between zones and belongs to none; each largest first."""
    union = shapely.union_all(polygons)
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    slivers: list[Gap] = []
    gaps: list[Gap] = []
    for ring in rings:
        hole = shapely.Polygon(ring)
        width = 2.0 * shapely.length(shapely.maximum_inscribed_circle(to_metric(hole), tolerance=0.01))
        inside = shapely.point_on_surface(hole)
        gap = Gap(areas_m2([hole])[0], float(width), inside.y, inside.x, hole)
        (slivers if width <= SLIVER_WIDTH_M else gaps).append(gap)
    return tuple(sorted(slivers, key=lambda g: -g.area_m2)), tuple(sorted(gaps, key=lambda g: -g.area_m2))


def unmatched(codes: Sequence[str], polygons: Any) -> tuple[str, ...]:
    """Codes of zones with a border that is not also its neighbour's, vertex by vertex."""
    edges = shapely.coverage_invalid_edges(polygons)
    return tuple(sorted(codes[k] for k in np.flatnonzero(~shapely.is_empty(edges)).tolist()))


def clean(polygons: Any, simplify_m: float) -> Any:
    """The repaired coverage: overlaps given to the neighbour with the longest shared border, slivers closed.

    With ``simplify_m`` borders lose their vertices as far as they move by about that much, shared ones on both sides
    alike. Coordinates are rounded to 1 cm where the coverage stays whole under it. Zones may come out empty; the
    caller looks.
    """
    out = shapely.coverage_clean(polygons, gap_width=SLIVER_WIDTH_M / _METRES_OF_A_DEGREE)
    if simplify_m > 0.0:
        out = shapely.coverage_simplify(out, simplify_m / _METRES_OF_A_DEGREE)
    rounded = shapely.transform(out, lambda c: np.round(c, DECIMALS))
    return rounded if is_whole(rounded) else out


def is_whole(polygons: Any) -> bool:
    """Valid polygons without overlaps, with matched borders."""
    return bool(
        shapely.is_valid(polygons).all()
        and not shapely.is_empty(polygons).any()
        and shapely.coverage_is_valid(polygons)
    )


def areas_m2(polygons: Any) -> list[float]:
    """Areas of polygons whose borders are straight in degrees, by the size of a degree in the middle of each.

    Good to a millionth for a ward. Projecting them would bend long borders, and two borders that agree would differ by
    whole square metres as soon as one has a vertex more.
    """
    out = []
    for area, middle in zip(shapely.area(polygons), shapely.centroid(polygons), strict=True):
        north, east = metres_per_degree(middle.y) if area else (0.0, 0.0)
        out.append(float(area) * north * east)
    return out
