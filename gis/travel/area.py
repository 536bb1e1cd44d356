"""What can be reached within a time: the streets that can, as an area."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import binary_closing, binary_dilation

from dispatch_core.domain.vocabulary import Measured
from dispatch_core.ports import Point, Reachable, Ring
from gis.geodesy import metres_per_degree
from gis.travel.driven import Driven, Timed, code, seconds_of
from gis.travel.net import Floats, RoadNet
from gis.travel.standing import YARD_KMH, Stands, ways_out
from gis.travel.straight import DETOUR, KMH, KMH_ELSE

CELL_M = 75.0
"""Side of the squares that the area is made of."""

CELLS_MOST = 4_000_000
_CIRCLE_POINTS = 48


def reachable_area(driven: Driven, timed: Timed, where: Stands, seconds: float) -> Reachable:
    """From places on the net, by road; places that are on no street count for nothing."""
    net = driven.net
    slots: list[tuple[int, float]] = []
    yard = code(where.off_m / (YARD_KMH / 3.6), where.off_m)
    for edge, cost in ways_out(driven, timed, where):
        on = np.isfinite(cost)
        slots += zip(net.head_of[edge[on]].tolist(), (cost + yard)[on].tolist(), strict=True)
    costs, _ = timed.onwards.search(slots, seconds)
    at = seconds_of(costs)
    x, y = _reached(net, timed, at, seconds)
    x0, y0 = net_xy(net, where)
    return Reachable(_polygons(net, np.concatenate([x, x0]), np.concatenate([y, y0])), Measured.ROAD)


def net_xy(net: RoadNet, where: Stands) -> tuple[Floats, Floats]:
    """The places themselves, on their streets."""
    on = where.piece >= 0
    points = shapely.line_interpolate_point(net.lines[where.piece[on]], where.part[on], normalized=True)
    return shapely.get_x(points), shapely.get_y(points)


def _reached(net: RoadNet, timed: Timed, at: Floats, seconds: float) -> tuple[Floats, Floats]:
    """Of ``net.samples`` along the streets that are reached in time."""
    piece, part, x, y = net.samples
    soonest = np.full(len(piece), np.inf)
    best = at[: net.data.nodes].copy()
    np.minimum.at(best, net.node_of_copy, at[net.data.nodes : net.nodes])
    ends = ((2 * piece, net.data.u[piece], part), (2 * piece + 1, net.data.v[piece], 1.0 - part))
    for edge, from_node, share in ends:
        took = timed.seconds[edge]
        open_ = np.isfinite(took)
        soonest[open_] = np.minimum(soonest[open_], best[from_node][open_] + took[open_] * share[open_])
    reached = soonest <= seconds
    return x[reached], y[reached]


def _polygons(net: RoadNet, x: Floats, y: Floats) -> tuple[tuple[Ring, ...], ...]:
    """The squares that hold a point and those around them, as polygons in degrees."""
    if not len(x):
        return ()
    west, south = float(x.min()) - 3 * CELL_M, float(y.min()) - 3 * CELL_M
    columns, rows = ((x - west) // CELL_M).astype(np.int64), ((y - south) // CELL_M).astype(np.int64)
    wide, high = int(columns.max()) + 4, int(rows.max()) + 4
    if wide * high > CELLS_MOST:
        return ()
    filled = np.zeros((high, wide), dtype=np.bool_)
    filled[rows, columns] = True
    filled = binary_closing(binary_dilation(filled), iterations=1)
    merged = shapely.union_all(_runs(filled, west, south))
    merged = shapely.simplify(merged, CELL_M / 2)
    polygons = merged.geoms if merged.geom_type == "MultiPolygon" else [merged]
    return tuple(
        tuple(_ring(net, ring) for ring in (polygon.exterior, *polygon.interiors)) for polygon in polygons
    )


def _runs(filled: NDArray[np.bool_], west: float, south: float) -> NDArray[np.object_]:
    """A box for each unbroken run of squares in a row."""
    edges = np.diff(np.pad(filled, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, begin = np.nonzero(edges == 1)
    _, end = np.nonzero(edges == -1)
    found: NDArray[np.object_] = shapely.box(
        west + begin * CELL_M, south + row * CELL_M, west + end * CELL_M, south + (row + 1) * CELL_M
    )
    return found


def _ring(net: RoadNet, ring: shapely.LinearRing) -> Ring:
    lat, lon = net.degrees(*np.array(ring.coords).T)
    return tuple((round(b, 6), round(a, 6)) for a, b in zip(lat.tolist(), lon.tolist(), strict=True))


def straight_area(places: Sequence[Point], seconds: float, vehicle: str) -> Reachable:
    """Circles, where no road is known."""
    metres = seconds * KMH.get(vehicle, KMH_ELSE) / 3.6 / DETOUR
    circles = []
    for lat, lon in places:
        north, east = metres_per_degree(lat)
        angles = [2 * pi * n / _CIRCLE_POINTS for n in range(_CIRCLE_POINTS)]
        points = [(lon + metres * sin(it) / max(east, 1.0), lat + metres * cos(it) / north) for it in angles]
        circles.append(shapely.Polygon(points))
    merged = shapely.union_all(circles)
    polygons = merged.geoms if merged.geom_type == "MultiPolygon" else [merged]
    rings = tuple(
        tuple(tuple((round(a, 6), round(b, 6)) for a, b in ring.coords) for ring in (it.exterior, *it.interiors))
        for it in polygons
    )
    return Reachable(rings, Measured.STRAIGHT)
