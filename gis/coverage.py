"""Zones as one coverage: what overlaps, what is missing between them, and the repair of both.

Inputs are arrays of valid polygons in degrees; ground is compared and measured in UTM metres, vertices in the degrees
as given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from gis.geodesy import from_metric, to_metric
from gis.zone_report import Gap, Overlap

# A hole nowhere wider than this is an accident of drawing, a wider one may be meant or may be a forgotten zone.
# (The widest of the 41 in the official wards of 2025 measures 1.02 m.)
SLIVER_WIDTH_M = 5.0
# Smaller is no overlap: a border drawn straight on one side and through a further vertex on the other bends by less
# than this between degrees and metres.
MIN_AREA_M2 = 0.01
DECIMALS = 7  # of a degree: 1 cm


def overlaps(codes: Sequence[str], polygons: Any) -> tuple[Overlap, ...]:
    """Every pair that shares ground, largest first."""
    flat = to_metric(polygons)
    tree = shapely.STRtree(flat)
    i, j = tree.query(flat, predicate="intersects")
    i, j = i[i < j], j[i < j]
    shared = shapely.intersection(flat[i], flat[j])
    areas = shapely.area(shared)
    found = []
    for k in np.flatnonzero(areas >= MIN_AREA_M2).tolist():
        inside = from_metric(shapely.point_on_surface(shared[k]))
        first, second = sorted((codes[i[k]], codes[j[k]]))
        found.append(Overlap(first, second, float(areas[k]), inside.y, inside.x))
    return tuple(sorted(found, key=lambda o: (-o.area_m2, o.first, o.second)))


def holes(polygons: Any) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """(slivers, gaps): what lies between zones and belongs to none; each largest first."""
    union = shapely.union_all(to_metric(polygons))
    rings = [ring for part in shapely.get_parts(union) for ring in part.interiors]
    slivers: list[Gap] = []
    gaps: list[Gap] = []
    for ring in rings:
        hole = shapely.Polygon(ring)
        width = 2.0 * shapely.length(shapely.maximum_inscribed_circle(hole, tolerance=0.01))
        inside = from_metric(shapely.point_on_surface(hole))
        gap = Gap(float(shapely.area(hole)), float(width), inside.y, inside.x)
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
    flat = shapely.coverage_clean(to_metric(polygons), gap_width=SLIVER_WIDTH_M)
    if simplify_m > 0.0:
        flat = shapely.coverage_simplify(flat, simplify_m)
    out = from_metric(flat)
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
    return [float(a) for a in shapely.area(to_metric(polygons))]
