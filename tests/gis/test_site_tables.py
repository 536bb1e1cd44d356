"""Tables of stations and units: those of the demonstration, and what is said of a bad one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from gis.addresses.spelling import fold
from gis.addresses.wards import present_wards
from gis.errors import DemoDataError
from gis.resources import read_stations, read_units
from gis.travel.straight import metres_between

SERVICES = ("police", "fire", "ambulance")


def test_the_demonstration_is_consistent(demo_data: Path) -> None:
    stations = read_stations(demo_data / "stations.csv", SERVICES)
    units = read_units(demo_data / "units.csv", stations)
    assert len(stations) >= 12 and len(units) >= 60
    assert {s.service for s in stations} == {u.service for u in units} == set(SERVICES)
    assert all(s.sample for s in stations) and all(u.sample for u in units)
    assert {u.station for u in units} == {s.id for s in stations}  # no station without a unit
    assert {"C12", "FE3", "A12"} <= {u.call_sign for u in units}
    centres = [(w.lat, w.lon) for w in present_wards()]
    assert all(min(metres_between(s.lat, s.lon, centres)) < 10_000.0 for s in stations)


def test_no_ward_is_far_from_a_plain_unit_of_every_service(demo_data: Path) -> None:
    stations = {s.id: s for s in read_stations(demo_data / "stations.csv", SERVICES)}
    units = read_units(demo_data / "units.csv")
    for capability in ("patrol", "pumper", "bls"):
        places = [(stations[u.station].lat, stations[u.station].lon) for u in units if capability in u.capabilities]
        far = max(min(metres_between(w.lat, w.lon, places)) for w in present_wards())
        assert far < 30_000.0, capability


def test_incident_types_ask_for_what_there_is(demo_data: Path) -> None:
    types = tomllib.loads((demo_data / "incident_types.toml").read_text(encoding="utf-8"))["types"]
    known = tomllib.loads((demo_data / "capabilities.toml").read_text(encoding="utf-8"))["capabilities"]
    capabilities = {(c["service"], c["code"]) for c in known}
    units = read_units(demo_data / "units.csv")
    have = {(u.service, c) for u in units for c in u.capabilities}
    assert have == capabilities
    assert len(types) >= 25 and len({t["code"] for t in types}) == len(types)
    for kind in types:
        assert set(kind) <= {"code", "vi", "en", "keywords", "priority", "needs", "family", "plans"}
        assert kind["vi"] and kind["en"] and 1 <= kind["priority"] <= 5
        assert all(word == fold(word) for word in kind["keywords"]), kind["code"]
        for need in kind.get("needs", []):
            assert set(need) == {"service", "capability", "count"} and need["count"] >= 1
            assert (need["service"], need["capability"]) in capabilities
    for plan in tomllib.loads((demo_data / "incident_types.toml").read_text(encoding="utf-8"))["plans"]:
        assert set(plan["types"]) <= {t["code"] for t in types} and plan["level"] >= 2
        assert {(n["service"], n["capability"]) for n in plan["needs"]} <= capabilities
    trapped = next(t for t in types if t["code"] == "tngt_ket")
    assert {n["service"] for n in trapped["needs"]} == set(SERVICES)
    words = [word for kind in types for word in kind["keywords"]]
    assert len(words) == len(set(words)), "a keyword points to one type"
    assert "tngt" in words


STATION = "id,service,name,lat,lon,sample\n"
UNIT = "call_sign,service,station,label,capabilities,sample\n"


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "table.columns", 1, None),
        ("# remark\nid,service\n", "table.columns", 2, None),
        (STATION + "# remark\n\nP1,police,A,10.7\n", "table.cells", 4, None),
        (STATION + 'P1,police,"A,10.7,106.7,yes\n', "table.quotes", 2, None),
        (STATION + "P1,police,A,x,106.7,yes\n", "table.value", 2, "lat"),
        (STATION + "P1,police,A,nan,106.7,yes\n", "table.value", 2, "lat"),
        (STATION + "P1,police,A,106.7,10.7,yes\n", "table.value", 2, "lat"),
        (STATION + "P1,police,A,48.8,2.3,yes\n", "table.value", 2, "lat"),
        (STATION + "P1,navy,A,10.7,106.7,yes\n", "table.value", 2, "service"),
        (STATION + "P1,police,,10.7,106.7,yes\n", "table.value", 2, "name"),
        (STATION + "P1,police,A\x07,10.7,106.7,yes\n", "table.value", 2, "name"),
        (STATION + "P1,police,A,10.7,106.7,maybe\n", "table.value", 2, "sample"),
        (STATION + "P1,police,A,10.7,106.7,no\nP1,fire,B,10.7,106.7,no\n", "table.value", 3, "id"),
    ],
)
def test_bad_station_table(tmp_path: Path, text: str, code: str, line: int, column: str | None) -> None:
    path = tmp_path / "stations.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DemoDataError) as caught:
        read_stations(path, SERVICES)
    error = caught.value
    assert (error.code, error.details.get("line"), error.details.get("column")) == (code, line, column)
    assert str(path) in error.vi and str(line) in error.vi and str(path) in error.en


def test_swapped_coordinates_are_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text(STATION + "P1,police,A,106.7,10.7,yes\n", encoding="utf-8")
    with pytest.raises(DemoDataError, match="swapped") as caught:
        read_stations(path)
    assert "đảo chỗ" in caught.value.vi


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("C1,police,P9,Xe,patrol,yes\n", "station"),
        ("C1,fire,P1,Xe,pumper,yes\n", "service"),
        (",police,P1,Xe,patrol,yes\n", "call_sign"),
        ("C1,police,P1,,patrol,yes\n", "label"),
    ],
)
def test_bad_unit_table(tmp_path: Path, row: str, column: str) -> None:
    stations, units = tmp_path / "stations.csv", tmp_path / "units.csv"
    stations.write_text(STATION + "P1,police,A,10.7,106.7,yes\n", encoding="utf-8")
    units.write_text(UNIT + row, encoding="utf-8")
    with pytest.raises(DemoDataError) as caught:
        read_units(units, read_stations(stations))
    assert (caught.value.details["line"], caught.value.details["column"]) == (2, column)


def test_unreadable_tables(tmp_path: Path) -> None:
    for path, data in ((tmp_path / "none.csv", None), (tmp_path / "bad.csv", b"id\xff")):
        if data is not None:
            path.write_bytes(data)
        with pytest.raises(DemoDataError) as caught:
            read_stations(path)
        assert caught.value.code == "table.unreadable"


def test_capabilities_and_quotes(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("\ufeff" + UNIT + 'A1,ambulance,AS01,"Xe cấp cứu, A1", bls ; als ,no\n', encoding="utf-8")
    [unit] = read_units(path)
    assert (unit.label, unit.capabilities, unit.sample) == ("Xe cấp cứu, A1", ("bls", "als"), False)
