"""Where on the streets a place is: the piece that it lies at, and from where one goes on on foot."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis.travel.driven import SLOTS, Driven, Timed, code, code_one
from gis.travel.net import Floats, Ints, RoadNet
from gis.travel.tags import FOOT
from gis.travel.vehicles import Walking

SNAP_MOST_M = 250.0
"""From a place to the street that it is taken to lie at; further, and no road is known there."""

NEARER_BY_M = 15.0
"""A street that the vehicle can use is taken before a pavement that lies only so much nearer."""

WALK_SPREAD_M = 100.0
"""Points from which a crew may walk: the nearest, and those so much further."""

YARD_KMH = 10.0
"""Between a unit's place and its street."""


@dataclass(frozen=True, slots=True)
class Stands:
    """Places on pieces: ``piece`` (-1: no street near), the part of it before the place, metres off it."""

    piece: Ints
    part: Floats
    off_m: Floats


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the searched place: from ``node`` on by ``edge`` (-1: on foot) at a coded cost."""

    node: int
    cost: float
    edge: int = -1
    walk_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Goal:
    """A searched place for one vehicle. ``piece`` -1: it cannot drive there. ``off_m``: on foot from the street."""

    slots: tuple[Slot, ...]
    piece: int
    part: float
    off_m: float


def stands(driven: Driven, x: Floats, y: Floats) -> Stands:
    """On the pieces that the vehicle can stand on."""
    places = shapely.points(x, y)
    piece, off_m = driven.nearest(places, SNAP_MOST_M)
    part = np.zeros(len(x))
    on = piece >= 0
    part[on] = shapely.line_locate_point(driven.net.lines[piece[on]], places[on], normalized=True)
    return Stands(piece, part, off_m)


def ways_out(driven: Driven, timed: Timed, where: Stands) -> list[tuple[Ints, Floats]]:
    """How each place is left: for both directions of its piece the edge and the coded cost to its end, infinite where
    it cannot be left that way. Who stands on a closed street leaves it by the nearer end."""
    piece = np.maximum(where.piece, 0)
    metres = driven.net.data.metres[piece]
    edge = np.stack([2 * piece, 2 * piece + 1])
    left = np.stack([1.0 - where.part, where.part])
    took = timed.leaving[edge]
    passable = np.isfinite(took)
    open_ = passable & (where.piece >= 0) & (~timed.closed[piece] | (left <= 0.5) | ~passable[::-1])
    cost = np.where(open_, code(np.where(open_, took, 0.0) * left, metres * left), np.inf)
    return list(zip(edge, cost, strict=True))


class Walks:
    """The streets on foot, both ways."""

    def __init__(self, net: RoadNet, walking: Walking) -> None:
        self._net = net
        self.walking = walking
        data = net.data
        on = (data.allow & FOOT) > 0
        self._on = on
        u, v, metres = data.u[on], data.v[on], np.maximum(data.metres[on], 0.01)
        order = np.lexsort((metres, np.maximum(u, v), np.minimum(u, v)))
        u, v, metres = u[order], v[order], metres[order]
        first = np.ones(len(u), dtype=np.bool_)
        if len(u):
            low, high = np.minimum(u, v), np.maximum(u, v)
            first[1:] = (np.diff(low) > 0) | (np.diff(high) > 0)
        u, v, metres = u[first], v[first], metres[first]
        self._matrix = csr_array((metres, (u, v)), shape=(data.nodes, data.nodes))

    def from_piece(self, piece: int, part: float) -> Floats:
        """Metres on foot from a place on a piece to every crossing, infinite beyond what a crew walks."""
        data, most = self._net.data, self.walking.most_m
        found = np.full(data.nodes, np.inf)
        for end, metres in ((data.u[piece], part), (data.v[piece], 1.0 - part)):
            begun = float(metres * data.metres[piece])
            if begun <= most:
                walked = dijkstra(self._matrix, directed=False, indices=int(end), limit=most - begun + 0.001)
                found = np.minimum(found, walked + begun)
        return found


def goal(driven: Driven, timed: Timed, walks: Walks, x: float, y: float) -> Goal | None:
    """How the vehicle comes to a place; None where no street is near, or none that a crew could walk from."""
    here = shapely.Point(x, y)
    own, own_off_m = driven.nearest_to(here, SNAP_MOST_M)
    usable = own >= 0 and not timed.closed[own]
    piece, off_m = own, own_off_m
    if not usable or own_off_m > NEARER_BY_M:
        tree, numbers = driven.net.standing
        found, far = tree.query_nearest(
            here, max_distance=SNAP_MOST_M, return_distance=True, all_matches=False
        )
        if not len(found):
            return None
        piece, off_m = int(numbers[found[0]]), float(far[0])
    if usable and own_off_m <= off_m + NEARER_BY_M:
        part = float(shapely.line_locate_point(driven.net.lines[own], here, normalized=True))
        return Goal(_driving(driven, timed, own, part), own, part, own_off_m)
    part = float(shapely.line_locate_point(driven.net.lines[piece], here, normalized=True))
    slots = _walking(driven, timed, walks, piece, part)
    return Goal(slots, -1, part, off_m) if slots else None


def _driving(driven: Driven, timed: Timed, piece: int, part: float) -> tuple[Slot, ...]:
    """By the piece that the place lies at, from each end that it may be entered from."""
    net, metres, slots = driven.net, float(driven.net.data.metres[piece]), []
    for edge, share in ((2 * piece, part), (2 * piece + 1, 1.0 - part)):
        seconds = timed.seconds[edge]
        if np.isfinite(seconds):
            cost = code_one(float(seconds * share), metres * share)
            slots += [Slot(int(net.tail[arc]), cost, edge) for arc in driven.arcs_of(edge)]
    return tuple(slots)


def _walking(driven: Driven, timed: Timed, walks: Walks, piece: int, part: float) -> tuple[Slot, ...]:
    """From the crossings on foot that the vehicle can come to."""
    metres = walks.from_piece(piece, part)
    metres[~driven.comes(timed)] = np.inf
    nearest = metres.min(initial=np.inf)
    if not np.isfinite(nearest):
        return ()
    chosen = np.flatnonzero(metres <= nearest + WALK_SPREAD_M)
    chosen = chosen[np.argsort(metres[chosen], kind="stable")][:SLOTS]
    costs = code(metres[chosen] / (walks.walking.kmh / 3.6), metres[chosen])
    nodes = zip(chosen.tolist(), costs.tolist(), metres[chosen].tolist(), strict=True)
    slots = [Slot(node, cost, -1, walk) for node, cost, walk in nodes]
    return tuple(slots + [replace(it, node=copy) for it in slots for copy in driven.net.copies_at(it.node)])[:SLOTS]
