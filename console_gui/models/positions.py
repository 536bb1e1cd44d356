"""Positions: who sits where, what they serve, whether they talk."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, since
from dispatch_core.domain.state import Call, Position

ID, LABEL, SERVICES, WHO, STATE, CLOCK = range(6)


class PositionsTable(OrderedTable[Position]):
    columns = (
        "column.position", "column.label", "column.services", "column.person", "column.state", "column.clock",
    )  # fmt: skip
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def sort_key(self, ident: str, value: Position) -> SortKey | None:
        return (natural_key(ident),)

    def touch(self, positions: set[str]) -> None:
        """Calls or people at these positions have changed, which is shown in their rows."""
        self.apply(self._desk.state.positions, positions & self._desk.state.positions.keys())

    def cell(self, ident: str, value: Position, column: int) -> Cell:
        state = self._desk.state
        if column == ID:
            return Cell(ident, strong=value.user != "")
        if column == LABEL:
            return Cell(one_line(value.label, 80), dim=True)
        if column == SERVICES:
            services = [state.site.services[code] for code in value.services if code in state.site.services]
            return Cell(glyphs=tuple((it.glyph, it.hue) for it in services))
        if column == WHO:
            return Cell(sentences.person(state, value.user, self.words.language) if value.user else "")
        call = self._call(ident)
        if column == STATE:
            return self._state(value, call)
        return Cell(since(call.answered_at, self._desk.now()) if call is not None else "", right=True)

    def _state(self, seat: Position, call: Call | None) -> Cell:
        if seat.installing:
            return Cell(self.words("position.installing"), attention=True)
        if call is not None:
            return Cell(self.words("position.talking"))
        return Cell(self.words("position.ready" if seat.user else "position.free"), dim=not seat.user)

    def _call(self, position: str) -> Call | None:
        for call in self._desk.state.calls.values():
            if call.state.live and call.position == position:
                return call
        return None
