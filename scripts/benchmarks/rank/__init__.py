"""Who gets there first: 50 units ranked over 160,000 crossings, beside what else could answer, in rounds of one run.

Ours is the whole answer: the place brought on to its street, one-way streets, the hour of the day, seconds and metres
of each unit, sorted. Units on the move have reported another position before every question and were looked for on the
streets then, as in the core; what that takes is told beside, and so is a ranking of units that nobody looked for. The
bare search is scipy's own from the nearest crossing, cut at the same time, on a matrix of the same arcs: nothing of all
that. A peer that cannot be had is named with the reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from dispatch_core.ports import Mover
from gis.travel.driven import LIMIT_S
from gis.travel.roads import RoadTimes
from gis.travel.straight import StraightLine
from scripts.benchmarks.figures import Figure
from scripts.benchmarks.rank.engines import ENGINES, engines
from scripts.benchmarks.rank.net import MadeNet, made_net
from scripts.stage.progress import say

SEED = 20260703
UNITS = 50
QUESTIONS = 40
AT = 1_795_410_000_000
NEAR = 0.055
"""Degrees: the units stand within 6 km of the place, as those do of which one must be chosen."""

MOVED, STOOD, MIXED = "50 units, all on the move", "50 units where they stood", "50 units, 4 kinds of vehicle"
REPORTED, UNKNOWN = "50 positions as they are reported", "50 units not looked for before"
SHOWN = (MOVED, STOOD, UNKNOWN, MIXED, REPORTED)
BARE, LINE = "scipy dijkstra, 900 s", "straight line"
AT_MOST = 1.5
KINDS = ("ambulance", "fire_engine", "patrol_car", "motorbike")

Ask = Callable[[int], object]


def measure(rounds: int) -> list[Figure]:
    """ms a ranking, one value a round; ratio ours / theirs."""
    began = time.perf_counter()
    net = made_net()
    times = RoadTimes()
    times.use(times.prepare(net.data))
    arcs = 2 * net.data.pieces
    say(f"-- {net.data.nodes} crossings, {arcs} arcs, made and opened in {time.perf_counter() - began:.1f} s")
    places, units = _questions(net)
    bare = _bare(times, net, places)
    moved, unknown, mixed = list(units), list(units), [_mixed(of) for of in units]
    asks: dict[str, Ask] = {
        REPORTED: lambda n: times.learn_places(moved[n]),
        MOVED: lambda n: times.reaches(*places[n], moved[n], AT),
        UNKNOWN: lambda n: times.reaches(*places[n], unknown[n], AT),
        STOOD: lambda n: times.reaches(*places[n], units[n], AT),
        MIXED: lambda n: times.reaches(*places[n], mixed[n], AT),
        BARE: bare,
        LINE: lambda n: StraightLine().reaches(*places[n], units[n], AT),
    }
    _say_what_is_found(times, places, units)
    with ExitStack() as ends:
        asks |= engines(net, places, units, ends)
        seen = _rounds(rounds, asks, units, moved, unknown)
    for name in (STOOD, MOVED):
        _tell(Figure("rank", name, "ms", BARE, seen[name], seen[BARE]))
    figures = [Figure("rank", name, "ms", BARE, seen[name], seen[BARE]) for name in SHOWN]
    others = [name for name in (LINE, *ENGINES) if name in seen]
    return [*figures, *(Figure("rank", MOVED, "ms", name, seen[MOVED], seen[name]) for name in others)]


def _rounds(
    rounds: int, asks: dict[str, Ask], units: list[list[Mover]], moved: list[list[Mover]], unknown: list[list[Mover]]
) -> dict[str, list[float]]:
    seen: dict[str, list[float]] = {name: [] for name in asks}
    for number in range(rounds + 1):  # the first is a warm-up and does not count
        took = dict.fromkeys(asks, 0.0)
        moved[:] = [_moved(of, question, 2 * number) for question, of in enumerate(units)]
        unknown[:] = [_moved(of, question, 2 * number + 1) for question, of in enumerate(units)]
        for question in range(QUESTIONS):
            for name, ask in asks.items():
                start = time.perf_counter()
                ask(question)
                took[name] += time.perf_counter() - start
        if number:
            for name, seconds in took.items():
                seen[name].append(seconds / QUESTIONS * 1000)
            say(f"   round {number} of {rounds}: ours {seen[MOVED][-1]:.2f} ms, {BARE} {seen[BARE][-1]:.2f} ms")
    return seen


def _questions(net: MadeNet) -> tuple[list[tuple[float, float]], list[list[Mover]]]:
    rng = np.random.default_rng(SEED)
    south, north = float(net.lat.min()) + NEAR, float(net.lat.max()) - NEAR
    west, east = float(net.lon.min()) + NEAR, float(net.lon.max()) - NEAR
    places, units = [], []
    for question in range(QUESTIONS):
        lat, lon = rng.uniform(south, north), rng.uniform(west, east)
        places.append((float(lat), float(lon)))
        off = rng.uniform(-NEAR, NEAR, (UNITS, 2)).tolist()
        name = f"U{question:02}"
        units.append([Mover(f"{name}{n:02}", lat + dy, lon + dx, "ambulance") for n, (dy, dx) in enumerate(off)])
    return places, units


def _moved(units: Sequence[Mover], question: int, number: int) -> list[Mover]:
    """Others, each a few metres further in every round: nothing that was remembered of a place helps."""
    step = (number * QUESTIONS + question + 1) * 1e-7
    return [Mover(f"M{it.unit}", it.lat + step, it.lon + step, it.vehicle) for it in units]


def _mixed(units: Sequence[Mover]) -> list[Mover]:
    return [Mover(it.unit, it.lat, it.lon, KINDS[n % len(KINDS)]) for n, it in enumerate(units)]


def _bare(times: RoadTimes, net: MadeNet, places: Sequence[tuple[float, float]]) -> Ask:
    """The same arcs against their direction, seconds as they are, from the nearest crossing."""
    now = times.in_force
    assert now is not None
    driven = now.driven["ambulance"]
    timed = driven.timed(times.speeds, 12, (), "ambulance")
    edges = np.flatnonzero(np.isfinite(timed.seconds))
    weights = (timed.seconds[edges], (now.net.head[edges], now.net.tail[edges]))
    matrix = csr_array(weights, shape=(now.net.nodes, now.net.nodes))
    nearest = [int(np.argmin(np.hypot(net.data.node_lat - lat, net.data.node_lon - lon))) for lat, lon in places]
    return lambda n: dijkstra(matrix, indices=nearest[n], limit=LIMIT_S)


def _say_what_is_found(
    times: RoadTimes, places: Sequence[tuple[float, float]], units: Sequence[Sequence[Mover]]
) -> None:
    found = [reach for place, of in zip(places, units, strict=True) for reach in times.reaches(*place, of, AT)]
    by_road = [it for it in found if it.measured.value == "road"]
    middle = sorted(it.seconds for it in by_road)[len(by_road) // 2]
    say(f"   {len(by_road)} of {len(found)} ranked by road, half of them within {middle:.0f} s")


def _tell(figure: Figure) -> None:
    ratios = sorted(figure.ratios)
    middle = ratios[len(ratios) // 2]
    held = "" if middle <= AT_MOST else f", MORE THAN {AT_MOST:g}"
    say(f"-- {figure.case}: {middle:.2f} times the bare search ({ratios[0]:.2f} to {ratios[-1]:.2f}){held}")
