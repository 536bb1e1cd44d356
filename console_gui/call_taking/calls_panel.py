"""The board of calls: Enter answers one that waits, or opens the incident of one that talks; and the missed ones."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import HEADER_HEIGHT, STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.models.calls import CallsTable
from console_gui.models.missed import MissedTable
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.sizes import px
from console_gui.theme import Look
from dispatch_core.domain.commands import AnswerCall
from dispatch_core.domain.numbers import digits
from dispatch_core.domain.vocabulary import Role


class CallsPanel(QWidget):
    summary_changed = Signal(str)
    line_wanted = Signal(str)

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table = CallsTable(desk, self)
        number = 172 if desk.role is Role.TELEPHONY_ADMIN else 134
        self.view = BoardView(self.table, look, (number, 62, STRETCH, 60), "empty.calls", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 3)
        self.missed = MissedTable(desk, self)
        self.missed_view = BoardView(self.missed, look, (number, 62, STRETCH, 60), parent=self)
        column.addWidget(self.missed_view, 2)
        self.missed_view.hide()
        shown_too = ("people", "conversations", "nuisance", "watches")
        Follower(desk, self.table, "calls", shown_too, after=self._taken_over)
        Follower(desk, self.missed, "missed", ("people",), self.missed.touched, after=self._tell_summary)
        self._came = False
        self.table.rowsInserted.connect(self._has_come)
        self.view.entered_row.connect(self._entered)
        self.missed_view.entered_row.connect(self._entered_missed)
        desk.words.changed.connect(self._tell_summary)

    def _has_come(self) -> None:
        self._came = True

    def _taken_over(self) -> None:
        """A call that comes is on the screen before the rest of the update is taken over."""
        if self._came and self.view.isVisible():
            self.view.viewport().repaint()
        self._came = False
        self._tell_summary()

    def _entered(self, ident: str) -> None:
        call = self._desk.state.calls.get(ident)
        if call is None:
            return
        if call.state.waiting and self._desk.role is not Role.TELEPHONY_ADMIN:
            self._desk.ask(AnswerCall(call=ident))
        elif call.incident in self._desk.state.incidents:
            self._desk.show(call.incident)

    def _entered_missed(self, ident: str) -> None:
        """Its number goes to the command line, where Enter calls it."""
        line = self._desk.state.missed.get(ident)
        if line is None:
            return
        if line.incident in self._desk.state.incidents:
            self._desk.show(line.incident)
        if line.number and self._desk.role is not Role.TELEPHONY_ADMIN:
            self.line_wanted.emit(f"gl {digits(line.number)}")

    def _tell_summary(self) -> None:
        missed, state = self.missed.rowCount(), self._desk.state
        texts = sum(it.open for it in state.conversations.values())
        words, today = self._desk.words, state.missed_today
        parts = [words("calls.missed", count=missed)] if missed else []
        parts += [words("calls.called_back", count=today.called_back)] if today.called_back else []
        parts += [words("calls.texts", count=texts)] if texts else []
        rows = px(HEADER_HEIGHT) + missed * px(ROW_HEIGHT) + 2 * self.missed_view.frameWidth()
        self.missed_view.setMaximumHeight(rows)  # what it does not need is for calls that ring
        self.missed_view.setVisible(missed > 0)
        self.summary_changed.emit("   ".join(parts))
