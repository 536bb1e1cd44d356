"""Calls and where people sit: answer, hang up, take and leave a position, alarms, a new position."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line
from console_gui.command_line.verbs_desks import still_in_hand
from console_gui.translations import sentences
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Alarm, State
from dispatch_core.domain.vocabulary import AlarmLevel

LEVELS = list(AlarmLevel)


def answer(line: Line, context: Context) -> Outcome:
    call = resolve.live_call(context.state, line.rest) if line.rest else resolve.next_call(context)
    return call if isinstance(call, Wrong) else Send(c.AnswerCall(call=call.id))


def hang_up(line: Line, context: Context) -> Outcome:
    if line.rest:
        call = resolve.live_call(context.state, line.rest)
        return call if isinstance(call, Wrong) else Send(c.HangUp(call=call.id))
    own = resolve.own_call(context)
    return wrong("no_call") if own is None else Send(c.HangUp(call=own.id))


def take_position(line: Line, context: Context) -> Outcome:
    position = resolve.position(context.state, line.rest)
    if isinstance(position, Wrong) and not line.rest:
        return wrong("take_which", near=position.details["near"])
    return position if isinstance(position, Wrong) else Send(c.TakePosition(position=position))


def leave_position(line: Line, context: Context) -> Outcome:
    return still_in_hand(line, context) or Send(c.LeavePosition())


def add_position(line: Line, context: Context) -> Outcome:
    """``addpos B08 "Bàn 8" ambulance police``; names of services may also be joined by commas."""
    parts = line.words()
    if len(parts) < 3:
        return wrong("usage", syntax=('addpos B08 "Bàn 8" 115', 'addpos B08 "Desk 8" 115'))
    name, label, *typed = parts
    services: list[str] = []
    for word in (piece for part in typed for piece in part.split(",") if piece):
        service = resolve.service(context.state, word)
        if isinstance(service, Wrong):
            return service
        if service not in services:
            services.append(service)
    return Send(c.AddPosition(position=name.upper(), label=label, services=tuple(services)))


def alarms_in_order(state: State) -> list[Alarm]:
    """As every screen lists them: the highest level first, then the oldest."""
    return sorted(state.alarms.values(), key=lambda it: (LEVELS.index(it.level), it.raised_at, it.key))


def handle_alarm(line: Line, context: Context) -> Outcome:
    """``alarm 2`` handles the second; a key names one exactly; ``alarm`` alone is enough where there is but one: the
    first of several may be another than the one that was just told."""
    alarms = alarms_in_order(context.state)
    if not alarms:
        return wrong("no_alarm")
    if line.rest in context.state.alarms:
        return Send(c.HandleAlarm(key=line.rest))
    if not line.rest and len(alarms) > 1:
        near = tuple(sentences.alarm(alarms[0], language, context.state) for language in ("vi", "en"))
        return wrong("which_alarm", count=len(alarms), near=near)
    number = line.rest or "1"
    if not number.isdecimal() or not 1 <= int(number) <= len(alarms):
        return wrong("alarm", text=line.rest, count=len(alarms))
    return Send(c.HandleAlarm(key=alarms[int(number) - 1].key))


def sign_out(line: Line, context: Context) -> Outcome:
    return still_in_hand(line, context) or Screen(Act.QUIT)
