"""The widget itself, off screen."""

from __future__ import annotations

import json
from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from console_gui import typefaces
from console_gui.map.mercator import Viewport, to_degrees, to_world
from console_gui.map.picking import Kind
from console_gui.map.view import MapView
from console_gui.theme import DAY, NIGHT
from dispatch_core.domain.state import Assignment, State, put
from dispatch_core.domain.vocabulary import Location, LocationSource, UnitStatus
from tests.console.map.city import CENTRE, crowded_state, incident, square_zones, state, unit
from tests.console.map.measure import full_map, measured
from tests.console.turns_taken import all_turns_taken

LAT, LON = CENTRE
HERE = QPoint(400, 300)


@pytest.fixture
def view(qtbot: QtBot) -> MapView:
    typefaces.load()
    shown = MapView()
    qtbot.addWidget(shown)
    shown.resize(800, 600)
    shown.show()
    shown.show_state(two())
    shown.look_at(LAT, LON)
    return shown


def two() -> State:
    sent = Assignment(incident="20261123-00042", service="ambulance", at=1, by="t")
    return state(
        [unit("A12", LAT + 0.004, LON, status=UnitStatus.EN_ROUTE, status_at=1, assignment=sent)],
        [incident(42, LAT, LON, priority=1), incident(43, LAT, LON + 0.008)],
    )


def spot(view: MapView, kind: Kind, ident: str) -> QPoint:
    found = next(it for it in view.picture().targets if it.kind is kind and it.id == ident)
    return QPoint(round(found.px), round(found.py))


def image(view: MapView) -> QImage:
    return view.grab().toImage()


def test_a_click_picks_an_incident_or_a_unit(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.incident_picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot(view, Kind.INCIDENT, "20261123-00042"))
    assert picked.args == ["20261123-00042"] and view.selected == "20261123-00042"
    assert len(view.picture().lines) == 1
    with qtbot.waitSignal(view.unit_picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot(view, Kind.UNIT, "A12"))
    assert picked.args == ["A12"] and view.selected == "20261123-00042"


def test_a_right_click_asks_what_can_be_done_there(view: MapView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.menu_wanted) as wanted:
        qtbot.mouseClick(view, Qt.MouseButton.RightButton, pos=HERE)
    assert to_degrees(*view.viewport.from_screen(*wanted.args)) == pytest.approx((LAT, LON), abs=1e-4)


def test_dragging_moves_the_map_and_picks_nothing(view: MapView, qtbot: QtBot) -> None:
    before = view.viewport
    at = spot(view, Kind.INCIDENT, "20261123-00042")
    with qtbot.assertNotEmitted(view.incident_picked):
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseMove(view, at + QPoint(60, 20))
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at + QPoint(60, 20))
    assert view.viewport == before.panned(60, 20)


