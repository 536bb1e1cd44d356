"""The embedded set: a sound coverage, named as the wards, grouped by each service's stations, said to be a guess."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from dispatch_core.domain.vocabulary import Station
from gis.addresses.wards import present_wards
from gis.resources import read_stations
from gis.travel.straight import metres_between
from gis.zones.coverage import holes, is_whole
from gis.zones.defaults import default_zone_set
from gis.zones.geojson import read, write
from gis.zones.zone import with_nearest_stations
from gis.zones.zone_set import ZoneSet

SERVICES = ("police", "fire", "ambulance")


@pytest.fixture(scope="module")
def stations(demo_data: Path) -> tuple[Station, ...]:
    return read_stations(demo_data / "stations.csv", SERVICES)


def test_every_ward_has_an_area_around_its_centre() -> None:
    draft = default_zone_set("police")
    assert {z.code: z.name for z in draft.zones} == {w.code: w.name for w in present_wards()}
    zone_set = ZoneSet("police", draft.name, 0, draft.zones, approximate=True)
    for ward in present_wards():
        answer = zone_set.answer(ward.lat, ward.lon)
        assert (answer.zone, answer.outside, answer.approximate) == (ward.code, False, True)
    polygons = np.asarray([z.geometry for z in draft.zones], dtype=object)
    assert is_whole(polygons) and holes(polygons) == ((), ())


def test_it_says_that_it_is_a_guess() -> None:
    draft = default_zone_set("fire")
    assert draft.approximate
    assert "gần đúng, để minh họa" in draft.note_vi.lower()
    assert "approximate, for demonstration" in draft.note_en.lower()
    stored = read(write(draft.zones, approximate=True, note_vi=draft.note_vi, note_en=draft.note_en))
    assert (stored.approximate, stored.note_vi, stored.note_en) == (True, draft.note_vi, draft.note_en)


def test_each_service_has_its_own_nearest_station(stations: tuple[Station, ...]) -> None:
    by_service = {s: default_zone_set(s, stations) for s in SERVICES}
    for service, draft in by_service.items():
        own = sorted((s for s in stations if s.service == service), key=lambda s: s.id)
        for zone in draft.zones:
            inside = shapely.point_on_surface(zone.geometry)
            metres = metres_between(inside.y, inside.x, [(s.lat, s.lon) for s in own])
            assert zone.station == own[int(np.argmin(metres))].id
        assert len({z.station for z in draft.zones}) > 12
    shapes = [[z.geometry.wkb for z in draft.zones] for draft in by_service.values()]
    assert shapes[0] == shapes[1] == shapes[2]


def test_a_station_in_the_file_is_kept_and_without_stations_none_is_given(stations: tuple[Station, ...]) -> None:
    zones = default_zone_set("fire", stations).zones
    assert with_nearest_stations(zones, "fire", stations) == zones
    assert {z.station for z in default_zone_set("fire", [s for s in stations if s.service == "police"]).zones} == {""}


def test_a_station_that_is_no_longer_in_the_list_gives_way_to_the_nearest() -> None:
    zone = replace(default_zone_set("fire").zones[0], station="GONE", backups=("F2",))
    there = [Station(id="F1", service="fire", name="F1", lat=10.7, lon=106.7)]
    (given,) = with_nearest_stations([zone], "fire", there)
    assert (given.station, given.backups) == ("F1", ("F2",))


def test_equal_distances_go_to_the_smaller_id() -> None:
    zones = default_zone_set("fire").zones[:1]
    twins = [Station(id=i, service="fire", name=i, lat=10.7, lon=106.7) for i in ("F2", "F1")]
    assert with_nearest_stations(zones, "fire", twins)[0].station == "F1"


def test_the_islands_and_the_sea() -> None:
    draft = default_zone_set("ambulance")
    zone_set = ZoneSet("ambulance", draft.name, 0, draft.zones, approximate=True)
    con_dao = zone_set.answer(8.69, 106.61)
    assert (con_dao.zone_name, con_dao.runner_up) == ("Đặc khu Côn Đảo", "")
    sea = zone_set.answer(9.5, 107.0)
    assert sea.outside and sea.outside_m > 20_000.0
