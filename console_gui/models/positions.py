"""Positions: who sits where, what they serve, whether they talk."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import sentences
from console_gui.translations.formats import duration, one_line, since
from dispatch_core.domain.state import Call, Position
from dispatch_core.domain.vocabulary import CallState, DutyState


def duty_words(desk: Desk, seat: Position) -> str:
    """Ready; not ready and why; writing things down, and for how long yet."""
    words, duty = desk.words, seat.duty
    if duty.state is DutyState.NOT_READY:
        reason = desk.state.site.reasons.get(duty.why)
        why = duty.why if reason is None else reason.vi if words.language == "vi" else reason.en
        return words("position.not_ready", why=why)
    if duty.state is DutyState.WRAP_UP:
        return words("position.wrap_up", left=duration(max(0, duty.until - desk.now())))
    return words("position.ready")


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
        began = call.answered_at if call is not None else value.duty.since
        return Cell(since(began, self._desk.now()) if began and value.user else "", right=True)

    def _state(self, seat: Position, call: Call | None) -> Cell:
        if seat.installing:
            return Cell(self.words("position.installing"), attention=True)
        deaf = self._deaf(seat)
        if call is not None:
            state = deaf + self.words("position.held" if call.state is CallState.HELD else "position.talking")
            watch = self._desk.state.watches.get(self._desk.position)
            heard = watch is not None and watch.watched == seat.id
            return Cell(self.words("position.listened", state=state) if heard else state, attention=bool(deaf))
        if not seat.user:
            return Cell(self.words("position.free"), dim=True)
        told = deaf + duty_words(self._desk, seat)
        return Cell(told, attention=bool(deaf) or seat.duty.state is DutyState.NOT_READY)

    def _deaf(self, seat: Position) -> str:
        """Whose console cannot sound is said first: nobody else would notice it."""
        person = self._desk.state.people.get(seat.user)
        return f"✕ {self.words('position.deaf')} · " if person is not None and person.deaf_since else ""

    def _call(self, position: str) -> Call | None:
        for call in self._desk.state.calls.values():
            if call.state.live and call.position == position:
                return call
        return None
