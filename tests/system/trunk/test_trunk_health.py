"""Carriers on a real Asterisk: what is shown of their lines is true, and a test call goes out and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.vocabulary import Direction
from dispatch_core.main.trunk.health import TrunkLoads
from dispatch_core.main.trunk.test_call import CarrierTester
from dispatch_core.ports.trunk_keeper import JobFailed, JobStopped
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.wire.trunk import TestCallWanted as Wanted
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller
from scripts.stage.looping_carrier import RINGS, SILENT, LoopingCarrier
from scripts.stage.phones import Habit
from scripts.stage.sound_caller import SoundCaller
from telephony.dialplan_contexts import TEST_HEADER
from telephony.event_ring import EventRing
from telephony.trunk.dialplan.testing import GIVES_WAY
from telephony.trunk.site_edit import edit
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice

AT_ONCE_S = 3.0  # a round of ringing, for which a caller would else wait, is 10 s
ANSWERS = {"0281": "403 Forbidden", "0282": "503 Service Unavailable", "0283": SILENT, "0284": RINGS}


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    few = _capacity
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), change=few) as stage:
        yield stage


def _capacity(text: str) -> str:
    """Five calls at a time through viettel, which answers OPTIONS."""
    return edit(edit(text, "carriers", "viettel", "capacity", 5), "carriers", "viettel", "qualify", True)


@pytest.fixture
def board(voice: Voice) -> Iterator[Board]:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up and board.told(c.SwitchLooked))
        yield board
    assert board.problems == [] and board.told(c.MessageParked) == []


def _value(board: Board) -> dict[str, object]:
    return board.values.get(("trunk", "viettel@pbx1"), {})


# --- health -----------------------------------------------------------------------------------------------------------


def test_a_lossy_line_is_shown_as_lossy_as_it_is(voice: Voice, board: Board) -> None:
    """Every tenth packet is lost, every second one comes 10 ms late."""
    with SoundCaller(voice.carrier_port, voice.site.ports.sip, "115", "0912345678", loses=10, late_s=0.01) as caller:
        caller.wait_connected()
        board.wait(lambda: _value(board).get("in_use") == 1)
        board.wait(lambda: caller.packets_sent > 270)  # a report is made every 5 s
        caller.hang_up()
    board.wait(lambda: "lost_percent" in _value(board))
    value = _value(board)
    assert 8.5 <= value["lost_percent"] <= 11.5, value  # type: ignore[operator]
    assert 7.0 <= value["jitter_ms"] <= 13.0, value  # type: ignore[operator]
    assert "lost_out_percent" not in value  # who never reports is not said to hear well
    board.wait(lambda: _value(board)["in_use"] == 0)


def test_distance_and_channels_are_true_and_a_full_carrier_is_an_alarm(voice: Voice, board: Board) -> None:
    loads = TrunkLoads(board.of_core)
    live = board.board.trunks._live
    board.board.trunks._live = lambda kind, key, value: (live(kind, key, value), loads.heard(key, value))[0]
    callers = [Caller("115", f"091234567{at}") for at in range(5)]
    with voice.calls(*callers):
        assert voice.carrier_seen(reachable=True)
        board.wait(lambda: isinstance(_value(board).get("round_trip_ms"), float))
        assert 0.0 < _value(board)["round_trip_ms"] < 500  # type: ignore[operator]
        board.wait(lambda: _value(board)["in_use"] == 5)
        board.wait(lambda: {"trunk_busy:viettel", "trunk_full:viettel"} <= set(board.state.alarms))
        voice.hang_callers_up()
        board.wait(lambda: _value(board)["in_use"] == 0 and not set(board.state.alarms) & {"trunk_full:viettel"})
    board.wait(lambda: "trunk_busy:viettel" not in board.state.alarms)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch_core.main.trunk.test_call.TALKS_S", 1.0)


# --- a test call ------------------------------------------------------------------------------------------------------


@dataclass
class Job:
    """What a test call tells."""

    ident: str = "j1"
    by: str = "tuan"
    stop_asked: bool = False
    steps: list[tuple[str, str, bool, int]] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    async def stopped(self) -> None:
        await self.asked.wait()

    def begin(self, code: str, vi: str, en: str, node: str = "") -> None: ...

    def end(self, ok: bool = True, vi: str = "", en: str = "") -> None: ...

    def say(self, code: str, vi: str, en: str, node: str = "", ok: bool = True, ms: int = 0) -> None:
        self.steps.append((code, en, ok, ms))

    @property
    def codes(self) -> list[str]:
        return [step[0] for step in self.steps]


def _place(voice: Voice, board: Board, number: str, job: Job) -> Future[None]:
    clock = SystemClock()
    caller = CarrierTester({"pbx1": board.board}, voice.site, lambda: board.state, clock, SystemIds(clock))
    board.committed[:] = [caller.heard]
    return board.begin(caller.place(Wanted(carrier="viettel", number=number), job))


@pytest.fixture(scope="module")
def carrier(voice: Voice) -> Iterator[LoopingCarrier]:
    with LoopingCarrier(voice.carrier_port, voice.site.ports.sip, {"113", "114", "115"}, ANSWERS) as carrier:
        assert voice.carrier_seen(reachable=True)
        yield carrier


def test_it_goes_out_and_comes_back_to_a_console(voice: Voice, board: Board, carrier: LoopingCarrier) -> None:
    board.board.trunks.ring = ring = EventRing()
    before, job = set(voice.recordings.iterdir()), Job()
    with voice.phones.habit("B04", Habit(lift_after=0.5)):
        _place(voice, board, "115", job).result(30)
    invite = carrier.invites[-1]
    token = invite.get(TEST_HEADER.lower())
    assert len(token) == 32
    order = [it for it in job.codes if it != "rings"]
    assert order[:2] == ["asked", "sent"] and order[-1] == "ended", job.steps
    for first, second in (("sent", "came_in"), ("came_in", "queued"), ("queued", "taken"), ("ringing", "answered")):
        assert order.index(first) < order.index(second), job.steps
    assert job.codes.count("rings") >= 1 and all(ok for _, _, ok, _ in job.steps)
    times = [ms for _, _, _, ms in job.steps]
    assert 0 < max(times) < 20_000
    (call,) = board.calls
    assert call.direction is Direction.TEST and call.positions == ("B04",) and not call.number and not call.recording
    assert not board.state.incidents and not board.state.missed
    assert set(voice.recordings.iterdir()) == before
    told = "".join(str(event) for event in ring.after(0)[0])
    assert "0912345678" not in told and token not in told and "OriginateResponse" in told


@pytest.mark.parametrize(
    ("number", "words", "what"),
    [("0281", "SIP 403", "forbidden"), ("0282", "SIP 503", "does not serve"), ("0289", "", "")],
)
def test_what_the_carrier_answers_is_told_in_words(
    voice: Voice, board: Board, carrier: LoopingCarrier, number: str, words: str, what: str
) -> None:
    job = Job()
    placed = _place(voice, board, number, job)
    if not words:
        placed.result(30)
        assert job.codes[-2:] == ["answered", "hung_up"]
        return
    with pytest.raises(JobFailed) as failed:
        placed.result(30)
    assert words in failed.value.en and what in failed.value.en and words in failed.value.vi
    assert job.steps[-1][0] == "failed" and not job.steps[-1][2]
    cause = "21" if number == "0281" else "34"
    board.wait(lambda: _value(board).get("failed", {}).get(cause))  # type: ignore[attr-defined]


@pytest.mark.parametrize(("number", "words"), [("0283", "does not answer at all"), ("0284", "no answer")])
def test_silence_and_ringing_unheard_are_told_apart(
    voice: Voice, board: Board, carrier: LoopingCarrier, number: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dispatch_core.main.trunk.test_call.RINGS_S", 2)
    job = Job()
    with pytest.raises(JobFailed) as failed:
        _place(voice, board, number, job).result(30)
    assert words in failed.value.en
    assert ("ringing" in job.codes) is (number == "0284")


@pytest.mark.parametrize("helps", [True, False], ids=["and the core", "the switch alone"])
def test_a_real_caller_takes_its_place_at_once(
    voice: Voice, board: Board, carrier: LoopingCarrier, helps: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody lifts a phone: the test rings, a caller comes, the phones ring for that one; then the test rings again."""
    job = Job()
    if not helps:
        monkeypatch.setattr(CarrierTester, "_give_way", lambda self, run: None)
    placed = _place(voice, board, "115", job)
    board.wait(lambda: board.live and len(board.live[0].ringing) >= 3)
    (test,) = board.live
    real, began = carrier.dial("115", sender="<sip:0909000111@carrier>"), time.monotonic()
    board.wait(lambda: any(it.direction is Direction.INCOMING and len(it.ringing) >= 3 for it in board.live))
    assert time.monotonic() - began < AT_ONCE_S
    assert not board.state.calls[test.id].ringing
    assert ("gives_way" in job.codes) is helps
    real.wait("up")
    real.hang_up()
    board.wait(lambda: len(board.state.calls[test.id].ringing) >= 3)
    board.soon(job.asked.set)
    with pytest.raises(JobStopped):
        placed.result(30)
    board.wait(lambda: not board.live)
    assert [it.direction for it in board.calls] == [Direction.TEST, Direction.INCOMING]


