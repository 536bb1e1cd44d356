"""Positions with who sits there and whether they talk; for whoever leads, with a key for each act on a row."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.models.people import PeopleTable
from console_gui.models.positions import SERVICES, PositionsTable
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.typefaces import ROW

LINES = {"g": "gs {position}", "n": "nhac {position}", "c": "chen {position}", "t": "thoi", "v": "cua @{user}"}
"""What a letter on a row types and carries out."""


class PeopleView(BoardView):
    run_wanted = Signal(str)
    line_wanted = Signal(str)

    def key_typed(self, text: str) -> bool:
        seat = self.table.value(self.ident())
        if seat is None or text not in (*LINES, "m"):
            return False
        if text == "m":
            self.line_wanted.emit(f"nb {seat.id} ")
        elif seat.user or text == "t":
            self.run_wanted.emit(LINES[text].format(position=seat.id, user=seat.user))
        return True


class PositionsPanel(QWidget):
    """``wide`` also shows the label of each position, for the admin; ``leading``: in the order of a leader's eye."""

    run_wanted = Signal(str)
    line_wanted = Signal(str)

    def __init__(
        self, desk: Desk, look: Look, *, wide: bool = False, leading: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._talking: set[str] = set()
        self.table: PositionsTable = PeopleTable(desk, self) if leading else PositionsTable(desk, self)
        widths = (72, 220, 86, STRETCH, 190, 64) if wide else (60, 0, 80, STRETCH, 186, 66)
        self.view = (PeopleView if leading else BoardView)(self.table, look, widths, "empty.positions", parent=self)
        self.view.setColumnHidden(1, not wide)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.view)
        if isinstance(self.view, PeopleView):
            keys = plain_label(self, ROW, "dim")
            keys.setContentsMargins(8, 2, 8, 4)
            keys.setWordWrap(True)
            desk.words.put(keys, "setText", "people.keys")
            column.addWidget(keys)
            self.view.run_wanted.connect(self.run_wanted)
            self.view.line_wanted.connect(self.line_wanted)
        if isinstance(self.table, PeopleTable):
            desk.live_changed.connect(self.table.take_phones)
            desk.updated.connect(self.table.recount)  # before the rows follow
        Follower(desk, self.table, "positions", ("people", "watches"), self._touched)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, who it is and how he is come before what the seat serves."""
        super().resizeEvent(event)
        if isinstance(self.view, PeopleView):
            self.view.show_column(SERVICES, self.width() >= px(440))

    def _touched(self, changes: Changes) -> Iterable[str]:
        """Positions that began or ceased to talk."""
        if not changes.of("calls"):
            return set()
        now = {call.position for call in self._desk.state.calls.values() if call.state.live and call.position}
        before, self._talking = self._talking, now
        return before | now
