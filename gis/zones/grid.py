"""Which polygon holds a point, in less than a microsecond: a dict of cells, cut finer where a border crosses one, and
polygons asked only where it crosses the finer part too.

A cell wholly inside one polygon is that polygon's number. A cell that a border touches lists every polygon that may
hold a point of it, in their order, and a byte for each of its parts: whose it is, nobody's, or that the prepared
polygons must decide with ``intersects``: a point on a shared border or vertex belongs to the first of its polygons,
always. (``within`` would find none there.) What lies within ``TOUCH`` of a border counts as touched, so that rounding
in the cell arithmetic can never hide a border.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

CELL_DEG = 0.002  # about 220 m: of sizes 0.0005 to 0.01 this one looked up fastest on the real wards
MAX_CELLS = 4_000_000  # of one grid's bounding boxes together; larger sets get coarser cells
TOUCH = 1e-6  # in cells: 0.2 mm

PARTS = 16  # of a touched cell's side: about 14 m, so that few places are so near a border
FEWER_PARTS, FINE_CELLS = 4, 60_000  # with more touched cells than that: bounds what the bytes take to 16 MB each
ASK, NOBODY = 255, 254  # in place of a polygon's place in its cell's list

_STRIDE = 1 << 24  # rows are numbered floor(lat / cell) * _STRIDE + floor(lon / cell)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
Cells = dict[int, int | tuple[tuple[int, ...], bytes]]


class ZoneGrid:
    """Immutable. ``polygons`` are in degrees with x = longitude; their order is the order of precedence."""

    __slots__ = ("_cells", "_parts", "_per_degree", "_polygons")

    def __init__(self, polygons: Sequence[Any]) -> None:
        self._polygons = tuple(polygons)
        shapely.prepare(np.asarray(self._polygons, dtype=object))
        self._per_degree = 1.0 / _cell_size(self._polygons)
        self._cells, self._parts = _fill(self._polygons, self._per_degree)

    def at(self, lat: float, lon: float) -> int | None:
        """The number of the first polygon that holds the point or touches it, None where none does."""
        v, u = lat * self._per_degree, lon * self._per_degree
        row, column = floor(v), floor(u)
        hit = self._cells.get(row * _STRIDE + column)
        if hit is None or isinstance(hit, int):
            return hit
        numbers, parts = hit
        n = self._parts
        whose = parts[int((v - row) * n) * n + int((u - column) * n)]
        if whose < NOBODY:
            return numbers[whose]
        if whose == NOBODY:
            return None
        for number in numbers:
            if shapely.intersects_xy(self._polygons[number], lon, lat):
                return number
        return None

    @property
    def cells(self) -> tuple[int, int]:
        """(cells wholly inside one polygon, cells that a border touches)."""
        whole = sum(1 for v in self._cells.values() if isinstance(v, int))  # the others are a list and its parts
        return whole, len(self._cells) - whole


def _cell_size(polygons: Sequence[Any]) -> float:
    cell = CELL_DEG
    bounds = shapely.bounds(np.asarray(polygons, dtype=object)) if polygons else np.zeros((0, 4))
    while np.prod((bounds[:, 2:] - bounds[:, :2]) / cell + 2.0, axis=1).sum() > MAX_CELLS:
        cell *= 2.0
    return cell


def _fill(polygons: Sequence[Any], per_degree: float) -> tuple[Cells, int]:
    """The cells, and into how many parts the side of a touched one is cut."""
    found = [_cells_of(polygon, per_degree) for polygon in polygons]
    if not found:
        return {}, PARTS
    counts = [len(inside) for inside, _ in found]
    inside = np.concatenate([keys for keys, _ in found])
    owner = np.repeat(np.arange(len(found)), counts)
    # The first of several polygons over a whole cell wins every point of it: written last.
    cells: Cells = dict(zip(inside[::-1].tolist(), owner[::-1].tolist(), strict=True))
    touched: dict[int, set[int]] = {}
    for number, (_, border) in enumerate(found):
        for key in border.tolist():
            touched.setdefault(key, set()).add(number)
    # A touched cell asks in order, also those that lie over the whole of it.
    under = np.isin(inside, np.fromiter(touched, dtype=np.int64, count=len(touched)))
    for key, number in zip(inside[under].tolist(), owner[under].tolist(), strict=True):
        touched[key].add(number)
    listed = {key: tuple(sorted(touched[key])) for key in sorted(touched)}
    n = PARTS if len(listed) <= FINE_CELLS else FEWER_PARTS
    for (key, numbers), whose in zip(listed.items(), _parts(polygons, per_degree, listed, n), strict=True):
        cells[key] = (numbers, whose.tobytes())
    return cells, n


def _parts(polygons: Sequence[Any], per_degree: float, listed: Mapping[int, tuple[int, ...]], n: int) -> Bytes:
    """For each touched cell, in the order of its keys, n rows of n bytes: whose each part of it is."""
    keys = np.fromiter(listed, dtype=np.int64, count=len(listed))
    asked = np.zeros((len(keys), n, n), dtype=bool)
    members: list[list[int]] = [[] for _ in polygons]
    for cell, numbers in enumerate(listed.values()):
        asked[cell] = len(numbers) >= NOBODY  # more than a byte can tell apart
        for number in numbers:
            members[number].append(cell)
    for polygon in polygons:
        x, y = _touched(polygon, per_degree * n)
        key = y // n * _STRIDE + x // n
        place = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        known = keys[place] == key  # the wider margin of whole cells found every one of them
        asked[place[known], y[known] % n, x[known] % n] = True
    # Parts between two asked ones in a row all belong to one polygon, or to none: one test decides each run.
    starts = ~asked
    starts[:, :, 1:] &= asked[:, :, :-1]
    place, row, column = np.nonzero(starts)
    first_run = np.searchsorted(place, np.arange(len(keys) + 1))
    lat = (keys[place] // _STRIDE + (row + 0.5) / n) / per_degree
    lon = (keys[place] % _STRIDE + (column + 0.5) / n) / per_degree
    whose = np.full(len(place), NOBODY, dtype=np.uint8)
    order = np.zeros(len(keys), dtype=np.uint8)  # how many polygons of a cell's list were tried
    for number, cells in enumerate(members):
        there = np.asarray(cells, dtype=np.int64)
        count = first_run[there + 1] - first_run[there]
        runs = np.repeat(first_run[there] - np.cumsum(count) + count, count) + np.arange(count.sum())
        holds = shapely.contains_xy(polygons[number], lon[runs], lat[runs]) & (whose[runs] == NOBODY)
        whose[runs[holds]] = order[place[runs[holds]]]
        order[there] += 1
    out = np.full(asked.shape, ASK, dtype=np.uint8)
    run = np.cumsum(starts.ravel()) - 1
    out[~asked] = whose[run[~asked.ravel()]]
    return out


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
