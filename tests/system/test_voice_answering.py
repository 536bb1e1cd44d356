"""Answer on a console: the caller's channel is redirected, and that position's own phone picks up, or it does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.phones import WAITS, Habit
from scripts.stage.soft_phone import SoftPhone
from telephony.dialplan_contexts import ANSWER_AT
from telephony.dialplan_events import (
    ANSWERED,
    ANSWERED_ELSEWHERE,
    ANSWERING,
    ARRIVED,
    ENDED,
    NOT_ANSWERED,
    RECORDING,
    WAITING,
)
from telephony.trunk.dialplan import picking_up
from tests.system.voice_stage import Ear, Voice, release, told


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picking_up, "PICK_UP", 2)  # 15 s of ringing would make a slow test
        stage = Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"))
    with stage:
        yield stage


def _two_wait(ear: Ear, carrier: SoftPhone) -> tuple[str, str]:
    """Two callers to 114, one behind the other; their channels."""
    channels = []
    for number in ("0900000001", "0900000002"):
        carrier.dial("114", sender=f"<sip:{number}@carrier>")
        channel = ear.told(ARRIVED, Caller=number).headers["Channel"]
        ear.wait(lambda one, channel=channel: one.name == "QueueCallerJoin" and one.headers["Channel"] == channel)
        channels.append(channel)
    return channels[0], channels[1]


def _answer(ear: Ear, channel: str, position: str) -> int:
    """Ask for the call as the core does. Returns how much had been heard before."""
    since = len(ear.heard)
    said = ear.act("Redirect", Channel=channel, Context=ANSWER_AT, Exten=position, Priority="1")
    assert said["Response"] == "Success"
    return since


def _talking(ear: Ear, since: int = 0) -> set[str]:
    """The phones that entered a bridge and did not leave it."""
    inside: set[str] = set()
    for one in ear.heard[since:]:
        if one.name in ("BridgeEnter", "BridgeLeave"):
            name = one.headers["Channel"].removeprefix("PJSIP/").rpartition("-")[0]
            inside = inside | {name} if one.name == "BridgeEnter" else inside - {name}
    return inside


def test_exactly_that_phone_picks_up(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("115", "0912345678", patience=60)) as carrier:
        channel = ear.told(ARRIVED).headers["Channel"]
        ear.wait(lambda one: one.name == "Newstate" and one.headers["Channel"].startswith("PJSIP/B06"))
        since = _answer(ear, channel, "B03")  # a position of another service may take it too
        asked = ear.told(ANSWERING, Position="B03", since=since)
        answered = ear.told(ANSWERED, Position="B03", By="console", since=since)
        assert float(answered.headers["Timestamp"]) - float(asked.headers["Timestamp"]) < 0.5
        ear.wait(lambda _: _talking(ear) == {"B03", "viettel"})
        assert release(ear, carrier)[0].ending is Ending.RELEASED
    assert not ear.all_told(NOT_ANSWERED)
    assert len(ear.all_told(RECORDING)) == 1  # it went on from before to behind the answer
    assert len(ear.all_told(ANSWERED)) == 1
    ear.told(ENDED, Cause="16")


def test_a_phone_that_still_rings_for_this_call_picks_it_up(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("115", "0912345678", patience=60)) as carrier:
        channel = ear.told(ARRIVED).headers["Channel"]
        ear.wait(lambda one: one.name == "Newstate" and one.headers["Channel"].startswith("PJSIP/B05"))
        _answer(ear, channel, "B05")
        ear.told(ANSWERED, Position="B05", By="console")
        ear.wait(lambda _: _talking(ear) == {"B05", "viettel"})
        release(ear, carrier)


@pytest.mark.parametrize(
    ("habit", "reason"),
    [(Habit(busy=True), "BUSY"), (Habit(auto_answer=False), "NOANSWER")],
    ids=["refused", "not lifted"],
)
def test_not_picked_up_the_caller_waits_again_in_front(voice: Voice, habit: Habit, reason: str) -> None:
    ear = voice.listen()
    with voice.phones.habit("B01", habit), voice.calls(Caller("114", "0912345678", patience=60)) as carrier:
        channel = ear.told(WAITING, Queue="q-fire", Front="0").headers["Channel"]
        since = _answer(ear, channel, "B01")
        ear.told(NOT_ANSWERED, Position="B01", Reason=reason, since=since)
        ear.told(WAITING, Queue="q-fire", Front="1", since=since)
        ear.wait(lambda one: one.name == "AgentCalled" and one.headers["MemberName"] == "B03", since=since)
        assert not _talking(ear)
        assert carrier.calls[0].ending is None  # never dropped
        release(ear, carrier)


def test_a_phone_that_is_gone_sends_the_caller_back(voice: Voice) -> None:
    ear = voice.listen()
    with voice.calls(Caller("114", "0912345678", patience=60)) as carrier:
        channel = ear.told(WAITING, Queue="q-fire").headers["Channel"]
        voice.phones.unplug("B01")
        try:
            since = _answer(ear, channel, "B01")
            ear.told(NOT_ANSWERED, Position="B01", since=since)
            ear.told(WAITING, Queue="q-fire", Front="1", since=since)
        finally:
            voice.phones.change("B01", WAITS)
            voice.look_at_phones()
        _answer(ear, channel, "B01")
        ear.told(ANSWERED, Position="B01", By="console")
        assert carrier.calls[0].ending is None
        release(ear, carrier)


def test_he_who_came_back_is_rung_for_before_those_who_wait(voice: Voice) -> None:
    ear = voice.listen()
    with voice.phones.habit("B01", Habit(busy=True)), voice.callers() as carrier:
        first, _ = _two_wait(ear, carrier)
        since = _answer(ear, first, "B01")
        back = ear.wait(lambda one: one.name == "QueueCallerJoin", since=since)
        assert (back.headers["Channel"], back.headers["Position"]) == (first, "1")


def test_a_phone_that_rings_for_another_caller_is_free_for_this_one(voice: Voice) -> None:
    ear = voice.listen()
    with voice.callers() as carrier:
        first, second = _two_wait(ear, carrier)
        ringing = ear.wait(lambda one: one.name == "Newstate" and one.headers["Channel"].startswith("PJSIP/B03"))
        since = _answer(ear, second, "B03")
        answered = ear.told(ANSWERED, Position="B03", By="console", since=since)
        silenced = ear.wait(
            lambda one: one.name == "Hangup" and one.headers["Channel"] == ringing.headers["Channel"], since=since
        )
        assert ear.heard.index(silenced) < ear.heard.index(answered)
        ear.wait(lambda _: _talking(ear) == {"B03", "viettel"})
        lost = [one for one in ear.heard if one.name == "Hangup" and one.headers["Channel"] == first]
        assert not lost  # the first caller waits on, and other phones ring for him


def test_the_phone_that_was_lifted_first_keeps_the_call(voice: Voice) -> None:
    ear = voice.listen()
    with voice.phones.habit("B02", Habit(lift_after=0.2)), voice.calls(
        Caller("114", "0912345678", patience=60)
    ) as carrier:
        channel = ear.told(ARRIVED).headers["Channel"]
        ear.wait(lambda _: _talking(ear) == {"B02", "viettel"})
        since = _answer(ear, channel, "B03")  # a console that has not yet seen it
        elsewhere = ear.told(ANSWERED_ELSEWHERE, Position="B03", since=since)
        assert told(elsewhere)["AnsweredBy"] == "B02"
        ear.told(ANSWERED, Position="B02", By="console", since=since)
        ear.wait(lambda _: _talking(ear, since) == {"B02", "viettel"}, since=since)
        assert not ear.all_told(ANSWERED, Position="B03")
        assert carrier.calls[0].ending is None
        release(ear, carrier)
