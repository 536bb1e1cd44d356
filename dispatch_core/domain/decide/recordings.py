"""Recordings: what a finished one is worth, who listened, what is kept beyond its time, what may go."""

from __future__ import annotations

import re

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING, fact
from dispatch_core.domain.events import (
    AlarmRaised,
    CallSounded,
    EvidenceExported,
    HoldPlaced,
    HoldReleased,
    RecordingFaulty,
    RecordingHeard,
    RecordingKept,
    RecordingRemoved,
)
from dispatch_core.domain.made_up import made_up
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.recorded import FILES_MOST, faults_of, held
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import AlarmLevel

HOLDS_MOST = 1_000
"""Holds at a time: they stay in the live state until somebody releases them."""

GAP = "recording_gap"
GAPS_TOLD = 20
"""Alarms at a time that each name their call; where a disk is full all night, the further ones are counted in one."""

NAME_LIMIT = 200
INCIDENT = re.compile(r"(\d{8})-(\d{5,9})")


@rule(c.SoundCounted)
def sound_counted(story: Story, body: c.SoundCounted) -> Refusal | None:
    return fact(story, body.call, CallSounded(call=body.call, heard_ms=body.heard_ms, played_ms=body.played_ms))


@rule(c.RecordingSummed)
def recording_summed(story: Story, body: c.RecordingSummed) -> Refusal | None:
    """Once for each call that is over; a switch that is not real tells of recordings and makes none. A fault is an
    alarm that names the call, and so its incident to whoever may see incidents."""
    call = story.state.calls.get(body.call)
    if call is None or call.state.live or call.recording_state or made_up(story.state, call.node):
        return NOTHING
    files = body.files[:FILES_MOST]
    faults = faults_of(call, files)
    if not faults and not files:
        return NOTHING
    if not faults:
        story.happen(RecordingKept(call=call.id, incident=call.incident, files=files))
        return None
    story.happen(RecordingFaulty(call=call.id, incident=call.incident, files=files, faults=faults))
    told = sum(it.kind == GAP for it in story.state.alarms.values())
    key, subject = (f"{GAP}:{call.id}", call.id) if told < GAPS_TOLD else (f"{GAP}@{call.node}", call.node)
    story.happen(AlarmRaised(key=key, kind=GAP, subject=subject, level=AlarmLevel.HIGH))
    return None


@rule(c.HearRecording)
def hear_recording(story: Story, body: c.HearRecording) -> Refusal | None:
    call, file = one_line(body.call, NAME_LIMIT), one_line(body.file, NAME_LIMIT)
    if not call or not file:
        return refuse("no_recording", call=call)
    incident = one_line(body.incident, NAME_LIMIT)
    story.happen(RecordingHeard(call=call, incident=incident, file=file, last_s=max(0, body.last_s)))
    return None


@rule(c.HoldRecording)
def hold_recording(story: Story, body: c.HoldRecording) -> Refusal | None:
    no = _unknown(story.state, body) or _bad_reason(body.reason)
    if no is not None:
        return no
    if (body.incident or body.call) in story.state.holds:
        return refuse("already_so")
    if len(story.state.holds) >= HOLDS_MOST:
        return refuse("too_many_holds", limit=HOLDS_MOST)
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    story.happen(HoldPlaced(incident=body.incident, call=body.call, reason=reason))
    return None


@rule(c.ReleaseHold)
def release_hold(story: Story, body: c.ReleaseHold) -> Refusal | None:
    about = body.incident or body.call
    if about not in story.state.holds:
        return refuse("not_held", about=about)
    no = _bad_reason(body.reason)
    if no is not None:
        return no
    hold = story.state.holds[about]
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    story.happen(HoldReleased(incident=hold.incident, call=hold.call, reason=reason))
    return None


def _bad_reason(reason: str) -> Refusal | None:
    return refuse("reason_missing") if not reason.strip() else too_long(reason, REASON_LIMIT)


def _unknown(state: State, body: c.HoldRecording) -> Refusal | None:
    """None where what is to be held exists: live, or an incident whose number was given before it was archived."""
    if bool(body.incident) == bool(body.call):
        return refuse("hold_what")
    if body.call:
        return None if body.call in state.calls else refuse("unknown_call", call=body.call)
    if body.incident in state.incidents:
        return None
    number = INCIDENT.fullmatch(body.incident)
    given = number is not None and (number[1] < state.day or (number[1] == state.day and _given(state, number[2])))
    return None if given else refuse("unknown_incident", incident=body.incident)


def _given(state: State, count: str) -> bool:
    return 1 <= int(count) <= state.day_count


@rule(c.RemoveRecording)
def remove_recording(story: Story, body: c.RemoveRecording) -> Refusal | None:
    """Never while a hold is on, whoever asks."""
    keeps = held(story.state, body.call, body.incident)
    if keeps:
        return refuse("recording_held", about=keeps)
    story.happen(RecordingRemoved(call=body.call, incident=body.incident, file=one_line(body.file, NAME_LIMIT)))
    return None


@rule(c.ExportEvidence)
def export_evidence(story: Story, body: c.ExportEvidence) -> Refusal | None:
    sha256 = one_line(body.sha256, NAME_LIMIT)
    story.happen(EvidenceExported(call=one_line(body.call, NAME_LIMIT), calls=body.calls, sha256=sha256))
    return None
