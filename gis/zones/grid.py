"""Which polygon holds a point, in about a microsecond: a dict of cells, polygons only where a border crosses one.

A cell wholly inside one polygon is that polygon's number; a cell that a border touches lists every polygon that may
hold a point of it, in their order, and the prepared polygons decide with ``intersects``: a point on a shared border or
vertex belongs to the first of its polygons, always. (``within`` would find none there.) A cell within ``TOUCH`` of a
border counts as touched, so that rounding in the cell arithmetic can never hide a border.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

CELL_DEG = 0.002  # about 220 m: of sizes 0.0005 to 0.01 this one looked up fastest on the real wards
MAX_CELLS = 4_000_000  # of one grid's bounding boxes together; larger sets get coarser cells
TOUCH = 1e-6  # in cells: 0.2 mm

_STRIDE = 1 << 24  # rows are numbered floor(lat / cell) * _STRIDE + floor(lon / cell)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class ZoneGrid:
    """Immutable. ``polygons`` are in degrees with x = longitude; their order is the order of precedence."""

    __slots__ = ("_cells", "_per_degree", "_polygons")

    def __init__(self, polygons: Sequence[Any]) -> None:
        self._polygons = tuple(polygons)
        shapely.prepare(np.asarray(self._polygons, dtype=object))
        self._per_degree = 1.0 / _cell_size(self._polygons)
        self._cells: dict[int, int | tuple[int, ...]] = _fill(self._polygons, self._per_degree)

    def at(self, lat: float, lon: float) -> int | None:
        """The number of the first polygon that holds the point or touches it, None where none does."""
        k = self._per_degree
        hit = self._cells.get(floor(lat * k) * _STRIDE + floor(lon * k))
        if hit is None or isinstance(hit, int):
            return hit
        for number in hit:
            if shapely.intersects_xy(self._polygons[number], lon, lat):
                return number
        return None

    @property
    def cells(self) -> tuple[int, int]:
        """(cells wholly inside one polygon, cells that a border touches)."""
        whole = sum(1 for v in self._cells.values() if isinstance(v, int))
        return whole, len(self._cells) - whole


def _cell_size(polygons: Sequence[Any]) -> float:
    cell = CELL_DEG
    bounds = shapely.bounds(np.asarray(polygons, dtype=object)) if polygons else np.zeros((0, 4))
    while np.prod((bounds[:, 2:] - bounds[:, :2]) / cell + 2.0, axis=1).sum() > MAX_CELLS:
        cell *= 2.0
    return cell


def _fill(polygons: Sequence[Any], per_degree: float) -> dict[int, int | tuple[int, ...]]:
    found = [_cells_of(polygon, per_degree) for polygon in polygons]
    if not found:
        return {}
    counts = [len(inside) for inside, _ in found]
    inside = np.concatenate([keys for keys, _ in found])
    owner = np.repeat(np.arange(len(found)), counts)
    # The first of several polygons over a whole cell wins every point of it: written last.
    cells: dict[int, int | tuple[int, ...]] = dict(zip(inside[::-1].tolist(), owner[::-1].tolist(), strict=True))
    touched: dict[int, set[int]] = {}
    for number, (_, border) in enumerate(found):
        for key in border.tolist():
            touched.setdefault(key, set()).add(number)
    # A touched cell asks in order, also those that lie over the whole of it.
    under = np.isin(inside, np.fromiter(touched, dtype=np.int64, count=len(touched)))
    for key, number in zip(inside[under].tolist(), owner[under].tolist(), strict=True):
        touched[key].add(number)
    cells.update((key, tuple(sorted(numbers))) for key, numbers in touched.items())
    return cells


def _cells_of(polygon: Any, per_degree: float) -> tuple[Ints, Ints]:
    """Keys of the cells wholly inside the polygon and of those that its border touches."""
    x, y = _touched(polygon, per_degree)
    left, low = int(x.min()), int(y.min())
    width, height = int(x.max()) - left + 1, int(y.max()) - low + 1
    border = np.zeros((height, width + 1), dtype=bool)  # one column more: it ends every row's last run
    border[y - low, x - left] = True
    free = ~border
    free[:, width] = False
    # Cells between two touched ones in a row are all inside or all outside: one test decides each run.
    starts = free.copy()
    starts[:, 1:] &= ~free[:, :-1]
    rows, columns = np.nonzero(starts)
    holds = shapely.contains_xy(polygon, (columns + left + 0.5) / per_degree, (rows + low + 0.5) / per_degree)
    run = np.cumsum(starts.ravel()) - 1
    taken = np.flatnonzero(free.ravel())
    taken = taken[holds[run[taken]]] if len(taken) else taken
    inside = (taken // (width + 1) + low) * _STRIDE + taken % (width + 1) + left
    rows, columns = np.nonzero(border)
    return inside.astype(np.int64), ((rows + low) * _STRIDE + columns + left).astype(np.int64)


def _touched(polygon: Any, per_degree: float) -> tuple[Ints, Ints]:
    """Columns and rows of all cells within TOUCH of the polygon's border.

    A segment enters a cell at one of its own ends or where it crosses a grid line: those points, widened by TOUCH,
    name every cell that it meets.
    """
    coords, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(polygon)), return_index=True)
    u, v = coords[:, 0] * per_degree, coords[:, 1] * per_degree
    joined = ring[:-1] == ring[1:]
    u0, u1, v0, v1 = u[:-1][joined], u[1:][joined], v[:-1][joined], v[1:][joined]
    at_column, row_there = _crossings(u0, v0, u1, v1)
    at_row, column_there = _crossings(v0, u0, v1, u1)
    pu = np.concatenate([u, at_column, column_there])
    pv = np.concatenate([v, row_there, at_row])
    x = np.floor(np.concatenate([pu - TOUCH, pu - TOUCH, pu + TOUCH, pu + TOUCH])).astype(np.int64)
    y = np.floor(np.concatenate([pv - TOUCH, pv + TOUCH, pv - TOUCH, pv + TOUCH])).astype(np.int64)
    return x, y


def _crossings(a0: Floats, b0: Floats, a1: Floats, b1: Floats) -> tuple[Floats, Floats]:
    """Where segments cross whole numbers of their coordinate a: (those numbers, coordinate b there)."""
    first = np.ceil(np.minimum(a0, a1))
    count = np.maximum(np.floor(np.maximum(a0, a1)) - first + 1, 0).astype(np.int64)
    count[a0 == a1] = 0  # lies along a grid line, if anything: its ends and the other direction name its cells
    segment = np.repeat(np.arange(len(a0)), count)
    step = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    at = first[segment] + step
    share = (at - a0[segment]) / (a1[segment] - a0[segment])
    return at, b0[segment] + share * (b1[segment] - b0[segment])
