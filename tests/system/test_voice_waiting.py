"""A call waits, rings, overflows, is recorded and is picked up, with nobody of ours listening."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.phones import WAITS, Habit
from telephony.dialplan_contexts import OVERFLOW_QUEUE
from telephony.dialplan_events import ANSWERED, ARRIVED, ENDED, OVERFLOWED, RECORDING, WAITING
from tests.system.voice_stage import Ear, Voice, release, told

OVERFLOW_AFTER = 2
AMBULANCE = {"B04", "B05", "B06"}


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    home = tmp_path_factory.mktemp("voice")
    with Voice(asterisk_prefix, home, change=_overflow_soon) as stage:
        yield stage


def _overflow_soon(text: str) -> str:
    assert "most_waiting = 0" in text  # of the police's queue
    return text.replace("overflow_after = 20", f"overflow_after = {OVERFLOW_AFTER}").replace(
        "most_waiting = 0", "most_waiting = 1"
    )


def _rung(ear: Ear, queue: str) -> set[str]:
    return {
        one.headers["MemberName"] for one in ear.heard if one.name == "AgentCalled" and one.headers["Queue"] == queue
    }


def test_a_call_to_115_rings_the_ambulance_positions_then_everybody(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("115", "0912345678", "Nguyễn Văn An", patience=4)) as carrier:
        arrived = ear.told(ARRIVED, Number="115", Services="ambulance", Caller="0912345678", Carrier="viettel")
        assert told(arrived)["Name"] == "Nguyễn Văn An"
        ear.wait(lambda one: one.name == "AgentCalled")
        ear.wait(lambda _: _rung(ear, "q-ambulance") == AMBULANCE)
        overflowed = ear.told(OVERFLOWED, From="q-ambulance", To=OVERFLOW_QUEUE, Reason="TIMEOUT")
        waiting = ear.told(WAITING, Queue="q-ambulance", Front="0")
        assert OVERFLOW_AFTER - 0.2 < overflowed.at - waiting.at < OVERFLOW_AFTER + 0.5
        ear.wait(lambda _: _rung(ear, OVERFLOW_QUEUE) == {p.id for p in voice.site.positions})
        assert carrier.wait(5)
        call = carrier.calls[0]
    # the caller gave up: the carrier says so, and Asterisk's cause is 0
    assert call.ending is Ending.HUNG_UP
    assert told(arrived)["SipCallId"] == call.sip_call_id
    ear.told(ENDED, Cause="0")
    assert not ear.all_told(ANSWERED)


def test_the_invite_and_what_it_causes_are_on_one_clock(voice: Voice) -> None:
    ear = voice.listen()
    before = time.monotonic()
    with voice.calls(*(Caller("113", f"09000000{n:02}", patience=0.3) for n in range(5)), rate=10) as carrier:
        assert carrier.wait(5)
        stamps = carrier.stamps
    assert len(stamps) == 5
    for arrived in ear.all_told(ARRIVED):
        invited = stamps[told(arrived)["SipCallId"]]
        assert before < invited < arrived.at < invited + 0.5


def test_every_call_is_recorded_under_its_own_id(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("114", "0912345678", patience=1.0)) as carrier:
        recording = ear.told(RECORDING)
        assert carrier.wait(5)
    call_id = recording.headers["Uniqueid"]
    assert call_id.startswith("pbx1-")
    path = Path(told(recording)["File"])
    assert path == voice.recordings / f"{call_id}.wav"
    ear.told(ENDED)
    # 0.7 s of ring-back tone at 8,000 samples of 16 bit, and the header
    assert path.stat().st_size > 0.7 * 16000


def test_a_lifted_phone_answers_with_nobody_on_ami(voice: Voice) -> None:
    voice.phones.change("B03", Habit(lift_after=0.4, talk=0.5))
    try:
        with voice.calls(Caller("114", "0912345678", patience=8)) as carrier:
            assert carrier.wait(5)
            call = carrier.calls[0]
    finally:
        voice.phones.change("B03", WAITS)
    assert call.ending is Ending.RELEASED  # the position hung up, so it had picked up
    assert call.connected is not None and call.ended is not None
    assert 0.8 < call.ended - call.connected < 2


def test_a_lifted_phone_tells_its_position(voice: Voice) -> None:
    voice.phones.change("B05", Habit(lift_after=0.3, talk=0.4))
    ear = voice.listen()
    try:
        with voice.calls(Caller("115", "0912345678", patience=8)) as carrier:
            answered = ear.told(ANSWERED, Position="B05", By="queue")
            connect = ear.wait(lambda one: one.name == "AgentConnect")
            assert carrier.wait(5)
    finally:
        voice.phones.change("B05", WAITS)
    arrived = ear.told(ARRIVED)
    assert connect.headers["MemberName"] == "B05"
    # one id on every channel of the call
    assert f"CALL_UUID={arrived.headers['Uniqueid']}" in _variables(ear, answered.headers["Channel"])
    ear.told(ENDED, Cause="16")


def test_where_as_many_wait_as_may_the_next_one_overflows_at_once(voice: Voice) -> None:
    ear = voice.listen()
    callers = (Caller("113", "0912345601", patience=6), Caller("113", "0912345602", patience=6))
    with voice.calls(*callers, rate=2) as carrier:
        full = ear.told(OVERFLOWED, From="q-police", To=OVERFLOW_QUEUE, Reason="FULL")
        first, second = ear.told(ARRIVED, Caller="0912345601"), ear.told(ARRIVED, Caller="0912345602")
        assert full.headers["Uniqueid"] == second.headers["Uniqueid"]
        assert full.at - second.at < 0.5
        ear.wait(lambda _: _rung(ear, OVERFLOW_QUEUE) >= {"B03", "B04", "B05"})  # who does not serve 113
        # the first one waits on, and overflows by time
        late = ear.told(OVERFLOWED, From="q-police", Reason="TIMEOUT")
        assert late.headers["Uniqueid"] == first.headers["Uniqueid"]
        release(ear, carrier)


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
        with voice.calls(
            Caller("114", "0900000001", patience=1.0), Caller("115", "0900000002", patience=1.0), rate=10
        ) as carrier:
            ear.told(ANSWERED, Position="B03")
            ear.told(ARRIVED, Number="115")
            voice.asterisk.kill9()
            time.sleep(1.2)  # callers hang up into nothing, and repeat it
            voice.asterisk.start()
            voice.look_at_phones()  # every phone is still there
            assert carrier.wait(10)  # and the carrier's log tells the end of each call
        again = voice.listen()
        with voice.calls(Caller("114", "0900000003", patience=1.0)) as carrier:
            again.told(ANSWERED, Position="B03")
            assert carrier.wait(4)
