"""The admin's live boards: switches, test calls, trunks, queues, phones."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.models.live import LiveTable, NodesTable, PhonesTable, ProbesTable, QueuesTable, TrunksTable
from console_gui.theme import Look

BOARDS: dict[str, tuple[type[LiveTable], tuple[int, ...]]] = {
    "probes": (ProbesTable, (66, 100, STRETCH, 70, 52, 78)),
    "trunks": (TrunksTable, (STRETCH, 140, 82, 90, 70)),
    "queues": (QueuesTable, (124, 66, 78, STRETCH, 52)),
    "phones": (PhonesTable, (72, STRETCH, 150, 74)),
}
"""Name of the panel, its table, and the widths of its columns."""


class LivePanel(QWidget):
    """One kind of last values."""

    def __init__(self, desk: Desk, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kind, widths = BOARDS[name]
        self.table = kind(desk, self)
        self.view = BoardView(self.table, look, widths, f"empty.{name}", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        desk.live_changed.connect(self.table.take)
        desk.ticked.connect(self.table.tick)
        desk.updated.connect(self.table.tick)


class NodesPanel(QWidget):
    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = NodesTable(desk, self)
        self.view = BoardView(self.table, look, (124, STRETCH, 90), "empty.nodes", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        Follower(desk, self.table, "nodes")
