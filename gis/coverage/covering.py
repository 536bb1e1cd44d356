"""Share covered, holes and move-ups: pure arithmetic on a matrix of seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gis.coverage.demand import Demand

HOLES_TOLD = 8
MOVES_TOLD = 3
NAMES_TOLD = 3
PAIRS_MOST = 3_000
"""Units times stations that are tried; with more, only the units nearest to the holes are."""

WORTH = 0.003
"""Share of the city that a move-up must win on balance: half a ward."""

FAR_S = 3_600.0
"""Longer than this counts as this: nobody in reach."""

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Post:
    """A unit that could go, or a station where one could stand: its name and the seconds to every point."""

    name: str
    seconds: Floats


@dataclass(frozen=True, slots=True)
class Hole:
    """``seconds``: until somebody would be there now, the worst of the ward's points; None: nobody in reach."""

    code: str
    ward: str
    seconds: float | None
    share: float


@dataclass(frozen=True, slots=True)
class Move:
    """``gained``: seconds sooner at what it closes, on the average."""

    unit: str
    station: str
    gained: float
    net: float
    closes: tuple[str, ...]
    opens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """Shares are of 1. ``full``: with every unit free and at home. ``cut``: not every pair could be tried."""

    share: float
    full: float
    holes: tuple[Hole, ...]
    moves: tuple[Move, ...]
    cut: bool = False


def cover(
    demand: Demand, limit_s: float, free: Sequence[Post], at_home: Sequence[Post], stations: Sequence[Post],
    standing: Mapping[str, str],
) -> Covered:
    """``free``: units that may go now, from where they are; ``at_home``: all units from their own stations;
    ``standing``: the station where each free unit stands."""
    now, full = _soonest(free, demand), _soonest(at_home, demand)
    covered, could = now <= limit_s, full <= limit_s
    hole = could & ~covered
    moves, cut = _moves(demand, limit_s, free, stations, standing, now, hole)
    return Covered(
        share=float(demand.weight[covered].sum()),
        full=float(demand.weight[could].sum()),
        holes=_holes(demand, now, hole),
        moves=moves,
        cut=cut,
    )


def _soonest(posts: Sequence[Post], demand: Demand) -> Floats:
    if not posts:
        return np.full(len(demand.lat), np.inf)
    soonest: Floats = np.min([post.seconds for post in posts], axis=0)
    return soonest


def _holes(demand: Demand, now: Floats, hole: Bools) -> tuple[Hole, ...]:
    found = []
    for ward in np.unique(demand.ward[hole]):
        points = hole & (demand.ward == ward)
        worst = float(now[points].max())
        found.append(
            Hole(
                demand.codes[ward], demand.names[ward], worst if worst < FAR_S else None,
                float(demand.weight[points].sum()),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda it: (-it.share, it.code)))


def _moves(
    demand: Demand, limit_s: float, free: Sequence[Post], stations: Sequence[Post], standing: Mapping[str, str],
    now: Floats, hole: Bools,
) -> tuple[tuple[Move, ...], bool]:  # fmt: skip
    targets = [it for it in stations if (hole & (it.seconds <= limit_s)).any()]
    if not targets or not free:
        return (), False
    cut = len(free) * len(targets) > PAIRS_MOST
    if cut:
        keep = max(1, PAIRS_MOST // len(targets))
        free = sorted(free, key=lambda it: float(it.seconds[hole].min()))[:keep]
    reach = np.asarray([it.seconds <= limit_s for it in free])
    times = reach.sum(axis=0)
    if cut:  # those left out still cover what they cover
        times = np.maximum(times, now <= limit_s)
    weight = demand.weight
    tried: list[tuple[float, int, int]] = []
    for number, unit in enumerate(free):
        left = times - reach[number]
        before = times > 0
        for place, target in enumerate(targets):
            if standing.get(unit.name) == target.name:
                continue
            after = (left > 0) | (target.seconds <= limit_s)
            net = float(weight[after & ~before].sum() - weight[before & ~after].sum())
            if net >= WORTH:
                tried.append((net, number, place))
    tried.sort(key=lambda it: (-it[0], free[it[1]].name, targets[it[2]].name))
    chosen: list[Move] = []
    used_units: set[int] = set()
    used_places: set[int] = set()
    for net, number, place in tried:
        if number in used_units or place in used_places:
            continue
        used_units.add(number)
        used_places.add(place)
        chosen.append(_move(demand, limit_s, free, number, targets[place], times - reach[number], now, net))
        if len(chosen) == MOVES_TOLD:
            break
    return tuple(chosen), cut


def _move(
    demand: Demand, limit_s: float, free: Sequence[Post], number: int, target: Post, left: Any, now: Floats, net: float
) -> Move:
    reached = target.seconds <= limit_s
    closed = reached & ~(now <= limit_s)
    opened = (now <= limit_s) & ~((left > 0) | reached)
    before = np.minimum(now[closed], FAR_S)
    gained = np.average(before - target.seconds[closed], weights=demand.weight[closed])
    return Move(free[number].name, target.name, float(gained), net, _wards(demand, closed), _wards(demand, opened))


def _wards(demand: Demand, points: Bools) -> tuple[str, ...]:
    """The wards with most of these points first, each by its name; the last tells how many more there are."""
    wards = np.unique(demand.ward[points])
    shares = [(-float(demand.weight[points & (demand.ward == ward)].sum()), demand.names[ward]) for ward in wards]
    names = [name for _, name in sorted(shares)]
    more = len(names) - NAMES_TOLD
    return (*names[:NAMES_TOLD], *([f"+{more}"] if more > 0 else []))
