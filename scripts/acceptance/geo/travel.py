"""The city's own streets in the running core: alleys, closures drawn by hand, one-way signs and forbidden turns, and a
file of which only half was written."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.ports import Mover, Point, Route
from dispatch_core.runtime.clock import SystemClock
from gis.map_import.versions import MapVersion, MapVersions
from gis.resources import read_stations, read_units
from gis.travel.build import build
from gis.travel.data import ROADS_FILE, read_roads
from gis.travel.roads import RoadTimes
from scripts.acceptance.geo.address_truth import shared_data
from scripts.acceptance.geo.streets import EXTRACT, window, with_streets
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig, until
from scripts.stage.callers import Caller
from scripts.stage.headless.operators import short
from scripts.stage.site import DEMO

SEED = 20260704
CENTRE = (10.7790, 106.7020)
ROUTES = 150
NEAR_M = 3.0

Line = tuple[tuple[float, float], ...]
Pair = tuple[tuple[float, float], tuple[float, float]]


def in_force(r: Rig) -> MapVersion:
    """The version that the running core serves, as it lies on disk."""
    versions = MapVersions(r.system.site.settings.parent / "map")
    version = versions.load(versions.current())
    until(lambda: r.sql("SELECT 1 FROM journal WHERE type = 'MapPublished'"), "the map in the state")
    return version


def opened(version: MapVersion) -> RoadTimes:
    times = RoadTimes()
    times.open_map(version)()
    return times


def movers(service: str) -> list[Mover]:
    stations = {it.id: it for it in read_stations(DEMO / "stations.csv")}
    rows = [it for it in read_units(DEMO / "units.csv") if it.service == service]
    return [Mover(it.call_sign, stations[it.station].lat, stations[it.station].lon, it.vehicle) for it in rows]


def ranked(r: Rig, incident: str, service: str) -> list[dict[str, Any]]:
    """The leg's candidates of the newest answer, as the journal has them."""
    rows = r.sql(
        "SELECT payload::text FROM journal WHERE type = 'IncidentRouted' AND incident = %s ORDER BY seq DESC LIMIT 1",
        incident,
    )
    found: list[dict[str, Any]] = json.loads(rows[0][0])["candidates"].get(service, []) if rows else []
    return found


