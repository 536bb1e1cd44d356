"""A call-back: the position's phone first, then the number through the carrier; every outcome is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Carrier
from scripts.stage.phones import WAITS, Habit
from telephony.dialplan_contexts import AUTO_ANSWER, CALLBACK, START
from telephony.dialplan_events import CALLBACK_DIALLING, CALLBACK_ENDED, CALLBACK_REACHED, RECORDING
from tests.system.voice_stage import Ear, Voice, told


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def _carrier(voice: Voice, called: Habit) -> Carrier:
    carrier = Carrier(voice.home / "carrier", voice.carrier_port, voice.site.ports.sip, called=called, name="callbacks")
    carrier.start()
    assert voice.carrier_seen(reachable=True)
    return carrier


def _call_back(ear: Ear, position: str, number: str, channel_id: str, rings_ms: int = 30_000) -> None:
    said = ear.act(
        "Originate",
        f"__CALL_UUID={channel_id}",
        "__CALL_NUMBER=115",
        f"CALLBACK_NUMBER={number}",
        *AUTO_ANSWER,
        Channel=f"PJSIP/{position}",
        ChannelId=channel_id,
        Context=CALLBACK,
        Exten=START,
        Priority="1",
        Timeout=str(rings_ms),
        Async="true",
        CallerID='"115" <0912345678>',
    )
    assert said["Response"] == "Success"


def test_the_called_picks_up_and_hangs_up(voice: Voice) -> None:
    ear = voice.listen()
    carrier = _carrier(voice, Habit(lift_after=0.2, talk=0.3))
    try:
        _call_back(ear, "B04", "+84 912.345.678", "cb-0001")
        dialling = told(ear.told(CALLBACK_DIALLING, Position="B04"))
        assert (dialling["Number"], dialling["Carrier"]) == ("+84912345678", "viettel")
        ear.told(CALLBACK_REACHED, Carrier="viettel")
        ended = ear.told(CALLBACK_ENDED, Outcome="ANSWER")
        assert ended.headers["Uniqueid"] == "cb-0001"
        assert told(ear.told(RECORDING))["File"].endswith("/cb-0001.wav")
        response = ear.wait(lambda one: one.name == "OriginateResponse")
        assert (response.headers["Response"], response.headers["Uniqueid"]) == ("Success", "cb-0001")
    finally:
        carrier.stop()


@pytest.mark.parametrize(
    ("called", "outcome"), [(Habit(busy=True), "BUSY"), (None, "CHANUNAVAIL")], ids=["busy", "carrier gone"]
)
def test_the_called_is_not_reached(voice: Voice, called: Habit | None, outcome: str) -> None:
    ear = voice.listen()
    carrier = _carrier(voice, called or WAITS)
    if called is None:
        carrier.stop()
        assert voice.carrier_seen(reachable=False)
    try:
        _call_back(ear, "B04", "0912345678", f"cb-{outcome}")
        ear.told(CALLBACK_ENDED, Outcome=outcome)
        assert not ear.all_told(CALLBACK_REACHED)
    finally:
        if called is not None:
            carrier.stop()


def test_the_position_does_not_pick_up(voice: Voice) -> None:
    ear = voice.listen()
    with voice.phones.habit("B05", Habit(auto_answer=False)):
        _call_back(ear, "B05", "0912345678", "cb-0003", rings_ms=2_000)
        response = ear.wait(lambda one: one.name == "OriginateResponse")
        assert (response.headers["Response"], response.headers["Uniqueid"]) == ("Failure", "cb-0003")
        assert not ear.all_told(CALLBACK_DIALLING)


def test_a_number_without_digits_is_not_dialled(voice: Voice) -> None:
    ear = voice.listen()
    _call_back(ear, "B04", "PJSIP/viettel", "cb-0004")
    ear.told(CALLBACK_ENDED, Outcome="INVALIDARGS")
    assert not ear.all_told(CALLBACK_DIALLING)