def test_keys_and_wheel_move_it(view: MapView, qtbot: QtBot) -> None:
    before = view.viewport
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view.viewport.scale > before.scale
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.viewport.x > before.x
    wheel = QWheelEvent(
        QPointF(100, 100), QPointF(100, 100), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    place, scale = view.viewport.from_screen(100, 100), view.viewport.scale
    view.wheelEvent(wheel)
    assert view.viewport.scale > scale and view.viewport.from_screen(100, 100) == pytest.approx(place)


def test_page_keys_go_through_incidents_by_urgency(view: MapView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.selected == "20261123-00042"
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.selected == "20261123-00043"
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selected == ""


def test_a_new_state_paints_no_outline_again(view: MapView) -> None:
    view.show_zones("ambulance", square_zones())
    all_turns_taken()
    painted, shown = view.ground_painted(), two()
    crew = replace(shown.units["A12"], lat=LAT + 0.002)
    before = image(view)
    view.show_state(replace(shown, units=put(shown.units, "A12", crew)))
    all_turns_taken()
    assert image(view) != before and view.ground_painted() == painted
    view.set_look(False)
    view.grab()
    assert view.ground_painted() == painted + 1


@pytest.mark.parametrize("leaves_first", [False, True])
def test_what_changes_while_nobody_looks_is_seen_afterwards(view: MapView, leaves_first: bool, qtbot: QtBot) -> None:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard would have it painted anew
    for it in (view, QWidget()):
        tabs.addTab(it, "tab")
    tabs.resize(900, 700)
    tabs.show()
    qtbot.waitUntil(lambda: not view._passing.isActive())
    settle()
    before, shown = view._frame.toImage(), two()
    other = replace(shown, units=put(shown.units, "A12", replace(shown.units["A12"], lat=LAT + 0.002)))
    for act in (partial(tabs.setCurrentIndex, 1), partial(view.show_state, other))[:: 1 if leaves_first else -1]:
        act()
    settle()
    tabs.setCurrentIndex(0)
    settle()
    shown_again = view._frame.toImage()
    view.setParent(None)
    assert shown_again != before


def settle() -> None:
    for _ in range(3):
        all_turns_taken()
        QApplication.processEvents()


def test_a_picture_begun_before_the_map_was_painted_whole_is_given_up(view: MapView) -> None:
    all_turns_taken()
    under_way = view._paint_frame()
    next(under_way)
    view.select_incident("20261123-00043")
    whole = image(view)
    assert next(under_way, "given up") == "given up" and image(view) == whole
    view.update()
    under_way = view._paint_frame()
    next(under_way)
    image(view)
    assert next(under_way, "given up") == "given up"


def test_zones_put_in_while_outlines_are_painted_are_drawn_as_they_are(view: MapView, qtbot: QtBot) -> None:
    view.zoom(0.03, 400, 300)
    qtbot.waitUntil(lambda: not view._passing.isActive())
    view.show_zones("ambulance", square_zones(side=13))
    under_way = view._paint_frame()
    view.picture()
    for _ in range(12):
        next(under_way)
    view.show_zones("ambulance", triangles(square_zones(side=13)))
    for _ in under_way:
        pass
    all_turns_taken()
    mixed = image(view)
    view._ground._paths.clear()
    view._ground._version += 1
    view.update()
    assert image(view) == mixed


def triangles(zones: bytes) -> bytes:
    told = json.loads(zones)
    for feature in told["features"]:
        ring = feature["geometry"]["coordinates"][0]
        west, east = min(x for x, _ in ring), max(x for x, _ in ring)
        south, north = min(y for _, y in ring), max(y for _, y in ring)
        feature["geometry"]["coordinates"] = [[[west, south], [east, south], [(west + east) / 2, north], [west, south]]]
    return json.dumps(told).encode()


def test_another_room_has_the_picture_in_its_middle_until_the_next(view: MapView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not view._passing.isActive())  # the scale was another a moment ago
    all_turns_taken()
    before = image(view)
    view.resize(900, 700)
    during = image(view)
    assert during.copy(60, 60, 780, 580) == before.copy(10, 10, 780, 580), "but for the frame of who has the keyboard"
    all_turns_taken()
    assert image(view) != during and image(view).size() == view.size()


@pytest.mark.parametrize("steps", range(1, 17, 2))
def test_a_hand_overtakes_a_picture_that_is_painted_in_steps(view: MapView, steps: int) -> None:
    view.show_zones("ambulance", square_zones())
    view.show_state(crowded_state(2_000, 300))
    all_turns_taken()
    view.set_look(False)
    image(view)
    view.set_look(True)  # outlines and all: many steps
    under_way = view._paint_frame()
    view.picture()
    assert [next(under_way) for _ in range(steps)], "it is under way"
    view.zoom(1.4, 400, 300)
    assert next(under_way, "given up") == "given up"
    whole = image(view)
    all_turns_taken()
    assert view.picture().view == view.viewport and image(view) == whole


def test_what_a_person_moved_stays_where_it_is(view: MapView) -> None:
    before = view.viewport
    view.show_state(crowded_state(50, 20))
    view.show_zones("fire", square_zones())
    assert view.viewport == before
    view.fit()
    assert view.viewport != before


def test_bad_zones_leave_the_map_running_and_say_so(view: MapView) -> None:
    assert view.show_zones("fire", square_zones())
    assert view.notes == [("Địa bàn gần đúng, để minh họa", False)]
    assert not view.show_zones("fire", b'{"type": "FeatureCollection", "features": [{}]}')
    (wrong, flag), *rest = view.notes
    assert flag and "fire" in wrong and rest == [("Địa bàn gần đúng, để minh họa", False)]
    view.grab()
    view.set_language("en")
    assert view.notes[0][0].startswith("The zones of fire cannot be read")
    assert view.show_zones("fire", square_zones(approximate=False)) and view.notes == []


def test_words_of_strangers_stay_plain(view: MapView) -> None:
    bold = Location(label="<b>Chợ</b>\n<img src=x>", source=LocationSource.AML, lat=LAT, lon=LON)
    view.show_state(state([], [incident(7, LAT, LON, location=bold)]))
    at = spot(view, Kind.INCIDENT, "20261123-00007")
    view.pointed(at.x(), at.y())
    assert "<b>Chợ</b> <img src=x>" in view.hover_text()
    assert view._hover.textFormat() is Qt.TextFormat.PlainText
    view.pointed(5, 590)
    assert view.hover_text() == ""


def test_languages_and_looks_change_while_it_runs(view: MapView) -> None:
    assert view.accessibleName() == "Bản đồ" and "2 vụ việc, 1 khẩn" in view.accessibleDescription()
    assert image(view).pixelColor(3, 300).name() == NIGHT.ground
    view.set_language("en")
    view.set_look(False)
    assert view.accessibleName() == "Map" and "2 incidents, 1 urgent" in view.accessibleDescription()
    assert image(view).pixelColor(3, 300).name() == DAY.ground


def test_a_click_on_a_group_tells_all_of_it(view: MapView, qtbot: QtBot) -> None:
    view.show_state(state([unit(f"A{i}", LAT, LON) for i in range(20)], []))
    group = next(it for it in view.picture().targets if it.kind is Kind.UNITS)
    assert group.one_place == to_world(LAT, LON)
    with qtbot.waitSignal(view.crowd_picked) as picked:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(group.px), round(group.py)))
    assert set(picked.args[0].members) == {f"A{i}" for i in range(20)}