def alleys() -> str:
    """A house that a fire engine cannot drive to, found by reckoning; the core ranks by the very same roads."""
    r = rig()
    with_streets(r)
    times, now = opened(in_force(r)), SystemClock().now()
    force = times.in_force
    assert force is not None
    data = force.net.data
    fits, narrow = force.driven["motorbike"].stands, ~force.driven["fire_engine"].open
    chosen = np.random.default_rng(SEED).permutation(np.flatnonzero(fits & narrow & (data.metres > 60)))
    start = (10.8040, 106.7060)
    seen, ambulances = [], movers("ambulance")
    for piece in chosen[:120].tolist():
        lat, lon = (float(it[len(it) // 2]) for it in data.points(piece))
        both = [Mover("engine", *start, "fire_engine"), Mover("bike", *start, "motorbike")]
        found = {it.unit: it for it in times.reaches(lat, lon, both, now)}
        engine, bike = found["engine"], found["bike"]
        best = times.reaches(lat, lon, ambulances, now)[:5]
        if sum(it.measured is Measured.ROAD for it in best) < 3:
            continue
        if engine.measured is bike.measured is Measured.ROAD and engine.walk_m > 60 and bike.walk_m < 30:
            seen.append((engine.seconds - bike.seconds, lat, lon, engine, bike))
    need(seen, "no alley told them apart")
    _, lat, lon, engine, bike = max(seen)
    need(engine.seconds > bike.seconds + 45, f"{engine} and {bike} hardly differ")
    lan, number = r.console("lan"), r.number()
    with r.calling(Caller("115", number)):
        incident = r.answered(lan, number)["incident"]
        lan.do(f"@ {lat:.6f},{lon:.6f} {short(incident)}")
        until(lambda: ranked(r, incident, "ambulance"), "the ambulances ranked")
        told = {it["unit"]: it for it in ranked(r, incident, "ambulance")}
        ours = {it.unit: it for it in times.reaches(lat, lon, movers("ambulance"), SystemClock().now())}
        stand_at_home = (it for it in told.values() if it.get("age_ms") is None)  # as ours are taken to
        by_road = [it for it in stand_at_home if it.get("measured") == "road"]
        need(len(by_road) >= 3, f"by road only {by_road}")
        apart = [(it, ours[it["unit"]].seconds) for it in by_road if abs(it["seconds"] - ours[it["unit"]].seconds) > 1]
        need(not apart, f"the core says otherwise: {apart}")
        lan.do("h")
    return (
        f"{len(seen)} alleys tell them apart; at {lat:.5f}, {lon:.5f} the engine needs {engine.seconds:.0f} s "
        f"with {engine.walk_m:.0f} m on foot, the motorbike {bike.seconds:.0f} s; "
        f"the core ranks {len(by_road)} by road alike"
    )


def _line(lat: float, lon: float, north: float, east: float) -> Line:
    return ((lon - east, lat - north), (lon + east, lat + north))


def _swap(times: RoadTimes, units: Sequence[Mover], at: int) -> tuple[Point, Line, list[str]]:
    """A place, a line across a street near the middle of the picture, and the order that follows from it."""
    rng = np.random.default_rng(SEED)
    for _ in range(400):
        lat, lon = CENTRE[0] + rng.uniform(-0.002, 0.002), CENTRE[1] + rng.uniform(-0.002, 0.002)
        before = times.reaches(lat, lon, units, at)[:4]
        first = next(it for it in units if it.unit == before[0].unit)
        if before[0].measured is not Measured.ROAD or before[0].walk_m or before[1].seconds < before[0].seconds + 3:
            continue
        way = times.route((first.lat, first.lon), (lat, lon), first.vehicle, at)
        assert way is not None
        for y, x in way.line[1:-1]:
            if abs(y - CENTRE[0]) > 0.002 or abs(x - CENTRE[1]) > 0.002:
                continue
            for north, east in ((0.0003, 0.0), (0.0, 0.0003), (0.0002, 0.0002), (0.0002, -0.0002)):
                line = _line(y, x, north, east)
                shut = Closure(id="D0", kind=ClosureKind.CLOSED, outline=line)
                after = times.reaches(lat, lon, units, at, (shut,))[:4]
                other = after[0].unit != before[0].unit
                if other and after[1].seconds > after[0].seconds + 3:
                    return (lat, lon), line, [before[0].unit, after[0].unit]
    raise AssertionError("no street there matters to any ranking")


def closure_ranks_anew() -> str:
    r = rig()
    with_streets(r)
    times = opened(in_force(r))
    everybody = movers("police")
    # the first of each station
    units = list({(it.lat, it.lon): it for it in reversed(everybody)}.values())
    at = {it.unit: next(one.unit for one in units if (one.lat, one.lon) == (it.lat, it.lon)) for it in everybody}
    place, line, (was, will) = _swap(times, units, SystemClock().now())
    lan, number = r.console("lan"), r.number()
    console = window(r, "travel-1")
    try:
        with r.calling(Caller("113", number)):
            incident = r.answered(lan, number)["incident"]
            lan.do(f"t cuop {short(incident)}")
            lan.do(f"@ {place[0]:.6f},{place[1]:.6f} {short(incident)}")

            def first() -> str:
                found = ranked(r, incident, "police")
                return at[found[0]["unit"]] if found else ""

            until(lambda: first() == was, f"{was} first, not {first()}")
            console.do("chan cây đổ")
            for lon, lat in line:
                console.hand_on_map(lat, lon)
            console.key("Return")
            until(lambda: first() == will, f"{will} first after the closure, not {first()}")
            after = until(lambda: ranked(r, incident, "police"), "a ranking")
            on_screen = until(
                lambda: at[lan.incidents[incident]["legs"]["police"]["candidates"][0]] == will, f"{will} at a console"
            )
            console.do("thong")
            until(lambda: first() == was, f"{was} first again")
            need(on_screen, "not on the screen")
            lan.do("h")
    finally:
        console.stop()
    return f"{was} first; a line drawn by hand, then {will} ({after[0]['seconds']:.0f} s); ended, {was} again"


def half_written() -> str:
    r = rig()
    with_streets(r)
    before, events = in_force(r).version, r.sql("SELECT count(*) FROM journal WHERE type = 'MapPublished'")
    data = (shared_data() / EXTRACT).read_bytes()
    said = []
    with tempfile.TemporaryDirectory(prefix="dispatch-map-") as folder:
        for share in (0.0, 0.4, 0.999):
            half = Path(folder, "half.osm.pbf")
            half.write_bytes(data[: int(share * len(data))])
            done = r.system.dispatch("map", "import", str(half))
            told = done.stdout + done.stderr
            need(done.returncode == 1 and "vẫn giữ nguyên" in told and "stays" in told, f"{share}: {told[-300:]}")
            need("Traceback" not in told, told[-400:])
            said.append(f"{share:.1%}")
    need(in_force(r).version == before, "another version is in force")
    need(r.sql("SELECT count(*) FROM journal WHERE type = 'MapPublished'") == events, "the core took something")
    intact = r.system.dispatch("map", "check")
    need(intact.returncode == 0 and f"v{before}" in intact.stdout, intact.stdout + intact.stderr)
    return f"{', '.join(said)} of the file: each refused in both languages; v{before} in force, intact"


def _raw_ways() -> dict[Pair, bool]:
    """Neighbouring points of the raw ways, in the order in which a car may pass them, straight from the file."""
    lawful: dict[Pair, bool] = {}
    for way in osmium.FileProcessor(str(shared_data() / EXTRACT)).with_locations():
        if not way.is_way() or "highway" not in way.tags:
            continue
        tags = dict(way.tags)
        round_ = tags.get("junction") in ("roundabout", "circular")
        sign = tags.get("oneway:motorcar", tags.get("oneway", "yes" if round_ else "no"))
        points = [(round(it.location.lat, 7), round(it.location.lon, 7)) for it in way.nodes if it.location.valid()]
        shut = tags.get("motorcar") == "no" or tags.get("motor_vehicle") == "no" and "motorcar" not in tags
        for a, b in zip(points, points[1:], strict=False):
            lawful[a, b] = lawful.get((a, b), False) or (sign != "-1" and not shut)
            lawful[b, a] = lawful.get((b, a), False) or (sign not in ("yes", "true", "1") and not shut)
    return lawful


def _random_routes(times: RoadTimes, at: int) -> list[Route]:
    force = times.in_force
    assert force is not None
    data = force.net.data
    rng, found = np.random.default_rng(SEED), []
    standing = np.flatnonzero(force.driven["patrol_car"].stands & (data.metres > 30))
    while len(found) < ROUTES:
        a, b = rng.choice(standing, 2).tolist()
        ends = [tuple(float(it[len(it) // 2]) for it in data.points(piece)) for piece in (a, b)]
        way = times.route(ends[0], ends[1], "patrol_car", at)  # type: ignore[arg-type]
        if way is not None and way.measured is Measured.ROAD and not way.walk_m and len(way.line) > 8:
            found.append(way)
    return found


def signs_and_turns() -> str:
    """Every step of many ways is one that the raw map allows; a turn forbidden in the file is not made any more."""
    r = rig()
    with_streets(r)
    at = SystemClock().now()
    times, lawful = opened(in_force(r)), _raw_ways()
    routes = _random_routes(times, at)
    steps = wrong = against = 0
    for way in routes:
        inner = way.line[2:-2]
        for pair in zip(inner, inner[1:], strict=False):
            steps += 1
            wrong += not lawful.get(pair, False)
            against += (pair[1], pair[0]) in lawful and not lawful[pair[1], pair[0]]
    need(not wrong, f"{wrong} of {steps} steps are not lawful on the raw ways")
    need(against > 500, f"only {against} steps along one-way streets")
    longer, count = 0.0, 0
    for way in routes[:4]:
        worse = _forbidden(way, at)
        if worse is not None:
            count += 1
            longer = max(longer, worse - way.seconds)
    need(count >= 2 and longer > 1, f"{count} turns forbidden, at most {longer} s longer")
    return (
        f"{ROUTES} ways, {steps} steps lawful on the raw ways, {against} of them along one-way streets; {count} turns "
        f"forbidden in the file are made no more, up to {longer:.0f} s longer"
    )


def _forbidden(way: Route, at: int) -> float | None:
    """The seconds of the same way once a turn of it is forbidden in the file; None where it makes no turn."""
    numbers: dict[tuple[float, float], list[tuple[int, int]]] = {}
    source = shared_data() / EXTRACT
    for it in osmium.FileProcessor(str(source)).with_locations():
        if it.is_way() and "highway" in it.tags:
            for node in it.nodes:
                if node.location.valid():
                    key = (round(node.location.lat, 7), round(node.location.lon, 7))
                    numbers.setdefault(key, []).append((it.id, node.ref))
    for a, via, b in zip(way.line[2:], way.line[3:], way.line[4:-2], strict=False):
        come = {it for it, _ in numbers.get(a, ())} & {it for it, _ in numbers.get(via, ())}
        go = {it for it, _ in numbers.get(via, ())} & {it for it, _ in numbers.get(b, ())}
        if len(come) != 1 or len(go) != 1 or come == go:
            continue
        with tempfile.TemporaryDirectory(prefix="dispatch-map-") as folder:
            changed = Path(folder, "changed.osm.pbf")
            members = [("w", *come, "from"), ("n", numbers[via][0][1], "via"), ("w", *go, "to")]
            with osmium.SimpleWriter(str(changed)) as out:
                for it in osmium.FileProcessor(str(source)):
                    out.add(it)
                tags = {"type": "restriction", "restriction": "no_right_turn"}
                out.add_relation(osmium.osm.mutable.Relation(id=9_000_000_000, members=members, tags=tags))
            counts = build(changed, Path(folder), lambda _: None)
            need(counts["turn_bans"] >= 1, f"no ban of {members}: {counts}")
            times = RoadTimes()
            times.use(times.prepare(read_roads(Path(folder, ROADS_FILE))))
            again = times.route(way.line[0], way.line[-1], "patrol_car", at)
        need(again is not None, "no way is left")
        assert again is not None
        taken = list(zip(again.line, again.line[1:], again.line[2:], strict=False))
        need((a, via, b) not in taken, f"the forbidden turn at {via} is still made")
        need(again.seconds >= way.seconds - 0.2, f"{again.seconds} s instead of {way.seconds}")
        return again.seconds
    return None


SCENARIOS = [
    Scenario("an alley tells a fire engine from a motorbike", "slower, partly on foot; the core ranks by road", alleys),
    Scenario("a closure drawn by hand ranks anew", "another unit first, and back when ended", closure_ranks_anew),
    Scenario("a half-written map file", "refused with a sentence, the last good map in force", half_written),
    Scenario("one-way streets and forbidden turns", "every step lawful on the raw ways", signs_and_turns),
]
