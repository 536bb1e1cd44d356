"""People at their positions for whoever leads: what needs a leader's eye stands first, and each says for how long."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.models.gathered import name_of, together
from console_gui.models.ordered_table import Cell, SortKey
from console_gui.models.positions import CLOCK, STATE, PositionsTable
from console_gui.translations.formats import duration, since
from dispatch_core.domain.state import Call, Position
from dispatch_core.domain.vocabulary import CallState, DutyState
from dispatch_core.wire.envelopes import LiveValue

TALKS_LONG_MS = 10 * 60_000
HELD_LONG_MS = 2 * 60_000
"""A leader looks at a talk, and at a caller on hold, of so long."""

MINUTE_MS = 60_000


class PeopleTable(PositionsTable):
    """A phone that cannot be reached, an absence beyond what is allowed, a long talk; then talks, absences, those who
    write things down, the ready, and at the end empty seats."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        self._calls: dict[str, Call] = {}
        self._phones: dict[str, dict[str, LiveValue]] = {}
        self._away: set[str] = set()
        super().__init__(desk, parent)

    def recount(self) -> None:
        """Calls have changed: who talks in which."""
        self._calls = {it.position: it for it in self._desk.state.calls.values() if it.position and it.state.live}

    def take_phones(self, values: tuple[LiveValue, ...]) -> None:
        fresh = [value for value in values if value.kind == "phone"]
        for value in fresh:
            self._phones.setdefault(name_of(value), {})[value.key] = value
        for name in {name_of(value) for value in fresh}:
            lost = together(self._phones[name].values()).value.get("reachable") is False
            (self._away.add if lost else self._away.discard)(name)
        self.touch({name_of(value) for value in fresh})

    def tick(self) -> None:
        """Some need a look only because time has passed."""
        state = self._desk.state
        stale = {
            ident for ident in self.idents() if (seat := state.positions.get(ident)) is not None
            and self.sort_key(ident, seat) != self._keys[ident]
        }  # fmt: skip
        if stale:
            self.touch(stale)
        super().tick()

    def sort_key(self, ident: str, value: Position) -> SortKey | None:
        rank, since_at = self._rank(value)
        return (rank, since_at, natural_key(ident))

    def _rank(self, seat: Position) -> tuple[int, int]:
        if not seat.user:
            return (8 if seat.installing else 9, 0)
        if seat.id in self._away:
            return (0, 0)
        call, duty = self._call(seat.id), seat.duty
        if call is not None:
            began = call.held_at or call.answered_at
            return (2 if self._talks_long(call) else 3, began)
        if duty.state is DutyState.NOT_READY:
            return (1 if self._beyond(seat) else 4, duty.since)
        return (5 if duty.state is DutyState.WRAP_UP else 6, 0)

    def _talks_long(self, call: Call) -> bool:
        now = self._desk.now()
        if call.state is CallState.HELD:
            return now - call.held_at > HELD_LONG_MS
        return now - call.answered_at > TALKS_LONG_MS

    def _most_ms(self, seat: Position) -> int:
        reason = self._desk.state.site.reasons.get(seat.duty.why)
        return reason.most_min * MINUTE_MS if reason is not None else 0

    def _beyond(self, seat: Position) -> bool:
        most = self._most_ms(seat)
        return most > 0 and self._desk.now() - seat.duty.since > most

    def cell(self, ident: str, value: Position, column: int) -> Cell:
        if not value.user or value.installing:
            return super().cell(ident, value, column)
        call = self._call(ident)
        if column == CLOCK and call is not None:
            at = call.held_at or call.answered_at
            return Cell(since(at, self._desk.now()), late=self._talks_long(call), right=True)
        if column == CLOCK and value.duty.state is DutyState.NOT_READY:
            return Cell(since(value.duty.since, self._desk.now()), late=self._beyond(value), right=True)
        if column == STATE and ident in self._away:
            return Cell(self.words("position.unreachable"), attention=True, strong=True)
        if column == STATE and call is None and value.duty.state is DutyState.NOT_READY and self._most_ms(value):
            reason = self._desk.state.site.reasons[value.duty.why]
            why = reason.vi if self.words.language == "vi" else reason.en
            most = duration(self._most_ms(value))
            return Cell(self._deaf(value) + self.words("position.away_of", why=why, most=most), attention=True)
        return super().cell(ident, value, column)

    def _call(self, position: str) -> Call | None:
        return self._calls.get(position)
