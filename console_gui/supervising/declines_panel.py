"""How often stations and crews did not take what they were offered today; a row opens its single times under it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.models.declines import DeclineLinesTable, DeclinesTable
from console_gui.theme import Look


class DeclinesPanel(QWidget):
    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._station = ""
        self.table, self.lines = DeclinesTable(desk, self), DeclineLinesTable(desk, self)
        self.view = BoardView(self.table, look, (STRETCH, 62, 66, 78, 122), "empty.declines", parent=self)
        self.lines_view = BoardView(
            self.lines, look, (62, 42, 50, STRETCH, 104), "empty.decline_lines", header=False, parent=self
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 3)
        column.addWidget(self.lines_view, 2)
        self.view.current_row.connect(self.show_station)
        self.view.entered_row.connect(self.show_station)
        self.lines_view.entered_row.connect(self._open)
        self.lines_view.setVisible(False)
        Follower(desk, self.table, "declines", ("stations",), after=self._refresh)

    def show_station(self, station: str) -> None:
        """The list behind a row."""
        self._station = station
        self._refresh()

    def _refresh(self) -> None:
        known = self._desk.state.declines.get(self._station)
        self.lines.show(known)
        self.lines_view.setVisible(known is not None)

    def _open(self, ident: str) -> None:
        line = self.lines.value(ident)
        if line is not None and line.incident in self._desk.state.incidents:
            self._desk.show(line.incident)
