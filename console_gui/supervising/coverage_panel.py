"""Coverage for whoever leads: shares, holes, and the move-ups that would close them. Enter puts one into the line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.models.coverage import CoverageTable, Part
from console_gui.theme import Look
from dispatch_core.wire.envelopes import LiveValue


class CoveragePanel(QWidget):
    line_wanted = Signal(str)
    summary_changed = Signal(str)

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.table = CoverageTable(desk, self)
        self.view = WrappedView(self.table, look, (64, STRETCH, 76), "empty.coverage", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.view.entered_row.connect(self._entered)
        desk.live_changed.connect(self._take)
        desk.words.changed.connect(self._tell)

    def _take(self, values: tuple[LiveValue, ...]) -> None:
        self.table.take(values)
        self._tell()

    def _tell(self) -> None:
        lines = (self.table.value(ident) for ident in self.table.idents())
        holes = sum(line is not None and line.part is Part.HOLE for line in lines)
        self.summary_changed.emit(self._desk.words("coverage.late", count=holes) if holes else "")

    def _entered(self, ident: str) -> None:
        line = self.table.value(ident)
        if line is not None and line.command:
            self.line_wanted.emit(line.command)
