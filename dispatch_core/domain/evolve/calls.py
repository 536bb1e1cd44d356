"""What the events of a call mean.

Times said by the switch decide, not the order in which the events came: a late or doubled "queued", "answered" or
"held" takes its place in the call's history and leaves the present alone. So the same facts lead to the same call in
every order, and an event that tells nothing new changes nothing.
"""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    AnswerAsked,
    AnswerDropped,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallFound,
    CallHeld,
    CallJoined,
    CallParted,
    CallQueued,
    CallResumed,
    CallRinging,
    CallRingStopped,
    HangUpAsked,
    HangUpDropped,
    PositionReleased,
    Recorded,
    RecordingStarted,
)
from dispatch_core.domain.evolve.answering import recounted
from dispatch_core.domain.evolve.outcomes import GONE, HELD, JOINED, MOVED, RESUMED, came_of, only_present
from dispatch_core.domain.evolve.rules import change_call, rule, with_call
from dispatch_core.domain.evolve.talks import earliest, settled, talked
from dispatch_core.domain.state import AnswerIntent, Call, State, put
from dispatch_core.domain.vocabulary import CallBackOutcome, SteerAct


@rule(CallArrived)
def call_arrived(state: State, event: CallArrived, recorded: Recorded) -> State:
    """A call that a look at the switch brought in first only gains what the look could not tell."""
    call = state.calls.get(event.call) or Call(id=event.call, node=event.node, direction=event.direction)
    if call.direction is not event.direction:
        return state
    call = replace(
        call,
        number=call.number or event.number,
        name=call.name or event.name,
        dialled=call.dialled or event.dialled,
        services=call.services or event.services,
        carrier=call.carrier or event.carrier,
        arrived_at=earliest(call.arrived_at, event.at),
    )
    after = replace(state, calls=put(state.calls, event.call, call))
    return recounted(state, after, event.call, recorded.at)


@rule(CallQueued)
def call_queued(state: State, event: CallQueued, _: Recorded) -> State:
    def queue(call: Call) -> Call:
        came = replace(
            call, queued_at=earliest(call.queued_at, event.at), overflowed=call.overflowed or event.overflow
        )
        if event.at <= call.requeued_at:
            return came
        came = replace(came, queue=event.queue, requeued_at=event.at)
        if call.talks and event.at <= call.talks[-1].since:
            return came
        moved = event.queue != call.queue or not call.state.waiting
        ringing = () if moved else call.ringing
        waits = only_present(replace(came, position="", ringing=ringing, hang_up_asked=False, hang_up_at=0))
        return settled(came_of(waits, *MOVED) if moved else waits)

    return change_call(state, event.call, queue)


@rule(CallRinging)
def call_ringing(state: State, event: CallRinging, _: Recorded) -> State:
    def ring(call: Call) -> Call:
        handed_over = bool(call.talks) and not call.position and call.ended_by is None
        if not (call.state.waiting or handed_over) or event.position in call.ringing:
            return call
        rung = replace(call, ringing=(*call.ringing, event.position))
        return settled(rung if call.position else replace(rung, hang_up_asked=False, hang_up_at=0))

    return change_call(state, event.call, ring)


@rule(CallRingStopped)
def call_ring_stopped(state: State, event: CallRingStopped, _: Recorded) -> State:
    def stop(call: Call) -> Call:
        return settled(
            replace(call, ringing=tuple(position for position in call.ringing if position != event.position))
        )

    return change_call(state, event.call, stop)


@rule(AnswerAsked)
def answer_asked(state: State, event: AnswerAsked, recorded: Recorded) -> State:
    intent = AnswerIntent(position=event.position, user=event.user, at=recorded.at)
    return with_call(state, event.call, intent=intent)


@rule(AnswerDropped)
def answer_dropped(state: State, event: AnswerDropped, _: Recorded) -> State:
    return with_call(state, event.call, intent=None)


@rule(CallAnswered)
def call_answered(state: State, event: CallAnswered, recorded: Recorded) -> State:
    after = change_call(state, event.call, lambda call: talked(call, event.position, event.at))
    return recounted(state, after, event.call, recorded.at)


@rule(CallHeld)
def call_held(state: State, event: CallHeld, _: Recorded) -> State:
    return change_call(state, event.call, lambda call: _hold(call, event.at, event.at))


@rule(CallResumed)
def call_resumed(state: State, event: CallResumed, _: Recorded) -> State:
    return change_call(state, event.call, lambda call: _hold(call, 0, event.at))


def _hold(call: Call, held_at: int, told_at: int) -> Call:
    if call.ended_by is not None or told_at <= call.hold_told_at:
        return call
    return settled(came_of(replace(call, held_at=held_at, hold_told_at=told_at), *(HELD if held_at else RESUMED)))


@rule(CallJoined)
def call_joined(state: State, event: CallJoined, _: Recorded) -> State:
    def join(call: Call) -> Call:
        if event.party in call.parties:
            return call
        return came_of(replace(call, parties=(*call.parties, event.party)), *JOINED)

    return change_call(state, event.call, join)


@rule(CallParted)
def call_parted(state: State, event: CallParted, _: Recorded) -> State:
    def part(call: Call) -> Call:
        parties = tuple(party for party in call.parties if party != event.party)
        if parties == call.parties:
            return call
        return came_of(only_present(replace(call, parties=parties)), SteerAct.LEAVE)

    return change_call(state, event.call, part)


@rule(PositionReleased)
def position_released(state: State, event: PositionReleased, _: Recorded) -> State:
    def release(call: Call) -> Call:
        if call.position != event.position:
            return call
        return came_of(only_present(replace(call, position="")), *GONE)

    return change_call(state, event.call, release)


@rule(HangUpAsked)
def hang_up_asked(state: State, event: HangUpAsked, recorded: Recorded) -> State:
    return with_call(state, event.call, hang_up_asked=True, hang_up_at=recorded.at)


@rule(HangUpDropped)
def hang_up_dropped(state: State, event: HangUpDropped, _: Recorded) -> State:
    return with_call(state, event.call, hang_up_asked=False, hang_up_at=0)


@rule(CallEnded)
def call_ended(state: State, event: CallEnded, recorded: Recorded) -> State:
    def end(call: Call) -> Call:
        over = replace(
            call,
            ended_at=event.at,
            ended_by=event.by,
            cause=event.cause,
            position="",
            parties=(),
            ringing=(),
            intent=None,
            steer=None,
            muted=(),
            held_at=0,
            hold_told_at=0,
        )
        return settled(over)

    return recounted(state, change_call(state, event.call, end), event.call, recorded.at)


@rule(CallFound)
def call_found(state: State, event: CallFound, recorded: Recorded) -> State:
    def find(call: Call) -> Call:
        back = call.back
        if back is not None and back.outcome is CallBackOutcome.UNKNOWN:
            back = replace(back, outcome=None)
        alive = replace(call, ended_at=0, ended_by=None, cause=-1, hang_up_asked=False, hang_up_at=0, back=back)
        return settled(replace(alive, recording_state=""))

    return recounted(state, change_call(state, event.call, find), event.call, recorded.at)


@rule(RecordingStarted)
def recording_started(state: State, event: RecordingStarted, _: Recorded) -> State:
    return with_call(state, event.call, recording=event.file)
