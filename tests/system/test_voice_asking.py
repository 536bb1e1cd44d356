"""Who waits is asked for a key by the dialplan alone, beside his call: no answer waits for the words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from dispatch_core.domain import commands as c
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.key_caller import KeyCaller
from telephony.dialplan_contexts import ANSWER_AT
from telephony.dialplan_events import ANSWERED, ANSWERING, ARRIVED, OVERFLOWED, PROMPTED
from telephony.trunk.dialplan import prompting
from tests.system.patience import PATIENCE
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Ear, Heard, Voice

WORDS_S = 4.0  # of the prompt's five; a ring lasts one second
AT_ONCE = 0.3  # seconds
IN_THE_MIDDLE = 1.5  # seconds of the words


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompting, "ASKED_EVERY", 2)
        stage = Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), change=_soon)
    with stage:
        yield stage


def _soon(text: str) -> str:
    for old, new in (("prompt_after = 10", "prompt_after = 1"), ("overflow_after = 20", "overflow_after = 3")):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def ear(voice: Voice) -> Ear:
    return voice.listen()


@pytest.fixture
def caller(voice: Voice, ear: Ear) -> Iterator[KeyCaller]:
    with KeyCaller(voice.carrier_port, voice.site.ports.sip, "113", "0912345678") as one:
        one.wait_connected()
        yield one
    _until(lambda: not _channels(voice), lambda: _channels(voice))


def _until(true: Callable[[], object], say: Callable[[], object], within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, say()
        time.sleep(0.02)


def _channels(voice: Voice, kind: str = "") -> list[str]:
    lines = voice.asterisk.ask("core show channels concise").splitlines()
    return [line.partition("!")[0] for line in lines if line.startswith(kind) and "!" in line]


def _words(ear: Ear, caller: KeyCaller) -> float:
    """Until the caller is in the middle of the words. When they began."""
    began = ear.told(PROMPTED).at
    _until(lambda: caller.heard and caller.heard[-1] - began > IN_THE_MIDDLE, lambda: "nothing heard")
    return began


def _words_end(voice: Voice, caller: KeyCaller) -> None:
    """Nobody speaks any more, before the words are over; they have no pause of a second."""
    _until(lambda: not _channels(voice, "Local"), lambda: _channels(voice))
    at = time.monotonic()
    _until(lambda: time.monotonic() > at + AT_ONCE + 1.0, lambda: "")
    late = [round(one - at, 2) for one in caller.heard if one > at + AT_ONCE]
    assert not late, f"heard after the answer: {late[:3]}"
    assert caller.longest_s < WORDS_S, "heard to their end"


def _at(one: Heard) -> float:
    """By the switch's own clock, in seconds."""
    return float(one.headers["Timestamp"])


def _event(ear: Ear, name: str, channel: str, since: int) -> Heard:
    return ear.wait(
        lambda one: one.name == name and one.headers["Channel"].startswith(f"PJSIP/{channel}-"), since=since
    )


def test_a_handset_lifted_in_the_middle_of_the_words_is_connected_at_once(
    voice: Voice, ear: Ear, caller: KeyCaller
) -> None:
    with voice.phones.soft("B01", voice.site.ports.sip) as phone:
        dialog = phone.rung()
        _words(ear, caller)
        since = len(ear.heard)
        dialog.lift()
        lifted = _at(_event(ear, "Newstate", "B01", since))
        took = max(_at(_event(ear, "BridgeEnter", who, since)) for who in ("B01", "viettel")) - lifted
        assert took < AT_ONCE, f"{took:.2f} s"
        _words_end(voice, caller)
        assert not caller.over.is_set()
        dialog.hang_up()


def test_an_answer_from_the_console_in_the_middle_of_the_words(voice: Voice, ear: Ear, caller: KeyCaller) -> None:
    channel = ear.told(ARRIVED).headers["Channel"]
    _words(ear, caller)
    since = len(ear.heard)
    ear.act("Redirect", Channel=channel, Context=ANSWER_AT, Exten="B03", Priority="1")
    asked = _at(ear.told(ANSWERING, Position="B03", since=since))
    ear.told(ANSWERED, Position="B03", By="console", since=since)
    assert _at(_event(ear, "BridgeEnter", "B03", since)) - asked < 2 * AT_ONCE
    _words_end(voice, caller)


def test_who_hangs_up_in_the_middle_of_the_words_leaves_nothing(voice: Voice, ear: Ear, caller: KeyCaller) -> None:
    _words(ear, caller)
    caller.hang_up()
    _until(lambda: not _channels(voice), lambda: _channels(voice), within=WORDS_S - IN_THE_MIDDLE)


def test_the_words_go_on_through_the_overflow_and_come_again_one_at_a_time(
    voice: Voice, ear: Ear, caller: KeyCaller
) -> None:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.live)
        began, over = _at(ear.told(PROMPTED)), _at(ear.told(OVERFLOWED))
        assert began < over < began + WORDS_S
        _until(lambda: caller.longest_s > WORDS_S, lambda: caller.longest_s)
        ear.wait(lambda _: len(ear.all_told(PROMPTED)) == 2)
        assert len(_channels(voice, "Local")) == 2, _channels(voice)
        # nobody in the core's eyes: no call, no position, nothing that a look finds
        board.wait(lambda: len(board.told(c.PromptPlays)) == 2)
        assert len(board.calls) == 1 and not board.calls[0].position and not board.problems
        assert all(len(look.calls) == 1 for look in board.told(c.SwitchLooked))
        assert board.state.calls[board.live[0].id].silence.prompted_at
