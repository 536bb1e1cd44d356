"""The locator: routes by what is in force, a set swapped in whole, distances, and the map's bytes."""

from __future__ import annotations

import json
import math
import threading
from pathlib import Path

import pytest
import shapely
from geopy.distance import geodesic
from gis_tries import tries
from hypothesis import given
from hypothesis import strategies as st
from zone_samples import square

from dispatch_core.domain.vocabulary import AskedPlace
from dispatch_core.ports import Locator as LocatorPort
from gis.addresses.entries import all_entries
from gis.addresses.gazetteer import Gazetteer
from gis.errors import PlaceError, ZoneFileError
from gis.locator import Locator
from gis.resources import read_stations
from gis.travel.straight import metres_between, nearest
from gis.zones.defaults import default_zone_set
from gis.zones.geojson import read
from gis.zones.zone import Zone
from gis.zones.zone_set import ZoneSet

HANG_XANH = (10.8013, 106.7113)


def at(lat: float, lon: float) -> AskedPlace:
    return AskedPlace(lat=lat, lon=lon)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(all_entries())


@pytest.fixture(scope="module")
def default_sets(demo_data: Path) -> list[ZoneSet]:
    stations = read_stations(demo_data / "stations.csv")
    drafts = [default_zone_set(service, stations) for service in ("police", "fire", "ambulance")]
    return [ZoneSet(d.service, d.name, 0, d.zones, approximate=d.approximate) for d in drafts]


@pytest.fixture
def locator(gazetteer: Gazetteer, default_sets: list[ZoneSet]) -> Locator:
    made = Locator(gazetteer)
    for zone_set in default_sets:
        made.use(zone_set)
    return made


def test_it_is_the_port(locator: Locator) -> None:
    port: LocatorPort = locator
    answers = port.route(at(*HANG_XANH), ("police", "fire", "ambulance", "coastguard"))
    assert {s: (a.zone, a.station) for s, a in answers.items()} == {
        "police": ("26956", "PS04"),
        "fire": ("26956", "FS02"),
        "ambulance": ("26956", "AS03"),
    }
    assert all(a.approximate and a.zone_name == "Phường Thạnh Mỹ Tây" for a in answers.values())


def test_nothing_is_in_force_at_first(gazetteer: Gazetteer) -> None:
    empty = Locator(gazetteer)
    assert empty.route(at(*HANG_XANH), ("police",)) == {}
    assert json.loads(empty.zones_geojson("police"))["features"] == []
    assert empty.zone_set("police") is None
    with pytest.raises(PlaceError):
        empty.route(at(math.nan, 106.7), ())


def test_a_new_set_answers_from_then_on(locator: Locator) -> None:
    before = locator.zones_geojson("police")
    locator.use(ZoneSet("police", "new", 2, [Zone("N", "Mới", shapely.box(106.0, 10.0, 107.0, 11.0), "PS01")]))
    answers = locator.route(at(*HANG_XANH), ("police", "fire"))
    assert (answers["police"].zone_set, answers["police"].zone, answers["police"].station) == ("new v2", "N", "PS01")
    assert answers["fire"].zone == "26956"
    assert locator.zones_geojson("police") != before


def test_swapping_under_load_never_mixes(locator: Locator) -> None:
    left = ZoneSet("fire", "left", 1, [Zone("L", "L", square(0, 0), "L")])
    right = ZoneSet("fire", "right", 2, [Zone("R", "R", square(0, 0), "R")])
    stop = threading.Event()

    def swap() -> None:
        while not stop.is_set():
            locator.use(left)
            locator.use(right)

    thread = threading.Thread(target=swap)
    locator.use(left)
    thread.start()
    try:
        for _ in range(2_000):
            a = locator.route(at(10.705, 106.605), ("fire",))["fire"]
            assert (a.zone_set, a.zone, a.station) in (("left v1", "L", "L"), ("right v2", "R", "R"))
    finally:
        stop.set()
        thread.join()


def test_places_are_told_their_ward_and_that_it_is_a_guess(locator: Locator, gazetteer: Gazetteer) -> None:
    assert locator.suggest("ngã tư hàng xanh", None, 1)[0].ward == "≈ Phường Thạnh Mỹ Tây"
    assert locator.suggest("Phường Bến Thành", None, 1)[0].ward == "Phường Bến Thành"
    assert locator.suggest("quận 1", None, 1)[0].ward == ""
    sure = Locator(gazetteer)
    sure.use(ZoneSet("fire", "x", 1, [Zone("26956", "Thạnh Mỹ Tây", shapely.box(106.0, 10.0, 107.0, 11.0))]))
    assert sure.suggest("ngã tư hàng xanh", None, 1)[0].ward == "Phường Thạnh Mỹ Tây"
    other = Locator(gazetteer)
    other.use(ZoneSet("fire", "x", 1, [Zone("D1", "Địa bàn 1", shapely.box(106.0, 10.0, 107.0, 11.0))]))
    assert other.suggest("ngã tư hàng xanh", None, 1)[0].ward == ""  # zones that are no wards name none


def test_a_bad_near_is_refused(locator: Locator) -> None:
    with pytest.raises(PlaceError):
        locator.suggest("chợ", (106.7, 10.7), 5)


def test_the_map_gets_the_zones_and_the_warning(locator: Locator) -> None:
    drawn = json.loads(locator.zones_geojson("fire"))
    assert drawn["type"] == "FeatureCollection" and len(drawn["features"]) == 168
    assert drawn["approximate"] is True and drawn["note_vi"] == "Ranh gần đúng, để minh họa"
    one = drawn["features"][0]
    assert one["type"] == "Feature" and set(one["properties"]) == {"code", "name", "station"}
    assert one["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert locator.zones_geojson("fire") is locator.zones_geojson("fire")  # made once


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"type":"FeatureCollection","features":[{"type":"Feature"}]}', b"\xff",
             b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"A"},'
             b'"geometry":{"type":"Nonsense"}}]}']
)  # fmt: skip
def test_stored_bytes_that_are_no_zones(data: bytes) -> None:
    with pytest.raises(ZoneFileError) as caught:
        read(data)
    assert caught.value.code == "zone_set.stored"


@tries(60, 2_000)
@given(
    st.tuples(st.floats(8.0, 12.0), st.floats(105.0, 108.0)),
    st.lists(st.tuples(st.floats(8.0, 12.0), st.floats(105.0, 108.0)), max_size=5),
)
def test_metres_are_geodesic(here: tuple[float, float], there: list[tuple[float, float]]) -> None:
    metres = metres_between(*here, there)
    assert metres == pytest.approx([geodesic(here, p).meters for p in there], abs=0.01)
    order = [i for i, _ in nearest(*here, there, 3)]
    assert order == sorted(range(len(there)), key=lambda i: (metres[i], i))[:3]


def test_metres_to_no_place() -> None:
    assert metres_between(10.7, 106.7, []) == []
    for places in ([(math.nan, 106.0)], [(10.0, 106.0), (106.0, 10.0)]):
        with pytest.raises(PlaceError):
            metres_between(10.7, 106.7, places)


def test_the_ward_at_a_place_with_its_former_names(gazetteer: Gazetteer, locator: Locator) -> None:
    there = locator.ward_at(*HANG_XANH)
    assert there.name and there.approximate
    assert any("Quận Bình Thạnh" in name for name in there.former)
    assert Locator(gazetteer).ward_at(*HANG_XANH).name == "", "nothing is published"
    assert locator.ward_at(21.0, 105.8).name == ""
    with pytest.raises(PlaceError):
        locator.ward_at(91.0, 0.0)
