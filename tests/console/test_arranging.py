"""The screen as its person wants it: sizes, another monitor, layouts by name; and what a screen reader is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

import console_gui
from console_gui import sizes
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.drafts import Drafts
from console_gui.main_window import MainWindow
from console_gui.models.ordered_table import CELL_ROLE
from console_gui.row_delegate import ROW_HEIGHT
from dispatch_core.domain import commands as c
from tests.console.hand_sounds import HandSounds
from tests.console.local_desk import LocalDesk

CRASH = "20261123-00001"
WORKPLACES = ("lan", "hung", "quan")


@pytest.fixture(autouse=True)
def normal_again() -> Iterator[None]:
    yield
    sizes.choose("normal")


# --- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("user", WORKPLACES)
def test_a_window_of_another_size_shows_the_same_desk(
    user: str, night: Any, preferences: Any, look: Any, qtbot: Any
) -> None:
    local = LocalDesk(night, user)
    before = MainWindow(local.desk, look, Drafts(), preferences.of(user), sounds=HandSounds())
    before.show()
    local.begin()
    qtbot.waitUntil(lambda: before.panels.workplace._arranged)
    if user == "lan":
        local.desk.show(CRASH)
    rows = [board.table.idents() for board in before.panels.boards]
    wanted: list[str] = []
    before.arranging.size_changed.connect(wanted.append)
    before.bar.run("co lon")
    assert wanted == ["large"] and before._preferences.get("size", "") == "large"
    sizes.choose("large")
    after = MainWindow(local.desk, look, Drafts(), before._preferences, sounds=HandSounds())
    qtbot.addWidget(after)
    after.show()
    before.retire()
    local.desk.tell_all()
    qtbot.waitUntil(lambda: after.panels.workplace._arranged)
    assert [board.table.idents() for board in after.panels.boards] == rows
    board = after.panels.boards[0]
    assert board.verticalHeader().defaultSectionSize() == round(ROW_HEIGHT * 1.15)
    assert board.font().pixelSize() == 15
    QApplication.processEvents()
    local.desk.run("nghi com" if user == "lan" else "lang en")  # nothing of the old window is left to stumble over
    local.desk.words.set_language("en")
    local.desk._tick()
    QApplication.processEvents()
    local.desk._clock.stop()


def test_put_back_on_a_small_screen_the_incidents_are_in_front(open_window: Any, qtbot: Any) -> None:
    """Side by side on a wide one, tabs here."""
    local, window = open_window("hung")
    window.resize(1366, 768)
    local.desk.run("bocuc goc")
    docks = window.panels.workplace.docks
    qtbot.waitUntil(lambda: not docks["panel.incidents"].visibleRegion().isEmpty())
    qtbot.waitUntil(lambda: docks["panel.units"].visibleRegion().isEmpty())


def test_the_sizes_end_where_they_end(open_window: Any) -> None:
    _, window = open_window("lan")
    said: list[str] = []
    wanted: list[str] = []
    window.desk.noticed.connect(lambda notice: said.append(notice.sentence("vi")))
    window.arranging.size_changed.connect(wanted.append)
    for _ in range(4):
        QTest.keyClick(window, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    assert wanted == ["large", "larger"] and said[-1] == "Cỡ chữ: rất lớn"
    for _ in range(5):
        QTest.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert wanted[2:] == ["large", "normal", "small"] and said[-1] == "Cỡ chữ: nhỏ"


# --- monitors ---------------------------------------------------------------------------------------------------------


def test_the_map_has_a_window_of_its_own_and_comes_back(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    said: list[str] = []
    window.desk.noticed.connect(lambda notice: said.append(notice.sentence("vi")))
    window.bar.run("ra bando")
    assert window.monitors.out == ["map"] and "một màn hình" in said[-1]
    assert window.panels.map.window() is window.monitors.window and window.panels.map.isVisible()
    window.bar.run("den bando")
    assert window.monitors.window.focusWidget() is window.panels.map.map
    local.desk.show(CRASH)
    local.desk.run("p 2")
    window.bar.run("ra")
    assert window.monitors.out == [] and window.panels.workplace.centralWidget() is window.panels.map
    assert window.panels.map.isVisible()
    window.bar.run("ra bando")
    window.monitors.window.close()
    assert window.monitors.out == []
    window.bar.run("ra")
    assert said[-1] == "Không có gì ở màn hình khác."


def test_the_room_that_the_map_leaves_is_the_units_and_the_map_comes_home_to_it(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    window.resize(1920, 1080)
    qtbot.waitUntil(lambda: window.panels.workplace._arranged and window.panels.map.width() > 600)
    before, units = window.panels.map.size(), window.panels.workplace.docks["panel.units"]
    window.bar.run("ra bando")
    qtbot.waitUntil(lambda: units.height() > before.height())
    assert units.width() > before.width() - 40
    local.desk.show(CRASH)
    window.bar.run("the")
    window.bar.run("ra")
    qtbot.waitUntil(lambda: window.panels.map.width() == before.width(), timeout=3_000)
    assert window.panels.map.height() > 200


def test_a_dock_goes_out_and_its_keys_still_act(open_window: Any) -> None:
    _, window = open_window("lan")
    window.bar.run("ra donvi")
    dock = window.panels.workplace.docks["panel.units"]
    assert dock.isFloating() and window.monitors.out == ["units"]
    window.bar.run("ra donvi")
    assert not dock.isFloating()
    window.bar.run("ra nguoi")
    assert window.monitors.out == []  # a dispatcher has no such panel


def test_a_monitor_that_goes_brings_its_panels_home(open_window: Any) -> None:
    _, window = open_window("lan")
    window.bar.run("ra bando")
    window.bar.run("ra donvi")
    window.monitors._screen_gone(window.screen())
    assert window.monitors.out == []


# --- layouts ----------------------------------------------------------------------------------------------------------


def test_layouts_are_kept_by_name_and_the_preset_comes_back(open_window: Any) -> None:
    _, window = open_window("lan")
    said: list[str] = []
    window.desk.noticed.connect(lambda notice: said.append(notice.sentence("vi")))
    alarms = window.panels.workplace.docks["panel.alarms"]
    right = Qt.DockWidgetArea.RightDockWidgetArea
    window.panels.workplace.addDockWidget(right, alarms)
    window.bar.run("bocuc luu Ca đêm")
    window.bar.run("bocuc goc")
    assert window.panels.workplace.dockWidgetArea(alarms) is not right
    window.bar.run("bocuc ca dem")
    assert window.panels.workplace.dockWidgetArea(alarms) is right
    window.bar.run("bocuc sáng")
    assert "Đang có: ca dem" in said[-1]


def test_a_layout_is_kept_the_moment_it_changes(open_window: Any, qtbot: Any, preferences: Any) -> None:
    _, window = open_window("lan")
    dock = window.panels.workplace.docks["panel.alarms"]
    with qtbot.waitSignal(window.panels.workplace.layout_kept, timeout=3000):
        window.panels.workplace.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    kept = preferences.layout("dispatcher")
    assert kept is not None and kept == window.panels.workplace.saveState(4)


def test_nothing_that_ends_with_the_window_hears_the_desk_through_a_lambda() -> None:
    """Qt lets a method go with its object, and never a lambda: it would stumble over a widget that is gone."""
    desks = "updated|ticked|health_changed|live_changed|current_changed|pending_changed|noticed|settled|acted|came_back"
    heard = re.compile(rf"(desk\.({desks})|words\.changed)\.connect\(\s*(lambda|partial)")
    folder = Path(console_gui.__path__[0])
    found = [
        str(it.relative_to(folder)) for it in folder.rglob("*.py")
        if it.parent.name != "drill" and heard.search(it.read_text("utf-8"))
    ]  # fmt: skip
    assert found == []


# --- screen readers ---------------------------------------------------------------------------------------------------


def spoken(widget: QWidget) -> str:
    face = QAccessible.queryAccessibleInterface(widget)
    return face.text(QAccessible.Text.Name).strip() if face is not None else ""


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("user", WORKPLACES)
def test_everything_that_takes_the_keyboard_has_a_name(user: str, language: str, open_window: Any) -> None:
    local, window = open_window(user, language)
    if user != "quan":
        local.desk.show(CRASH)
    nameless = [
        f"{type(it).__name__} in {type(it.parentWidget()).__name__}"
        for it in window.findChildren(QWidget)
        if it.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken(it) and not it.objectName().startswith("qt_")
    ]
    assert nameless == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_glyph_is_said_in_words(language: str, open_window: Any) -> None:
    """Whoever hears the board hears the service, not a bullet."""
    local, window = open_window("lan", language)
    for board in window.panels.boards:
        table = board.table
        for row in range(min(3, table.rowCount())):
            for column in range(table.columnCount()):
                index = table.index(row, column)
                heard, seen = index.data(Qt.ItemDataRole.AccessibleTextRole), index.data()
                assert not any(mark in heard for mark in "●▲◆■▶△○◇"), (type(table).__name__, column, heard)
                assert bool(heard) or not seen or len(seen) <= 1, (type(table).__name__, column, seen)
    services = local.desk.state.site.services
    wanted = services["ambulance"].vi if language == "vi" else services["ambulance"].en
    calls = window.panels.calls.table
    dialled = [calls.index(row, 1).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(calls.rowCount())]
    assert any(wanted in it for it in dialled)


def test_an_order_reaches_the_core_from_either_window(open_window: Any) -> None:
    local, window = open_window("lan")
    local.desk.show(CRASH)
    window.bar.run("ra bando")
    window.bar.run("p 2")
    assert isinstance(local.link.orders[-1].body, c.SetPriority)


@pytest.mark.parametrize("size", ["normal", "larger"])
def test_no_words_of_a_wrapped_row_lie_over_the_next_one(
    size: str, night: Any, preferences: Any, look: Any, qtbot: Any
) -> None:
    sizes.choose(size)
    local = LocalDesk(night, "lan")
    window = MainWindow(local.desk, look, Drafts(), preferences.of("lan"), sounds=HandSounds())
    qtbot.addWidget(window)
    window.show()
    local.begin()
    qtbot.waitUntil(lambda: window.panels.workplace._arranged)
    for width in (1920, 1366, 1920, 1500):
        window.resize(width, 1080 if width > 1400 else 768)
        for incident in (CRASH, *night.state.incidents):
            local.desk.show(incident)
            QApplication.processEvents()
            for view in window.findChildren(WrappedView):
                column = view._wrapped
                for row in range(view.table.rowCount() if view.isVisible() else 0):
                    cell = view.table.index(row, column).data(CELL_ROLE)
                    needed = view._wrapping.height(cell.text, view.columnWidth(column), strong=cell.strong)
                    assert view.rowHeight(row) == needed, (incident, width, view.accessibleName(), cell.text)