def test_an_old_position_is_told_beside_the_unit_and_a_chosen_one_always(view: MapView) -> None:
    def told() -> list[str]:
        return [label.text for label in view.picture().labels]

    view.seen_at = {"A12": 1_000_000}
    view.show_state(state([unit("A12", LAT, LON, status=UnitStatus.EN_ROUTE)], []))
    fresh = image(view)
    view.show_time(1_012_000)
    assert told() == ["A12 →"] and image(view) == fresh
    view.select_unit("A12")
    assert told() == ["A12 → · 12 s"]
    view.select_unit("")
    view.show_time(1_200_000)
    assert told() == ["A12 → · vị trí cũ 3'"] and image(view) != fresh
    view.set_language("en")
    view.show_time(2_000_000)
    assert told() == ["A12 → · lost for 16'"]
    view.seen_at = {}
    view.show_time(2_001_000)
    assert told() == ["A12 → · position unknown"]


def test_an_incident_that_has_left_is_no_longer_chosen(view: MapView) -> None:
    view.select_incident("20261123-00042")
    view.show_state(state([], []))
    assert view.selected == "" and view.picture().selected_at is None


def test_time_alone_makes_an_open_offer_late(view: MapView) -> None:
    shown = two()
    waiting = replace(shown.units["A12"], status=UnitStatus.OFFERED, status_at=1_000)
    view.show_state(replace(shown, units={"A12": waiting}))
    view.show_time(30_000)
    assert not any(label.late for label in view.picture().labels)
    view.show_time(90_000)
    assert [label.text for label in view.picture().labels if label.late] == ["#42"]


def test_a_full_city_paints_in_time(qtbot: QtBot) -> None:
    typefaces.load()
    view = full_map()
    qtbot.addWidget(view)
    view.grab()
    assert min(measured(view)) < 60  # about 10 ms on a quiet machine


def test_under_a_dragging_hand_the_marks_go_along_and_are_composed_apart(view: MapView, qtbot: QtBot) -> None:
    view.show_state(crowded_state(300, 100))
    view.look_at(LAT, LON)
    image(view)
    composed, ground = view.composed, view.ground_painted()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=HERE)
    qtbot.mouseMove(view, HERE + QPoint(40, 8))
    image(view)
    assert view.composed == composed, "no frame waits for the new picture"
    qtbot.waitUntil(lambda: view.composed == composed + 1)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=HERE + QPoint(40, 8))
    assert view.ground_painted() == ground
    assert view.picture().view == view.viewport


def test_the_map_does_not_shift_with_every_unit() -> None:
    view = Viewport(0.5, 0.5, 1.0, 800, 600).fitted((0.40, 0.40, 0.60, 0.60))
    assert view.still_shows((0.401, 0.40, 0.601, 0.60)) and view.still_shows((0.42, 0.42, 0.58, 0.58))
    assert not view.still_shows((0.40, 0.40, 0.75, 0.60)), "somebody would be out of sight"
    assert not view.still_shows((0.49, 0.49, 0.51, 0.51)), "all of it in a corner"
