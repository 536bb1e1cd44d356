"""A call waits, rings, overflows, is recorded and is picked up, with nobody of ours listening."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.phones import Habit
from telephony.dialplan_contexts import OVERFLOW_QUEUE
from telephony.dialplan_events import ANSWERED, ARRIVED, ENDED, OVERFLOWED, RECORDING, WAITING
from tests.system.voice_stage import Ear, Heard, Voice, release, told

OVERFLOW_AFTER = 2
AMBULANCE = {"B04", "B05", "B06"}


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    home = tmp_path_factory.mktemp("voice")
    with Voice(asterisk_prefix, home, change=_overflow_soon) as stage:
        yield stage


def _overflow_soon(text: str) -> str:
    """Of 115 alone; the other queues wait beyond every test, and that of 113 takes one caller."""
    head, police, fire, ambulance = text.split("[[queues]]\n")
    assert "most_waiting = 0" in police and all("overflow_after = 20" in it for it in (police, fire, ambulance))
    police = police.replace("most_waiting = 0", "most_waiting = 1")
    police, fire = (it.replace("overflow_after = 20", "overflow_after = 600") for it in (police, fire))
    ambulance = ambulance.replace("overflow_after = 20", f"overflow_after = {OVERFLOW_AFTER}")
    return "[[queues]]\n".join((head, police, fire, ambulance))


def _rung(ear: Ear, queue: str) -> set[str]:
    return {
        one.headers["MemberName"] for one in ear.heard if one.name == "AgentCalled" and one.headers["Queue"] == queue
    }


def _apart(earlier: Heard, later: Heard) -> float:
    """Seconds between two events by the switch's own stamps."""
    return float(later.headers["Timestamp"]) - float(earlier.headers["Timestamp"])


def test_a_call_to_115_rings_the_ambulance_positions_then_everybody(voice: Voice) -> None:
    ear = voice.listen()
    with voice.callers() as carrier:
        call = carrier.dial("115", sender='"Nguyễn Văn An" <sip:0912345678@carrier>')
        arrived = ear.told(ARRIVED, Number="115", Services="ambulance", Caller="0912345678", Carrier="viettel")
        assert told(arrived)["Name"] == "Nguyễn Văn An"
        assert told(arrived)["SipCallId"] == call.call_id
        ear.wait(lambda _: _rung(ear, "q-ambulance") == AMBULANCE)
        overflowed = ear.told(OVERFLOWED, From="q-ambulance", To=OVERFLOW_QUEUE, Reason="TIMEOUT")
        waiting = ear.told(WAITING, Queue="q-ambulance", Front="0")
        # not at the end of a round of ringing, which is ten seconds
        assert OVERFLOW_AFTER - 0.1 < _apart(waiting, overflowed) < 2 * OVERFLOW_AFTER
        ear.wait(lambda _: _rung(ear, OVERFLOW_QUEUE) == {p.id for p in voice.site.positions})
        call.wait("up").hang_up()
        ear.told(ENDED, Cause="0")  # the caller gave up
    assert not ear.all_told(ANSWERED)


def test_the_invite_and_what_it_causes_are_on_one_clock(voice: Voice) -> None:
    ear = voice.listen()
    before = time.monotonic()
    with voice.calls(*(Caller("113", f"09000000{n:02}", patience=0.3) for n in range(5)), rate=10) as carrier:
        assert carrier.wait()
        stamps = carrier.stamps
    assert len(stamps) == len(ear.all_told(ARRIVED)) == 5
    took = [arrived.at - stamps[told(arrived)["SipCallId"]] for arrived in ear.all_told(ARRIVED)]
    assert before < min(stamps.values()) and min(took) > 0
    assert min(took) < 0.5  # of the quickest: the machine may have been busy


def test_every_call_is_recorded_under_its_own_id(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("114", "0912345678", patience=1.0)) as carrier:
        recording = ear.told(RECORDING)
        assert carrier.wait()
    call_id = recording.headers["Uniqueid"]
    assert call_id.startswith("pbx1-")
    path = Path(told(recording)["File"])
    assert path == voice.recordings / f"{call_id}.wav"
    # ring-back tone at 8,000 samples of 16 bit, and the header
    assert path.stat().st_size > 0.7 * _apart(recording, ear.told(ENDED)) * 16000


