"""Waiting and active calls: mine first, then who waits longest, then who talks; the missed ones are ``missed``."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.call_taking.silence_words import behind, silence_flag
from console_gui.clocks import Stage, of_call
from console_gui.company import being_done, company, heard_by_me
from console_gui.desk import Desk
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.translations.formats import one_line, phone, since
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, Direction, Role

NUMBER, DIALLED, STATE, CLOCK = range(4)


class CallsTable(OrderedTable[Call]):
    columns = ("column.number", "column.dialled", "column.state", "column.clock")
    clock_columns = (STATE, CLOCK)
    right_columns = (CLOCK,)
    whole_columns = (0,)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk
        self._hides_numbers = desk.role is Role.TELEPHONY_ADMIN

    def sort_key(self, ident: str, value: Call) -> SortKey | None:
        if not value.state.live:
            return None  # what nobody took is in the list of missed calls
        if value.direction is Direction.OUTGOING and not value.talks:
            return (0 if value.back is not None and value.back.position == self._desk.position else 2, value.arrived_at)
        if value.state.waiting:
            test = value.direction is Direction.TEST
            return (1, 2 if test else behind(self._desk.state, value, self._desk.now()), value.arrived_at)
        mine = value.position != "" and value.position == self._desk.position
        return (0 if mine else 2, value.answered_at)

    def cell(self, ident: str, value: Call, column: int) -> Cell:
        over = not value.state.live
        if column == NUMBER:
            mine = value.state.live and value.position != "" and value.position == self._desk.position
            return Cell(self.number(value), (("▶", ""),) if mine else (), strong=value.state.waiting or mine, dim=over)
        if column == DIALLED:
            if value.direction is Direction.OUTGOING:
                return Cell(self.words("call.outgoing"), dim=True)
            return Cell(one_line(value.dialled, 20), glyphs=self._glyphs(value), dim=over)
        if column == STATE:
            state, now = self._desk.state, self._desk.now()
            flag = "" if self._hides_numbers else silence_flag(state, value, self.words, now)
            told = (self.state_words(value), flag, self._standing(value))
            text = ", ".join(filter(None, told[::-1] if value.silence.cannot_speak_at else told))
            cannot = bool(value.silence.cannot_speak_at)
            return Cell(text, dim=over and not cannot, attention=cannot or bool(flag and value.answered_at))
        stage = of_call(self._desk.state, value, self._desk.now())
        return Cell(
            self._clock(value), late=stage is Stage.LATE, attention=stage is Stage.ATTENTION,
            strong=stage is Stage.ATTENTION, dim=over, right=True,
        )  # fmt: skip

    def number(self, call: Call) -> str:
        """The caller's number, or what stands for it where it may not be seen or was not sent."""
        if call.direction is Direction.TEST:
            return self.words("call.test")
        if self._hides_numbers:
            return call.id
        return phone(one_line(call.number, 40)) or self.words("form.hidden_number")

    def state_words(self, call: Call) -> str:
        words = self.words
        if call.hang_up_asked and call.state.live:
            return words("call.hanging_up")
        if call.intent is not None:
            return words("call.asked", position=call.intent.position)
        if call.back is not None and not call.talks:
            step = "unsure" if call.back.unsure_at else "dialling" if call.back.dialled_at else "asked"
            return words(f"call_back.{step}", position=call.back.position)
        state = words(f"call.{call.state.value}")
        if call.position or call.parties or call.steer is not None:
            return self._steered(call, state)
        if call.state is CallState.RINGING:
            return words("call.at", state=state, position=" ".join(call.ringing))
        if call.overflowed and call.state.waiting:
            return f"{state}, {words('call.overflowed')}"
        return state

    def _steered(self, call: Call, state: str) -> str:
        now, language = self._desk.state, self.words.language
        at = self.words("call.at", state=state, position=call.position) if call.position else state
        done = being_done(now, call, language)
        heard = heard_by_me(now, call, self._desk.position, language)
        return ", ".join(filter(None, (heard, done or at, *company(now, call, language))))

    def _standing(self, call: Call) -> str:
        waits = call.state.waiting and behind(self._desk.state, call, self._desk.now())
        return self.words("nuisance.short") if waits else ""

    def _glyphs(self, call: Call) -> tuple[tuple[str, str], ...]:
        services = self._desk.state.site.services
        return tuple((services[code].glyph, services[code].hue) for code in call.services if code in services)

    def _clock(self, call: Call) -> str:
        now = self._desk.now()
        if not call.state.live:
            return since(call.arrived_at, call.ended_at)
        return since(call.answered_at or call.arrived_at, now)
