"""The board of units with its filter, and the keys that report a status."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.dispatching.unit_keys import STATUS_KEYS
from console_gui.labels import plain_label
from console_gui.models.units import STATION, UnitsTable
from console_gui.paced import Paced
from console_gui.theme import Look
from console_gui.translations import sentences
from console_gui.translations.formats import short
from console_gui.turns import Turn
from console_gui.typefaces import ROW, font
from dispatch_core.domain.commands import ReportStatus
from dispatch_core.domain.recommending import is_free


class UnitsView(BoardView):
    """Digits report the status of the chosen unit."""

    def __init__(
        self, table: UnitsTable, desk: Desk, look: Look, with_station: bool, parent: QWidget | None = None
    ) -> None:
        widths = (92, 150, 72, 56, STRETCH) if with_station else (84, STRETCH, 64, 50, 0)
        super().__init__(table, look, widths, "empty.units", parent=parent)
        self.setColumnHidden(STATION, not with_station)
        self._desk = desk

    def key_typed(self, text: str) -> bool:
        unit = self.ident()
        if not unit or text not in STATUS_KEYS:
            return False
        self._desk.ask(ReportStatus(unit=unit, status=STATUS_KEYS[text]))
        return True


class FilterField(QLineEdit):
    """Esc empties it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class UnitsPanel(QWidget):
    line_wanted = Signal(str)  # words to put into the command line
    unit_chosen = Signal(str)
    summary_changed = Signal(str)

    def __init__(self, desk: Desk, look: Look, *, with_station: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._wide = desk, with_station
        self.table = UnitsTable(desk, self)
        self.view = UnitsView(self.table, desk, look, with_station, self)
        self.filter_field = FilterField(self)
        self.filter_field.setFont(font(ROW))
        desk.words.put(self.filter_field, "setPlaceholderText", "units.filter")
        self._keys = plain_label(self, ROW, "dim")
        self._keys.setWordWrap(True)
        desk.words.put(self._keys, "setText", "units.keys")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 4)
        column.setSpacing(4)
        column.addWidget(self.filter_field)
        column.addWidget(self.view, 1)
        column.addWidget(self._keys)
        self.filter_field.textChanged.connect(self.table.filter)
        self.view.entered_row.connect(self._entered)
        self.view.current_row.connect(self.unit_chosen)
        self._summary = Paced(self._tell_summary, self)
        desk.updated.connect(self._update)
        desk.ticked.connect(Turn(self.table.tick, self).take)
        desk.words.changed.connect(self._tell_summary)

    def show_filter(self, text: str) -> None:
        self.filter_field.setText(text)

    def _entered(self, unit: str) -> None:
        """A free unit is about to be sent: the command stands ready, Enter sends it."""
        current = self._desk.current
        self.line_wanted.emit(f"d {unit} {short(current)}" if current else f"d {unit} #")

    def _update(self, changes: Changes) -> None:
        step = changes.of("units")
        if changes.site or changes.of("stations"):
            self.table.refresh()
        if step:
            self.table.apply(self._desk.state.units, step.changed, step.removed)
        if step or changes.site:
            self._summary.call()

    def _tell_summary(self) -> None:
        """Free units of each service, and of how many: ``sẵn sàng  113 11/12  114 10/12``."""
        state, parts = self._desk.state, []
        for code in state.site.services:
            mine = [unit for unit in state.units.values() if unit.service == code]
            free = sum(map(is_free, mine))
            number = sentences.number_of(state, code) or code
            parts.append(f"{number}\u00a0 {free}/{len(mine)}")
        shown = [self._desk.words("units.free"), *parts] if self._wide else parts
        self.summary_changed.emit("     ".join(shown))
