"""Lists as spreadsheets write them: taken in every dress, refused with every fault, told what they would change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from dispatch_core.domain.vocabulary import USUAL_PLACE_RULES, Area, Station
from gis.errors import DemoDataError, ListFileError, ListRefused
from gis.lists.changes import compare
from gis.lists.gate import read_hospital_list, read_premise_list, read_station_list, read_unit_list
from gis.lists.where import Where

SERVICES = ("police", "fire", "ambulance")
HERE = Where()
GOOD = "id,service,name,lat,lon,sample\nPS01,police,Công an phường Sài Gòn,10.7790,106.7020,yes\n"


def write(tmp_path: Path, text: str | bytes, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def stations(tmp_path: Path, text: str | bytes, where: Where = HERE) -> tuple[Station, ...]:
    return read_station_list(write(tmp_path, text), SERVICES, where)


TABS = GOOD.replace(",", "\t")


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        "sep=;\r\n" + GOOD.replace(",", ";").replace("10.7790", "10,7790").replace("106.7020", "106,7020"),
        TABS,
        TABS.encode("utf-16"),
        "# nhận xét, có \" lẻ\n\n" + GOOD + ",,,,,\n\n",
        GOOD.replace("sample\n", "sample,,\n").replace("yes\n", "yes,,\n"),
        GOOD.replace("Công an phường Sài Gòn", '"Công an phường Sài Gòn"').replace("10.7790", '"10,7790"'),
        GOOD.replace("id,service,name,lat,lon", "Mã,Lực lượng,Tên,Vĩ độ,Kinh độ"),
        GOOD.replace("Công an", "Công\u00a0an"),
    ],
)
def test_every_dress_of_a_table(tmp_path: Path, text: str | bytes) -> None:
    assert stations(tmp_path, text) == (
        Station(id="PS01", service="police", name="Công an phường Sài Gòn", lat=10.779, lon=106.702, sample=True),
    )


def row(**changes: str) -> str:
    values = {"id": "PS02", "service": "police", "name": "A", "lat": "10.77", "lon": "106.69", "sample": "yes"}
    return GOOD + ",".join((values | changes).values()) + "\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (row(lat="106.69", lon="10.77"), ("line 3", "lat", "swapped", "write 10.77 and 106.69")),
        (row(lat="1192345.2", lon="603210.9"), ("line 3", "metres of a projected system", "VN-2000")),
        (row(lat="nan"), ("line 3", "lat", "decimal degrees such as 10.7769")),
        (row(lat="inf"), ("line 3", "lat", "decimal degrees")),
        (row(lat="10°46'"), ("line 3", "lat", "decimal degrees")),
        (row(lat=""), ("line 3", "lat", "decimal degrees")),
        (row(lat="9.2", lon="107.8"), ("line 3", "in the sea or outside the city", "--outside")),
        (row(lat="21.03", lon="105.85"), ("line 3", "outside the city")),
        (row(lat="48.85", lon="2.35"), ("line 3", "a point in Viet Nam")),
        (row(id="PS01"), ("line 3", "id", "not used on line 2")),
        (row(id="ps01"), ("line 3", "id", "not used on line 2")),
        (row(id="P 1"), ("line 3", "id", "without spaces")),
        (row(id=""), ("line 3", "id")),
        (row(service="polic"), ("line 3", "service", "one of: ambulance, fire, police")),
        (row(name=""), ("line 3", "name", "a text of 1 to 200 characters")),
        (row(sample="maybe"), ("line 3", "sample", "yes or no")),
        (row(name="a,b"), ("line 3", "7 cells, 6 are needed")),
        (row(name='"a'), ("line 3", "the quotes do not match")),
        ("", ("it is empty",)),
        (GOOD.splitlines()[0], ("has no rows",)),
        ("id,name,lat,lon,colour\nA,B,10.77,106.69,x\n", ("line 1", "missing: service", "not known: colour")),
        ("id,id,service,name,lat,lon\n", ("there twice: id",)),
        (b"id,service,name,lat,lon\nA,police,C\xf4ng an,10.77,106.69\n", ("line 2 is not UTF-8", "CSV UTF-8")),
        (b"PK\x03\x04rest of a workbook", ("Excel workbook", "Save as")),
        (b"a\0b", ("this is no text",)),
    ],
)
def test_what_is_refused_says_what_to_write(tmp_path: Path, text: str | bytes, words: tuple[str, ...]) -> None:
    with pytest.raises((ListRefused, ListFileError)) as refusal:
        stations(tmp_path, text)
    for word in words:
        assert word in refusal.value.en
    assert "list.csv" in refusal.value.en and "list.csv" in refusal.value.vi
    assert refusal.value.vi != refusal.value.en


def test_all_faults_at_once_and_no_page_of_them(tmp_path: Path) -> None:
    bad = "".join(f"X{n},police,A,106.69,10.77,no\n" for n in range(30))
    with pytest.raises(ListRefused, match="30 faults, nothing was imported") as refusal:
        stations(tmp_path, GOOD + bad)
    assert refusal.value.en.count("swapped") == 20 and "and 10 more" in refusal.value.en


def test_outside_is_taken_where_it_is_meant(tmp_path: Path) -> None:
    far = row(lat="21.03", lon="105.85")
    assert len(stations(tmp_path, far, Where(anywhere=True))) == 2
    city = Area(south=10.3, west=106.3, north=11.5, east=107.6)
    with pytest.raises(ListRefused, match="outside the city"):
        stations(tmp_path, row(lat="8.686", lon="106.608"), Where(city))


def test_too_large_and_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ListFileError, match="cannot be read"):
        read_station_list(tmp_path / "none.csv", SERVICES, HERE)
    monkeypatch.setattr("gis.lists.sheet.MAX_BYTES", 10)
    with pytest.raises(ListFileError, match="larger than 10 bytes"):
        stations(tmp_path, GOOD)
    monkeypatch.undo()
    monkeypatch.setattr("gis.lists.sheet.ROWS_MOST", 1)
    with pytest.raises(ListFileError, match="more than 1 rows"):
        stations(tmp_path, row())


UNITS = "call_sign,service,station,label,capabilities,vehicle\n"
HOMES = {"PS01": Station(id="PS01", service="police", name="A", lat=10.77, lon=106.69)}


def test_units_stand_at_their_station(tmp_path: Path) -> None:
    file = write(tmp_path, UNITS + "C1,police,PS01,Xe C1,patrol|traffic,patrol_car\n")
    (found,) = read_unit_list(file, HOMES, SERVICES)
    assert (found.call_sign, found.capabilities, found.lat, found.vehicle) == (
        "C1", ("patrol", "traffic"), 10.77, "patrol_car",
    )  # fmt: skip
    for line, words in (
        ("C1,police,PS09,x,,", "such as PS01"),
        ("C1,police,,x,,", "such as PS01"),
        ("C1,fire,PS01,x,,", "a station of fire"),
        ("C1,police,PS01,x,,sleigh", "one of: ambulance, boat"),
    ):
        with pytest.raises(ListRefused, match=words):
            read_unit_list(write(tmp_path, UNITS + line + "\n"), HOMES, SERVICES)


HOSPITALS = "id,name,lat,lon,capabilities,beds\n"


def test_hospitals_with_what_they_can_do(tmp_path: Path) -> None:
    text = HOSPITALS + "H1,Chợ Rẫy,10.7577,106.6595,trauma|stroke,emergency:30|icu:8\n"
    (found,) = read_hospital_list(write(tmp_path, text), USUAL_PLACE_RULES, HERE)
    assert found.skills == ("trauma", "stroke") and {it: beds.free for it, beds in found.beds.items()} == {
        "emergency": 30, "icu": 8,
    }  # fmt: skip
    for part, words in (("magic,", "one of: trauma"), (",icu:many", "emergency:20"), (",sofa:1", "emergency:20")):
        with pytest.raises(ListRefused, match=words):
            read_hospital_list(
                write(tmp_path, HOSPITALS + f"H1,A,10.7577,106.6595,{part}\n"), USUAL_PLACE_RULES, HERE
            )


def test_premises_as_csv_and_as_geojson(tmp_path: Path) -> None:
    text = "lat,lon,kind,text,until\n10.77,106.69,gas,kho gas,2026-12-31\n10.78,106.69,,trụ,\n"
    gas, hydrant = read_premise_list(write(tmp_path, text), USUAL_PLACE_RULES, HERE, kind="hydrant")
    assert (gas.kind, gas.text, gas.radius_m, gas.until) == ("gas", "kho gas", 30.0, 1_798_736_400_000)
    assert (hydrant.kind, hydrant.until, hydrant.id) == ("hydrant", 0, "3")
    point = {"type": "Point", "coordinates": [106.69, 10.77]}
    feature = {"type": "Feature", "properties": {"id": "T1", "text": None}, "geometry": point}
    file = write(tmp_path, json.dumps({"type": "FeatureCollection", "features": [feature]}), "points.geojson")
    (found,) = read_premise_list(file, USUAL_PLACE_RULES, HERE, kind="hydrant")
    assert (found.id, found.lat, found.lon) == ("T1", 10.77, 106.69)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lat,lon\n10.77,106.69\n", "one of: hazard"),
        ("lat,lon,kind,until\n10.77,106.69,gas,tomorrow\n", "a date such as 2026-12-31"),
        ("lat,lon,kind,radius_m\n10.77,106.69,gas,9000\n", "from 0 to 5000"),
        (f"lat,lon,kind,text\n10.77,106.69,gas,{'x' * 1001}\n", "1000 printable characters at most"),
    ],
)
def test_premises_that_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ListRefused, match=words):
        read_premise_list(write(tmp_path, text), USUAL_PLACE_RULES, HERE)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "FeatureCollection", "features": [',
        '{"type": "Feature"}',
        "[]",
        '{"type": "Topology", "features": []}',
        "[" * 100_000,
    ],
)
def test_geojson_that_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(ListFileError, match="no readable GeoJSON"):
        read_premise_list(write(tmp_path, text, "a.geojson"), USUAL_PLACE_RULES, HERE)


AREA: object = {"type": "Polygon", "coordinates": []}


@pytest.mark.parametrize("geometry", [None, AREA, {"type": "Point", "coordinates": [1]}])
def test_geojson_without_points(tmp_path: Path, geometry: object) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": [{"properties": {}, "geometry": geometry}, 7]})
    with pytest.raises(ListRefused, match="a Point"):
        read_premise_list(write(tmp_path, text, "a.geojson"), USUAL_PLACE_RULES, HERE)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "A\x1b[2J"}, {"id": "A\u200b"}, {"name": "A\u202eB"}, {"lat": "1_0.77"}, {"lat": "\u0661\u0660.7"},
        {"name": "x" * 10_000}, {"name": "x" * 200_000},
    ],
)  # fmt: skip
def test_signs_that_a_terminal_obeys_and_texts_without_end(tmp_path: Path, changes: dict[str, str]) -> None:
    with pytest.raises((DemoDataError, ListRefused)) as caught:
        stations(tmp_path, row(**changes))
    told = caught.value.vi + caught.value.en
    assert "line 3" in told and "dòng 3" in told and len(told) < 1_000
    assert told.replace("\n", "").isprintable(), "nor does the answer carry them"


def test_one_letter_in_two_spellings_is_one_id(tmp_path: Path) -> None:
    with pytest.raises(ListRefused, match="line 4"):
        stations(tmp_path, row(id="\u00e2") + "a\u0302,police,B,10.77,106.69,yes\n")


@pytest.mark.parametrize(
    ("label", "skills"),
    [("x" * 10_000, "a"), ('"a\x1b[2J"', "a"), ("x", "|".join(f"c{n}" for n in range(100))), ("x", "y" * 50)],
)
def test_units_with_too_much_to_say(tmp_path: Path, label: str, skills: str) -> None:
    home = {it.id: it for it in stations(tmp_path, GOOD)}
    text = f"call_sign,service,station,label,capabilities\nP1,police,PS01,{label},{skills}\n"
    with pytest.raises(ListRefused, match="line 2"):
        read_unit_list(write(tmp_path, text, "units.csv"), home, SERVICES)


def notes(tmp_path: Path, text: str, name: str = "notes.csv") -> list[tuple[str, str]]:
    found = read_premise_list(write(tmp_path, text, name), USUAL_PLACE_RULES, HERE, kind="hydrant")
    return [(it.id, it.text) for it in found]


def test_notes_keep_their_words_and_their_names(tmp_path: Path) -> None:
    head = "id,lat,lon,text,until\n"
    many = 'A,10.77,106.7,"cổng sau\n#2 khóa\nhỏi bảo vệ",\n# nhận xét "\n,10.77,106.7,b,\n'
    assert notes(tmp_path, head + many) == [("A", "cổng sau\n#2 khóa\nhỏi bảo vệ"), ("6", "b")]
    with pytest.raises(ListRefused, match="line 3"):
        notes(tmp_path, head + ",10.77,106.7,a,\n2,10.78,106.7,another note of that name,\n")
    for bad in ("9999-12-31", "0001-01-01"):
        with pytest.raises(ListRefused, match="2026-12-31"):
            notes(tmp_path, head + f"A,10.77,106.7,a,{bad}\n")
    point = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [106.7, 10.77]}}
    half_a_letter = {"type": "FeatureCollection", "features": [{**point, "properties": {"text": "\ud800"}}]}
    with pytest.raises(ListRefused, match="printable"):
        notes(tmp_path, json.dumps(half_a_letter), "notes.geojson")


def test_what_a_list_would_change() -> None:
    one = HOMES["PS01"]
    before = {"A": one, "B": one, "C": one, "D": one}
    after = {"A": one, "B": replace(one, lat=10.771), "C": replace(one, name="khác", sample=True), "E": one}
    changed = compare(before, after, {"D"})
    assert changed.added == ("E",) and changed.kept == ("D",) and changed.removed == ()
    assert changed.changed == (("C", ("name",)),)
    ((name, metres),) = changed.moved
    assert name == "B" and 105 < metres < 115
    told = "; ".join(changed.lines("en"))
    assert "moved 1: B (111 m)" in told and "removed when free 1: D" in told
    assert not compare(before, before) and compare(before, before).lines("vi") == ["không đổi gì"]
    many = compare({}, {f"X{n}": one for n in range(20)})
    assert "(+5)" in many.lines("vi")[0]


def test_the_sample_lists_pass_the_gate(demo_data: Path) -> None:
    found = read_station_list(demo_data / "stations.csv", SERVICES, HERE)
    homes = {it.id: it for it in found}
    units = read_unit_list(demo_data / "units.csv", homes, SERVICES)
    hospitals = read_hospital_list(demo_data / "hospitals.csv", USUAL_PLACE_RULES, HERE)
    hydrants = read_premise_list(demo_data / "hydrants.csv", USUAL_PLACE_RULES, HERE, kind="hydrant")
    assert len(found) >= 60 and len(units) >= 120 and len(hospitals) >= 20 and len(hydrants) >= 10
    skills = {skill for it in hospitals for skill in it.skills}
    assert {"stroke", "trauma", "burns", "paediatric"} <= skills
    assert all(it.sample for it in (*found, *units, *hospitals))
    assert all("emergency" in it.beds for it in hospitals)


def test_errors_of_lists_are_errors_of_tables() -> None:
    assert issubclass(ListFileError, DemoDataError)
