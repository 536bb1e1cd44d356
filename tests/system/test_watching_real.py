"""A real Asterisk that calls itself: every number is heard, a broken one alone is not, and strangers get nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.ports import Probed
from dispatch_core.settings import PROBE_SEEN_S
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller
from telephony.dialplan_contexts import PROBE_HEADER, PROBE_IN
from telephony.dialplan_events import ARRIVED, PROBE
from tests.system.raw_line import RawLine
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice

SILENT_S = 1.5
"""So long a number is given that is not to be heard."""


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


@pytest.fixture
def board(voice: Voice) -> Iterator[Board]:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up and board.told(c.SwitchLooked))
        yield board
    assert board.problems == [] and board.told(c.MessageParked) == []


def _probe(board: Board, number: str, seconds: float = PROBE_SEEN_S) -> Probed | None:
    """What the switchboard hears of it; None when it hears nothing in time."""
    async def bounded() -> Probed | None:
        try:
            return await asyncio.wait_for(board.board.probe(number, "beef"), seconds)
        except TimeoutError:
            return None

    found: Probed | None = board.run(bounded())
    return found


def test_every_number_is_heard_and_nothing_comes_of_it(voice: Voice, board: Board) -> None:
    ear = voice.listen()
    before = set(voice.recordings.iterdir())
    for number in ("113", "114", "115"):
        assert _probe(board, number) == Probed(number=number, ready=3)
    board.wait(lambda: "0 active channels" in voice.asterisk.ask("core show channels"))
    assert not board.state.calls and not board.state.incidents and not board.told(c.CallCame)
    assert set(voice.recordings.iterdir()) == before
    assert not [one for one in ear.heard if one.name in ("AgentCalled", "QueueCallerJoin", "MixMonitorStart")]
    assert not [key for key in board.values if "probe" in key[1]]


def test_one_number_whose_dialplan_is_broken_is_not_heard_alone(voice: Voice, board: Board) -> None:
    voice.asterisk.ask("dialplan remove extension 114@from-carrier")
    try:
        assert _probe(board, "114", SILENT_S) is None
        assert _probe(board, "113") is not None and _probe(board, "115") is not None
    finally:
        voice.asterisk.ask("dialplan reload")
    board.wait(lambda: _probe(board, "114", SILENT_S) is not None)


def test_a_number_without_a_way_to_wait_is_not_heard(voice: Voice, board: Board) -> None:
    voice.asterisk.ask("dialplan remove extension ambulance@wait")
    try:
        assert _probe(board, "115", SILENT_S) is None
        assert _probe(board, "113") is not None
    finally:
        voice.asterisk.ask("dialplan reload")
    board.wait(lambda: _probe(board, "115", SILENT_S) is not None)


def test_a_phone_that_talks_elsewhere_is_left_alone_and_comes_last_where_everybody_rings(
    voice: Voice, board: Board
) -> None:
    """As the core orders it while the position talks at another node: its ringing stops, the caller waits on."""
    with voice.calls(Caller("113", "0912345678")):
        board.wait(lambda: board.live and "B01" in board.live[0].ringing)
        board.run(board.board.serve("B01", True, elsewhere=True))
        board.wait(lambda: "B01" not in board.live[0].ringing and len(board.live[0].ringing) >= 2)
        queues = voice.asterisk.ask("queue show")
        assert "PJSIP/B01) with penalty 10" in queues.partition("q-all has")[2].partition("\n\n")[0]
        assert "(paused" in _member(queues, "q-police", "B01") and "(paused" not in _member(queues, "q-all", "B01")
        board.run(board.board.serve("B01", True, elsewhere=False))
        board.wait(lambda: "penalty" not in voice.asterisk.ask("queue show"))
        assert "(paused" not in _member(voice.asterisk.ask("queue show"), "q-police", "B01")
        board.hang_up(board.live[0].id)
        board.wait(lambda: not board.live)


def _member(queues: str, queue: str, position: str) -> str:
    """The member's line in what `queue show` says of a queue."""
    members = queues.partition(f"{queue} has")[2].partition("\n\n")[0]
    return next(line for line in members.splitlines() if f"PJSIP/{position})" in line)


def test_nobody_else_is_taken_for_the_probe(voice: Voice, board: Board) -> None:
    """A stranger is asked for the password; a carrier that says so is a caller as any other."""
    ear = voice.listen()
    header = f"{PROBE_HEADER}: beef\r\n"
    wrong = (
        f'Authorization: Digest username="{PROBE_IN}", realm="asterisk", nonce="1795816787/0", uri="sip:114@x", '
        f'response="{"0" * 32}", algorithm=MD5\r\n'
    )
    with RawLine(0, voice.site.ports.sip) as stranger:
        assert stranger.invite("114", f"<sip:{PROBE_IN}@x>", header) == 401
        assert stranger.invite("114", f"<sip:{PROBE_IN}@x>", header + wrong) == 401
        assert stranger.message("x", "114", f"<sip:{PROBE_IN}@x>") == 401
    assert not ear.all_told(PROBE) and not ear.all_told(ARRIVED)
    with voice.line() as carrier:
        assert carrier.invite("114", f"<sip:{PROBE_IN}@x>", header) == 200
    ear.told(ARRIVED, Number="114", Carrier="viettel")
    assert not ear.all_told(PROBE)
    board.wait(lambda: board.calls and not board.live)


@pytest.mark.long
def test_a_carrier_that_is_off_the_line_is_told_lost(voice: Voice, board: Board) -> None:
    """Nobody answers OPTIONS at the carrier's address here; when somebody does, it is told back."""
    board.wait(lambda: board.told(c.CarrierLost))
    assert board.told(c.CarrierLost)[0] == c.CarrierLost(node=board.node, carrier="viettel")
    assert "trunk_down:viettel@pbx1" in board.state.alarms
    with voice.calls():
        board.wait(lambda: "trunk_down:viettel@pbx1" not in board.state.alarms)
