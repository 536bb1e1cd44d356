"""The lines of a hand-over's sheet: the latest first, each marked or not."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.clocks import Stage
from console_gui.desk import Desk
from console_gui.desks.todo import Handed
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import sentences
from console_gui.translations.formats import short, since
from dispatch_core.domain.vocabulary import LegState

MARK, NUMBER, WHAT, LEGS, TO_BE_DONE, CLOCK = range(6)


class ShiftTable(OrderedTable[Handed]):
    columns = ("", "column.incident", "column.what", "column.legs", "column.todo", "column.clock")
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self.unmarked: set[str] = set()

    def mark(self, key: str) -> None:
        self.unmarked ^= {key}
        row = self.row_of(key)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def sort_key(self, ident: str, value: Handed) -> SortKey | None:
        priority = value.incident.priority if value.incident is not None else 9
        return (value.incident is None, -value.late, priority, value.since, ident)

    def cell(self, ident: str, value: Handed, column: int) -> Cell:
        state, language, it = self._desk.state, self.words.language, value.incident
        dim = ident in self.unmarked
        if column == MARK:
            return Cell("☐" if dim else "☑", dim=dim)
        if column == NUMBER:
            return Cell(f"P{it.priority} {short(ident)}" if it is not None else "", strong=not dim, dim=dim)
        if column == WHAT:
            if it is None:
                return Cell(value.what, dim=dim)
            where = f"{sentences.place(it, language)} · " if it.location is not None else ""
            return Cell(where + sentences.incident_type(state, it, language), dim=dim)
        if column == LEGS:
            services = state.site.services
            legs = it.legs.items() if it is not None else ()
            glyphs = [
                (services[code].glyph, services[code].hue)
                for code, leg in legs if leg.state is LegState.OPEN and code in services
            ]  # fmt: skip
            units = " ".join(unit for _, leg in legs for unit in leg.units)
            return Cell(units, glyphs=tuple(glyphs), dim=dim)
        if column == TO_BE_DONE:
            return Cell(" · ".join(value.todo), attention=value.late is not Stage.CALM and not dim, dim=dim)
        clock = since(value.since, self._desk.now())
        late, attention = value.late is Stage.LATE, value.late is Stage.ATTENTION
        return Cell(clock, late=late, attention=attention, strong=late or attention, right=True)
