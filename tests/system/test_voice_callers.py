"""The simulated public and its clock: what the carrier's log tells is what happened, or the run is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stage import clocks
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.clocks import ClockBridge, offset
from scripts.stage.progress import StageError
from scripts.stage.sipp_program import write_scenario
from telephony.dialplan_events import ARRIVED
from tests.system.voice_stage import Voice, told


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def test_each_ending_is_told_apart(voice: Voice) -> None:
    ear = voice.listen()
    began = time.monotonic()
    with voice.calls(
        Caller("113", "0900000001", patience=30),
        Caller("114", "0900000002", "Trần Thị Bình", patience=0.5),
        Caller("116", "0900000003"),
        rate=10,
    ) as carrier:
        channel = ear.told(ARRIVED, Caller="0900000001").headers["Channel"]
        ear.wait(lambda one: one.name == "QueueCallerJoin" and one.headers["Channel"] == channel)  # answered by now
        ear.act("Hangup", Channel=channel, Cause="16")
        assert carrier.wait()
        calls = {call.number: call for call in carrier.calls}
    assert {number: call.ending for number, call in calls.items()} == {
        "0900000001": Ending.RELEASED,
        "0900000002": Ending.HUNG_UP,
        "0900000003": Ending.REFUSED,
    }
    patient = calls["0900000002"]
    assert patient.connected is not None and patient.ended is not None
    assert began < patient.invited < patient.connected < patient.ended < time.monotonic()
    assert patient.ended - patient.connected > 0.45
    assert calls["0900000003"].connected is None
    assert told(ear.told(ARRIVED, Caller="0900000002"))["Name"] == "Trần Thị Bình"


def test_a_carrier_whose_list_is_done_stays_reachable(voice: Voice) -> None:
    with voice.calls(Caller("113", "0900000001", patience=0.1)) as carrier:
        assert carrier.wait()
        assert voice.carrier_seen(reachable=True)
        assert carrier.finished
    assert voice.carrier_seen(reachable=False)


def test_a_carrier_that_dies_is_said_to_have(voice: Voice) -> None:
    with voice.calls(Caller("113", "0900000001", patience=30)) as carrier:
        assert carrier._child is not None
        carrier._child.kill9()
        with pytest.raises(StageError, match="ended by itself"):
            carrier.wait()


def test_a_run_in_which_the_clock_stepped_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = ClockBridge()
    bridge.look()
    bridge.check()
    real = clocks.offset
    monkeypatch.setattr(clocks, "offset", lambda: real() + 0.01)
    bridge.look()
    with pytest.raises(StageError, match="moved by 10"):
        bridge.check()


def test_a_stamp_of_now_is_now() -> None:
    bridge = ClockBridge()
    before = time.monotonic()
    stamp = bridge.monotonic(time.time())
    after = time.monotonic()
    assert before - 0.001 < stamp < after + 0.001
    assert abs(offset() - offset()) < 0.001


@pytest.mark.parametrize("name", ["a;b", "a\nb", 'a"b', "[field0]"])
def test_a_name_that_would_break_the_list_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        Caller("113", "0900000001", name).line("p0")


def test_a_template_is_filled_whole(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="MEDIA_PORT"):
        write_scenario("phone.xml", {"LIFT_MS": 1}, tmp_path / "phone.xml")
