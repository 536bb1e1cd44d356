"""What the events of a call-back mean. Like a call's other facts they may come late, doubled or out of order."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    CallBackAsked,
    CallBackDialling,
    CallBackEnded,
    CallBackReached,
    CallBackUnsure,
    Recorded,
)
from dispatch_core.domain.evolve.missed import tried_of
from dispatch_core.domain.evolve.rules import change_call, change_incident, rule, tell
from dispatch_core.domain.evolve.talks import earliest
from dispatch_core.domain.state import Call, CallBackRun, State, put
from dispatch_core.domain.vocabulary import CallBackOutcome, Direction


@rule(CallBackAsked)
def call_back_asked(state: State, event: CallBackAsked, recorded: Recorded) -> State:
    run = CallBackRun(position=event.position, user=event.user, at=recorded.at, of=event.of, line=event.line)
    call = Call(
        id=event.call,
        node=event.node,
        direction=Direction.OUTGOING,
        number=event.number,
        services=event.services,
        arrived_at=recorded.at,
        incident=event.incident,
        back=run,
    )
    state = replace(state, calls=put(state.calls, call.id, call))
    state = change_incident(
        state,
        event.incident,
        lambda it: tell(replace(it, calls=(*it.calls, call.id)), recorded, "call_back", call.id, event.position),
    )
    return tried_of(state, event.line, call.id, recorded)


def run_of(call: Call) -> CallBackRun:
    """How far the call-back came; of one that the switch alone knew of, from its first sign on."""
    return call.back or CallBackRun(position="", user="", at=call.arrived_at)


@rule(CallBackDialling)
def call_back_dialling(state: State, event: CallBackDialling, _: Recorded) -> State:
    def dialling(call: Call) -> Call:
        run = run_of(call)
        at, position = earliest(run.dialled_at, event.at), run.position or event.position
        return replace(call, back=replace(run, dialled_at=at, position=position, unsure_at=0))

    return change_call(state, event.call, dialling)


@rule(CallBackUnsure)
def call_back_unsure(state: State, event: CallBackUnsure, recorded: Recorded) -> State:
    def unsure(call: Call) -> Call:
        return replace(call, back=replace(run_of(call), unsure_at=recorded.at))

    return change_call(state, event.call, unsure)


@rule(CallBackReached)
def call_back_reached(state: State, event: CallBackReached, recorded: Recorded) -> State:
    state = _ended(state, event.call, CallBackOutcome.REACHED)
    return change_incident(
        state, event.incident, lambda it: tell(it, recorded, "call_back_reached", event.call, event.position)
    )


@rule(CallBackEnded)
def call_back_ended(state: State, event: CallBackEnded, recorded: Recorded) -> State:
    state = _ended(state, event.call, event.outcome)
    return change_incident(
        state, event.incident, lambda it: tell(it, recorded, "call_back_ended", event.call, event.outcome.value)
    )


def _ended(state: State, ident: str, outcome: CallBackOutcome) -> State:
    def end(call: Call) -> Call:
        return replace(call, back=replace(run_of(call), outcome=outcome, unsure_at=0))

    missed = {
        line: replace(it, outcome=outcome) if it.tried == ident else it for line, it in state.missed.items()
    }
    return replace(change_call(state, ident, end), missed=missed)
