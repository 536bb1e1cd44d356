"""Alarms until they are handled: numbered as the command ``alarm`` counts them."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.command_line.verbs_calls import LEVELS
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.signs import ALARM_SIGNS
from console_gui.translations import sentences
from console_gui.translations.formats import since
from dispatch_core.domain.state import Alarm
from dispatch_core.domain.vocabulary import AlarmLevel

LEVEL, NUMBER, TEXT, CLOCK = range(4)


class AlarmsTable(OrderedTable[Alarm]):
    columns = ("column.level", "", "column.alarm", "column.clock")
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        for moved in (self.rowsInserted, self.rowsRemoved, self.rowsMoved):
            moved.connect(self._renumber)

    def _renumber(self) -> None:
        """A row that came or went changes the numbers of those below it."""
        if self.rowCount():
            self.dataChanged.emit(self.index(0, NUMBER), self.index(self.rowCount() - 1, NUMBER))

    def sort_key(self, ident: str, value: Alarm) -> SortKey | None:
        return (LEVELS.index(value.level), value.raised_at)

    def cell(self, ident: str, value: Alarm, column: int) -> Cell:
        urgent = value.level is not AlarmLevel.LOW
        if column == NUMBER:
            return Cell(str(self.row_of(ident) + 1), dim=True)
        if column == LEVEL:
            text = f"{ALARM_SIGNS[value.level]} {self.words(f'level.{value.level.value}')}"
            return Cell(text, strong=urgent, attention=urgent)
        if column == TEXT:
            return Cell(sentences.alarm(value, self.words.language, self._desk.state))
        return Cell(since(value.raised_at, self._desk.now()), right=True)
