"""The board of calls: Enter answers one that waits, or opens the incident of one that talks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.models.calls import CallsTable
from console_gui.theme import Look
from dispatch_core.domain.commands import AnswerCall
from dispatch_core.domain.vocabulary import CallState, Role


class CallsPanel(QWidget):
    summary_changed = Signal(str)

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table = CallsTable(desk, self)
        number = 172 if desk.role is Role.TELEPHONY_ADMIN else 134
        self.view = BoardView(self.table, look, (number, 62, STRETCH, 60), "empty.calls", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        Follower(desk, self.table, "calls", ("people", "conversations", "nuisance"), self._touched, self._tell_summary)
        self.view.entered_row.connect(self._entered)
        desk.words.changed.connect(self._tell_summary)

    def _touched(self, changes: Changes) -> Iterable[str]:
        """A missed call stays until its incident is closed."""
        for ident in changes.of("incidents").changed:
            yield from self._desk.state.incidents[ident].calls

    def _entered(self, ident: str) -> None:
        call = self._desk.state.calls.get(ident)
        if call is None:
            return
        if call.state.waiting and self._desk.role is not Role.TELEPHONY_ADMIN:
            self._desk.ask(AnswerCall(call=ident))
        elif call.incident in self._desk.state.incidents:
            self._desk.show(call.incident)

    def _tell_summary(self) -> None:
        shown = [self.table.value(ident) for ident in self.table.idents()]
        missed = sum(call is not None and call.state is CallState.ABANDONED for call in shown)
        words, conversations = self._desk.words, self._desk.state.conversations
        texts = sum(it.open for it in conversations.values())
        parts = [words("calls.missed", count=missed)] if missed else []
        parts += [words("calls.texts", count=texts)] if texts else []
        self.summary_changed.emit("   ".join(parts))
