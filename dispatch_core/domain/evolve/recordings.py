"""What the events of recordings mean. Listening and exporting change nothing: they are the journal's to remember."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    CallSounded,
    EvidenceExported,
    HoldPlaced,
    HoldReleased,
    Recorded,
    RecordingFaulty,
    RecordingHeard,
    RecordingKept,
    RecordingRemoved,
)
from dispatch_core.domain.evolve.rules import change_call, change_incident, rule, tell, with_call
from dispatch_core.domain.state import Call, Hold, State, drop, put


@rule(CallSounded)
def call_sounded(state: State, event: CallSounded, _: Recorded) -> State:
    def count(call: Call) -> Call:
        heard, played = max(call.heard_ms, event.heard_ms), max(call.played_ms, event.played_ms)
        return replace(call, heard_ms=heard, played_ms=played)

    return change_call(state, event.call, count)


@rule(RecordingKept)
def recording_kept(state: State, event: RecordingKept, _: Recorded) -> State:
    return with_call(state, event.call, recording_state="kept")


@rule(RecordingFaulty)
def recording_faulty(state: State, event: RecordingFaulty, recorded: Recorded) -> State:
    state = with_call(state, event.call, recording_state="faulty")
    about = (event.call, *event.faults)
    return change_incident(state, event.incident, lambda it: tell(it, recorded, "recording_faulty", *about))


@rule(RecordingHeard)
def recording_heard(state: State, event: RecordingHeard, _: Recorded) -> State:
    return state


@rule(HoldPlaced)
def hold_placed(state: State, event: HoldPlaced, recorded: Recorded) -> State:
    hold = Hold(
        incident=event.incident, call=event.call, at=recorded.at, by=recorded.by, reason=event.reason
    )
    state = replace(state, holds=put(state.holds, event.incident or event.call, hold))
    return _told(state, event, recorded, "hold_placed")


@rule(HoldReleased)
def hold_released(state: State, event: HoldReleased, recorded: Recorded) -> State:
    state = replace(state, holds=drop(state.holds, event.incident or event.call))
    return _told(state, event, recorded, "hold_released")


def _told(state: State, event: HoldPlaced | HoldReleased, recorded: Recorded, kind: str) -> State:
    call = state.calls.get(event.call)
    incident = event.incident or (call.incident if call is not None else "")
    return change_incident(state, incident, lambda it: tell(it, recorded, kind, event.call, text=event.reason))


@rule(RecordingRemoved)
def recording_removed(state: State, event: RecordingRemoved, _: Recorded) -> State:
    return with_call(state, event.call, recording_state="removed")


@rule(EvidenceExported)
def evidence_exported(state: State, event: EvidenceExported, _: Recorded) -> State:
    return state
