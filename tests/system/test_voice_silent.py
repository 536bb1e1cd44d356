"""Callers who do not speak: asked by the dialplan alone as they wait, by the core once answered; every key is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import PromptCaller
from dispatch_core.ports import ActionFailed
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.key_caller import KeyCaller
from scripts.stage.tone import sine
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    stage = Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), change=_soon)
    stage.phones.mirror()
    with stage:
        yield stage


def _soon(text: str) -> str:
    for old, new in (("prompt_after = 10", "prompt_after = 2"), ("pause_ms = 2500", "pause_ms = 400")):
        assert old in text
        text = text.replace(old, new)
    return text.replace("ring = 10", "ring = 2")


@pytest.fixture(scope="module")
def board(voice: Voice) -> Iterator[Board]:
    with Board(voice.site, SECRET) as switch:
        switch.wait(lambda: switch.up)
        yield switch


@pytest.fixture
def caller(voice: Voice) -> Iterator[KeyCaller]:
    with KeyCaller(voice.carrier_port, voice.site.ports.sip, "113", "0912345678") as one:
        one.wait_connected()
        yield one


def keys(board: Board, call: str) -> str:
    return "".join(it.digit for it in board.state.calls[call].silence.keys)


def test_who_waits_is_asked_by_the_dialplan_alone_and_his_keys_are_told(board: Board, caller: KeyCaller) -> None:
    board.wait(lambda: board.live)
    call = board.live[0].id

    board.wait(lambda: caller.longest_s > 3.0, say=lambda: f"heard {caller.heard_s} s")
    caller.press("5")
    caller.press("5")
    caller.press("#")
    board.wait(lambda: keys(board, call) == "55#")
    assert board.state.calls[call].silence.cannot_speak_at and board.live, "nothing ends by itself"
    assert not board.state.calls[call].silence.heard_at
    caller.say(sine(400, 1.0))
    board.wait(lambda: board.state.calls[call].silence.sounds)
    board.wait(lambda: not board.state.calls[call].silence.sounds)
    assert [type(it) for it in board.told(c.CallerSounds)] == [c.CallerSounds]


def test_the_prompt_after_the_answer_is_heard_by_the_caller_alone(board: Board, caller: KeyCaller) -> None:
    board.wait(lambda: board.live)
    call = board.live[0].id
    board.answer(call, "B01")
    board.wait(lambda: board.state.calls[call].position == "B01")
    before = len(caller.heard)
    board.carry_out(PromptCaller(board.node, call))
    board.wait(lambda: board.told(c.PromptPlays))
    board.wait(lambda: len(caller.heard) - before > 150, say=lambda: f"{len(caller.heard) - before} packets")
    caller.press("5")
    board.wait(lambda: keys(board, call) == "5")
    assert board.state.calls[call].position == "B01" and board.state.calls[call].state.live
    assert board.problems == []


def test_nobody_is_asked_in_a_call_that_is_not_there(board: Board) -> None:
    with pytest.raises(ActionFailed):
        board.carry_out(PromptCaller(board.node, "pbx1-0.0"))