def test_who_comes_as_another_one_takes_a_test_calls_place_stays(voice: Voice) -> None:
    """Two at the same moment: the second one finds nobody there any more whom he could send on."""
    ask, ear = voice.asterisk.ask, voice.listen()
    for priority, step in enumerate(("Answer()", f"Gosub({GIVES_WAY},s,1)", "UserEvent(Stayed)"), 1):
        ask(f"dialplan add extension s,{priority},{step} into second-caller")
    for other in ("", "PJSIP/viettel-gone"):
        since = len(ear.heard)
        ask(f"dialplan set global TEST_RINGS {other}")
        ear.act("Originate", Channel="Local/s@second-caller/n", Application="Wait", Data="3", Async="true")
        ear.wait(lambda one: one.headers.get("UserEvent") == "Stayed", 5.0, since)


def test_nobody_else_is_taken_for_a_test_call(voice: Voice, board: Board, carrier: LoopingCarrier) -> None:
    """No mark, another mark, the right mark a second time or too late: each is a caller who is recorded and rings."""
    board.run(board.board.trunks.tests.mark("ab" * 16, 60))
    late = "ef" * 16
    for at, said in enumerate(("", "cd" * 16, "ab" * 15, "ab" * 16, "ab" * 16, late)):
        if said == late:
            board.run(board.board.trunks.tests.mark(late, -5))
        extra = f"{TEST_HEADER}: {said}\r\n" if said else ""
        call = carrier.dial("115", extra, f"<sip:090900011{at}@carrier>").wait("up")
        board.wait(lambda at=at: len(board.calls) == at + 1)
        call.hang_up()
    board.wait(lambda: not board.live)
    kinds = [it.direction for it in board.calls]
    assert [at for at, kind in enumerate(kinds) if kind is Direction.TEST] == [3], kinds
    assert len(board.state.incidents) == 5
    board.run(board.board.trunks.tests.unmark())


def test_a_carrier_that_drops_our_header_is_told(
    voice: Voice, board: Board, carrier: LoopingCarrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes in like a real caller's, as it must; the test says where to look."""
    monkeypatch.setattr("dispatch_core.main.trunk.test_call.COMES_IN_S", 0.5)
    monkeypatch.setattr(carrier, "keeps", False)
    job = Job()
    with pytest.raises(JobFailed) as failed:
        _place(voice, board, "114", job).result(30)
    assert TEST_HEADER in failed.value.en and TEST_HEADER in failed.value.vi and job.codes[-1] == "hung_up"
    assert [it.direction for it in board.calls] == [Direction.INCOMING] and len(board.state.incidents) == 1
    board.wait(lambda: not board.live)
