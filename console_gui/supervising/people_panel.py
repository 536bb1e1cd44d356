"""Positions with who sits there and whether they talk."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.models.positions import PositionsTable
from console_gui.theme import Look


class PositionsPanel(QWidget):
    """``wide`` also shows the label of each position, for the admin."""

    def __init__(self, desk: Desk, look: Look, *, wide: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._talking: set[str] = set()
        self.table = PositionsTable(desk, self)
        widths = (72, 220, 76, STRETCH, 190, 64) if wide else (60, 0, 72, STRETCH, 186, 52)
        self.view = BoardView(self.table, look, widths, "empty.positions", parent=self)
        self.view.setColumnHidden(1, not wide)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        Follower(desk, self.table, "positions", ("people", "watches"), self._touched)

    def _touched(self, changes: Changes) -> Iterable[str]:
        """Positions that began or ceased to talk."""
        if not changes.of("calls"):
            return set()
        now = {call.position for call in self._desk.state.calls.values() if call.state.live and call.position}
        before, self._talking = self._talking, now
        return before | now
