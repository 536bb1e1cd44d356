"""Calls that nobody took, one line for each number: those of my position's services first, the oldest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject

from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, phone, since
from dispatch_core.domain.numbers import same_subscriber
from dispatch_core.domain.placing import plain_number
from dispatch_core.domain.state import Call, Missed
from dispatch_core.domain.vocabulary import CallBackOutcome, Direction, Role

NUMBER, DIALLED, STATE, CLOCK = range(4)


class MissedTable(OrderedTable[Missed]):
    columns = ("column.missed", "column.dialled", "column.state", "column.clock")
    clock_columns = (CLOCK,)
    right_columns = (CLOCK,)
    whole_columns = (0,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._live_in: Mapping[str, Call] | None = None
        self._live_calls: tuple[Call, ...] = ()

    def sort_key(self, ident: str, value: Missed) -> SortKey | None:
        seat = self._desk.state.positions.get(self._desk.position)
        mine = seat is not None and bool(set(seat.services) & set(value.services))
        return (not mine, value.services[:1], value.first_at)

    def cell(self, ident: str, value: Missed, column: int) -> Cell:
        if column == NUMBER:
            number = ident if self._desk.role is Role.TELEPHONY_ADMIN else phone(one_line(value.number, 40))
            text = number or self.words("form.hidden_number")
            times = self.words("missed.times", text=text, count=value.count) if value.count > 1 else text
            return Cell(times, strong=value.overdue, dim=not value.number)
        if column == DIALLED:
            services = self._desk.state.site.services
            codes = self._desk.state.site.numbers.get(value.dialled, value.services)[:1]
            glyphs = tuple((services[code].glyph, services[code].hue) for code in codes if code in services)
            return Cell(one_line(value.dialled, 20), glyphs=glyphs)
        if column == STATE:
            return self._state(value)
        return Cell(since(value.first_at, self._desk.now()), late=value.overdue, right=True)

    def _state(self, line: Missed) -> Cell:
        """What happens about it now, else what came of the last try."""
        live = self._live(line)
        if live is not None and live.direction is Direction.INCOMING:
            return Cell(self.words("missed.rings_again"), attention=True)
        if live is not None:
            user = live.back.user if live.back is not None else ""
            name = sentences.person(self._desk.state, user, self.words.language)
            return Cell(self.words("missed.being_called", user=name))
        if line.outcome is not None:
            text = self.words(f"call_back.{line.outcome.value}")
            return Cell(text, attention=line.outcome is CallBackOutcome.UNKNOWN)
        return Cell(self.words("missed.cut" if line.cut else "call.abandoned"), dim=not line.cut)

    def touched(self, changes: Changes) -> Iterable[str]:
        """Lines whose caller rings, talks or has hung up."""
        state, calls = self._desk.state, changes.of("calls")
        if calls.removed:
            return list(state.missed)  # whose number it was is no longer known
        country = state.site.country_code
        numbers = {it for call in calls.changed if (it := plain_number(state.calls[call].number, country))}
        if not numbers:
            return ()
        return [ident for ident, it in state.missed.items() if plain_number(it.number, country) in numbers]

    def _live(self, line: Missed) -> Call | None:
        state = self._desk.state
        if self._live_in is not state.calls:  # every line asks, and a night's calls are many
            self._live_in = state.calls
            self._live_calls = tuple(it for it in state.calls.values() if it.state.live)
        country = state.site.country_code
        return next((it for it in self._live_calls if same_subscriber(it.number, line.number, country)), None)
