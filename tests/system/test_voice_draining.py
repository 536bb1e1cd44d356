"""A real node that is being emptied: its carrier's new callers hear 503, and nobody is blocked by it."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from dispatch_core.settings import DRAIN_LASTS_S, SHUT_LASTS_S
from scripts.stage.asterisk_prefix import AsteriskPrefix
from telephony.dialplan_contexts import DRAIN_UNTIL, drained_variable
from telephony.dialplan_events import ARRIVED
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


@pytest.fixture(scope="module")
def board(voice: Voice) -> Iterator[Board]:
    with Board(voice.site, SECRET) as switch:
        switch.wait(lambda: switch.up)
        yield switch


@pytest.fixture(autouse=True)
def _takes_calls(voice: Voice, board: Board) -> Iterator[None]:
    yield
    board.run(board.board.drain(0))


def set_until(voice: Voice, value: str) -> None:
    assert voice.listen().act("Setvar", Variable=DRAIN_UNTIL, Value=value)["Response"] == "Success"


def asserted(number: str) -> str:
    return f"P-Asserted-Identity: <sip:{number}@carrier>\r\n"


def test_a_new_caller_is_sent_on_and_one_who_comes_again_is_taken(voice: Voice, board: Board) -> None:
    ear = voice.listen()
    board.run(board.board.drain(DRAIN_LASTS_S))
    with voice.line() as line:
        assert line.invite("113", "<sip:0912000101@carrier>") == 503
        assert not ear.all_told(ARRIVED), "nothing is told of a call that goes on to another node"
        assert line.invite("113", "<sip:0912000101@carrier>") == 200, "he has no other way"
        assert line.invite("114", "<sip:anonymous@carrier>", asserted("+84912000102")) == 503
        assert line.invite("115", "<sip:0000@carrier>", asserted("+84912000102")) == 200
        assert line.invite("115", "<sip:anonymous@carrier>") == 503
        assert line.invite("114", "<sip:private@carrier>") == 200, "of callers without a number the second is taken too"


def test_the_time_runs_out_by_itself_and_one_that_lies_too_far_ahead_never_counts(voice: Voice, board: Board) -> None:
    board.run(board.board.drain(2))
    ended = time.monotonic() + 2.2
    with voice.line() as line:
        assert line.invite("113", "<sip:0912000201@carrier>") == 503
        board.wait(lambda: time.monotonic() > ended)
        assert line.invite("113", "<sip:0912000202@carrier>") == 200, "nobody said it anew"
        for odd in (str(int(time.time()) + 3600), "0", "x", "-5", "9" * 40, "1 | 1", '"'):
            set_until(voice, odd)
            assert line.invite("113", "<sip:0912000203@carrier>") == 200, odd


def test_in_the_last_moments_before_a_stop_nobody_is_taken_and_that_ends_by_itself_too(
    voice: Voice, board: Board
) -> None:
    board.run(board.board.drain(DRAIN_LASTS_S))
    board.run(board.board.drain(2, everybody=True))
    ended = time.monotonic() + 2.2
    with voice.line() as line:
        seen = [line.invite("113", "<sip:0912000501@carrier>") for _ in range(3)]
        assert seen == [503] * 3
        board.wait(lambda: time.monotonic() > ended)
        assert line.invite("113", "<sip:0912000502@carrier>") == 503
        assert line.invite("113", "<sip:0912000502@carrier>") == 200
    board.run(board.board.drain(SHUT_LASTS_S, everybody=True))
    board.run(board.board.drain(0, everybody=True))


def test_taken_back_at_once_and_the_nodes_own_probe_passes(voice: Voice, board: Board) -> None:
    board.run(board.board.drain(DRAIN_LASTS_S))
    assert board.run(board.board.probe("114", "ab" * 16)).number == "114"
    with voice.line() as line:
        assert line.invite("113", "<sip:0912000301@carrier>") == 503
        board.run(board.board.drain(0))
        assert line.invite("113", "<sip:0912000302@carrier>") == 200


def test_who_waits_stays_and_is_counted_until_he_goes(voice: Voice, board: Board) -> None:
    board.wait(lambda: not board.live)
    with voice.callers() as carrier:
        carrier.dial("113", sender="<sip:0912000401@carrier>")
        board.wait(lambda: board.live and board.live[0].state.value in ("queued", "ringing"))
        board.run(board.board.drain(DRAIN_LASTS_S))
        assert board.run(board.board.busy()) >= 1
        board.answer(board.live[0].id, "B01")
        board.wait(lambda: board.live[0].state.value == "answered")
        board.hang_up(board.live[0].id)
        board.wait(lambda: not board.live)
    board.wait(lambda: board.run(board.board.busy()) == 0)


def test_so_many_variables_and_no_more(voice: Voice, board: Board) -> None:
    board.run(board.board.drain(DRAIN_LASTS_S))
    with voice.line() as line:
        for number in ("0913111777", "0914222777", "+84915333777"):
            line.invite("113", f"<sip:{number}@carrier>")
    known = voice.asterisk.ask("dialplan show globals")
    assert known.count(drained_variable("777")) == 1
