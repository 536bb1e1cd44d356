"""Calling back, the missed list, readiness, and which calls are about which incident."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Context, Outcome, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target
from console_gui.folding import fold as bare
from console_gui.translations.formats import short
from dispatch_core.domain import commands as c
from dispatch_core.domain.numbers import same_subscriber, typed
from dispatch_core.domain.state import Call, Incident, Missed, State
from dispatch_core.domain.vocabulary import Direction, DutyState, IncidentState


def missed_in_order(context: Context) -> list[Missed]:
    """As the board shows them: my services' first, the oldest first."""
    state = context.state
    someone = state.people.get(context.user)
    seat = state.positions.get(someone.position) if someone is not None else None
    own = set(seat.services) if seat is not None else set()
    return sorted(
        state.missed.values(), key=lambda it: (not own & set(it.services), it.services[:1], it.first_at, it.id)
    )


def call_back(line: Line, context: Context) -> Outcome:
    """``gl``: the caller of the open incident if that call was missed, else the oldest missed one, else the caller of
    the open incident. ``gl #42``, ``gl 0903…``: that one; a number that nobody called from is simply called."""
    if not line.rest:
        return _next(context)
    named = target(line.rest)
    if named is not None:
        incident = resolve.incident(context, named)
        if isinstance(incident, Wrong):
            return incident
        call = _caller(context.state, incident)
        return Send(c.CallBack(call=call.id)) if call is not None else wrong("nobody_to_call")
    number = typed(line.rest)
    if not number:
        return wrong("number", text=line.rest)
    for it in missed_in_order(context):
        if _ends(context.state, it.number, number):
            return Send(c.CallBack(missed=it.id))
    incident_open = context.state.incidents.get(context.current)
    about = "" if incident_open is None or incident_open.state is IncidentState.CLOSED else incident_open.id
    return Send(c.CallBack(number=number, incident=about))


def _ends(state: State, known: str, typed_number: str) -> bool:
    whole = same_subscriber(known, typed_number, state.site.country_code)
    return whole or (len(typed_number) <= 6 and bool(known) and known.endswith(typed_number))


def _next(context: Context) -> Outcome:
    incident = context.state.incidents.get(context.current)
    lines = [it for it in missed_in_order(context) if it.number]
    for it in lines:
        if incident is not None and it.incident == incident.id:
            return Send(c.CallBack(missed=it.id))
    if lines:
        return Send(c.CallBack(missed=lines[0].id))
    call = _caller(context.state, incident) if incident is not None else None
    return Send(c.CallBack(call=call.id)) if call is not None else wrong("nobody_to_call")


def _caller(state: State, incident: Incident) -> Call | None:
    """The newest caller of the incident whose number is known."""
    calls = [state.calls[it] for it in reversed(incident.calls) if it in state.calls]
    return next((it for it in calls if it.direction is Direction.INCOMING and it.number), None)


def take_off(line: Line, context: Context) -> Outcome:
    """``xn 0903… lý do``; a withheld number is named by its place in the list: ``xn 2 lý do``."""
    which, _, reason = line.rest.partition(" ")
    lines = missed_in_order(context)
    if not which or not reason.strip():
        return wrong("usage", syntax=("xn 0903… lý do", "unmiss 0903… reason"))
    found = [it for it in lines if typed(which) and _ends(context.state, it.number, typed(which))]
    if not found and which.isdecimal() and 1 <= int(which) <= len(lines):
        found = [lines[int(which) - 1]]
    if not found:
        return wrong("missed", text=which, near=resolve.listed(it.number or "—" for it in lines))
    return Send(c.TakeOffMissed(missed=found[0].id, reason=reason.strip()))


def seat_key(context: Context) -> str:
    """What the key for the seat types: take one; there, ready again at once, or not ready with a reason to follow."""
    someone = context.state.people.get(context.user)
    seat = context.state.positions.get(someone.position) if someone is not None else None
    if seat is None:
        return "pos "
    return "nghi " if seat.duty.state is DutyState.READY else "ss"


def be_ready(line: Line, context: Context) -> Outcome:
    return Send(c.BeReady())


def be_not_ready(line: Line, context: Context) -> Outcome:
    """``nghi com``: by the code, or how a word of a reason's name begins."""
    reasons = context.state.site.reasons
    asked = bare(line.rest)
    fits = [
        code for code, it in reasons.items()
        if asked and any(f" {asked}" in f" {bare(name)}" for name in (code, it.vi, it.en))
    ]  # fmt: skip
    exact = [code for code in fits if bare(code) == asked]
    if len(exact or fits) != 1:
        near = tuple(resolve.listed(names, len(reasons)) for names in _names(context.state))
        return wrong("away_reason" if line.rest else "away_why", text=line.rest, near=near)
    return Send(c.BeNotReady(why=(exact or fits)[0]))


def _names(state: State) -> tuple[list[str], list[str]]:
    return [it.vi for it in state.site.reasons.values()], [it.en for it in state.site.reasons.values()]


def split_call(line: Line, context: Context) -> Outcome:
    """``tach``: the newest call of the open incident gets one of its own; ``tach 0903…`` names the call."""
    incident = resolve.incident(context, None)
    if isinstance(incident, Wrong):
        return incident
    calls = [context.state.calls[it] for it in reversed(incident.calls) if it in context.state.calls]
    number = typed(line.rest)
    fits = [it for it in calls if not line.rest or (number and _ends(context.state, it.number, number))]
    if not fits:
        return wrong("split", text=line.rest, near=resolve.listed(it.number or it.id for it in calls))
    return Send(c.SplitCall(call=fits[0].id))


def likely_same(context: Context) -> str:
    """The number of the incident that the open one is most likely part of: the newest older one, ``#`` where none."""
    every, current = context.state.incidents.values(), context.state.incidents.get(context.current)
    live = [it for it in every if it.state is not IncidentState.CLOSED and it.id != context.current]
    alike = [it for it in live if current is not None and current.type and it.type == current.type]
    best = max(alike or live, key=lambda it: it.id, default=None)
    return short(best.id) if best is not None else "#"
