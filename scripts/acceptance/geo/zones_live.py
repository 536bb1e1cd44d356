"""Zones in the running core: beyond the border, between two stations, wrong files, another datum, what another set
would change, and the way back."""

from __future__ import annotations

import re
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from pyproj import Transformer

from gis.resources import read_stations
from gis.zones.file import ZoneFileOptions, read_zone_file
from gis.zones.zone import with_nearest_stations
from scripts.acceptance.geo_zones import (
    NAME,
    SERVICE,
    Served,
    answers_from,
    collection,
    located,
    served,
    stored,
    version_in_force,
    wards,
    zones,
)
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.spine.rig import Rig, rig
from scripts.stage.site import DEMO

ALSO_RADIUS_M = 500.0


def outside_and_sea() -> str:
    """Beyond the border, at sea, and swapped: told clearly, in the running core."""
    r = rig()
    it = served(r)
    seen = []
    for name, lat, lon, kind, whom in (
        ("Biên Hòa", 10.945, 106.824, "province", "Đồng Nai"),
        ("Trảng Bàng", 11.030, 106.360, "province", "Tây Ninh"),
        ("Hàm Tân", 10.690, 107.760, "province", "Lâm Đồng"),
        ("Gò Công", 10.365, 106.665, "province", "Đồng Tháp"),
        ("off Vũng Tàu", 10.20, 107.15, "sea", "hàng hải"),
    ):
        with located(r, f"@ {lat},{lon}") as told:
            answer = told["answer"]
            beyond = answer.get("hand_over") or {}
            need(answer["outside"] and answer["outside_m"] > 100, f"{name}: {answer}")
            need(beyond.get("kind") == kind and whom in beyond.get("vi", ""), f"{name}: {beyond}")
            need(beyond["contact"], f"{name}: no number")
            need(answer["zone_set"] == f"{NAME} v{it.version}", f"{name}: {answer['zone_set']}")
            seen.append(f"{name} → {beyond['vi']} {beyond['contact']}")
    refused = r.console("lan").type("@ 106.70,10.77 #1")
    need(not refused.accepted, "swapped coordinates were taken")
    status, said = zones(r, "at", "106.70", "10.77")
    need(status == 1 and "latitude is -90 to 90" in said, said[-200:])
    return f"{'; '.join(seen)}; swapped: refused (“{refused.sentence[:60]}”)"


def uncertain() -> str:
    """A circle over the border of two wards of two stations: both are alerted, and the decision keeps what it saw."""
    r = rig()
    it = served(r)
    lat, lon = _between_two_stations(r)
    sure = it.zone_set.answer(lat, lon)
    with located(r, "@@", location=(lat, lon, ALSO_RADIUS_M)) as told:
        lan, answer = r.console("lan"), told["answer"]
        shares = {share["zone"]: share["share"] for share in answer["shares"]}
        whole = sum(shares.values()) + answer.get("outside_share", 0.0)
        need(len(shares) >= 2 and abs(whole - 1.0) < 0.02, str(answer))
        need(answer["zone"] == sure.zone and answer["runner_up"] == sure.runner_up, f"{answer} is not {sure}")
        need(answer["also"], f"one station alone: {answer}")
        leg = lan.incidents[told["incident"]]["legs"][SERVICE]
        need(leg["also"] == answer["also"] and leg["station"] == answer["station"], f"the console has {leg}")
        asked = told["asked"]
        kept = asked and abs(asked["lat"] - lat) < 1e-6 and asked["uncertainty_m"] >= ALSO_RADIUS_M * 0.9
        need(kept, f"asked {asked}")
        need(answer["zone_set"] == f"{NAME} v{it.version}" and "border_m" in answer, str(answer))
    parts = ", ".join(f"{zone} {share:.0%}" for zone, share in shares.items())
    return f"±{asked['uncertainty_m']:.0f} m: {parts}; {answer['station']} and {', '.join(answer['also'])} alerted"


def _between_two_stations(r: Rig) -> tuple[float, float]:
    """A place on the border of two wards whose nearest stations differ, with room around it."""
    it = served(r)
    given = with_nearest_stations(it.zone_set.zones, SERVICE, read_stations(DEMO / "stations.csv"))
    by_code = {zone.code: zone for zone in given}
    for code in it.codes:
        for other in it.codes:
            a, b = by_code[code], by_code[other]
            if code >= other or a.station == b.station or not a.geometry.touches(b.geometry):
                continue
            line = shapely.intersection(a.geometry, b.geometry)
            if shapely.length(line) < 0.02:
                continue
            middle = shapely.point_on_surface(line)
            near = [z for z in it.zone_set.answer(middle.y, middle.x, ALSO_RADIUS_M).shares if z.share > 0.25]
            if len(near) == 2:
                return round(middle.y, 5), round(middle.x, 5)
    raise AssertionError("no two neighbours with different stations")


