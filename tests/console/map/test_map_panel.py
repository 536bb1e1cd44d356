"""The map panel at a desk: streets fetched, a pin moved and taken back, closures drawn, listed and ended, ways."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from console_gui.core_client import StreetsPart
from console_gui.hands import click_map, drag_map, type_into
from console_gui.main_window import MainWindow
from console_gui.map.mercator import to_world
from console_gui.map_panel import MapPanel
from console_gui.steps import in_one_go
from dispatch_core.domain import commands as c
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import ClosureKind, LocationSource, MapRef
from dispatch_core.wire.ways import ReachableShown, RouteShown
from tests.console.conftest import OpenWindow
from tests.console.local_desk import LocalDesk
from tests.console.map.streets import MIDDLE

CRASH = "20261123-00001"
LAT, LON = MIDDLE
CORE = c.Actor(c.ActorKind.CORE, "watch")
PATIENCE_MS = 60_000


@pytest.fixture
def opened(open_window: OpenWindow) -> tuple[LocalDesk, MainWindow, MapPanel]:
    local, window = open_window()
    assert window.panels.map is not None
    return local, window, window.panels.map


def look_at(panel: MapPanel, lat: float = LAT, lon: float = LON) -> None:
    panel.map.look_at(lat, lon)


def core_with(local: LocalDesk, file: Path) -> None:
    """The core has a map with this archive."""
    data = file.read_bytes()
    part = lambda version, first, length: StreetsPart(  # noqa: E731
        len(data), hashlib.sha256(data).hexdigest(), data[first : first + length]
    )
    local.questions.streets = part  # type: ignore[attr-defined]
    local.happen(lambda night: night.ask(CORE, c.PublishMap(ref=MapRef(name="tp", version=3))))


def sent(local: LocalDesk, kind: type) -> list[Any]:
    return [order.body for order in local.link.orders if isinstance(order.body, kind)]


# --- streets ----------------------------------------------------------------------------------------------------------


def test_without_a_map_it_is_said_how_one_comes(opened: tuple[LocalDesk, MainWindow, MapPanel]) -> None:
    local, window, panel = opened
    assert "dispatch map import" in panel.map.notes[0][0] and "nhập" in panel.map.notes[0][0]
    window.set_language("en")
    assert "No streets yet" in panel.map.notes[0][0]
    panel.map.show_layer("streets", False)
    assert not any("No streets" in note for note, _ in panel.map.notes)


def test_streets_are_fetched_and_drawn_when_the_state_names_a_map(
    opened: tuple[LocalDesk, MainWindow, MapPanel], archive: Path, qtbot: Any
) -> None:
    local, window, panel = opened
    core_with(local, archive)
    assert Path(panel.map.streets.archive).read_bytes() == archive.read_bytes()
    look_at(panel)

    def drawn() -> bool:
        panel.map.grab()
        return panel.map.streets.complete

    qtbot.waitUntil(drawn, timeout=PATIENCE_MS)
    assert panel.map.streets.names and panel.map.hint is None
    window.close()
    assert panel.map.streets.workshop.pid == 0, "the worker ends with the window"


def test_what_keeps_the_streets_away_is_said(opened: tuple[LocalDesk, MainWindow, MapPanel]) -> None:
    local, _, panel = opened

    def away(*_: object) -> StreetsPart:
        raise DispatchError("core_unreachable", "Không kết nối được máy chủ.", "Cannot reach the core.")

    local.questions.streets = away  # type: ignore[attr-defined]
    local.happen(lambda night: night.ask(CORE, c.PublishMap(ref=MapRef(name="tp", version=3))))
    assert panel.map.notes[0] == ("Không kết nối được máy chủ.", True)


# --- the pin ----------------------------------------------------------------------------------------------------------


def test_a_dragged_pin_is_a_new_place_and_the_old_one_comes_back(
    opened: tuple[LocalDesk, MainWindow, MapPanel], archive: Path, qtbot: Any
) -> None:
    local, window, panel = opened
    core_with(local, archive)
    incident = local.desk.state.incidents[CRASH]
    former = incident.location
    assert former is not None and former.lat is not None and former.lon is not None
    local.desk.show(CRASH)
    in_one_go(panel._refresh())
    look_at(panel, former.lat, former.lon)
    drag_map(panel.map, (former.lat, former.lon), (former.lat + 0.001, former.lon + 0.001))
    qtbot.waitUntil(lambda: len(sent(local, c.Locate)) == 1, timeout=PATIENCE_MS)
    (order,) = sent(local, c.Locate)
    assert order.seen == incident.location_version and order.location.source is LocationSource.MAP_PIN
    assert abs(order.location.lat - former.lat - 0.001) < 1e-4 and order.location.label
    assert local.desk.state.incidents[CRASH].location == order.location
    type_into(window.bar.line, "@- #1")
    qtbot.keyClick(window.bar.line, Qt.Key.Key_Return)
    back = sent(local, c.Locate)[1]
    assert back.location == former and local.desk.state.incidents[CRASH].location == former
    told: list[Any] = []
    local.desk.noticed.connect(told.append)
    panel.pins.undo(CRASH)
    qtbot.waitUntil(lambda: bool(told))
    assert told[-1].code == "no_undo" and len(sent(local, c.Locate)) == 2


def test_a_place_is_named_after_its_street(
    opened: tuple[LocalDesk, MainWindow, MapPanel], archive: Path, qtbot: Any
) -> None:
    local, _, panel = opened
    core_with(local, archive)
    panel.map.streets.workshop.ask_near(LAT, LON)
    qtbot.waitUntil(lambda: panel.map.streets.workshop.up, timeout=PATIENCE_MS)
    panel.pins.move(CRASH, LAT, LON)
    qtbot.waitUntil(lambda: bool(sent(local, c.Locate)), timeout=PATIENCE_MS)
    panel.pins.move(CRASH, 9.0, 108.0)
    qtbot.waitUntil(lambda: len(sent(local, c.Locate)) == 2, timeout=PATIENCE_MS)
    here, sea = sent(local, c.Locate)
    assert here.location.label.removeprefix("gần ").split(",")[0] and not here.location.label[0].isdigit()
    assert sea.location.label == "9.00000, 108.00000"


def test_without_streets_a_pin_is_named_by_its_place(opened: tuple[LocalDesk, MainWindow, MapPanel]) -> None:
    local, _, panel = opened
    panel.pins.move(CRASH, 10.5, 106.5)
    assert sent(local, c.Locate)[0].location.label == "10.50000, 106.50000"
    panel.pins.move("20261123-09999", 10.5, 106.5)
    assert len(sent(local, c.Locate)) == 1


# --- closures ---------------------------------------------------------------------------------------------------------


def draw(panel: MapPanel, qtbot: Any) -> None:
    look_at(panel)
    click_map(panel.map, LAT, LON)
    click_map(panel.map, LAT + 0.001, LON + 0.001)
    qtbot.keyClick(panel.map, Qt.Key.Key_Return)


def test_a_closure_is_drawn_from_the_command_line_with_its_reason(
    opened: tuple[LocalDesk, MainWindow, MapPanel], qtbot: Any
) -> None:
    local, window, panel = opened
    type_into(window.bar.line, "chan cây đổ")
    qtbot.keyClick(window.bar.line, Qt.Key.Key_Return)
    draw(panel, qtbot)
    (order,) = sent(local, c.DrawClosure)
    assert order.kind is ClosureKind.CLOSED and order.reason == "cây đổ" and len(order.outline) == 2
    assert [it.reason for it in panel.map.closures] == ["cây đổ"]
    assert panel.closures.button.isVisible() and "1" in panel.closures.button.text()


def test_drawn_by_key_it_asks_for_the_reason(opened: tuple[LocalDesk, MainWindow, MapPanel], qtbot: Any) -> None:
    local, window, panel = opened
    look_at(panel)
    qtbot.keyClick(panel.map, "F")
    draw(panel, qtbot)
    assert sent(local, c.DrawClosure) == [] and panel.closures.reason.isVisible()
    qtbot.keyClick(panel.closures.reason, Qt.Key.Key_Return)
    assert sent(local, c.DrawClosure) == [], "without a reason nothing is sent"
    type_into(panel.closures.reason, "triều cường")
    qtbot.keyClick(panel.closures.reason, Qt.Key.Key_Return)
    (order,) = sent(local, c.DrawClosure)
    assert order.kind is ClosureKind.FLOODED and order.reason == "triều cường"
    assert not panel.closures.reason.isVisible()
    qtbot.keyClick(panel.map, "D")
    draw(panel, qtbot)
    qtbot.keyClick(panel.closures.reason, Qt.Key.Key_Escape)
    assert len(sent(local, c.DrawClosure)) == 1 and panel.map.draft is None


def test_the_list_ends_one_by_key(opened: tuple[LocalDesk, MainWindow, MapPanel], qtbot: Any) -> None:
    local, window, panel = opened
    for reason in ("một", "hai"):
        panel.closures.begin(f"closed {reason}")
        draw(panel, qtbot)
    panel.closures.button.setChecked(True)
    listing = panel.closures.listing
    assert listing.isVisible() and listing.count() == 2 and "một" in listing.item(0).text()
    assert panel.map.chosen_closure == "D1"
    listing.setCurrentRow(1)
    qtbot.keyClick(listing, Qt.Key.Key_Delete)
    assert window.bar.line.text() == "thong D2" and sent(local, c.EndClosure) == []
    qtbot.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert [it.closure for it in sent(local, c.EndClosure)] == ["D2"] and listing.count() == 1
    type_into(window.bar.line, "thong")
    qtbot.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert listing.count() == 0 and not listing.isVisible() and not panel.closures.button.isVisible()


# --- ways -------------------------------------------------------------------------------------------------------------


def test_ways_are_asked_for_and_taken_off(opened: tuple[LocalDesk, MainWindow, MapPanel], qtbot: Any) -> None:
    local, window, panel = opened
    asked: list[tuple[object, ...]] = []

    def route(unit: str, incident: str) -> RouteShown:
        asked.append((unit, incident))
        return RouteShown(unit=unit, incident=incident, seconds=100, metres=800, line=((LAT, LON), (LAT + 0.01, LON)))

    def reachable(minutes: float, **of: str) -> ReachableShown:
        asked.append((minutes, of))
        if of.get("unit") == "A2":
            raise DispatchError("unknown_unit", "Không có.", "None.")
        return ReachableShown(of="x", seconds=60 * minutes, units=1, polygons=())

    local.questions.route, local.questions.reachable = route, reachable  # type: ignore[attr-defined]
    for typed in ("duong A1 #1", "tam A1 5", "tam 115"):
        type_into(window.bar.line, typed)
        qtbot.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert asked == [("A1", CRASH), (5.0, {"unit": "A1"}), (8.0, {"service": "ambulance"})]
    assert panel.map.route is not None and panel.map.reach is not None
    told: list[Any] = []
    local.desk.noticed.connect(told.append)
    panel.ways.show_reach("8 unit A2")
    assert told[-1].code == "unknown_unit" and panel.map.reach is None
    for typed in ("duong", "tam"):
        type_into(window.bar.line, typed)
        qtbot.keyClick(window.bar.line, Qt.Key.Key_Return)
    assert panel.map.route is None and panel.map.reach is None


def test_a_way_is_asked_for_anew_when_the_place_changes(
    opened: tuple[LocalDesk, MainWindow, MapPanel], qtbot: Any
) -> None:
    local, _, panel = opened
    asked: list[str] = []

    def route(unit: str, incident: str) -> RouteShown:
        asked.append(unit)
        return RouteShown(unit=unit, incident=incident, seconds=100, metres=800, line=((LAT, LON), (LAT + 0.01, LON)))

    local.questions.route = route  # type: ignore[attr-defined]
    panel.ways.show_route(f"{CRASH} A1")
    location = local.desk.state.incidents[CRASH].location
    assert location is not None
    panel.pins.move(CRASH, 10.77, 106.7)
    qtbot.waitUntil(lambda: len(asked) == 2, timeout=PATIENCE_MS)


def test_layers_are_a_menu_with_their_keys(opened: tuple[LocalDesk, MainWindow, MapPanel]) -> None:
    _, window, panel = opened
    texts = [action.text() for action in panel.layers.menu().actions() if action.text()]
    assert "Đường phố\tS" in texts and len(texts) == len(panel.map.layers) + 2
    panel.layers.menu().actions()[1].toggle()
    assert not panel.map.layers["zones"]
    window.set_language("en")
    assert panel.layers.text() == "Layers"


def test_the_map_can_be_reached_by_key(opened: tuple[LocalDesk, MainWindow, MapPanel], qtbot: Any) -> None:
    _, window, panel = opened
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert panel.map.hasFocus() or not window.isActiveWindow()
    x, y = to_world(LAT, LON)
    panel.map.move_to(replace_view(panel, x, y))
    assert panel.map.moved


def replace_view(panel: MapPanel, x: float, y: float) -> Any:
    return panel.map.viewport.centred(x, y)
