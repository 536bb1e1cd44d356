"""``dispatch zones`` as it is typed, on a real PostgreSQL."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
import shapely
from sqlalchemy import insert

from db import zone_store
from db.engine import engine
from db.errors import DatabaseError
from db.place_store import NewList, PlaceStore
from db.tables import incidents, legs
from db.zone_store import ZoneStore, served
from dispatch_core.domain.vocabulary import Station
from dispatch_core.main.cli import main
from dispatch_core.runtime.clock import SystemClock
from scripts.stage.layout import ROOT

SAMPLES = ROOT / "scripts" / "demo_data"
SETTINGS = """\
database = "{database}"
redis = "redis://localhost"
redis_password_file = "x"
site = "{samples}/site.toml"
types = "x"
stations = "{samples}/stations.csv"
units = "x"
zone_rules = "{samples}/zone_rules.toml"
http_host = "127.0.0.1"
http_port = 1
tls_certificate = "x"
tls_key = "x"
redis_public_host = "127.0.0.1"
redis_public_port = 1
nodes = []
"""
WEST, SOUTH, SIDE = 106.68, 10.76, 0.02

Typed = Callable[..., int]
Said = pytest.CaptureFixture[str]


def zones(path: Path, split: float = 0.5, *, stations: tuple[str, str] = ("PS01", "PS02"), gap: float = 0.0) -> Path:
    """Two zones side by side; the border stands at ``split`` of the way east."""
    middle = WEST + SIDE * split
    boxes = [
        shapely.box(WEST, SOUTH, middle, SOUTH + SIDE), shapely.box(middle + gap, SOUTH, WEST + SIDE, SOUTH + SIDE)
    ]  # fmt: skip
    features = [
        {"type": "Feature", "properties": {"code": code, "name": f"Phường {code}", "station": station,
         "backups": "PS03; PS04", "chi_vien": "sân bay"}, "geometry": json.loads(shapely.to_geojson(box))}
        for code, station, box in zip("AB", stations, boxes, strict=True)
    ]  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def typed(migrated: str, tmp_path: Path) -> Typed:
    settings = tmp_path / "dispatch.toml"
    settings.write_text(SETTINGS.format(database=migrated, samples=SAMPLES), encoding="utf-8")
    return lambda *words: main(["--settings", str(settings), "zones", *words])


def serving(dsn: str, at: int | None = None) -> int:
    moment = SystemClock().now() if at is None else at
    return ZoneStore(dsn).in_force(moment).get("police", (0,))[0]


def test_a_life(typed: Typed, migrated: str, tmp_path: Path, capsys: Said) -> None:
    first, second = zones(tmp_path / "first.geojson"), zones(tmp_path / "second.geojson", 0.6)
    assert typed("import", str(first), "--service", "police") == 0
    assert "police: first v1, 2 địa bàn / zones, ngay / at once" in capsys.readouterr().out
    assert typed("import", str(second), "--service", "police", "--from", "2126-12-01T00:00") == 0
    assert "2126-12-01 00:00" in capsys.readouterr().out
    assert serving(migrated) == 1
    (planned,) = [it for it in ZoneStore(migrated).publications("police") if it.version == 2]
    assert planned.valid_from == 4_951_731_600_000, "midnight at UTC+7"
    assert serving(migrated, planned.valid_from) == 2
    assert typed("publish", "police", "2") == 0 and serving(migrated) == 2
    capsys.readouterr()
    assert typed("list") == 0
    listed = capsys.readouterr().out
    assert "* police       v2" in listed and "sẽ / planned 2126-12-01 00:00" in listed and "* fire         v0" in listed
    assert typed("rollback", "police") == 0 and serving(migrated) == 1
    told = capsys.readouterr().out
    assert "first v1" in told and "v2 2126-12-01 00:00" in told, "what is still planned is said"
    assert typed("rollback", "police") == 1 and serving(migrated) == 1
    assert "no set before" in capsys.readouterr().err
    assert typed("rollback", "police", "--to", "0") == 0 and serving(migrated) == 0
    assert typed("withdraw", "police", "2") == 0
    assert serving(migrated, planned.valid_from) == 0
    assert typed("show", "police", "1") == 0
    shown = capsys.readouterr().out
    assert "A Phường A · PS01 · dự phòng / backups PS03, PS04 · chi viện / aid sân bay" in shown
    assert served(ZoneStore(migrated).publications("police"), planned.valid_from)[-1].rollback


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("publish", "polic"), "polic"),
        (("import", "z.geojson", "--service", "police", "--simplify", "5"), "--clean"),
        (("import", "z.geojson", "--service", "police", "--clean", "--simplify", "nan"), "metres"),
        (("import", "z.geojson", "--service", "police", "--name", "a\x1b[2J"), "printable"),
        (("publish", "police", "9"), "version 9"),
        (("publish", "police", "--from", "tomorrow"), "2026-12-01T00:00"),
        (("publish", "police", "--from", "2020-01-01"), "past"),
        (("withdraw", "police", "1"), "not planned"),
        (("show", "police", "7"), "version 7"),
        (("what-if", "--service", "police"), "--version"),
        (("what-if", "--service", "all", "--version", "1"), "one of"),
        (("at", "106.7", "10.77"), "latitude"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    words: tuple[str, ...], said: str, typed: Typed, migrated: str, tmp_path: Path, capsys: Said
) -> None:
    assert typed("import", str(zones(tmp_path / "z.geojson")), "--service", "police") == 0
    before = ZoneStore(migrated).publications()
    assert typed(*words) == 1
    assert said in capsys.readouterr().err
    assert ZoneStore(migrated).publications() == before and serving(migrated) == 1


def test_a_refused_file_leaves_the_last_good_set_and_is_drawn(
    typed: Typed, migrated: str, tmp_path: Path, capsys: Said
) -> None:
    assert typed("import", str(zones(tmp_path / "good.geojson")), "--service", "police") == 0
    page = tmp_path / "report.html"
    bad = zones(tmp_path / "bad.geojson", gap=-0.00001)
    assert typed("import", str(bad), "--service", "police", "--report", str(page)) == 1
    assert "--clean would change 1 zones by 2419" in capsys.readouterr().err
    drawn = page.read_text(encoding="utf-8")
    assert drawn.count("<svg") == 2 and "overlap A / B" in drawn and "what --clean would change" in drawn
    assert len(ZoneStore(migrated).list()) == 1 and serving(migrated) == 1
    assert typed("import", str(bad), "--service", "police", "--clean", "--report", str(page)) == 0
    assert serving(migrated) == 2 and "cleaned: 1" in page.read_text(encoding="utf-8")
    unknown = zones(tmp_path / "unknown.geojson", stations=("PS01", "FS01"))
    assert typed("import", str(unknown), "--service", "police") == 1
    assert "B: FS01" in capsys.readouterr().err and serving(migrated) == 2


def test_a_file_in_the_wrong_reference_system_beside_the_zones_that_serve(
    typed: Typed, migrated: str, tmp_path: Path, capsys: Said
) -> None:
    third = '{"type":"Feature","properties":{"code":"C","name":"C"},"geometry":%s}'
    path = zones(tmp_path / "good.geojson")
    whole = json.loads(path.read_text(encoding="utf-8"))
    lower = shapely.to_geojson(shapely.box(WEST, SOUTH - 2 * SIDE, WEST + SIDE, SOUTH - SIDE))
    whole["features"].append(json.loads(third % lower))
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert typed("import", str(path), "--service", "police", "--allow-gaps") == 0
    assert typed("import", str(path), "--service", "police", "--crs", "EPSG:4756") == 1
    assert "WGS84" in capsys.readouterr().err and serving(migrated) == 1
    assert typed("import", str(path), "--service", "police", "--crs", "EPSG:4756", "--trust-crs") == 0


def test_zones_of_another_city_or_of_half_of_this_one_need_somebody_who_means_it(
    typed: Typed, migrated: str, tmp_path: Path, capsys: Said
) -> None:
    path = zones(tmp_path / "whole.geojson")
    assert typed("import", str(path), "--service", "police") == 0
    whole = json.loads(path.read_text(encoding="utf-8"))
    half = tmp_path / "half.geojson"
    half.write_text(json.dumps({**whole, "features": whole["features"][:1]}), encoding="utf-8")
    other = tmp_path / "other.geojson"
    for it in whole["features"]:
        it["geometry"]["coordinates"] = [[[x - 0.8, y + 10.3] for x, y in it["geometry"]["coordinates"][0]]]
    other.write_text(json.dumps(whole), encoding="utf-8")
    for file, service, said in ((half, "police", "B Phường B"), (other, "police", "ground"), (other, "fire", "ground")):
        capsys.readouterr()
        assert typed("import", str(file), "--service", service, "--station-field", "name") == 1
        told = capsys.readouterr().err
        assert said in told and "--other-ground" in told
    assert serving(migrated) == 1 and len(ZoneStore(migrated).list()) == 1
    assert typed("import", str(half), "--service", "police", "--other-ground") == 0 and serving(migrated) == 2


def test_stations_from_a_table(typed: Typed, migrated: str, tmp_path: Path, capsys: Said) -> None:
    table = tmp_path / "stations.csv"
    table.write_text("zone,station,backups,service\nA,PS05,PS06; PS07,police\nA,FS01,,fire\n", encoding="utf-8")
    path = zones(tmp_path / "z.geojson")
    assert typed("import", str(path), "--service", "police", "--stations-table", str(table)) == 0
    capsys.readouterr()
    assert typed("at", str(SOUTH + 0.01), str(WEST + 0.0095), "--service", "police", "--uncertainty", "300") == 0
    told = capsys.readouterr().out
    assert "A Phường A · PS05" in told and "backups PS06, PS07" in told and "alerted too: PS02" in told
    table.write_text("zone,station\nZ,PS05\n", encoding="utf-8")
    assert typed("import", str(path), "--service", "police", "--stations-table", str(table)) == 1
    assert "line 2, column zone" in capsys.readouterr().err and serving(migrated) == 1


def test_what_if(typed: Typed, migrated: str, tmp_path: Path, capsys: Said) -> None:
    """Border moved east by a tenth: the incidents in between would have gone elsewhere, no other."""
    day = 86_400_000
    with engine(migrated, "test").begin() as connection:
        for n in range(100):
            lon = WEST + SIDE * (n + 0.5) / 100
            was = ("A", "PS01") if n < 50 else ("B", "PS02")
            connection.execute(insert(incidents).values(
                id=f"20261101-{n:05d}", state="closed", version=1, type="", priority=3, services=["police"], owner="",
                disposition="", received_at=n * day, location_label="=hẻm 1" if n == 55 else f"số {n}", lon=lon,
                lat=SOUTH + 0.01, location_source="gazetteer", uncertainty_m=0.0,
            ))  # fmt: skip
            connection.execute(insert(legs).values(
                incident=f"20261101-{n:05d}", service="police", state="closed", priority=3, zone_set="first v1",
                zone=was[0], zone_name=f"Phường {was[0]}", station=was[1], dispatcher="", opened_at=n * day,
            ))  # fmt: skip
    file, table = zones(tmp_path / "moved.geojson", 0.6), tmp_path / "moved.csv"
    before = ZoneStore(migrated).list()
    assert typed("what-if", str(file), "--service", "police", "--csv", str(table)) == 0
    told = capsys.readouterr().out
    assert told.count("→ A Phường A [PS01]") == 10 and "PS02 → PS01: 10" in told
    assert "20261101-00050 số 50: B Phường B [PS02] → A Phường A [PS01], " in told
    assert "100 nhánh" in told and "90 như cũ" in told and "10 khác trạm" in told
    rows = list(csv.DictReader(table.open(encoding="utf-8-sig")))
    assert [row["incident"] for row in rows] == [f"20261101-{n:05d}" for n in range(50, 60)]
    assert rows[5]["place"] == "'=hẻm 1", "words of a caller are no formula"
    east = 109_400 * SIDE / 100
    assert float(rows[0]["border_m"]) == pytest.approx(9.5 * east, rel=0.01)
    assert typed("what-if", str(file), "--service", "police", "--since", "1970-02-25") == 0
    assert "45 nhánh" in capsys.readouterr().out
    assert ZoneStore(migrated).list() == before and serving(migrated) == 0, "nothing was stored"


def test_an_imported_list_of_stations_is_the_one_that_zones_are_judged_by(
    typed: Typed, migrated: str, tmp_path: Path, capsys: Said
) -> None:
    table = tmp_path / "stations.csv"
    table.write_text("id,service,name,lat,lon\nREAL1,police,Đồn thật,10.771,106.69\n", encoding="utf-8")
    path = zones(tmp_path / "z.geojson", stations=("REAL1", "REAL1"))
    whole = path.read_text(encoding="utf-8").replace("PS03; PS04", "")
    path.write_text(whole, encoding="utf-8")
    assert typed("import", str(path), "--service", "police") == 1, "nobody knows that station yet"
    stations = [Station(id="REAL1", service="police", name="Đồn thật", lat=10.771, lon=106.69)]
    PlaceStore(migrated).publish([NewList("stations", "real.csv", 1, msgspec.json.encode(stations))], at=1)
    assert typed("import", str(path), "--service", "police", "--check") == 0
    assert typed("import", str(path), "--service", "police") == 0 and serving(migrated) == 1
    capsys.readouterr()
    assert typed("import", str(zones(tmp_path / "sample.geojson")), "--service", "police") == 1
    assert "PS01" in capsys.readouterr().err and serving(migrated) == 1, "a station of the sample is no more"
    assert typed("at", str(SOUTH + 0.01), str(WEST + 0.009), "--service", "police") == 0
    assert "A Phường A · REAL1" in capsys.readouterr().out


def test_zones_for_all_services_come_into_force_together_or_not_at_all(
    typed: Typed, migrated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "z.geojson"
    bare = json.loads(zones(path).read_text(encoding="utf-8"))
    for it in bare["features"]:
        it["properties"] = {"code": it["properties"]["code"], "name": "x"}
    path.write_text(json.dumps(bare), encoding="utf-8")
    assert typed("import", str(path), "--service", "all", "--from", "2020-01-01") == 1
    assert not ZoneStore(migrated).list(), "refused because of its moment: nothing is stored"
    publish, done = zone_store._publish, []

    def second_fails(*told: object, **more: object) -> None:
        done.append(told[1])
        if len(done) == 2:
            raise DatabaseError("gone")
        publish(*told, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(zone_store, "_publish", second_fails)
    assert typed("import", str(path), "--service", "all") == 1
    assert len(done) == 2 and not ZoneStore(migrated).list() and not ZoneStore(migrated).publications()
    monkeypatch.undo()
    assert typed("import", str(path), "--service", "all") == 0
    assert {it.service for it in ZoneStore(migrated).list()} == {"police", "fire", "ambulance"}