# --- what is wrong with files -----------------------------------------------------------------------------------------


def bad_files() -> str:
    """Each refused with its place and remedy; the set in force still answers."""
    r = rig()
    it = served(r)
    before = stored(r)
    box = [[106.6, 10.7], [106.7, 10.7], [106.7, 10.8], [106.6, 10.8], [106.6, 10.7]]
    beside = [[106.7, 10.7], [106.8, 10.7], [106.8, 10.8], [106.7, 10.8], [106.7, 10.7]]
    crossed = [[106.6, 10.7], [106.7, 10.8], [106.7, 10.7], [106.6, 10.8], [106.6, 10.7]]
    metres = [[602_000.0, 1_190_000.0], [604_000.0, 1_190_000.0], [604_000.0, 1_192_000.0], [602_000.0, 1_190_000.0]]
    files = {
        "crossed.geojson": (collection(("A", crossed)), ("Self-intersection", "repair")),
        "twice.geojson": (collection(("A", box), ("A", beside)), ("code A", "2 records")),
        "swapped.geojson": (collection(("A", [p[::-1] for p in box])), ("swapped", "longitude (x) first")),
        "projected.geojson": (collection(("A", metres)), ("not degrees", "EPSG:9210")),
        "nan.geojson": (collection(("A", box)).replace("106.7", "NaN"), ("NaN",)),
        "half.geojson": (collection(("A", box))[:120], ("half written",)),
        "empty.geojson": (collection(), ("no zones",)),
        "no-crs.zip": ("", ("damaged",)),
    }
    with tempfile.TemporaryDirectory(prefix="dispatch-zones-") as directory:
        for name, (text, words) in files.items():
            file = Path(directory, name)
            file.write_text(text, "utf-8")
            status, said = zones(r, "import", str(file), "--service", SERVICE)
            missing = [word for word in (str(file), *words) if word not in said]
            need(status == 1 and not missing, f"{name}: exit {status}, “{said[-300:]}” does not say {missing}")
    need(stored(r) == before, "something of them was stored")
    with located(r, "@ 10.7721,106.6983") as told:
        need(told["answer"]["zone_set"] == f"{NAME} v{it.version}", f"answered from {told['answer']['zone_set']}")
    return f"{len(files)} files refused with place and remedy; v{it.version} in force, and answers"


def vn_2000() -> str:
    """The same wards as a zipped Shapefile of the survey (VN-2000, TM-3 105-45): back within a metre; such figures
    under WGS84's name are refused, for they lie beside the zones that serve."""
    r = rig()
    it = served(r)
    before = stored(r)
    with tempfile.TemporaryDirectory(prefix="dispatch-zones-") as directory:
        tm3 = _shapefile(Path(directory), "tm3", it, "EPSG:9210", "EPSG:9210")
        status, said = zones(r, "import", str(tm3), "--service", SERVICE, "--check", "--clean")
        need(status == 0 and "VN-2000 to WGS 84" in said, said[-400:])
        wrong = _shapefile(Path(directory), "wrong", it, "EPSG:3405", "EPSG:32648")
        status, said = zones(r, "import", str(wrong), "--service", SERVICE, "--check", "--clean")
        shift = re.search(r"lie (\d+) m beside those that serve, just as VN-2000", said)
        need(status == 1 and shift and "--crs EPSG:3405" in said, f"exit {status}: {said[-400:]}")
        status, said = zones(r, "import", str(wrong), "--service", SERVICE, "--check", "--clean", "--crs", "EPSG:3405")
        need(status == 0, said[-400:])
        for name in ("tm3", "wrong"):
            off = _farthest(Path(directory), name, it, "EPSG:9210" if name == "tm3" else "EPSG:3405")
            need(off < 1.0, f"{name} is {off:.2f} m off")
    need(stored(r) == before, "a check stored something")
    assert shift is not None
    return f"zipped Shapefiles read to {off:.2f} m; under the name of WGS84 it lies {shift[1]} m off and is refused"


def _shapefile(directory: Path, name: str, it: Served, real: str, said: str) -> Path:
    way = Transformer.from_crs("EPSG:4326", real, always_xy=True)
    moved = shapely.transform(it.polygons, lambda c: np.column_stack(way.transform(c[:, 0], c[:, 1])))
    names = [zone.name for zone in it.zone_set.zones]
    pyogrio.raw.write(
        directory / f"{name}.shp", geometry=shapely.to_wkb(moved),
        field_data=[np.array(it.codes, dtype=object), np.array(names, dtype=object)], fields=["ma_xa", "ten_xa"],
        geometry_type="MultiPolygon", crs=said, driver="ESRI Shapefile", encoding="UTF-8",
    )  # fmt: skip
    archive = directory / f"{name}.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for part in directory.glob(f"{name}.*"):
            if part != archive:
                out.write(part, part.name)
    return archive


