"""What the events of a call mean."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    AnswerAsked,
    AnswerDropped,
    CallAnswered,
    CallArrived,
    CallEnded,
    CallHeld,
    CallJoined,
    CallLocated,
    CallParted,
    CallQueued,
    CallResumed,
    CallRinging,
    CallRingStopped,
    HangUpAsked,
    PositionReleased,
    Recorded,
    RecordingStarted,
)
from dispatch_core.domain.evolve.rules import change_call, rule, with_call
from dispatch_core.domain.state import AnswerIntent, Call, State, put
from dispatch_core.domain.vocabulary import CallState, Direction


@rule(CallArrived)
def call_arrived(state: State, event: CallArrived, _: Recorded) -> State:
    call = Call(
        id=event.call,
        node=event.node,
        direction=event.direction,
        number=event.number,
        name=event.name,
        dialled=event.dialled,
        services=event.services,
        carrier=event.carrier,
        arrived_at=event.at,
    )
    return replace(state, calls=put(state.calls, event.call, call))


@rule(CallLocated)
def call_located(state: State, event: CallLocated, _: Recorded) -> State:
    return with_call(state, event.call, location=event.location, location_note=event.note)


@rule(CallQueued)
def call_queued(state: State, event: CallQueued, _: Recorded) -> State:
    def queue(call: Call) -> Call:
        return replace(
            call,
            state=CallState.QUEUED,
            queue=event.queue,
            queued_at=call.queued_at or event.at,
            overflowed=call.overflowed or event.overflow,
            ringing=(),
            position="",
        )

    return change_call(state, event.call, queue)


@rule(CallRinging)
def call_ringing(state: State, event: CallRinging, _: Recorded) -> State:
    def ring(call: Call) -> Call:
        ringing = call.ringing if event.position in call.ringing else (*call.ringing, event.position)
        return replace(
            call, ringing=ringing, state=CallState.RINGING if call.state.waiting else call.state
        )

    return change_call(state, event.call, ring)


@rule(CallRingStopped)
def call_ring_stopped(state: State, event: CallRingStopped, _: Recorded) -> State:
    def stop(call: Call) -> Call:
        ringing = tuple(position for position in call.ringing if position != event.position)
        falls_back = call.state is CallState.RINGING and not ringing
        return replace(call, ringing=ringing, state=CallState.QUEUED if falls_back else call.state)

    return change_call(state, event.call, stop)


@rule(AnswerAsked)
def answer_asked(state: State, event: AnswerAsked, recorded: Recorded) -> State:
    intent = AnswerIntent(position=event.position, user=event.user, at=recorded.at)
    return with_call(state, event.call, intent=intent)


@rule(AnswerDropped)
def answer_dropped(state: State, event: AnswerDropped, _: Recorded) -> State:
    return with_call(state, event.call, intent=None)


@rule(CallAnswered)
def call_answered(state: State, event: CallAnswered, _: Recorded) -> State:
    def answer(call: Call) -> Call:
        last = call.positions[-1] if call.positions else ""
        positions = call.positions if event.position == last else (*call.positions, event.position)
        return replace(
            call,
            state=CallState.ANSWERED,
            position=event.position,
            positions=positions,
            parties=tuple(party for party in call.parties if party != event.position),
            answered_at=call.answered_at or event.at,
            ringing=(),
            intent=None,
            held_at=0,
        )

    return change_call(state, event.call, answer)


@rule(CallHeld)
def call_held(state: State, event: CallHeld, _: Recorded) -> State:
    return with_call(state, event.call, state=CallState.HELD, held_at=event.at)


@rule(CallResumed)
def call_resumed(state: State, event: CallResumed, _: Recorded) -> State:
    return with_call(state, event.call, state=CallState.ANSWERED, held_at=0)


@rule(CallJoined)
def call_joined(state: State, event: CallJoined, _: Recorded) -> State:
    def join(call: Call) -> Call:
        return call if event.party in call.parties else replace(call, parties=(*call.parties, event.party))

    return change_call(state, event.call, join)


@rule(CallParted)
def call_parted(state: State, event: CallParted, _: Recorded) -> State:
    def part(call: Call) -> Call:
        return replace(call, parties=tuple(party for party in call.parties if party != event.party))

    return change_call(state, event.call, part)


@rule(PositionReleased)
def position_released(state: State, event: PositionReleased, _: Recorded) -> State:
    def release(call: Call) -> Call:
        return replace(call, position="" if call.position == event.position else call.position)

    return change_call(state, event.call, release)


@rule(HangUpAsked)
def hang_up_asked(state: State, event: HangUpAsked, _: Recorded) -> State:
    return with_call(state, event.call, hang_up_asked=True)


@rule(CallEnded)
def call_ended(state: State, event: CallEnded, _: Recorded) -> State:
    def end(call: Call) -> Call:
        never_answered = call.answered_at == 0 and call.direction is Direction.INCOMING
        return replace(
            call,
            state=CallState.ABANDONED if never_answered else CallState.ENDED,
            ended_at=event.at,
            ended_by=event.by,
            cause=event.cause,
            position="",
            parties=(),
            ringing=(),
            intent=None,
            held_at=0,
        )

    return change_call(state, event.call, end)


@rule(RecordingStarted)
def recording_started(state: State, event: RecordingStarted, _: Recorded) -> State:
    return with_call(state, event.call, recording=event.file)
