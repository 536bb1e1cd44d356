"""The stage itself: what one test leaves behind on the switch is found, and put back for the next one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller
from scripts.stage.phones import Habit
from telephony.dialplan_events import ARRIVED
from tests.system.voice_stage import Voice


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def test_who_still_calls_when_a_test_is_done_with_him_is_hung_up(voice: Voice) -> None:
    ear = voice.listen()
    with pytest.raises(ZeroDivisionError), voice.calls(Caller("115", "0912345678")):
        ear.told(ARRIVED)
        raise ZeroDivisionError
    assert not [it for it in voice.channels() if "viettel" in it]


def test_what_is_left_is_found_and_put_back(voice: Voice) -> None:
    ear = voice.listen()
    with voice.line() as line:
        assert line.invite(talk=-1) == 200  # and never a BYE
    ear.wait(lambda one: one.name == "QueueCallerJoin")
    ear.act("QueuePause", Queue="q-fire", Interface="PJSIP/B03", Paused="true")
    ear.act("QueuePenalty", Queue="q-all", Interface="PJSIP/B02", Penalty="3")
    voice.phones.change("B03", Habit(busy=True))
    voice.phones.unplug("B04")
    found = voice.put_back(within=0.5)
    for what in (
        "PJSIP/viettel-", "waits in q-ambulance", "B03 is paused or last in q-fire", "B02 is paused or last in q-all",
        "B03 has", "B04 has",
    ):  # fmt: skip
        assert [it for it in found if what in it], (what, found)
    assert voice.put_back() == []


def test_a_switch_left_dead_is_found_and_started(voice: Voice) -> None:
    voice.asterisk.kill9()
    assert voice.put_back() == ["the switch was dead"]
    assert voice.put_back() == []