def _farthest(directory: Path, name: str, it: Served, crs: str) -> float:
    read_back = {z.code: z.geometry for z in read_zone_file(directory / f"{name}.zip", ZoneFileOptions(crs=crs)).zones}
    pairs = zip(it.codes, it.polygons, strict=True)
    return max(shapely.hausdorff_distance(read_back[code], shape) for code, shape in pairs) * 110_600.0


# --- versions ---------------------------------------------------------------------------------------------------------


def what_if() -> str:
    """Real incidents, replayed against the same wards with one of them given to another station."""
    r = rig()
    it = served(r)
    places = {"10.7721,106.6983": "", "10.8013,106.7113": "", "10.7535,106.6600": ""}
    since = datetime.now(UTC).isoformat(timespec="seconds")
    time.sleep(1.0)  # the moment is told in whole seconds
    for place in places:
        with located(r, f"@ {place}") as told:
            places[place] = told["incident"]
            zone, station = told["answer"]["zone"], told["answer"]["station"]
    other = "PS24" if station != "PS24" else "PS20"
    with tempfile.TemporaryDirectory(prefix="dispatch-zones-") as directory:
        table = Path(directory, "stations.csv")
        table.write_text(f"zone,station\n{zone},{other}\n", "utf-8")
        status, said = zones(
            r, "what-if", str(wards()), "--clean", "--service", SERVICE, "--since", since,
            "--stations-table", str(table), "--csv", str(Path(directory, "list.csv")),
        )  # fmt: skip
        rows = Path(directory, "list.csv").read_text("utf-8-sig").splitlines()
    need(status == 0, said[-400:])
    need(f"{len(places)} nhánh" in said and f"{len(places) - 1} như cũ" in said, said[-500:])
    line = next((it for it in said.splitlines() if it.startswith(places["10.7535,106.6600"])), "")
    need(f"[{station}] → {zone}" in line and f"[{other}], " in line and len(rows) == 2, f"listed: {line!r}, {rows}")
    need(version_in_force(r) == it.version, "something was published")
    return line


def rollback() -> str:
    """Two sets, back to the first in the running core; a damaged one is never published."""
    r = rig()
    first = served(r).version
    box = [[106.0, 8.0], [108.0, 8.0], [108.0, 12.0], [106.0, 12.0], [106.0, 8.0]]
    with tempfile.TemporaryDirectory(prefix="dispatch-zones-") as directory:
        file = Path(directory, "whole.geojson")
        file.write_text(collection(("ALL", box)), "utf-8")
        status, said = zones(r, "import", str(file), "--service", SERVICE)
        need(status == 1 and "--other-ground" in said, said[-300:])
        status, said = zones(r, "import", str(file), "--service", SERVICE, "--other-ground")
    need(status == 0, said[-300:])
    second = version_in_force(r)
    answers_from(r, second)
    with located(r, "@ 10.7721,106.6983") as told:
        need(told["answer"]["zone"] == "ALL", str(told["answer"]))
    began = time.monotonic()
    status, said = zones(r, "rollback", SERVICE)
    need(status == 0 and version_in_force(r) == first, said[-300:])
    answers_from(r, first)
    took = time.monotonic() - began
    with located(r, "@ 10.7721,106.6983") as told:
        need(told["answer"]["zone_set"] == f"{NAME} v{first}", str(told["answer"]))
    r.sql("UPDATE zone_sets SET geojson = 'x' WHERE service = %s AND version = %s RETURNING 1", SERVICE, second)
    status, said = zones(r, "publish", SERVICE, str(second))
    need(status == 1 and "cannot be read" in said and version_in_force(r) == first, f"exit {status}: {said[-300:]}")
    shown = zones(r, "list")[1]
    need("(rollback)" in shown and f"v{second}" in shown, shown[-400:])
    return f"v{second} answered ALL; v{first} again {took:.1f} s after the rollback; a damaged set is not published"


SCENARIOS = [
    Scenario("zones: outside, at sea, swapped", "the neighbour and its number; swapped refused", outside_and_sea),
    Scenario("zones: an uncertain place", "each zone's share, both stations, the decision kept whole", uncertain),
    Scenario("zones: bad files", "refused with place and remedy; the old set in force", bad_files),
    Scenario("zones: VN-2000", "read to a metre; under the wrong name refused", vn_2000),
    Scenario("zones: what-if", "lists what would have gone elsewhere, stores nothing", what_if),
    Scenario("zones: rollback", "the set before answers again; a damaged one never serves", rollback),
]  # fmt: skip
