"""The course of a way over the streets: its line, and turn by turn what to do, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch_core.domain.vocabulary import Instant, Measured
from dispatch_core.ports import Mover, Point, Route, Step
from gis.geodesy import metres_per_degree
from gis.travel.data import ROUNDABOUT
from gis.travel.driven import Driven, Timed
from gis.travel.net import Ints
from gis.travel.standing import Goal, Stands
from gis.travel.straight import StraightLine
from gis.travel.tags import folded
from gis.travel.turns import said

WALK_NAMED_M = 15.0
LEAST_M = 0.5
"""Of a stretch: what is shorter bends nowhere."""

@dataclass(frozen=True, slots=True)
class _Stretch:
    """One piece as it is driven."""

    street: str
    line: tuple[Point, ...]
    metres: float
    roundabout: bool


def straight_route(start: Point, end: Point, vehicle: str, at: Instant) -> Route:
    """Where no road is known."""
    (reach,) = StraightLine().reaches(*end, [Mover("", *start, vehicle)], at)
    return Route(reach.seconds, reach.metres, (start, end), (), Measured.STRAIGHT)


def course(
    driven: Driven, timed: Timed, where: Stands, aim: Goal, node: int, before: Ints, start: Point, end: Point,
    seconds: float, metres: float,
) -> Route:  # fmt: skip
    """``node``: at which the way leaves its first piece (-1: never); ``before``: of the search from the goal."""
    edges, walk_m = _edges(driven, timed, where, aim, node, before)
    stretches = [it for it in (_stretch(driven, *edge) for edge in edges) if len(it.line) > 1 and it.metres > LEAST_M]
    line = [start]
    for it in stretches:
        line += [point for point in it.line if point != line[-1]]
    line.append(end)
    steps = _steps(stretches)
    walk_m += aim.off_m if walk_m or aim.off_m > WALK_NAMED_M else 0.0
    if walk_m:
        steps.append(_step("walk", "", walk_m, line[-2]))
    steps.append(_step("arrive", "", 0.0, end))
    return Route(round(seconds, 1), round(metres, 1), tuple(line), tuple(steps), Measured.ROAD, round(walk_m, 1))


def _edges(
    driven: Driven, timed: Timed, where: Stands, aim: Goal, node: int, before: Ints
) -> tuple[list[tuple[int, float, float]], float]:
    """(edge, from which part of it, to which) along the way, and the metres on foot after it."""
    net = driven.net
    piece, part = int(where.piece[0]), float(where.part[0])
    if node < 0:
        ahead = aim.part >= part
        return [(2 * piece, part, aim.part) if ahead else (2 * piece + 1, 1 - part, 1 - aim.part)], 0.0
    first = 2 * piece if int(net.head_of[2 * piece]) == node else 2 * piece + 1
    if net.head_of[2 * piece] == net.head_of[2 * piece + 1] and part < 0.5:
        first = 2 * piece + 1
    edges = [(first, part if first % 2 == 0 else 1 - part, 1.0)]
    while int(before[node]) != timed.towards.free:
        ahead_node = int(before[node])
        # the graph searched is against the arcs: its row is the head
        edges.append((int(net.edge[timed.towards.arc(ahead_node, node)]), 0.0, 1.0))
        node = ahead_node
    slot = min((it for it in aim.slots if it.node == node), key=lambda it: it.cost)
    if slot.edge >= 0:
        edges.append((slot.edge, 0.0, aim.part if slot.edge % 2 == 0 else 1 - aim.part))
    return edges, slot.walk_m


def _stretch(driven: Driven, edge: int, begin: float, end: float) -> _Stretch:
    data = driven.net.data
    piece = edge // 2
    lat, lon = data.points(piece)
    if edge % 2:
        lat, lon = lat[::-1], lon[::-1]
    north, east = metres_per_degree(float(lat[0]))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(lat) * north, np.diff(lon) * east))])
    metres = float(data.metres[piece]) * (end - begin)
    if along[-1] <= 0:
        return _Stretch("", (), 0.0, False)
    cut = (begin * along[-1], end * along[-1])
    inside = (along > cut[0]) & (along < cut[1])
    at = np.concatenate([[cut[0]], along[inside], [cut[1]]])
    points = zip(np.interp(at, along, lat).tolist(), np.interp(at, along, lon).tolist(), strict=True)
    round_ = bool(data.flags[piece] & ROUNDABOUT)
    return _Stretch(data.street(piece), tuple((round(a, 7), round(b, 7)) for a, b in points), metres, round_)


def _bearing(one: Point, other: Point) -> float:
    north, east = metres_per_degree(one[0])
    return float(np.degrees(np.arctan2((other[1] - one[1]) * east, (other[0] - one[0]) * north))) % 360


def turn_of(degrees: float) -> str:
    """The name of a change of course, clockwise."""
    off = (degrees + 180) % 360 - 180
    side = "right" if off > 0 else "left"
    size = abs(off)
    if size < 20:
        return "straight"
    if size < 50:
        return f"slight_{side}"
    if size < 125:
        return side
    return f"sharp_{side}" if size < 170 else "back"


def _steps(stretches: Sequence[_Stretch]) -> list[Step]:
    """One for each change of street; a bend of the street itself is none, and a roundabout is one step up to the street
    that it is left by."""
    steps: list[Step] = []
    turn, street, at, metres = "depart", "", (0.0, 0.0), 0.0
    for number, it in enumerate(stretches):
        if number == 0:
            street, at = it.street, it.line[0]
        else:
            last = stretches[number - 1]
            bend = turn_of(_bearing(it.line[0], it.line[1]) - _bearing(last.line[-2], last.line[-1]))
            if last.roundabout:
                street = it.street
            elif it.roundabout or bend == "back" or folded(it.street) != folded(last.street):
                steps.append(_step(turn, street, metres, at))
                turn, street, at, metres = "roundabout" if it.roundabout else bend, it.street, it.line[0], 0.0
        metres += it.metres
    if stretches:
        steps.append(_step(turn, street, metres, at))
    return steps


def _step(turn: str, street: str, metres: float, at: Point) -> Step:
    vi, en = said(turn, street)
    return Step(turn, street, round(metres, 1), at, vi, en)
