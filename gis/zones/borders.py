"""How far the nearest border is and who lies beyond it.

Borders are cut into short chains, each known with the zones on its two sides, in a search tree. From a point inside a
zone the nearest border of all is that zone's own; its other side is the runner-up, unless it is the outer edge, where
the nearest chain of any other zone is asked for. Precondition: borders of neighbours are matched vertex by vertex, as
the gate enforces; an unmatched border has one side only and merely costs the second question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis.geodesy import metres_per_degree

CHAIN_SEGMENTS = 24  # long enough for a small tree, short enough that measuring one is cheap
NOBODY = -1

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Nearby:
    """The nearest border of a point: metres to it, and the zones that it separates, in their order."""

    metres: float
    zones: tuple[int, ...]


class ZoneBorders:
    """Immutable but for a cache of search trees. ``polygons`` in degrees; zones are their numbers."""

    def __init__(self, polygons: Sequence[Any]) -> None:
        bounds = shapely.total_bounds(np.asarray(polygons, dtype=object))
        north, east = metres_per_degree(float(bounds[1] + bounds[3]) / 2.0)
        self._squeeze = east / north  # longitude times this: a plane in which near things compare rightly
        self._chains, self._left, self._right = _chains(polygons, self._squeeze)
        self._tree = shapely.STRtree(self._chains)
        self._others: dict[int, tuple[shapely.STRtree, Ints]] = {}

    def nearest(self, lat: float, lon: float) -> Nearby:
        """The nearest border of all."""
        return self._ask(self._tree, None, lat, lon)

    def nearest_of_others(self, zone: int, lat: float, lon: float) -> Nearby | None:
        """The nearest border of a zone that is not ``zone``, without ``zone`` in the answer; None where it is alone."""
        if zone not in self._others:
            keep = np.flatnonzero((self._left != zone) | ((self._right != zone) & (self._right != NOBODY)))
            self._others[zone] = (shapely.STRtree(self._chains[keep]), keep)
        tree, keep = self._others[zone]
        if not len(keep):
            return None
        found = self._ask(tree, keep, lat, lon)
        return Nearby(found.metres, tuple(z for z in found.zones if z != zone))

    def _ask(self, tree: shapely.STRtree, keep: Ints | None, lat: float, lon: float) -> Nearby:
        point = shapely.Point(lon * self._squeeze, lat)
        hits = tree.query_nearest(point, all_matches=True)
        if keep is not None:
            hits = keep[hits]
        sides = {int(s) for s in (*self._left[hits], *self._right[hits]) if s != NOBODY}
        link = shapely.get_coordinates(shapely.shortest_line(point, self._chains[hits[0]]))
        there_lat = float(link[1, 1])
        north, east = metres_per_degree((lat + there_lat) / 2.0)
        dx = (float(link[1, 0]) - float(link[0, 0])) / self._squeeze
        metres = float(np.hypot((there_lat - lat) * north, dx * east))
        return Nearby(metres, tuple(sorted(sides)))


def _chains(polygons: Sequence[Any], squeeze: float) -> tuple[npt.NDArray[np.object_], Ints, Ints]:
    """(chains in the squeezed plane, zone on one side, zone on the other or NOBODY). Shared borders appear once."""
    parts, part_zone = shapely.get_parts(np.asarray(polygons, dtype=object), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coords, ring = shapely.get_coordinates(rings, return_index=True)
    coords[:, 0] *= squeeze
    joined = np.flatnonzero(ring[:-1] == ring[1:])
    joined = joined[(coords[joined] != coords[joined + 1]).any(axis=1)]
    zone = part_zone[ring_part[ring[joined]]].astype(np.int64)
    other = _other_sides(coords[joined], coords[joined + 1], zone)
    drawn = np.flatnonzero((other == NOBODY) | (zone < other))
    start, zone, other = joined[drawn], zone[drawn], other[drawn]
    # A chain ends where the ring, the pair of zones or the run of consecutive segments ends.
    breaks = np.ones(len(start), dtype=bool)
    breaks[1:] = (
        (start[1:] != start[:-1] + 1) | (ring[start[1:]] != ring[start[:-1]])
        | (zone[1:] != zone[:-1]) | (other[1:] != other[:-1])
    )
    first = np.flatnonzero(breaks)
    since = np.arange(len(start)) - np.repeat(first, np.diff(np.append(first, len(start))))
    breaks |= since % CHAIN_SEGMENTS == 0
    first = np.flatnonzero(breaks)
    length = np.diff(np.append(first, len(start)))
    points = length + 1
    point = np.repeat(start[first] - np.cumsum(points) + points, points) + np.arange(points.sum())
    chains = shapely.linestrings(coords[point], indices=np.repeat(np.arange(len(first)), points))
    return chains, zone[first], other[first]


def _other_sides(a: Floats, b: Floats, zone: Ints) -> Ints:
    """For each segment a-b of ``zone`` the zone that has the same segment, NOBODY where none has."""
    swap = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    low, high = np.where(swap[:, None], b, a), np.where(swap[:, None], a, b)
    ends = np.hstack([low, high])
    order = np.lexsort((zone, ends[:, 3], ends[:, 2], ends[:, 1], ends[:, 0]))
    same = (ends[order[1:]] == ends[order[:-1]]).all(axis=1) & (zone[order[1:]] != zone[order[:-1]])
    other = np.full(len(zone), NOBODY, dtype=np.int64)
    earlier, later = order[:-1][same], order[1:][same]
    other[earlier] = zone[later]
    other[later] = zone[earlier]
    return other
