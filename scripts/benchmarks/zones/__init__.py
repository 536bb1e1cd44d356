"""Whose zone is it, one place at a time: our lookup beside what else could answer, in rounds on one coverage.

The city's real wards where they are here, else a coverage of the same size made from a seed; which, is said. Every peer
answers the same points, and must answer them alike, before it is measured. A peer that cannot be had is named.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from scripts.benchmarks.figures import Figure
from scripts.benchmarks.zones.coverage import Coverage, coverage
from scripts.benchmarks.zones.peers import Peer, made, peers
from scripts.benchmarks.zones.postgis import PostGis
from scripts.stage.progress import StageError, say

SEED = 20260701
POINTS = 20_000
OURS, FULL, UNSURE = "bare lookup", "full answer", "full answer, ±200 m"
RADIUS_M = 200.0
TREE = "STRtree, prepared polygons"
AT_LEAST = 10.0


def measure(rounds: int) -> list[Figure]:
    """µs a lookup, one value a round; ratio ours / theirs."""
    ground = coverage()
    say(f"-- {ground.told}")
    lat, lon = _places(ground)
    ours = made(ground)
    all_peers = peers(ground)
    with PostGis(ground) as postgis:
        if postgis.peer is not None:
            all_peers.append(postgis.peer)
        good = [it for it in all_peers if _agrees(it, ours.zone_at, lat, lon)]
        lookups: dict[str, tuple[Callable[[float, float], object], int]] = {
            OURS: (ours.zone_at, POINTS),
            FULL: (ours.answer, POINTS // 10),
            UNSURE: (lambda y, x: ours.answer(y, x, RADIUS_M), POINTS // 20),
            **{it.name: (it.at, it.points) for it in good},
        }
        seen: dict[str, list[float]] = {name: [] for name in lookups}
        for number in range(rounds + 1):  # the first is a warm-up and does not count
            for name, (ask, count) in lookups.items():
                took = _each(ask, lat[:count], lon[:count])
                if number:
                    seen[name].append(took)
            if number:
                say(f"   round {number} of {rounds}: ours {seen[OURS][-1]:.2f} µs, {TREE} {seen[TREE][-1]:.2f} µs")
    figures = [Figure("zones", OURS, "µs", it.name, seen[OURS], seen[it.name]) for it in good]
    figures += [Figure("zones", name, "µs", TREE, seen[name], seen[TREE]) for name in (FULL, UNSURE)]
    for figure in figures[: len(good)]:
        _tell(figure)
    return figures


def _places(ground: Coverage) -> tuple[list[float], list[float]]:
    """Half of them over the whole box, half in its dense middle: as calls come."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = ground.box
    lon, lat = rng.uniform(west, east, POINTS), rng.uniform(south, north, POINTS)
    west, south, east, north = ground.dense
    lon[::2], lat[::2] = rng.uniform(west, east, POINTS // 2), rng.uniform(south, north, POINTS // 2)
    return lat.tolist(), lon.tolist()


def _agrees(peer: Peer, zone_at: Callable[[float, float], object], lat: list[float], lon: list[float]) -> bool:
    """Whether the peer answers as we do: who answers something else is not compared."""
    for y, x in zip(lat[: peer.points], lon[: peer.points], strict=True):
        zone = zone_at(y, x)
        code = None if zone is None else zone.code  # type: ignore[attr-defined]
        if peer.at(y, x) != code:
            raise StageError(f"{peer.name} says {peer.at(y, x)} of {y}, {x}, and we {code}")
    say(f"   {peer.name}: agrees on {peer.points} places{peer.note}")
    return True


def _each(ask: Callable[[float, float], object], lat: list[float], lon: list[float]) -> float:
    """Microseconds a question, asked one after the other."""
    began = time.perf_counter()
    for y, x in zip(lat, lon, strict=True):
        ask(y, x)
    return (time.perf_counter() - began) / len(lat) * 1e6


def _tell(figure: Figure) -> None:
    faster = sorted(1.0 / ratio for ratio in figure.ratios)
    middle = faster[len(faster) // 2]
    held = ", LESS THAN 10" if figure.against == TREE and middle < AT_LEAST else ""
    say(f"-- {OURS}: {middle:.1f} times faster than {figure.against} ({faster[0]:.1f} to {faster[-1]:.1f}){held}")
