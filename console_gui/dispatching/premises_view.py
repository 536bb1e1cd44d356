"""Known of this place: a short list under the address, gone where nothing is known."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.labels import plain_label
from console_gui.models.premises import PremisesTable
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.theme import Look
from console_gui.typefaces import ROW
from dispatch_core.domain.state import Incident

SHOWN = 5
"""Lines that are seen at once; the rest is scrolled to. Hazards are the first."""


class PremisesView(QWidget):
    """Enter on a note that was written by hand puts its words into the command line."""

    line_wanted = Signal(str)

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = PremisesTable(desk, self)
        self.view = WrappedView(self.table, look, (118, STRETCH, 64), parent=self)
        caption = plain_label(self, ROW, "caption", strong=True)
        desk.words.put(caption, "setText", "form.premises")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(caption)
        column.addWidget(self.view)
        self.view.entered_row.connect(self._entered)
        self.view.verticalHeader().sectionResized.connect(self._take_room)
        self.table.rowsInserted.connect(self._take_room)
        self.table.rowsRemoved.connect(self._take_room)
        self.hide()

    def show_incident(self, incident: Incident | None) -> None:
        self.table.show(incident)

    def _take_room(self, *_: object) -> None:
        """As high as its lines, no more than ``SHOWN``; nothing at all where there are none."""
        self.setVisible(self.table.rowCount() > 0)
        whole = self.view.verticalHeader().length() + 2 * self.view.frameWidth()
        self.view.setFixedHeight(min(max(ROW_HEIGHT, whole), SHOWN * ROW_HEIGHT + ROW_HEIGHT // 2))

    def _entered(self, ident: str) -> None:
        line = self.table.value(ident)
        if line is not None and line.note is not None and ident.startswith("P"):
            self.line_wanted.emit(f"dd {ident} {line.note.text}")
