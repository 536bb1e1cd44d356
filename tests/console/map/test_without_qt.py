"""Projection, zone outlines, marks, crowding, picking and what is told: all without a screen."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console_gui.map.cells import Cells
from console_gui.map.lettering import short_name
from console_gui.map.marks import SceneOf, UnitMark, late_incidents
from console_gui.map.mercator import (
    CLOSEST,
    WIDEST,
    Viewport,
    bounds_of,
    first_look,
    most_of,
    scale_bar,
    to_degrees,
    to_world,
)
from console_gui.map.picking import Kind, Target, pick
from console_gui.map.picture import compose
from console_gui.map.room import Room
from console_gui.map.telling import tell
from console_gui.map.words import length
from console_gui.map.zone_outlines import ZonesUnreadable, read_outlines, thinned
from dispatch_core.domain.state import Alarm, Assignment
from dispatch_core.domain.vocabulary import AlarmLevel, IncidentState, Station, UnitStatus
from tests.console.map.city import CENTRE, crowded_state, incident, square_zones, state, unit

HERE = Viewport(*to_world(*CENTRE), 8_000_000.0, 1000, 700)
LAT, LON = CENTRE


def measure(text: str, strong: bool) -> float:
    return 7.0 * len(text) + 8


@given(st.floats(-84, 84), st.floats(-180, 180))
def test_degrees_come_back(lat: float, lon: float) -> None:
    assert to_degrees(*to_world(lat, lon)) == pytest.approx((lat, lon), abs=1e-9)


def test_a_degree_of_latitude_is_as_long_as_on_the_ground() -> None:
    _, y0 = HERE.to_screen(*to_world(LAT, LON))
    _, y1 = HERE.to_screen(*to_world(LAT + 0.01, LON))
    assert (y0 - y1) * HERE.metres_per_pixel == pytest.approx(1_112, rel=0.01)


@given(st.floats(0.01, 100), st.floats(0, 1000), st.floats(0, 700))
def test_zooming_keeps_the_place_under_the_pointer(factor: float, px: float, py: float) -> None:
    near = HERE.zoomed(factor, px, py)
    assert WIDEST <= near.scale <= CLOSEST
    assert near.to_screen(*HERE.from_screen(px, py)) == pytest.approx((px, py), abs=0.01)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_no_drag_leaves_the_world(dx: float, dy: float) -> None:
    moved = HERE.panned(dx, dy)
    assert 0 <= moved.x <= 1 and 0 <= moved.y <= 1


def test_fit_shows_all_of_it() -> None:
    points = [to_world(10.7, 106.6), to_world(10.9, 106.9)]
    bounds = bounds_of(points)
    assert bounds is not None
    fitted = HERE.fitted(bounds)
    for x, y in points:
        px, py = fitted.to_screen(x, y)
        assert 40 <= px <= 960 and 40 <= py <= 660


def test_far_islands_do_not_push_the_city_away() -> None:
    city = [to_world(LAT + i / 1000, LON + i / 1000) for i in range(20)]
    bounds = most_of([*city, to_world(8.68, 106.6)])
    assert bounds is not None and bounds[3] <= max(y for _, y in city)
    assert most_of([]) is None


def test_the_first_look_is_at_the_city_and_what_happens_near_it() -> None:
    city = [to_world(LAT + i / 1000, LON + i / 1000) for i in range(40)]
    inner = most_of(city)
    assert inner is not None and first_look([], city) == inner
    near, far = to_world(LAT - 0.05, LON), to_world(8.68, 106.6)
    assert first_look([far], city) == inner
    assert first_look([near, far], city) == bounds_of([inner[:2], inner[2:], near])
    assert first_look([near], []) == (*near, *near)


@given(st.floats(0.05, 5_000))
def test_the_scale_bar_is_a_round_length_that_fits(metres_per_pixel: float) -> None:
    metres, pixels = scale_bar(metres_per_pixel, 140)
    assert 140 / 2.6 <= pixels <= 140.001
    assert round(metres / 10 ** math.floor(math.log10(metres) + 1e-9), 6) in (1, 2, 5)


def test_lengths_read_as_people_write_them() -> None:
    assert [length(m, "vi") for m in (200, 1_000, 1_500)] == ["200 m", "1 km", "1,5 km"]
    assert length(1_500, "en") == "1.5 km"


def test_zones_are_read_as_the_core_sends_them() -> None:
    outlines = read_outlines("fire", square_zones(3))
    assert len(outlines.zones) == 9 and outlines.approximate and outlines.note_vi.startswith("Ranh")
    zone = outlines.zones[4]
    assert zone.name.startswith("Phường") and zone.bounds[0] < zone.label_at[0] < zone.bounds[2]


def _broken(change: Any) -> dict[str, Any]:
    document = json.loads(square_zones(2))
    change(document)
    return document


@pytest.mark.parametrize("bad", [
    b"", b"\xff\xfe", b"[]", b"null", b"{}", '{"type": "FeatureCollection"}', {"type": "Feature"},
    _broken(lambda d: d["features"][0].pop("geometry")),
    _broken(lambda d: d["features"][0]["geometry"].update(type="Point")),
    _broken(lambda d: d["features"][0]["geometry"].update(coordinates=[])),
    _broken(lambda d: d["features"][0]["geometry"].update(coordinates=[[]])),
    _broken(lambda d: d["features"][0]["geometry"]["coordinates"][0].__setitem__(0, ["x", 1])),
    _broken(lambda d: d["features"][0]["geometry"]["coordinates"][0].__setitem__(0, [float("nan"), 1])),
    _broken(lambda d: d["features"][0]["geometry"]["coordinates"][0].__setitem__(0, [106.0, 1060.0])),
    _broken(lambda d: d["features"][0]["properties"].update(name=7)),
    _broken(lambda d: d.update(features=5)),
    _broken(lambda d: d.update(note_vi=[])),
])  # fmt: skip
def test_bad_zones_are_refused_whole_with_a_sentence(bad: Any) -> None:
    with pytest.raises(ZonesUnreadable) as refused:
        read_outlines("fire", bad)
    assert "fire" in refused.value.vi and "fire" in refused.value.en


def test_thinning_keeps_the_ends_and_the_shape() -> None:
    ring = [(index / 1000, 0.0) for index in range(1001)]
    thin = thinned(ring, 0.1)
    assert thin[0] == ring[0] and thin[-1] == ring[-1] and len(thin) < 13


def test_marks_of_a_place_that_cannot_be_are_left_out() -> None:
    scene = SceneOf().show(state([unit("A1", LAT, LON), unit("A2", 999.0, LON)], [incident(1, None, None)]))
    assert [it.id for it in scene.units] == ["A1"] and scene.incidents == ()


def test_only_what_changed_is_made_anew() -> None:
    scenes, first = SceneOf(), state([unit("A1", LAT, LON), unit("A2", LAT, LON)], [])
    before = {it.id: it for it in scenes.show(first).units}
    second = state([first.units["A1"], unit("A2", LAT, LON, status=UnitStatus.ON_SCENE)], [])
    after = {it.id: it for it in scenes.show(second).units}
    assert after["A1"] is before["A1"] and after["A2"].status is UnitStatus.ON_SCENE


def test_late_is_what_an_alarm_or_a_broken_promise_says() -> None:
    one, two, three = (incident(number, LAT, LON) for number in (1, 2, 3))
    offered = unit(
        "A1", LAT, LON, status=UnitStatus.OFFERED, status_at=1_000,
        assignment=Assignment(incident=two.id, service="ambulance", at=1, by="t"),
    )  # fmt: skip
    loud = Alarm(key="a", kind="late", subject=one.id, level=AlarmLevel.HIGH, raised_at=1)
    quiet = Alarm(key="b", kind="note", subject=three.id, level=AlarmLevel.LOW, raised_at=1)
    shown = state([offered], [one, two, three], alarms={"a": loud, "b": quiet})
    assert late_incidents(shown) == {one.id}
    assert late_incidents(shown, 10_000_000) == {one.id, two.id}


def test_groups_stand_still_while_the_map_is_dragged_and_never_touch() -> None:
    scene = SceneOf().show(crowded_state(500, 0))
    far = HERE.zoomed(0.1, 500, 350)

    def groups(view: Viewport) -> dict[frozenset[str], tuple[float, float]]:
        found = Cells[UnitMark]().grouped(scene.units, view, cell_px=76, reach=(10, 12))
        inner = [g for g in found if 200 < g.px < 800 and 200 < g.py < 500]
        return {frozenset(it.id for it in g.members): (g.px, g.py) for g in inner if len(g.members) > 1}

    before, after = groups(far), groups(far.panned(30, 20))
    common = before.keys() & after.keys()
    assert len(common) >= 0.5 * len(before) > 3
    for members in common:
        assert after[members] == pytest.approx((before[members][0] + 30, before[members][1] + 20))
    spots = list(before.values())
    assert all(
        max(abs(a[0] - b[0]), abs(a[1] - b[1])) >= 76 - 24.01 for i, a in enumerate(spots) for b in spots[:i]
    )


def test_room_is_given_once_and_only_on_the_screen() -> None:
    room = Room(100, 40)
    assert room.place([(10, 10)], 20, 10) == (10, 10)
    assert room.place([(15, 12), (32, 10)], 20, 10) == (32, 10)
    assert room.place([(-1, 0), (90, 0), (0, 38)], 20, 10) is None


def test_words_never_cover_words_or_marks() -> None:
    picture = compose(SceneOf().show(crowded_state(300, 80)), HERE, measure)
    boxes = [(it.x, it.y, it.x + it.width, it.y + 16) for it in picture.labels]
    assert len(boxes) > 20
    for index, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[:index]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
        for _, px, py in picture.units:
            assert not (left < px < right and top < py < bottom)


def test_a_crowd_becomes_numbers_and_the_chosen_incident_stays_itself() -> None:
    shown = crowded_state(2_000, 1_500)
    chosen = next(iter(shown.incidents))
    far = HERE.zoomed(0.1, 500, 350)
    picture = compose(SceneOf().show(shown), far, measure, selected=chosen)
    assert chosen in [mark.id for mark, _, _ in picture.incidents]
    theirs = {it.call_sign for it in shown.units.values() if it.assignment and it.assignment.incident == chosen}
    assert len(picture.lines) == len(theirs)
    assert len(picture.units) + len(picture.incidents) < 400
    counted = sum(row.total for _, counts, _, _ in picture.unit_groups for row in counts)
    assert counted + len(picture.units) > 1_500


def test_units_of_one_station_stand_below_it_one_by_one() -> None:
    home = Station(id="S1", service="ambulance", name="Trạm", lat=LAT, lon=LON)
    shown = state([unit(f"A{i}", LAT, LON) for i in range(5)], [], stations={"S1": home})
    picture = compose(SceneOf().show(shown), HERE, measure)
    ys = sorted(py for _, _, py in picture.units)
    assert len(ys) == 5 and all(later - earlier >= 20 for earlier, later in zip(ys, ys[1:], strict=False))
    assert ys[0] > picture.stations[0][2] + 10


def test_only_the_chosen_services_and_what_belongs_to_none_yet() -> None:
    shown = state(
        [unit("A1", LAT, LON), unit("C1", LAT, LON + 0.01, service="police")],
        [incident(1, LAT + 0.01, LON, services=("police",)), incident(2, LAT - 0.01, LON, services=())],
    )
    picture = compose(SceneOf().show(shown), HERE, measure, services=frozenset({"ambulance"}))
    assert [mark.id for mark, _, _ in picture.units] == ["A1"]
    assert [mark.number for mark, _, _ in picture.incidents] == ["#2"]


def test_the_uppermost_is_met_first_and_a_near_miss_still_hits() -> None:
    below, above = Target(Kind.UNIT, "a", 50, 50, 10, 10), Target(Kind.INCIDENT, "b", 55, 50, 10, 10)
    assert pick([below, above], 52, 50) is above
    assert pick([below, above], 41, 50) is below
    assert pick([below, above], 68, 50) is above
    assert pick([below, above], 90, 50) is None


def test_what_the_pointer_reads_is_the_name_the_status_and_the_age() -> None:
    a12 = unit("A12", LAT, LON, label="Xe cứu thương", status=UnitStatus.EN_ROUTE, status_at=60_000)
    shown = state([a12], [incident(42, LAT, LON, priority=1, received_at=60_000)])
    told = tell(Target(Kind.UNIT, "A12", 0, 0, 1, 1), shown, "vi", 310_000)
    assert told.startswith("A12 · Xe cứu thương\nđang đến · 4:10")
    told = tell(Target(Kind.INCIDENT, "20261123-00042", 0, 0, 1, 1), shown, "en", 0)
    assert "#42 · P1 · Traffic accident, trapped" in told and "since 07:01" in told and "±31 m" in told


def test_wards_are_written_as_dispatchers_do() -> None:
    assert short_name("Phường Thạnh Mỹ Tây") == "P. Thạnh Mỹ Tây"
    assert short_name("Đặc khu Côn Đảo") == "ĐK. Côn Đảo"


def test_a_closed_incident_is_never_urgent() -> None:
    scene = SceneOf().show(state([], [incident(1, LAT, LON, priority=1, state=IncidentState.CLOSED)]))
    assert not scene.incidents[0].urgent
