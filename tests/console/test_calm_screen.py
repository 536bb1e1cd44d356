"""What keeps the screen's thread free: boards painted by turns, rooms that stay, layouts that go no further."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QColor, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console_gui.board_view import BoardView
from console_gui.changes import difference
from console_gui.command_line.notices_view import KEPT, LINE_HEIGHT, SHOWN, SHOWN_LOW
from console_gui.labels import LATE_EDGES, elided_label
from console_gui.notice import DONE_S, Kind, Notice
from console_gui.reading import Update
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.turns import at_rest
from console_gui.typefaces import ROW
from dispatch_core.domain.state import drop, put
from dispatch_core.domain.vocabulary import UnitStatus
from tests.console.turns_taken import all_turns_taken


def settle() -> None:
    all_turns_taken()
    for _ in range(5):  # a layout is handed up from part to part
        QApplication.processEvents()


class Painted(QObject):
    """Which parts of a board were painted, one region for each time."""

    def __init__(self, board: BoardView) -> None:
        super().__init__(board)
        self.regions: list[QRegion] = []
        board.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.regions.append(QRegion(event.region()))
        return False


class Heard(QObject):
    """Who was told an event of this kind."""

    def __init__(self, kind: QEvent.Type, *widgets: QWidget) -> None:
        super().__init__(widgets[0])
        self._kind = kind
        self.by: list[QObject] = []
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is self._kind:
            self.by.append(watched)
        return False


def drawn(board: BoardView) -> QImage:
    picture = QImage(board.viewport().size(), QImage.Format.Format_RGB32)
    picture.fill(0)
    board.viewport().render(picture)
    return picture


def row_of(board: BoardView, ident: str) -> QRect:
    row = board.table.row_of(ident)
    first, last = board.table.index(row, 0), board.table.index(row, board.table.columnCount() - 1)
    return board.visualRect(first).united(board.visualRect(last))


def test_a_changed_row_is_painted_and_no_other_board_with_it(open_window: Any, qtbot: Any) -> None:
    local, window = open_window("lan")
    units, incidents = window.panels.units.view, window.panels.incidents.view
    qtbot.waitExposed(window)
    all_turns_taken()
    QApplication.processEvents()
    seen = {board: Painted(board) for board in (units, incidents)}
    sign = units.table.ident(1)
    things = dict(local.desk.state.units)
    units.table.apply(put(things, sign, replace(things[sign], status_at=things[sign].status_at + 1)), [sign])
    assert not at_rest() and not seen[units].regions, "it waits for its turn"
    all_turns_taken()
    QApplication.processEvents()
    painted = QRegion()
    for region in seen[units].regions:
        painted += region
    row = row_of(units, sign).intersected(units.viewport().rect())
    assert not row.isEmpty() and painted.contains(row)
    assert not painted.contains(row_of(units, units.table.ident(3))), "the others stand as they are"
    assert not seen[incidents].regions


def test_a_call_that_comes_is_painted_before_anything_else_is_taken_over(open_window: Any) -> None:
    local, window = open_window("lan")
    settle()
    seen, later = Painted(window.panels.calls.view), []
    local.desk.updated.connect(lambda _: later.append(len(seen.regions)))  # the last of its listeners
    local.happen(lambda night: night.ring("113", "0911222333"))
    assert later and later[0] >= 1, "it waits for nobody's turn"


def test_a_row_out_of_sight_is_not_painted(open_window: Any) -> None:
    local, window = open_window("lan")
    units = window.panels.units.view
    all_turns_taken()
    sign = units.table.ident(units.table.rowCount() - 1)
    assert units.rowViewportPosition(units.table.rowCount() - 1) > units.viewport().height()
    things = dict(local.desk.state.units)
    units.table.apply(put(things, sign, replace(things[sign], status_at=things[sign].status_at + 1)), [sign])
    assert at_rest()


def test_what_a_status_says_is_on_the_screen_after_its_turn(open_window: Any) -> None:
    local, window = open_window("lan")
    units = window.panels.units.view
    all_turns_taken()
    things = dict(local.desk.state.units)
    sign = next(it for it in units.table.idents() if things[it].status is UnitStatus.AVAILABLE)
    units.scrollTo(units.table.index(units.table.row_of(sign), 0))
    before = units.viewport().grab().toImage()
    units.table.apply(put(things, sign, replace(things[sign], status=UnitStatus.OUT_OF_SERVICE)), [sign])
    all_turns_taken()
    assert units.viewport().grab().toImage() != before


def test_of_rows_that_are_long_none_is_cut_where_another_is_whole(open_window: Any) -> None:
    _, window = open_window("lan")
    units = window.panels.units.view
    settle()
    room = units.viewport().height()
    units.setRowHeight(0, room - 30)
    units.setRowHeight(1, room + 20)
    assert units.cut_rows() == [1], "there is no room for all of it, and the one above is whole"
    units.verticalScrollBar().setValue(60)
    assert units.cut_rows() == [], "but where nothing is whole, what there is is shown"


@pytest.mark.parametrize("drawing", [False, True])
def test_a_row_that_cannot_be_told_hides_no_other(drawing: bool, open_window: Any, monkeypatch: Any) -> None:
    _, window = open_window("lan")
    units = window.panels.units.view
    all_turns_taken()
    before = drawn(units)
    broken, whole = row_of(units, units.table.ident(1)), row_of(units, units.table.ident(2))
    tell = type(units.table).cell

    def cell(table: Any, ident: str, value: Any, column: int) -> Any:
        if ident != units.table.ident(1):
            return tell(table, ident, value, column)
        if drawing:
            return tell(table, ident, value, column)._replace(text=7)  # no text at all: drawing it fails
        raise ValueError("no such status")

    monkeypatch.setattr(type(units.table), "cell", cell)
    after = QImage(before.size(), before.format())
    after.fill(0)
    with pytest.raises(AttributeError if drawing else ValueError):
        units.viewport().render(after)
    assert after.copy(whole) == before.copy(whole) and after.copy(broken) != before.copy(broken)


def test_the_chosen_row_stands_out(open_window: Any) -> None:
    _, window = open_window("lan")
    units = window.panels.units.view
    settle()
    before = drawn(units)
    units.choose(units.table.ident(1))
    row, other = row_of(units, units.table.ident(1)), row_of(units, units.table.ident(2))
    after = drawn(units)
    assert after.copy(row) != before.copy(row) and after.copy(other) == before.copy(other)
    assert after.pixelColor(row.left() + 2, row.top() + 2) == QColor(window.look.now.chosen)


def test_a_line_break_of_any_kind_stays_in_its_row(open_window: Any, monkeypatch: Any) -> None:
    _, window = open_window("lan")
    units = window.panels.units.view
    settle()
    before, beneath = drawn(units), row_of(units, units.table.ident(2))
    tell = type(units.table).cell

    def cell(table: Any, ident: str, value: Any, column: int) -> Any:
        told = tell(table, ident, value, column)
        return told._replace(text="A\u2028B\nC\u2029D\x85E") if ident == units.table.ident(1) else told

    monkeypatch.setattr(type(units.table), "cell", cell)
    after = drawn(units)
    assert after != before and after.copy(beneath) == before.copy(beneath)


def test_a_hidden_column_hides_no_change(open_window: Any) -> None:
    _, window = open_window("lan")
    units = window.panels.units.view
    settle()
    units.setColumnHidden(0, True)
    units.setColumnHidden(units.table.columnCount() - 1, True)
    settle()
    seen = Painted(units)
    units.table.retell()
    settle()
    painted = QRegion()
    for region in seen.regions:
        painted += region
    assert painted.contains(QRect(0, units.rowViewportPosition(3), units.viewport().width(), units.rowHeight(3)))


def test_two_lines_that_are_told_move_no_board(open_window: Any) -> None:
    local, window = open_window("lan")
    window.resize(1920, 1080)
    QApplication.processEvents()
    room = window.panels.workplace.size()
    assert KEPT >= 2
    heights = []
    for count in range(SHOWN + 1):
        all_turns_taken()
        settle()
        heights.append(window.panels.workplace.height())
        local.desk.noticed.emit(Notice(Kind.TOLD, "told", lambda _, n=count: f"số {n}", at=local.desk.now()))
    assert heights[: KEPT + 1] == [room.height()] * (KEPT + 1)
    assert heights[KEPT + 1] < room.height(), "more than that is worth a move: nothing that is told is hidden"
    window.resize(1366, 768)
    settle()
    local.desk.ticked.emit()
    settle()
    assert window.bar.notices.height() == SHOWN_LOW * px(LINE_HEIGHT)
    window.resize(1920, 1080)
    settle()
    window.bar.notices.dismiss()
    settle()
    assert window.panels.workplace.size() == room


def test_what_only_says_that_it_is_done_goes_by_itself(open_window: Any) -> None:
    local, window = open_window("lan")
    desk, notices = local.desk, window.bar.notices
    desk.noticed.emit(Notice(Kind.TOLD, "told", lambda _: "ai đó đổi", at=desk.now()))
    desk.run("bocuc goc")
    assert [it.code for it in notices.notices] == ["told", "layout"]
    local.wait(DONE_S - 1)
    assert len(notices.notices) == 2
    local.wait(2)
    assert [it.code for it in notices.notices] == ["told"], "what somebody else did waits to be read"


def test_a_late_label_is_shortened_and_not_cut(open_window: Any) -> None:
    _, window = open_window("lan")
    label = elided_label(window, ROW, "late", strong=True)
    label.setText("♪ ▲▲ Vụ P1 #4 chưa có đơn vị nào nhận, gọi trạm kế tiếp")
    shown = QLabel.text
    label.show()
    label.resize(label.sizeHint())
    assert not shown(label).endswith("…")
    label.resize(200, 24)
    assert shown(label).endswith("…")
    assert label.fontMetrics().horizontalAdvance(shown(label)) <= 200 - LATE_EDGES


def test_a_figure_that_grows_lays_out_no_window(open_window: Any) -> None:
    _, window = open_window("lan")
    settle()
    asked = Heard(QEvent.Type.LayoutRequest, window, window.centralWidget(), window.panels.workplace).by
    caption = window.panels.workplace.docks["panel.calls"].caption
    caption.note.setText("(1.284)   lâu nhất 12:45")
    settle()
    assert asked == [], "caption"
    window.band.age.setText("dữ liệu 12,5 giây trước")
    settle()
    assert asked == [], "band"


def test_a_missed_line_is_told_of_its_own_caller_alone(open_window: Any) -> None:
    local, window = open_window("lan")
    table, told = window.panels.calls.missed, []
    table.dataChanged.connect(lambda first, last: told.append(first.row()))
    local.happen(lambda night: night.ring("113", "0911222333"))
    assert told == []
    local.happen(lambda night: night.ring("113", "0987654321"))  # who was missed rings again
    assert told
    told.clear()
    before, ringing = local.desk.state, next(it for it in local.desk.state.calls.values() if it.state.live)
    after = replace(before, calls=drop(before.calls, ringing.id))
    local.desk.take_update(Update(after, difference(before, after)))
    assert told, "whose number it was is no longer known"


def test_a_look_that_is_worn_is_not_put_on_again(open_window: Any, qapp: QApplication) -> None:
    _, window = open_window("lan")
    changed = Heard(QEvent.Type.StyleChange, window).by
    Look().wear(qapp, "dark")
    assert not changed
    window.set_theme("light")
    assert changed
    window.set_theme("dark")


def test_the_sign_in_needs_no_window() -> None:
    """Nor does a console at work load what only tests and drills need."""
    told = subprocess.run(
        [sys.executable, "-c", "import sys, console_gui.program; print(*sys.modules)"], capture_output=True, text=True,
        timeout=60, check=True,
    ).stdout.split()  # fmt: skip
    assert "console_gui.session" in told
    assert not {"console_gui.main_window", "console_gui.drill", "PySide6.QtTest"} & set(told)
