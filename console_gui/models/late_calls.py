"""Calls of this shift that were not answered in time, or not at all: the list behind a figure."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations.formats import duration, short, wall_clock
from dispatch_core.domain.state import LateCall

AT, SERVICE, WAITED, WHO, INCIDENT = range(5)


class LateCallsTable(OrderedTable[LateCall]):
    """The newest first."""

    columns = ("column.time", "column.services", "column.waited", "column.answered_by", "column.incident")
    right_columns = (WAITED,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._wanted: Callable[[LateCall], bool] = lambda call: True
        self._incidents: dict[str, str] = {}

    def show_only(self, wanted: Callable[[LateCall], bool]) -> None:
        self._wanted = wanted
        self.refresh()

    def refresh(self) -> None:
        state = self._desk.state
        self._incidents = {call: it.id for it in state.incidents.values() for call in it.calls}
        self.replace_all({ident: call for ident, call in state.late_calls.items() if self._wanted(call)})

    def incident(self, call: str) -> str:
        """"" where it has been archived."""
        return self._incidents.get(call, "")

    def sort_key(self, ident: str, value: LateCall) -> SortKey | None:
        return (-value.arrived_at, ident)

    def cell(self, ident: str, value: LateCall, column: int) -> Cell:
        site = self._desk.state.site
        if column == AT:
            return Cell(wall_clock(value.arrived_at, site.utc_offset_min), dim=True)
        if column == SERVICE:
            known = site.services.get(value.service)
            return Cell(glyphs=((known.glyph, known.hue),) if known is not None else ())
        if column == WAITED:
            return Cell(duration(value.waited_ms), right=True, strong=True)
        if column == WHO:
            given_up = not value.position
            return Cell(self.words("late_call.given_up") if given_up else value.position, attention=given_up)
        incident = self.incident(ident)
        return Cell(short(incident) if incident else self.words("late_call.archived"), dim=not incident)
