"""A call that talks: hold, microphone, transfer, consultation, conference; a supervisor's ear at a position."""

from __future__ import annotations

from collections.abc import Callable

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line
from console_gui.command_line.verbs_recordings import hold as keep_recordings
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, Role, WatchHow

OfCall = Callable[[str], c.Command]
OfTarget = c.TransferCall | c.ConsultCall | c.InviteToCall


def _call(context: Context) -> Call | None:
    """The call in which one's own position talks or takes part; for a supervisor, else that of the open incident."""
    someone = context.state.people.get(context.user)
    own = someone.position if someone is not None else ""
    live = [call for call in context.state.calls.values() if call.state.live]
    for call in live:
        if own and own in (call.position, *call.parties):
            return call
    if context.role is Role.SUPERVISOR:
        return next((call for call in live if call.position and call.incident == context.current), None)
    return None


def _ask(line: Line, context: Context, body: OfCall) -> Outcome:
    if line.rest:
        return wrong("extra", text=line.rest, syntax=line.verb)
    call = _call(context)
    return wrong("no_call") if call is None else Send(body(call.id))


def hold(line: Line, context: Context) -> Outcome:
    """``giu`` alone is about the caller; with an incident it is about recordings, whose verb is ``luu``."""
    if line.rest.startswith("#"):
        return keep_recordings(line, context)
    return _ask(line, context, lambda call: c.HoldCall(call=call))


def resume(line: Line, context: Context) -> Outcome:
    return _ask(line, context, lambda call: c.ResumeCall(call=call))


def hold_key(context: Context) -> str:
    """What the key for hold types: the other of the two."""
    call = _call(context)
    return "tiep" if call is not None and call.state is CallState.HELD else "giu"


def microphone(line: Line, context: Context) -> Outcome:
    """Off where it is on, and on again."""
    someone = context.state.people.get(context.user)
    own = someone.position if someone is not None else ""
    call = _call(context)
    return _ask(line, context, lambda ident: c.MuteCall(call=ident, on=call is None or own not in call.muted))


def complete(line: Line, context: Context) -> Outcome:
    return _ask(line, context, lambda call: c.CompleteConsult(call=call))


def join(line: Line, context: Context) -> Outcome:
    return _ask(line, context, lambda call: c.JoinConsult(call=call))


def back(line: Line, context: Context) -> Outcome:
    return _ask(line, context, lambda call: c.BackToCaller(call=call))


def leave(line: Line, context: Context) -> Outcome:
    return _ask(line, context, lambda call: c.LeaveConference(call=call))


def _ask_of(line: Line, context: Context, kind: type[OfTarget]) -> Outcome:
    call = _call(context)
    if call is None:
        return wrong("no_call")
    if not line.rest:
        return wrong("steer_whom", verb=line.verb, near=_others(context))
    found = resolve.steer_target(context.state, line.rest)
    if isinstance(found, Wrong):
        return found
    return Send(kind(call=call.id, kind=found[0], target=found[1]))


def _others(context: Context) -> str:
    """Positions where somebody sits, without one's own."""
    seats = context.state.positions.values()
    return resolve.listed(resolve.natural(it.id for it in seats if it.user and it.user != context.user))


def transfer(line: Line, context: Context) -> Outcome:
    return _ask_of(line, context, c.TransferCall)


def consult(line: Line, context: Context) -> Outcome:
    return _ask_of(line, context, c.ConsultCall)


def invite(line: Line, context: Context) -> Outcome:
    return _ask_of(line, context, c.InviteToCall)


# --- a supervisor's ear -----------------------------------------------------------------------------------------------


def _watch(line: Line, context: Context, how: WatchHow) -> Outcome:
    known = context.state.watches
    someone = context.state.people.get(context.user)
    if not line.rest and someone is not None and someone.position in known:
        return Send(c.WatchPosition(position=known[someone.position].watched, how=how))
    position = resolve.position(context.state, line.rest)
    if isinstance(position, Wrong):
        talking = {call.position for call in context.state.calls.values() if call.state.live and call.position}
        code = "position" if line.rest else "watch_whom"
        return wrong(code, position=line.rest, verb=line.verb, near=resolve.listed(resolve.natural(talking)))
    return Send(c.WatchPosition(position=position, how=how))


def listen(line: Line, context: Context) -> Outcome:
    return _watch(line, context, WatchHow.LISTEN)


def whisper(line: Line, context: Context) -> Outcome:
    return _watch(line, context, WatchHow.WHISPER)


def barge(line: Line, context: Context) -> Outcome:
    return _watch(line, context, WatchHow.BARGE)


def stop_watching(line: Line, context: Context) -> Outcome:
    """Who can listen at no position can only mean the recording."""
    return Send(c.StopWatching()) if context.role is Role.SUPERVISOR else Screen(Act.STOP)
