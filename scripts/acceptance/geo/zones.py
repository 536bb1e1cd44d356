"""Whose zone is it: the city's own wards through the gate into a real PostgreSQL, and lookups against an oracle that
shares nothing with them."""

from __future__ import annotations

import re
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import shapely

from gis.zones.zone_set import ZoneSet
from scripts.acceptance.geo_zones import NAME, SERVICE, answers_from, served, stored, version_in_force, wards, zones
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import rig, until

ZONES, OVERLAPS, SLIVERS, CHANGED = 168, 11, 41, 47
POINTS = 200_000
SEED = 20260701
PLANNED_IN_S = 20


def raw_wards() -> str:
    """Refused with every find listed and drawn, and what cleaning would change; nothing stored."""
    r = rig()
    before = stored(r)
    with tempfile.TemporaryDirectory(prefix="dispatch-zones-") as directory:
        page = Path(directory, "report.html")
        status, said = zones(r, "import", str(wards()), "--service", SERVICE, "--report", str(page))
        drawn = page.read_text("utf-8")
    need(status == 1, f"taken raw: {said[-300:]}")
    listed = {word: len(re.findall(rf"^{word} ", said, re.M)) for word in ("overlap", "sliver", "gap")}
    need(listed == {"overlap": OVERLAPS, "sliver": SLIVERS, "gap": 0}, f"listed {listed}")
    need(f"{ZONES} zones: {OVERLAPS} overlaps" in said and f"{SLIVERS} slivers" in said, said[-400:])
    need(f"--clean would change {CHANGED} zones" in said, "what cleaning would change is not offered")
    pictures = drawn.count("<svg")
    need(pictures > OVERLAPS + SLIVERS and "http" not in drawn.replace("http://www.w3.org", ""), f"{pictures} pictures")
    need(stored(r) == before, "the refused file was stored")
    return (
        f"refused: {listed['overlap']} overlaps and {listed['sliver']} slivers listed, {pictures} pictures,"
        f" {CHANGED} zones that --clean would change; nothing stored"
    )


def cleaned_and_planned() -> str:
    """Cleaned and planned for a moment: in force by itself then, and not before."""
    r = rig()
    before = version_in_force(r)
    status, said = zones(r, "import", str(wards()), "--service", SERVICE, "--name", NAME, "--clean", "--keep")
    need(status == 0 and version_in_force(r) == before, said[-400:])
    found = re.search(rf"{SERVICE}: wards-2025 v(\d+), {ZONES} ", said)
    need(found is not None, said[-300:])
    assert found is not None
    version = int(found[1])
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=PLANNED_IN_S)
    status, told = zones(r, "publish", SERVICE, str(version), "--from", moment.isoformat())
    need(status == 0, told[-400:])
    early = version_in_force(r)
    need(early == before and "planned" in stored(r), f"in force before its moment: v{early}")
    until(lambda: version_in_force(r) == version, "its moment", PLANNED_IN_S + 5.0)
    answers_from(r, version)
    late = time.time() - moment.timestamp()
    changed = re.search(r"cleaned: (\d+) zones changed, (\d+) vertices became (\d+)", said)
    assert changed is not None
    polygons = served(r).polygons
    whole = bool(shapely.coverage_is_valid(polygons)) and bool(shapely.is_valid(polygons).all())
    need(whole, "what was stored is no valid coverage")
    return f"{changed[0]}; v{before} until its moment, the core answers from v{version} {late:.1f} s after it"


def random_points() -> str:
    """Our lookup beside an STRtree on the stored coverage, on points over the city's whole box."""
    it = served(rig())
    rng = np.random.default_rng(SEED)
    west, south, east, north = shapely.total_bounds(it.polygons).tolist()
    lon, lat = rng.uniform(west, east, POINTS), rng.uniform(south, north, POINTS)
    # half of them in the dense middle, where a square kilometre has several wards
    lon[::2], lat[::2] = rng.uniform(106.60, 106.80, POINTS // 2), rng.uniform(10.70, 10.90, POINTS // 2)
    expected, got = it.expected(lon, lat), it.answered(lon, lat)
    agree = int((expected == got).sum())
    on_border = it.on_border(lon, lat)
    outside = int((expected == len(it.codes)).sum())
    first = (lat[expected != got][:1], lon[expected != got][:1])
    need(agree == POINTS, f"{POINTS - agree} of {POINTS} disagree, first {first}")
    need(POINTS // 20 < outside < POINTS - POINTS // 20, f"{outside} outside: the points are no test")
    counts = f"agree {agree}, disagree {POINTS - agree}, outside {outside}, on a border {on_border}"
    return f"{counts}, of {POINTS} (seed {SEED})"


def borders() -> str:
    """On vertices and on the middle of edges: the smallest code of those that touch it, whatever the order of zones."""
    it = served(rig())
    rng = np.random.default_rng(SEED + 1)
    vertices, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(it.polygons)), return_index=True)
    some = vertices[rng.integers(0, len(vertices), 20_000)]
    joined = np.flatnonzero(ring[:-1] == ring[1:])
    edge = joined[rng.integers(0, len(joined), 20_000)]
    middles = (vertices[edge] + vertices[edge + 1]) / 2.0
    counts = []
    for name, places in (("vertices", some), ("middles of edges", middles)):
        expected, got = it.expected(places[:, 0], places[:, 1]), it.answered(places[:, 0], places[:, 1])
        wrong = int((expected != got).sum())
        need(wrong == 0, f"{wrong} {name} disagree")
        counts.append(f"{len(places)} {name}")
    shared = it.on_border(some[:, 0], some[:, 1])
    need(shared > 10_000, f"only {shared} vertices are shared")
    turned = ZoneSet(SERVICE, "turned", 1, tuple(reversed(it.zone_set.zones)))
    for lon, lat in some[:2_000].tolist():
        need(turned.answer(lat, lon).zone == it.zone_set.answer(lat, lon).zone, f"order matters at {lat}, {lon}")
    zero = [it.zone_set.answer(lat, lon).border_m for lon, lat in some[:2_000].tolist()]
    need(max(zero) < 0.01, f"a vertex is {max(zero)} m from the border")
    told = f"{' and '.join(counts)}: 0 disagree ({shared} shared by several zones)"
    return f"{told}; a vertex is at most {max(zero):.4f} m from the border"


SCENARIOS = [
    Scenario("zones: the raw wards", f"refused, {OVERLAPS} overlaps and {SLIVERS} slivers listed and drawn", raw_wards),
    Scenario("zones: cleaned, planned, in force", "by itself at its moment, in the running core", cleaned_and_planned),
    Scenario("zones: random points", f"{POINTS} agree with an STRtree on the stored coverage", random_points),
    Scenario("zones: borders and vertices", "the smallest code that touches it, whatever the order", borders),
]  # fmt: skip
