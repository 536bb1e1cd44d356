"""The streets as one kind of vehicle drives them: which arcs are open to it, and how long each takes.

The search adds up one number an arc that holds both time and length: whole milliseconds, and decimetres in units of
2^-20. Sums of it stay exact (20 bits of milliseconds, 20 bits of decimetres, below the 53 of a double), so one search
tells the soonest time and, of equally soon ways, the shortest, with its length.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from dispatch_core.domain.vocabulary import Closure
from gis.travel.classes import BARRIER, CLASSES, NUMBER
from gis.travel.net import Bools, Floats, Ints, RoadNet
from gis.travel.speeds import SpeedTable
from gis.travel.tags import BIKE, BIKE_BACK, BIKE_ON, CAR, CAR_BACK, CAR_ON
from gis.travel.vehicles import Profile, Vehicles

LIMIT_S = 900.0
"""A unit further away than this is not looked for on the roads."""

LINK = 2.0**-20
_LONGEST_DM = 2.0**20 - 1
SLOTS = 1_024
"""Ways in or out of a searched place: the ends of its piece, or the points from which one goes on on foot."""

WEIGHTS_KEPT = 8
"""Tables of times by hour and closures that are kept; one of a whole city is some megabytes."""

CLOSE_M = 60.0
"""Where nearly everything is found: all streets within are compared at once, which is much sooner."""

ISLAND_BELOW = 50
"""Nodes: what one can drive to and away from with fewer is a yard, a car park or the cut edge of the map, and nothing
is taken to stand there."""

OVER_LINE_M = 12.0
ALONG_LINE = 0.5
"""A drawn line closes what it crosses, and the street that it runs along: half of the piece within these metres."""

CROSSED_FROM_END_M = 15.0
"""A line that touches a piece only so near its end was drawn along the street that meets it there."""

IN_AREA_M = 2.0
_FOREVER = np.inf
_NOBODY: Ints = np.empty(0, dtype=np.int32)


def code(seconds: Floats, metres: Floats) -> Floats:
    """Time and length as one number. Each is rounded: half a millisecond and half a decimetre an arc at most."""
    found: Floats = np.rint(seconds * 1000.0) + np.minimum(np.rint(metres * 10.0), _LONGEST_DM) * LINK
    return found


def code_one(seconds: float, metres: float) -> float:
    """The same for one."""
    return round(seconds * 1000.0) + min(round(metres * 10.0), _LONGEST_DM) * LINK


def seconds_of(coded: Floats) -> Floats:
    found: Floats = np.floor(coded) / 1000.0
    return found


def metres_of(coded: Floats) -> Floats:
    """0 for what is infinite."""
    known = np.where(np.isfinite(coded), coded, 0.0)
    found: Floats = (known - np.floor(known)) / LINK / 10.0
    return found


@dataclass(frozen=True, slots=True)
class Graph:
    """Rows of arcs for the search, and one last node with ``SLOTS`` free arcs that each question fills for itself."""

    matrix: csr_array
    arcs: Ints  # by entry
    lock: Lock

    @property
    def free(self) -> int:
        """The number of the last node."""
        return int(self.matrix.shape[0]) - 1

    def arc(self, row: int, column: int) -> int:
        """The cheapest arc between two nodes that have one."""
        entries = np.arange(self.matrix.indptr[row], self.matrix.indptr[row + 1])
        entries = entries[self.matrix.indices[entries] == column]
        return int(self.arcs[entries[np.argmin(self.matrix.data[entries])]])

    def search(
        self, slots: Sequence[tuple[int, float]], limit_s: float, predecessors: bool = False
    ) -> tuple[Floats, Ints]:
        """Coded costs from the free node, whose arcs lead to (node, coded cost), to all; further than ``limit_s`` is
        infinite. With ``predecessors`` the node that each was reached from too (else nothing)."""
        last = self.free
        begin = int(self.matrix.indptr[last])
        chosen = sorted(slots, key=lambda it: it[1])[:SLOTS]
        with self.lock:
            self.matrix.indices[begin : begin + len(chosen)] = [node for node, _ in chosen]
            self.matrix.data[begin : begin + len(chosen)] = [cost for _, cost in chosen]
            self.matrix.indices[begin + len(chosen) :] = last
            self.matrix.data[begin + len(chosen) :] = 1.0
            found = dijkstra(
                self.matrix, indices=last, limit=(limit_s + 0.001) * 1000.0, return_predecessors=predecessors
            )
        return found if predecessors else (found, _NOBODY)


def graph(rows: Ints, columns: Ints, weights: Floats, arcs: Ints, nodes: int) -> Graph:
    """Several arcs between the same two nodes stay several."""
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=nodes + 1)
    counts[nodes] = SLOTS
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    indices = np.concatenate([columns[order], np.full(SLOTS, nodes, dtype=np.int32)]).astype(np.int32)
    data = np.concatenate([weights[order], np.ones(SLOTS)])
    matrix = csr_array((data, indices, indptr), shape=(nodes + 1, nodes + 1), copy=False)
    return Graph(matrix, arcs[order], Lock())


@dataclass(frozen=True, slots=True)
class Timed:
    """The arcs that are open now, with what each edge costs (infinite where it is closed)."""

    seconds: Floats  # by edge
    leaving: Floats  # by edge: as if nothing were closed, for who stands on a closed street may leave it
    closed: Bools  # by piece
    towards: Graph  # against the arcs: from a place back to everybody who could come
    onwards: Graph


class Driven:
    """A net as one profile drives it. Thread-safe: what is kept is replaced whole, and each search has its lock."""

    def __init__(self, net: RoadNet, profile: Profile, vehicles: Vehicles) -> None:
        self.net = net
        self.profile = profile
        self.seconds = _seconds(net, profile, vehicles)
        of_kind = net.bits & (BIKE if profile.kind == "motorcycle" else CAR)
        self._mine: Bools = of_kind > 0
        self._arcs: Ints = np.flatnonzero(self._mine & np.isfinite(self.seconds[net.edge])).astype(np.int32)
        self.open: Bools = np.isfinite(self.seconds[0::2]) | np.isfinite(self.seconds[1::2])
        self.stands: Bools = self.open & net.real & ~self._islands()
        """Pieces that it can stand on."""
        self._standing: Ints = np.flatnonzero(self.stands).astype(np.int32)
        self._tree = shapely.STRtree(net.lines[self._standing])
        self._kept: OrderedDict[tuple[object, ...], Timed] = OrderedDict()
        self._lock = Lock()

    def _islands(self) -> Bools:
        net, arcs = self.net, self._arcs
        ones = np.ones(len(arcs))
        joined = csr_array((ones, (net.tail[arcs], net.head[arcs])), shape=(net.nodes, net.nodes))
        _, part = connected_components(joined, directed=True, connection="strong")
        sizes = np.bincount(part)
        small = (sizes < min(ISLAND_BELOW, int(sizes.max(initial=0))))[part]
        found: Bools = small[net.data.u] | small[net.data.v]
        return found

    def arcs_of(self, edge: int) -> list[int]:
        """The arcs that are this edge, of those for such a vehicle."""
        return [arc for arc in self.net.arcs_of(edge) if self._mine[arc]]

    def comes(self, timed: Timed) -> Bools:
        """The crossings that it can come to now, from anywhere but a yard."""
        found = np.zeros(self.net.data.nodes, dtype=np.bool_)
        usable = self.stands & ~timed.closed
        found[self.net.data.u[usable]] = True
        found[self.net.data.v[usable]] = True
        return found

    def nearest(self, places: NDArray[np.object_], within_m: float) -> tuple[Ints, Floats]:
        """The piece that each place (in the plane) is nearest to and how far, -1 where none is within."""
        pieces = np.full(len(places), -1, dtype=np.int32)
        metres = np.full(len(places), np.inf)
        if not len(self._standing):
            return pieces, metres
        x, y = shapely.get_x(places), shapely.get_y(places)
        asked, found = self._tree.query(shapely.box(x - CLOSE_M, y - CLOSE_M, x + CLOSE_M, y + CLOSE_M))
        far = shapely.distance(self.net.lines[self._standing[found]], places[asked])
        order = np.lexsort((found, far, asked))
        rows, first = np.unique(asked[order], return_index=True)
        pieces[rows], metres[rows] = self._standing[found[order][first]], far[order][first]
        further = np.flatnonzero(metres > CLOSE_M)  # what lies outside the box may be nearer than what is in it
        if len(further):
            pieces[further], metres[further] = -1, np.inf
            (asked, found), far = self._tree.query_nearest(
                places[further], max_distance=within_m, return_distance=True, all_matches=False
            )
            pieces[further[asked]], metres[further[asked]] = self._standing[found], far
        return pieces, metres

    def nearest_to(self, place: shapely.Point, within_m: float) -> tuple[int, float]:
        """The same for one place, which is sooner by another way; of equally near ones the first piece too."""
        if not len(self._standing):
            return -1, np.inf
        found, far = self._tree.query_nearest(place, max_distance=CLOSE_M, return_distance=True)
        if not len(found):
            found, far = self._tree.query_nearest(
                place, max_distance=within_m, return_distance=True, all_matches=False
            )
        return (int(self._standing[found.min()]), float(far[0])) if len(found) else (-1, np.inf)

    def timed(self, speeds: SpeedTable, hour: int, closures: Sequence[Closure], vehicle: str) -> Timed:
        """The times at an hour of the day, with what is closed to the vehicle then."""
        mine = tuple(it for it in closures if not it.vehicles or vehicle in it.vehicles)
        key = (speeds, hour, tuple((it.id, it.outline) for it in mine))
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        made = self._time(speeds, hour, mine)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > WEIGHTS_KEPT:
                self._kept.popitem(last=False)
        return made

    def _time(self, speeds: SpeedTable, hour: int, closures: Sequence[Closure]) -> Timed:
        net, data = self.net, self.net.data
        closed = np.zeros(data.pieces, dtype=np.bool_)
        for closure in closures:
            closed[closed_pieces(net, closure.outline)] = True
        factor = np.repeat(speeds.row(hour)[data.road_class], 2)
        leaving = self.seconds * factor
        seconds = np.where(np.repeat(closed, 2), _FOREVER, leaving)
        open_ = np.isfinite(seconds)
        coded = np.full(len(seconds), _FOREVER)
        coded[open_] = code(seconds[open_], np.repeat(data.metres, 2)[open_])
        arcs = self._arcs[open_[net.edge[self._arcs]]]
        tail, head, weights = net.tail[arcs], net.head[arcs], coded[net.edge[arcs]]
        towards = graph(head, tail, weights, arcs, net.nodes)
        onwards = graph(tail, head, weights, arcs, net.nodes)
        return Timed(seconds, leaving, closed, towards, onwards)


def closed_pieces(net: RoadNet, outline: Sequence[tuple[float, float]]) -> Ints:
    """The pieces that an outline closes."""
    drawn = net.outline(outline)
    is_line = drawn.geom_type == "LineString"
    near: Ints = net.tree.query(drawn.buffer(OVER_LINE_M) if is_line else drawn).astype(np.int32)
    near = near[net.real[near]]
    if not is_line:
        inside = shapely.length(shapely.intersection(net.lines[near], drawn))
        within: Ints = near[inside > np.minimum(IN_AREA_M, net.line_metres[near] / 2)]
        return within
    along = shapely.length(shapely.intersection(net.lines[near], drawn.buffer(OVER_LINE_M)))
    closes = along >= ALONG_LINE * net.line_metres[near]
    for place in np.flatnonzero(~closes & shapely.intersects(net.lines[near], drawn)).tolist():
        line = net.lines[near[place]]
        crossed = shapely.get_coordinates(shapely.intersection(line, drawn))
        at = shapely.line_locate_point(line, shapely.points(crossed))
        reach = min(CROSSED_FROM_END_M, line.length / 4)
        closes[place] = bool(((at > reach) & (at < line.length - reach)).any())
    over: Ints = near[closes]
    return over


def _seconds(net: RoadNet, profile: Profile, vehicles: Vehicles) -> Floats:
    """Of each edge; infinite where the vehicle cannot or must not go that way."""
    data = net.data
    kmh = np.zeros(len(CLASSES))
    for name, value in profile.kmh.items():
        kmh[NUMBER[name]] = value
    kmh[BARRIER] = 5.0
    widths = np.full(len(CLASSES), np.inf)
    for name, value in vehicles.width.items():
        widths[NUMBER[name]] = value
    speed = kmh[data.road_class]
    signed = data.kmh * profile.over
    speed = np.where(data.kmh > 0, np.minimum(speed, signed), speed)
    width = np.where(data.width_m > 0, data.width_m, widths[data.road_class])
    fits = (speed > 0) & (width >= profile.width_m)
    fits &= (data.height_m == 0) | (data.height_m >= profile.height_m)
    fits &= (data.weight_t == 0) | (data.weight_t >= profile.weight_t)
    with np.errstate(divide="ignore"):
        seconds = np.where(fits, data.metres / (speed / 3.6), _FOREVER)
    seconds = np.where(data.road_class == BARRIER, 2.0, seconds)
    on, back = (BIKE_ON, BIKE_BACK) if profile.kind == "motorcycle" else (CAR_ON, CAR_BACK)
    found = np.empty(2 * data.pieces)
    for direction, bit in ((0, on), (1, back)):
        against = ((data.enter & bit) > 0) & (data.metres <= profile.against_m)
        wrong_way = np.where(against, seconds * profile.against, _FOREVER)
        found[direction::2] = np.where((data.allow & bit) > 0, seconds, wrong_way)
    return found
