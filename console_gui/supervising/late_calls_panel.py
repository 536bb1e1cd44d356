"""The calls behind a figure: which were not answered in time, or not at all. Enter opens the incident, Esc closes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.models.late_calls import LateCallsTable
from console_gui.supervising.figures import Figure
from console_gui.theme import Look


class LateCallsPanel(QWidget):
    done = Signal()
    summary_changed = Signal(str)

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table = LateCallsTable(desk, self)
        self.view = BoardView(self.table, look, (72, 28, 60, STRETCH, 76), "empty.late_calls", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.entered_row.connect(self._entered)
        QShortcut(
            QKeySequence("Esc"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        ).activated.connect(self.done)
        desk.updated.connect(self._update)

    def show_for(self, figure: Figure, told: str) -> None:
        self.table.show_only(figure.calls or (lambda call: True))
        self.summary_changed.emit(told)
        if self.table.rowCount():
            self.view.setCurrentIndex(self.table.index(0, 0))
        self.view.setFocus()

    def _update(self) -> None:
        if self.isVisible():
            self.table.refresh()

    def _entered(self, call: str) -> None:
        incident = self.table.incident(call)
        if incident in self._desk.state.incidents:
            self._desk.show(incident)
