"""The map in a hand, at a desk: find, follow, measure, aim with keys, the menu of a place, groups as lists, layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from console_gui.command_line.parsing import BY_NAME
from console_gui.command_line.tokens import read
from console_gui.folding import fold
from console_gui.hands import click_map, drag_map, press, type_into
from console_gui.main_window import MainWindow
from console_gui.map.keys import LAYERS, MAP_KEYS
from console_gui.map.mercator import to_world
from console_gui.map.picking import Kind
from console_gui.map_panel import MapPanel
from console_gui.mapping.crowds import CLOSER
from console_gui.steps import in_one_go
from dispatch_core.domain import commands as c
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import ClosureKind, Location, LocationSource, Measured, Suggestion
from dispatch_core.wire.envelopes import LiveValue
from dispatch_core.wire.ways import AlongShown, HereShown
from tests.console.conftest import OpenWindow
from tests.console.held import held
from tests.console.local_desk import LocalDesk

CRASH = "20261123-00001"
K = Qt.Key
AT_ONE_SPOT = Location(label="Chợ Bến Thành", source=LocationSource.MAP_PIN, lat=10.78, lon=106.7)
Opened = tuple[LocalDesk, MainWindow, MapPanel]


@pytest.fixture
def opened(open_window: OpenWindow) -> Opened:
    local, window = open_window()
    assert window.panels.map is not None
    questions: Any = local.questions
    questions.along = lambda points: AlongShown(metres=1_900.0, seconds=240.0, measured=Measured.ROAD)
    questions.here = lambda lat, lon: HereShown(ward="Phường Thạnh Mỹ Tây", former=("Phường 22, Quận Bình Thạnh",))
    in_one_go(window.panels.map._refresh())
    return local, window, window.panels.map


def run(window: MainWindow, line: str) -> None:
    type_into(window.bar.line, line)
    press(window.bar.line, K.Key_Return)


def sent(local: LocalDesk, kind: type) -> list[Any]:
    return [order.body for order in local.link.orders if isinstance(order.body, kind)]


def in_the_middle(panel: MapPanel, lat: float, lon: float) -> bool:
    px, py = panel.map.viewport.to_screen(*to_world(lat, lon))
    return abs(px - panel.map.width() / 2) < 1.5 and abs(py - panel.map.height() / 2) < 1.5


def report(local: LocalDesk, panel: MapPanel, unit: str, lat: float, lon: float) -> None:
    value = LiveValue(kind="positions", key="00", at=local.desk.now(), value={unit: [lat, lon, local.desk.now()]})
    local.desk.take_live((value,))
    in_one_go(panel._refresh())


# --- keys and lines ---------------------------------------------------------------------------------------------------


def test_every_key_of_the_map_is_a_line(opened: Opened) -> None:
    for key in MAP_KEYS:
        assert read(key.line).verb in {fold(name) for name in BY_NAME}, key
    local, window, panel = opened
    for layer in LAYERS:
        line = next(it.line for it in MAP_KEYS if it.layer == layer)
        run(window, line)
        assert not panel.map.layers[layer]
        run(window, line)
        assert panel.map.layers[layer]
    shown = panel.map.legend
    run(window, "chugiai")
    assert panel.map.legend is not shown


def test_what_was_switched_off_stays_off_for_this_person(open_window: OpenWindow) -> None:
    _, window = open_window()
    assert window.panels.map is not None
    press(window.panels.map.map, K.Key_U)
    press(window.panels.map.map, K.Key_Y)
    window.close()
    _, again = open_window()
    assert again.panels.map is not None
    off = {layer for layer, shown in again.panels.map.map.layers.items() if not shown}
    assert off == {"units", "hospitals"}


# --- find -------------------------------------------------------------------------------------------------------------


def test_a_unit_is_found_where_it_reported_to_be(opened: Opened) -> None:
    local, window, panel = opened
    report(local, panel, "A2", 10.9, 106.9)
    press(panel.map, K.Key_G)
    assert window.bar.line.text() == "tim "
    run(window, "tim a2")
    assert panel.map.selected_unit == "A2" and in_the_middle(panel, 10.9, 106.9)
    assert panel.map.picture().unit_at is not None


def test_an_incident_and_an_address_are_marked(opened: Opened) -> None:
    local, window, panel = opened
    place = local.desk.state.incidents[CRASH].location
    assert place is not None and place.lat is not None and place.lon is not None
    run(window, "tim #1")
    found = panel.map.laid.found
    assert found is not None and (found.lat, found.lon) == (place.lat, place.lon) and "#1" in found.words
    local.questions.suggestions = (Suggestion(label="12 Lê Lợi", lat=10.77, lon=106.7, kind="house"),)
    run(window, "tim 12 le loi")
    found = panel.map.laid.found
    assert found is not None and (found.lat, found.lon, found.words) == (10.77, 106.7, "12 Lê Lợi")
    assert in_the_middle(panel, 10.77, 106.7)
    press(panel.map, K.Key_Escape)
    assert panel.map.laid.found is None


def test_several_stand_in_a_list_and_enter_goes_there(opened: Opened) -> None:
    local, window, panel = opened
    local.questions.suggestions = (
        Suggestion(label="Lê Lợi", lat=10.77, lon=106.7, kind="street"),
        Suggestion(label="Lê Lai", lat=10.78, lon=106.71, kind="street"),
    )
    run(window, "find le l")
    listing = panel.map.listing
    assert [row.words.split(" · ")[0] for row in listing.rows()] == ["Lê Lợi", "Lê Lai"]
    press(listing.list, K.Key_Down)
    press(listing.list, K.Key_Return)
    assert panel.map.laid.found is not None and panel.map.laid.found.words == "Lê Lai"
    assert not listing.isVisible()


def test_without_the_core_what_is_known_here_is_found_and_the_rest_is_told(opened: Opened, qtbot: Any) -> None:
    local, window, panel = opened

    def away(*_: object) -> tuple[Suggestion, ...]:
        raise DispatchError("core_unreachable", "Không kết nối được máy chủ.", "Cannot reach the core.")

    local.questions.suggest = away  # type: ignore[method-assign]
    run(window, "tim A2")
    assert panel.map.selected_unit == "A2"
    run(window, "tim xyzzy")
    qtbot.waitUntil(lambda: any("Không kết nối" in text for _, _, text in window.bar.notices.lines()))
    local.desk.show("")
    panel.map.select_unit("")
    if local.desk.own_call() is None:
        run(window, "bam")
        qtbot.waitUntil(lambda: any("Bám theo gì" in text for _, _, text in window.bar.notices.lines()))


# --- follow -----------------------------------------------------------------------------------------------------------


def test_the_map_follows_a_unit_until_a_hand_moves_it(opened: Opened) -> None:
    local, window, panel = opened
    run(window, "bam A2")
    assert panel.map.notes[0] == ("Đang bám A2 (B thôi)", False)
    report(local, panel, "A2", 10.95, 106.95)
    assert in_the_middle(panel, 10.95, 106.95)
    before = panel.map.viewport
    report(local, panel, "A2", 10.9501, 106.9501)
    assert panel.map.viewport == before, "a little way it does not tremble"
    press(panel.map, K.Key_Left)
    assert "Thôi bám A2" in panel.map.notes[0][0]
    report(local, panel, "A2", 10.7, 106.6)
    assert not in_the_middle(panel, 10.7, 106.6)


def test_b_follows_what_is_chosen_and_ends_it(opened: Opened) -> None:
    local, window, panel = opened
    local.desk.show("")
    press(panel.map, K.Key_B)
    assert panel.following.kind == ("call" if local.desk.own_call() is not None else "")
    panel.following.ask("")
    panel.map.select_unit("A2")
    press(panel.map, K.Key_B)
    assert (panel.following.kind, panel.following.ident) == ("unit", "A2")
    press(panel.map, K.Key_B)
    assert panel.following.kind == "" and not any("bám" in note for note, _ in panel.map.notes)
    run(window, "bam #1")
    assert (panel.following.kind, panel.following.ident) == ("incident", CRASH)
    window.set_language("en")
    assert panel.map.notes[0] == ("Following #1 (B ends it)", False)


# --- measure ----------------------------------------------------------------------------------------------------------


def test_a_line_of_clicks_is_measured_straight_and_by_road(opened: Opened) -> None:
    local, window, panel = opened
    panel.map.look_at(10.78, 106.7)
    press(panel.map, K.Key_M)
    click_map(panel.map, 10.78, 106.7)
    click_map(panel.map, 10.784, 106.7)
    assert panel.map.notes[0][0].startswith("thẳng 44") and "đường bộ 1,9 km, 4 phút" in panel.map.notes[0][0]
    panel.map.grab()
    press(panel.map, K.Key_Return)
    before = panel.map.measuring.ruler
    click_map(panel.map, 10.779, 106.701)
    assert panel.map.measuring.ruler == before, "it is measured to its end"
    press(panel.map, K.Key_Escape)
    assert panel.map.measuring.ruler is None


def test_between_two_things_by_their_names(opened: Opened) -> None:
    local, window, panel = opened
    run(window, "do A2 #1")
    ruler = panel.map.measuring.ruler
    assert ruler is not None and len(ruler.points) == 2 and panel.map.measuring.fixed
    run(window, "do")
    assert panel.map.measuring.ruler is None


# --- aiming with keys -------------------------------------------------------------------------------------------------


def test_a_closure_is_drawn_without_a_mouse(opened: Opened) -> None:
    local, window, panel = opened
    panel.map.look_at(10.78, 106.7)
    for key in (K.Key_X, K.Key_D, K.Key_Space, K.Key_Right, K.Key_Right, K.Key_Space, K.Key_Return):
        press(panel.map, key)
    type_into(panel.closures.reason, "cây đổ")
    press(panel.closures.reason, K.Key_Return)
    (drawn,) = sent(local, c.DrawClosure)
    (lon1, lat1), (lon2, lat2) = drawn.outline
    assert (drawn.kind, drawn.reason) == (ClosureKind.CLOSED, "cây đổ")
    assert lat1 == pytest.approx(10.78, abs=1e-4) and lat2 == lat1 and lon2 > lon1


def test_at_its_edge_the_crosshair_moves_the_map(opened: Opened) -> None:
    _, _, panel = opened
    press(panel.map, K.Key_X)
    before = panel.map.viewport
    for _ in range(60):
        press(panel.map, K.Key_Right)
    at = panel.map.cross.at
    assert at is not None and at[0] < panel.map.width() and panel.map.viewport.x > before.x
    press(panel.map, K.Key_Escape)
    assert panel.map.cross.at is None


# --- a place ----------------------------------------------------------------------------------------------------------


def test_an_incident_is_opened_where_the_right_button_was(opened: Opened, qtbot: Any) -> None:
    local, window, panel = opened
    panel.map.look_at(10.78, 106.7)
    middle = QPoint(panel.map.width() // 2, panel.map.height() // 2)
    qtbot.mouseClick(panel.map, Qt.MouseButton.RightButton, pos=middle)
    menu = panel.menu.menu
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions()]
    assert "Phường Thạnh Mỹ Tây (cũ: Phường 22, Quận Bình Thạnh)" in texts
    assert any(text.startswith("○ ") and "m" in text for text in texts), "the nearest units"
    open_here = next(action for action in menu.actions() if action.text() == "Mở vụ việc ở đây\tN")
    before = set(local.desk.state.incidents)
    open_here.trigger()
    (order,) = sent(local, c.OpenIncident)
    assert (order.location.lat, order.location.lon) == pytest.approx((10.78, 106.7), abs=1e-4)
    (made,) = set(local.desk.state.incidents) - before
    assert local.desk.current == made and local.desk.state.incidents[made].owner == local.desk.user
    menu.close()


def test_by_key_and_by_line_as_well(opened: Opened) -> None:
    local, window, panel = opened
    panel.map.look_at(10.78, 106.7)
    press(panel.map, K.Key_N)
    run(window, "mo 10.79,106.71")
    local.questions.suggestions = (
        Suggestion(label="12 Lê Lợi", lat=10.77, lon=106.7, kind="house", ward="Bến Thành", score=97.0),
    )
    run(window, "new 12 le loi")
    places = [(order.location.label, order.location.lat) for order in sent(local, c.OpenIncident)]
    assert places[1:] == [("10.79000, 106.71000", 10.79), ("12 Lê Lợi, Bến Thành", 10.77)]
    assert places[0][1] == pytest.approx(10.78, abs=1e-4)


def test_a_key_that_is_held_down_opens_one_incident(opened: Opened) -> None:
    local, _, panel = opened
    held(panel.map, K.Key_N, "n", times=20)
    assert len(sent(local, c.OpenIncident)) == 1


def test_the_pin_is_put_where_the_map_aims(opened: Opened) -> None:
    local, window, panel = opened
    local.desk.show(CRASH)
    panel.map.look_at(10.78, 106.7)
    press(panel.map, K.Key_P)
    (order,) = sent(local, c.Locate)
    assert order.incident == CRASH and order.location.lat == pytest.approx(10.78, abs=1e-4)
    run(window, "@-")
    assert len(sent(local, c.Locate)) == 2


def test_the_menu_opens_without_a_mouse_and_a_closure_begins_there(opened: Opened) -> None:
    local, window, panel = opened
    press(panel.map, K.Key_W)
    menu = panel.menu.menu
    assert menu is not None and menu.activeAction() is not None
    next(action for action in menu.actions() if action.text().endswith("\tF")).trigger()
    menu.close()
    assert panel.map.draft is not None and len(panel.map.draft.points) == 1
    assert panel.map.draft.kind is ClosureKind.FLOODED


# --- groups -----------------------------------------------------------------------------------------------------------


def test_a_group_is_listed_and_a_row_is_chosen(opened: Opened, qtbot: Any) -> None:
    local, window, panel = opened
    local.desk.show("")
    for _ in range(2):
        local.happen(lambda night: night.must(night.person("lan"), c.OpenIncident(location=AT_ONE_SPOT)))
    in_one_go(panel._refresh())
    panel.map.look_at(10.78, 106.7)
    group = next(it for it in panel.map.picture().targets if it.kind is Kind.INCIDENTS)
    qtbot.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=QPoint(round(group.px), round(group.py)))
    listing = panel.map.listing
    assert [row.ident for row in listing.rows()] == list(group.members) and listing.isVisibleTo(panel.map)
    assert listing.rows()[0].words.startswith("P")
    chosen = listing.rows()[1].ident
    press(listing.list, K.Key_Down)
    press(listing.list, K.Key_Return)
    assert local.desk.current == chosen
    qtbot.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=QPoint(round(group.px), round(group.py)))
    scale = panel.map.viewport.scale
    press(listing.list, K.Key_Plus)
    assert panel.map.viewport.scale == pytest.approx(scale * CLOSER)


def test_a_dragged_map_with_a_draft_moves_and_draws_nothing(opened: Opened) -> None:
    _, window, panel = opened
    panel.map.look_at(10.78, 106.7)
    run(window, "chan")
    drag_map(panel.map, (10.78, 106.7), (10.782, 106.702))
    assert panel.map.draft is not None and panel.map.draft.points == ()


def test_the_streets_keep_clear_of_plates(opened: Opened, archive: Path) -> None:
    local, window, panel = opened
    local.happen(lambda night: night.must(night.person("lan"), c.DrawClosure(
        kind=ClosureKind.CLOSED, outline=((106.7, 10.78), (106.703, 10.78)), reason="cây đổ",
    )))  # fmt: skip
    panel.map.look_at(10.78, 106.7015)
    panel.map.picture()
    (plate,) = panel.map.laid.plates
    around, boxes = panel.map._standing(panel.map.picture())
    assert plate.words in around and (plate.left, plate.top, plate.width) in [box[:3] for box in boxes]
