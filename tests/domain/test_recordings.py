"""Recordings: what a finished one is worth, who listened, what is kept, what may go."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.decide import recordings
from dispatch_core.domain.recorded import FILES_MOST, SHORT_MS, RecordedFile, faults_of
from dispatch_core.domain.vocabulary import AlarmLevel, Direction, EndedBy
from tests.domain.world import NODE, World

GOOD = RecordedFile(file="c1.wav", bytes=160_044, ms=10_000, sha256="ab")


def over(world: World, heard: int = 10_000, played: int = 0) -> str:
    """A call that was talked in and is over; its incident."""
    incident = world.talk("c1").id
    world.switch(c.RecordingRuns(call="c1", file="/rec/c1.wav"))
    world.switch(c.SoundCounted(call="c1", heard_ms=heard, played_ms=played))
    world.over("c1")
    return incident


def test_sound_is_counted_once_and_never_backwards(world: World) -> None:
    world.talk("c1")
    world.switch(c.SoundCounted(call="c1", heard_ms=5_000, played_ms=40))
    assert world.switch_no(c.SoundCounted(call="c1", heard_ms=4_000, played_ms=40)) == "nothing_new"
    assert (world.the("c1").heard_ms, world.the("c1").played_ms) == (5_000, 40)
    assert world.switch_no(c.SoundCounted(call="nobody", heard_ms=1, played_ms=1)) == "nothing_new"


def test_a_whole_recording_is_kept_once(world: World) -> None:
    incident = over(world)
    summed = c.RecordingSummed(call="c1", files=(GOOD,))
    assert world.core(summed) == (e.RecordingKept(call="c1", incident=incident, files=(GOOD,)),)
    assert world.the("c1").recording_state == "kept" and not world.state.alarms
    assert world.core_no(summed) == "nothing_new"


def test_what_is_not_over_or_not_known_is_not_summed(world: World) -> None:
    world.talk("c1")
    assert world.core_no(c.RecordingSummed(call="c1", files=(GOOD,))) == "nothing_new"
    assert world.core_no(c.RecordingSummed(call="c9", files=(GOOD,))) == "nothing_new"


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ((), "missing"),
        ((replace(GOOD, found=False),), "missing"),
        ((replace(GOOD, readable=False),), "unreadable"),
        ((replace(GOOD, final=False),), "unfinished"),
        ((replace(GOOD, ms=10_000 - SHORT_MS - 1),), "short"),
    ],
    ids=["none", "not there", "no sound file", "never closed", "stopped in mid-call"],
)
def test_a_gap_is_an_alarm_that_names_the_call(
    world: World, files: tuple[RecordedFile, ...], fault: str
) -> None:
    incident = over(world)
    world.core(c.RecordingSummed(call="c1", files=files))
    assert world.the("c1").recording_state == "faulty"
    alarm = world.state.alarms["recording_gap:c1"]
    assert (alarm.kind, alarm.subject, alarm.level) == ("recording_gap", "c1", AlarmLevel.HIGH)
    note = world.state.incidents[incident].notes[-1]
    assert (note.kind, note.about) == ("recording_faulty", ("c1", fault))


def test_a_simulated_switch_misses_nothing(world: World) -> None:
    world.switch(c.NodeUp(node=NODE, booted="sim-1"))
    over(world)
    assert world.core_no(c.RecordingSummed(call="c1", files=())) == "nothing_new"


def test_several_files_of_a_call_count_together(world: World) -> None:
    over(world, heard=18_000)
    call = world.the("c1")
    assert faults_of(call, (GOOD, replace(GOOD, file="c1-2.wav", ms=7_000))) == ()
    assert faults_of(call, (GOOD,)) == ("short",)
    many = tuple(replace(GOOD, file=f"{n}.wav") for n in range(FILES_MOST + 1))
    told = world.core(c.RecordingSummed(call="c1", files=many))
    assert isinstance(told[0], e.RecordingKept) and len(told[0].files) == FILES_MOST


def test_who_must_have_been_recorded(world: World) -> None:
    """A caller who hung up at once, or a call of ours that nobody took, leaves no recording and no alarm."""
    over(world, heard=1_000)
    call = replace(world.the("c1"), talks=(), ended_at=world.the("c1").arrived_at + 100)
    assert faults_of(call, ()) == ()
    assert faults_of(replace(call, ended_at=call.arrived_at + 9_000), ()) == ("missing",)
    outgoing = replace(call, ended_at=call.arrived_at + 9_000, direction=Direction.OUTGOING)
    assert faults_of(outgoing, ()) == ()
    world.call("c2")
    world.switch(c.CallOver(call="c2", at=world.now + 200, by=EndedBy.CALLER, cause=0))
    assert world.core_no(c.RecordingSummed(call="c2", files=())) == "nothing_new"


def test_a_call_that_was_taken_for_lost_is_summed_again(world: World) -> None:
    world.talk("c1")
    world.later(60_000)
    world.switch(c.SwitchLooked(node="hcm1", asked_at=world.now, calls=()))
    world.core(c.RecordingSummed(call="c1", files=()))
    assert world.the("c1").recording_state == "faulty"
    listed = c.LiveCall(call="c1", dialled="115", services=("ambulance",), position="B02")
    world.switch(c.SwitchLooked(node="hcm1", asked_at=world.now + 9_000, calls=(listed,)))
    assert world.the("c1").recording_state == ""


def test_listening_is_kept_in_the_journal(world: World) -> None:
    heard = c.HearRecording(call="c1", file="c1.wav", incident="20261123-00001", last_s=30)
    told = world.person("lan", heard)
    assert told == (e.RecordingHeard(call="c1", incident="20261123-00001", file="c1.wav", last_s=30),)
    assert world.story[-1].by == "person:lan"
    assert world.person_no("lan", c.HearRecording(call="", file="c1.wav")) == "no_recording"
    assert world.person_no("tuan", heard) == "not_allowed"


def test_a_hold_is_seen_on_the_incident_until_it_is_released(world: World) -> None:
    incident = world.talk("c1").id
    world.person("hoa", c.HoldRecording(incident=incident, reason="  toà án yêu cầu "))
    hold = world.state.holds[incident]
    assert (hold.by, hold.reason, hold.at) == ("person:hoa", "toà án yêu cầu", world.now)
    assert world.state.incidents[incident].notes[-1].kind == "hold_placed"
    assert world.person_no("hoa", c.HoldRecording(incident=incident, reason="again")) == "already_so"
    assert world.core_no(c.RemoveRecording(call="c1", file="c1.wav", incident=incident)) == "recording_held"
    assert world.person_no("hoa", c.ReleaseHold(incident=incident, reason=" ")) == "reason_missing"
    world.person("hoa", c.ReleaseHold(incident=incident, reason="xong"))
    assert not world.state.holds and world.state.incidents[incident].notes[-1].kind == "hold_released"
    assert world.person_no("hoa", c.ReleaseHold(incident=incident, reason="xong")) == "not_held"
    world.core(c.RemoveRecording(call="c1", file="c1.wav", incident=incident))
    assert world.the("c1").recording_state == "removed"


def test_a_hold_of_one_call_keeps_that_call_alone(world: World) -> None:
    incident = world.talk("c1").id
    world.person("hoa", c.HoldRecording(call="c1", reason="khiếu nại"))
    assert world.state.incidents[incident].notes[-1].kind == "hold_placed"
    assert world.core_no(c.RemoveRecording(call="c1", file="c1.wav", incident=incident)) == "recording_held"
    world.core(c.RemoveRecording(call="c2", file="c2.wav", incident=incident))


def test_what_cannot_be_held(world: World) -> None:
    incident = world.talk("c1").id
    no = {
        c.HoldRecording(reason="r"): "hold_what",
        c.HoldRecording(reason="r", incident=incident, call="c1"): "hold_what",
        c.HoldRecording(reason="r", call="c9"): "unknown_call",
        c.HoldRecording(reason="r", incident="20261123-00002"): "unknown_incident",
        c.HoldRecording(reason="r", incident="20261123-00000"): "unknown_incident",
        c.HoldRecording(reason="r", incident="20261124-00001"): "unknown_incident",
        c.HoldRecording(reason="r", incident="mưa"): "unknown_incident",
        c.HoldRecording(reason=" ", incident=incident): "reason_missing",
        c.HoldRecording(reason="x" * 501, incident=incident): "text_too_long",
    }
    assert {body: world.person_no("hoa", body) for body in no} == no
    assert world.person_no("lan", c.HoldRecording(reason="r", incident=incident)) == "not_allowed"


def test_an_archived_incident_is_held_by_its_number(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.talk("c1")
    monkeypatch.setattr(recordings, "HOLDS_MOST", 2)
    world.person("hoa", c.HoldRecording(reason="r", incident="20261101-00017"))
    world.state = replace(world.state, incidents={})
    world.person("hoa", c.HoldRecording(reason="r", incident="20261123-00001"))
    assert world.person_no("hoa", c.HoldRecording(reason="r", incident="20261101-00018")) == "too_many_holds"


def test_exporting_evidence_names_no_number(world: World) -> None:
    told = world.person("hoa", c.ExportEvidence(call="c1", calls=7, sha256="ab"))
    assert told == (e.EvidenceExported(call="c1", calls=7, sha256="ab"),)
    assert not e.EvidenceExported.PERSONAL