def test_a_lifted_phone_answers_with_nobody_on_ami(voice: Voice) -> None:
    talk = 0.5
    habit = Habit(lift_after=0.4, talk=talk)
    with voice.phones.habit("B03", habit), voice.calls(Caller("114", "0912345678")) as carrier:
        assert carrier.wait()
        call = carrier.calls[0]
    assert call.ending is Ending.RELEASED  # the position hung up, so it had picked up
    assert call.connected is not None and call.ended is not None
    assert call.ended - call.connected > talk


def test_a_lifted_phone_tells_its_position(voice: Voice) -> None:
    ear = voice.listen()
    habit = Habit(lift_after=0.3, talk=0.4)
    with voice.phones.habit("B05", habit), voice.calls(Caller("115", "0912345678")) as carrier:
        answered = ear.told(ANSWERED, Position="B05", By="queue")
        connect = ear.wait(lambda one: one.name == "AgentConnect")
        assert carrier.wait()
    arrived = ear.told(ARRIVED)
    assert connect.headers["MemberName"] == "B05"
    # one id on every channel of the call
    assert f"CALL_UUID={arrived.headers['Uniqueid']}" in _variables(ear, answered.headers["Channel"])
    ear.told(ENDED, Cause="16")


def test_where_as_many_wait_as_may_the_next_one_overflows_at_once(voice: Voice) -> None:
    ear = voice.listen()
    with voice.callers() as carrier:
        carrier.dial("113", sender="<sip:0912345601@carrier>")
        joined = ear.wait(lambda one: one.name == "QueueCallerJoin")  # only now there are as many as may
        carrier.dial("113", sender="<sip:0912345602@carrier>")
        full = ear.told(OVERFLOWED, From="q-police", To=OVERFLOW_QUEUE)
        second = ear.told(ARRIVED, Caller="0912345602")
        assert full.headers["Uniqueid"] == second.headers["Uniqueid"]
        assert told(full)["Reason"] == "FULL"
        waited = ear.told(WAITING, Queue="q-police", since=ear.heard.index(second))
        assert _apart(waited, full) < 0.5
        ear.wait(lambda _: _rung(ear, OVERFLOW_QUEUE) >= {"B03", "B04", "B05"})  # who does not serve 113
        # the first one waits on
        entries = [it.headers for it in ear.listed("QueueStatus", "QueueStatusComplete") if it.name == "QueueEntry"]
        assert {it["Queue"]: it["Uniqueid"] for it in entries} == {
            "q-police": joined.headers["Uniqueid"],
            OVERFLOW_QUEUE: second.headers["Uniqueid"],
        }


def test_nobody_signed_in_overflows_at_once(voice: Voice) -> None:
    ear = voice.listen()
    for position in AMBULANCE:
        said = ear.act("QueuePause", Queue="q-ambulance", Interface=f"PJSIP/{position}", Paused="true")
        assert said["Response"] == "Success"
    try:
        with voice.calls(Caller("115", "0912345678")) as carrier:
            ear.told(OVERFLOWED, From="q-ambulance", Reason="JOINEMPTY")
            ear.wait(lambda _: len(_rung(ear, OVERFLOW_QUEUE)) == 6)
            release(ear, carrier)
    finally:
        for position in AMBULANCE:
            ear.act("QueuePause", Queue="q-ambulance", Interface=f"PJSIP/{position}", Paused="false")


def _variables(ear: Ear, channel: str) -> list[str]:
    """What the raw stream says of a channel's variables; a message has several lines of one name."""
    messages = ear.raw.decode("utf-8", "replace").split("\r\n\r\n")
    lines = [line for message in messages if f"Channel: {channel}\r\n" in message for line in message.split("\r\n")]
    return [line.removeprefix("ChanVariable: ") for line in lines if line.startswith("ChanVariable: ")]


def test_asterisk_killed_in_mid_call_rings_and_answers_again_when_it_is_back(
    asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as voice:
        ear = voice.listen()
        voice.phones.change("B03", Habit(lift_after=0.2))
        with voice.callers() as carrier:
            callers = [carrier.dial("114"), carrier.dial("115")]
            ear.told(ANSWERED, Position="B03")
            ear.told(WAITING, Queue="q-ambulance")
            for call in callers:
                call.wait("up")
            voice.asterisk.kill9()
            for call in callers:  # they hang up into nothing, and repeat it
                call.hang_up()
            voice.asterisk.start()
            voice.look_at_phones()  # every phone is still there
        again = voice.listen()
        with voice.calls(Caller("114", "0900000003")) as carrier:
            again.told(ANSWERED, Position="B03")
            release(again, carrier)
