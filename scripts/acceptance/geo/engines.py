"""Rows of a site's own routing engine: real Valhalla and real OSRM on the city's own streets, behind the same ports as
our own roads."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import shapely

from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.ports import Mover, Point
from gis.travel.engines.first import EngineAddress, EngineFirst, engine
from gis.travel.roads import RoadTimes
from scripts.acceptance.rows import Scenario, need
from scripts.stage.layout import ROOT
from scripts.stage.routing_engines import OsrmServer, ValhallaServer, private_home

STREETS = "hcmc_core_20230824.osm.pbf"
MARKET: Point = (10.7725, 106.6980)  # Bến Thành
ZOO: Point = (10.7877, 106.7053)  # Thảo Cầm Viên
AROUND = [(10.770 + 0.003 * (n % 6), 106.690 + 0.003 * (n // 6)) for n in range(30)]
DRIVEN = ("ambulance", "fire_engine", "motorbike")
CREWS = [Mover(f"A{n:02d}", lat, lon, DRIVEN[n % 3]) for n, (lat, lon) in enumerate(AROUND)]
LIMIT_S = 2.0


def streets() -> Path:
    file = Path(os.environ.get("DISPATCH_SHARED_DATA", ROOT.parent / "shared" / "data")) / STREETS
    need(file.exists(), f"{file} is missing; DISPATCH_SHARED_DATA names its folder")
    return file


def _turns(route_steps: int, words: list[str]) -> str:
    return f"{route_steps} turns: " + "; ".join(words[:3])


def valhalla() -> str:
    with private_home() as layout:
        server = ValhallaServer(layout, streets())
        server.start(120)
        try:
            roads = EngineFirst(engine(EngineAddress("valhalla", server.url), LIMIT_S), RoadTimes(), RoadTimes())
            begun = time.monotonic()
            reaches = roads.reaches(*MARKET, CREWS, 0)
            took = time.monotonic() - begun
            by_road = [it for it in reaches if it.measured is Measured.ROAD]
            need(len(by_road) >= 25, f"only {len(by_road)} of {len(CREWS)} crews by road")
            need([it.seconds for it in reaches] == sorted(it.seconds for it in reaches), "not soonest first")
            way = roads.route(MARKET, ZOO, "ambulance", 0)
            need(way is not None and way.measured is Measured.ROAD and len(way.steps) > 2, f"no way: {way}")
            assert way is not None
            need(any("Rẽ" in it.vi for it in way.steps) and any("Turn" in it.en for it in way.steps), f"{way.steps}")
            area = roads.reachable([MARKET], 300.0, "ambulance", 0)
            shape = shapely.MultiPolygon([(rings[0], rings[1:]) for rings in area.polygons])
            need(shape.contains(shapely.Point(MARKET[1], MARKET[0])), "the start is not in its own reachable area")
            middle = way.line[len(way.line) // 2]
            closed = _across(middle)
            round_it = roads.route(MARKET, ZOO, "ambulance", 0, [closed])
            need(round_it is not None and round_it.seconds > way.seconds, f"{round_it} after a closure, before {way}")
            assert round_it is not None
            _dies(server.kill9, roads)
            return (
                f"{len(by_road)} of {len(CREWS)} by road in {took * 1000:.0f} ms; "
                + _turns(len(way.steps), [it.vi for it in way.steps])
                + f"; {way.seconds:.0f} s, {round_it.seconds:.0f} s with a street closed; reachable in 5 min "
                f"{shape.area * 111 * 109:.1f} km2; killed: our own answer in time"
            )
        finally:
            server.stop()


def osrm() -> str:
    with private_home() as layout:
        server = OsrmServer(layout, streets())
        server.start(120)
        try:
            roads = EngineFirst(engine(EngineAddress("osrm", server.url), LIMIT_S), RoadTimes(), RoadTimes())
            reaches = roads.reaches(*MARKET, CREWS, 0)
            by_road = [it for it in reaches if it.measured is Measured.ROAD]
            need(len(by_road) == len(CREWS), f"only {len(by_road)} of {len(CREWS)} crews by road")
            way = roads.route(MARKET, ZOO, "ambulance", 0)
            need(way is not None and len(way.steps) > 2, f"no way: {way}")
            assert way is not None
            need(way.steps[-1].vi.startswith("Tới nơi") and any("Rẽ" in it.vi for it in way.steps), f"{way.steps}")
            own = roads.reaches(*MARKET, CREWS, 0, [_across(MARKET)])
            need(own[0].measured is Measured.STRAIGHT, "OSRM was asked though a street is closed")
            _dies(server.kill9, roads)
            return (
                f"{len(by_road)} of {len(CREWS)} by road; {_turns(len(way.steps), [it.vi for it in way.steps])}; "
                "with a street closed our own answer; killed: our own answer in time"
            )
        finally:
            server.stop()


def _across(place: Point) -> Closure:
    lat, lon = place
    return Closure(
        id="k1", kind=ClosureKind.CLOSED, outline=((lon - 0.0004, lat - 0.0004), (lon + 0.0004, lat + 0.0004))
    )


def _dies(kill: Callable[[], None], roads: EngineFirst) -> None:
    kill()
    begun = time.monotonic()
    reaches = roads.reaches(*MARKET, CREWS, 0)
    took = time.monotonic() - begun
    need(all(it.measured is Measured.STRAIGHT for it in reaches) and len(reaches) == len(CREWS), f"{reaches[:2]}")
    need(took < LIMIT_S + 0.5, f"{took:.1f} s after the engine died")


SCENARIOS = [
    Scenario(
        "a site's own Valhalla",
        "times by road, turns in Vietnamese, the reachable area, a closure goes round; dead: our own answer in time",
        valhalla,
    ),
    Scenario(
        "a site's own OSRM",
        "times by road, turns in our own Vietnamese; with a closure, or dead: our own answer in time",
        osrm,
    ),
]
