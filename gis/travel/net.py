"""The streets in memory: what every vehicle shares.

Where a turn is forbidden, whoever comes by the edge in question arrives at a copy of the crossing that lacks the way
on; so a path that breaks no restriction is a path of the graph, and an ordinary search finds the soonest of them. The
graph's arcs are therefore the edges of the data and, after them, the copies of edges that leave a copied crossing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.geodesy import metres_per_degree
from gis.travel.classes import BARRIER
from gis.travel.data import RoadData
from gis.travel.tags import BIKE, CAR

SAMPLE_M = 40.0

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class RoadNet:
    """Arcs: ``tail``, ``head``, ``edge`` (of the data) and ``bits`` (kinds of vehicle that an arc is for). Nodes from
    ``data.nodes`` on are copies of crossings; ``head_of`` tells at which node an edge arrives.

    ``lines`` are the pieces in metres east and north of a middle point (``plane``): good to 0.2 % over 100 km, for
    what is nearest and what lies under an outline; lengths and times come from the data.
    """

    def __init__(self, data: RoadData) -> None:
        self.data = data
        self._middle = float(data.lat.mean()) if len(data.lat) else 10.8
        self._north, self._east = metres_per_degree(self._middle)
        x, y = self.plane(data.lat, data.lon)
        of = np.repeat(np.arange(data.pieces), np.diff(data.first))
        self.lines = shapely.linestrings(np.column_stack([x, y]), indices=of)
        self.line_metres: Floats = shapely.length(self.lines)
        self.real: Bools = (data.road_class != BARRIER) & (self.line_metres > 0)
        """Pieces that something can stand on."""
        self._split()

    def plane(self, lat: object, lon: object) -> tuple[Floats, Floats]:
        """Metres east of and north of the middle."""
        x = (np.asarray(lon, dtype=np.float64) - 106.7) * self._east
        y = (np.asarray(lat, dtype=np.float64) - self._middle) * self._north
        return x, y

    def degrees(self, x: object, y: object) -> tuple[Floats, Floats]:
        """Latitude and longitude of a place in the plane."""
        lat = np.asarray(y, dtype=np.float64) / self._north + self._middle
        lon = np.asarray(x, dtype=np.float64) / self._east + 106.7
        return lat, lon

    def outline(self, points: Sequence[tuple[float, float]]) -> shapely.Geometry:
        """A closure's outline (longitude first) in the plane; an area where it ends at its first point, else a line."""
        lon, lat = np.array(points, dtype=np.float64).T
        ring = np.column_stack(self.plane(lat, lon))
        if len(ring) > 3 and points[0] == points[-1]:
            return shapely.make_valid(shapely.Polygon(ring))
        return shapely.LineString(ring)

    def _split(self) -> None:
        """Copy the crossings at which a turn is forbidden."""
        data = self.data
        tail = np.column_stack([data.u, data.v]).ravel()
        head = np.column_stack([data.v, data.u]).ravel()
        banned: dict[int, dict[int, int]] = {}
        for come, go, bits in zip(data.turn_from.tolist(), data.turn_to.tolist(), data.turn_bits.tolist(), strict=True):
            banned.setdefault(come, {})[go] = bits
        copies = {come: data.nodes + number for number, come in enumerate(sorted(banned))}
        self.nodes = data.nodes + len(copies)
        self.node_of_copy: Ints = np.array([head[come] for come in sorted(banned)], dtype=np.int32)
        leaving: dict[int, list[int]] = {int(node): [] for node in self.node_of_copy}
        if leaving:
            for edge in np.flatnonzero(np.isin(tail, self.node_of_copy)).tolist():
                leaving[int(tail[edge])].append(edge)
        crossing = {come: int(head[come]) for come in banned}
        for come, copy in copies.items():
            head[come] = copy
        self.head_of: Ints = head.copy()
        tails, edges, kinds = [], [], []
        for come, copy in copies.items():
            for go in leaving[crossing[come]]:
                bits = (CAR | BIKE) & ~banned[come].get(go, 0)
                if bits:
                    tails.append(copy)
                    edges.append(go)
                    kinds.append(bits)
        extra = np.array(edges, dtype=np.int32)
        self.edge: Ints = np.concatenate([np.arange(len(tail), dtype=np.int32), extra])
        self.tail: Ints = np.concatenate([tail, np.array(tails, dtype=np.int32)]).astype(np.int32)
        self.head: Ints = np.concatenate([head, head[extra]]).astype(np.int32)
        self.bits: NDArray[np.uint8] = np.concatenate(
            [np.full(len(tail), CAR | BIKE, dtype=np.uint8), np.array(kinds, dtype=np.uint8)]
        )
        self.copies_of: dict[int, list[int]] = {}
        for arc in range(len(tail), len(self.edge)):
            self.copies_of.setdefault(int(self.edge[arc]), []).append(arc)

    def arcs_of(self, edge: int) -> list[int]:
        """The arcs that are this edge."""
        return [edge, *self.copies_of.get(edge, ())]

    def copies_at(self, node: int) -> list[int]:
        """The copies of a crossing."""
        return (np.flatnonzero(self.node_of_copy == node) + self.data.nodes).tolist()

    def crossing(self, node: int) -> int:
        """The node of the data that a node of the graph stands at."""
        return node if node < self.data.nodes else int(self.node_of_copy[node - self.data.nodes])

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    @cached_property
    def samples(self) -> tuple[Ints, Floats, Floats, Floats]:
        """Places every ``SAMPLE_M`` along the pieces: the piece, the part of it before the place, and where it is."""
        counts = np.where(self.real, np.ceil(self.line_metres / SAMPLE_M) + 1, 0).astype(np.int64)
        piece = np.repeat(np.arange(self.data.pieces, dtype=np.int32), counts)
        begin = np.repeat(np.cumsum(counts) - counts, counts)
        part: Floats = (np.arange(len(piece)) - begin) / np.maximum(counts[piece] - 1, 1)
        points = shapely.line_interpolate_point(self.lines[piece], part, normalized=True)
        return piece, part, shapely.get_x(points), shapely.get_y(points)

    @cached_property
    def standing(self) -> tuple[shapely.STRtree, NDArray[np.intp]]:
        """The pieces that something can stand on, and their numbers."""
        found = np.flatnonzero(self.real)
        return shapely.STRtree(self.lines[found]), found
