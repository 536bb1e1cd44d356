"""What the caller's number called for before, opened by a key: each incident with date, type, place and outcome."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH
from console_gui.call_taking import history_words as said
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.labels import plain_label
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.theme import Look
from console_gui.translations.formats import one_line, phone, short
from console_gui.typefaces import ROW
from dispatch_core.domain.state import Call
from dispatch_core.wire.callers import CalledFor

AT, WHAT, OUTCOME = range(3)


class HistoryTable(OrderedTable[CalledFor]):
    columns = ("column.at", "column.what", "column.outcome")

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def sort_key(self, ident: str, value: CalledFor) -> SortKey | None:
        return (-value.at, ident)

    def cell(self, ident: str, value: CalledFor, column: int) -> Cell:
        state, words = self._desk.state, self.words
        if column == AT:
            return Cell(said.moment(state, value.at, self._desk.now()))
        if column == OUTCOME:
            return Cell(said.outcome(value, words), dim=True)
        parts = (short(value.incident), said.type_named(state, value, words), said.place_named(value, words))
        return Cell(" · ".join(filter(None, parts)), strong=ident in state.incidents)


class HistoryPanel(QWidget):
    """Enter opens an incident that is still in the live state; Esc closes."""

    done = Signal()

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._call = ""
        self.head = plain_label(self, ROW, "dim")
        self.head.setWordWrap(True)
        self.table = HistoryTable(desk, self)
        self.view = WrappedView(self.table, look, (92, STRETCH, 104), "empty.history", self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 6)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        self.view.entered_row.connect(self._entered)
        desk.callers.told.connect(self.refresh)
        desk.updated.connect(self.refresh)
        desk.words.changed.connect(self.refresh)

    def show_call(self, call: Call | None) -> None:
        self._call = call.id if call is not None else ""
        if call is not None:
            self._desk.callers.again(call)
            self._desk.callers.want(call)
        self.refresh()
        self.view.setFocus()
        if self.table.rowCount():
            self.view.choose(self.table.ident(0))

    def refresh(self, *_: object) -> None:
        words, call = self._desk.words, self._desk.state.calls.get(self._call)
        known = self._desk.callers.of(self._desk.state, call) if call is not None else None
        self.table.replace_all({it.incident: it for it in known.newest} if known is not None else {})
        number = phone(one_line(call.number, 40)) if call is not None else ""
        problem = self._desk.callers.problem(call) if call is not None else None
        parts = [number or words("form.hidden_number")]
        parts += [said.counted(known, words)] if known is not None and known.calls else []
        parts += [words.pick(problem.vi, problem.en)] if problem is not None else []
        self.head.setText("   ".join(parts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def _entered(self, ident: str) -> None:
        if ident in self._desk.state.incidents:
            self._desk.show(ident)
            self.done.emit()
