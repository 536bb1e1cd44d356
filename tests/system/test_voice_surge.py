"""A surge is told to those who wait by the dialplan alone; a key is thanked for; nobody is let go."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import TellSurge, ThankCaller
from dispatch_core.runtime.clock import SystemClock
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.key_caller import KeyCaller
from scripts.stage.tone import alaw, sine
from telephony.dialplan_contexts import ANSWER_AT
from telephony.dialplan_events import ANSWERED, ARRIVED, OVERFLOWED, PROMPTED, SURGE_TOLD
from telephony.trunk.dialplan import prompting
from tests.system.patience import PATIENCE
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Ear, Voice

INCIDENT = "20261128-00042"
WORDS_S, THANKS_S = 12.0, 2.0
MINUTE_MS = 60_000


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    """With short words of the site's own, and looks that are not seldom."""
    own = tmp_path_factory.mktemp("sounds")
    for name, seconds in (("surge", WORDS_S), ("surge-thanks", THANKS_S)):
        (own / f"{name}.alaw").write_bytes(alaw(sine(400, seconds)))

    def change(text: str) -> str:
        for old, new in (
            ("prompt_after = 10", "prompt_after = 0"),  # what asks for a key is not what is heard here
            ("overflow_after = 20", "overflow_after = 3"),
            ("[surge]", f'[surge]\nfolder = "{own}"'),
        ):
            assert old in text
            text = text.replace(old, new)
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompting, "LOOKS_EVERY", 1)
        stage = Voice(asterisk_prefix, tmp_path_factory.mktemp("voice"), change=change)
    with stage:
        yield stage


@pytest.fixture
def ear(voice: Voice) -> Ear:
    return voice.listen()


@contextmanager
def _calls(voice: Voice, dial: str) -> Iterator[KeyCaller]:
    with KeyCaller(voice.carrier_port, voice.site.ports.sip, dial, "0912345678") as one:
        one.wait_connected()
        yield one
    _until(lambda: "!" not in _channels(voice), lambda: _channels(voice))


@pytest.fixture
def caller(voice: Voice, ear: Ear) -> Iterator[KeyCaller]:
    with _calls(voice, "114") as one:
        yield one


@pytest.fixture(autouse=True)
def over(voice: Voice) -> Iterator[None]:
    yield
    voice.asterisk.ask("database deltree surge")


def _until(true: Callable[[], object], say: Callable[[], object], within: float = PATIENCE) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, say()
        time.sleep(0.02)


def _channels(voice: Voice) -> str:
    return voice.asterisk.ask("core show channels concise")


def _tell(voice: Voice, *services: str, ms: int = 5 * MINUTE_MS) -> None:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up)
        board.carry_out(TellSurge(board.node, services, INCIDENT, "surge", SystemClock().now() + ms))


def test_who_waits_already_hears_it_with_nothing_of_ours_running(voice: Voice, ear: Ear, caller: KeyCaller) -> None:
    ear.told(ARRIVED)
    _tell(voice, "fire", "ambulance")
    ear.told(SURGE_TOLD, About=INCIDENT)
    _until(lambda: caller.longest_s > 2.5, lambda: caller.longest_s)  # a ring lasts one second
    assert not ear.all_told(PROMPTED)


def test_who_comes_while_it_is_on_hears_it_and_callers_of_others_do_not(voice: Voice, ear: Ear) -> None:
    _tell(voice, "ambulance")
    with _calls(voice, "114") as other:
        ear.told(ARRIVED, Number="114")
        ear.told(OVERFLOWED)  # he has waited for long
        assert not ear.all_told(SURGE_TOLD) and other.longest_s < 1.5
    with _calls(voice, "115") as one:
        ear.told(SURGE_TOLD, About=INCIDENT)
        _until(lambda: one.longest_s > 2.5, lambda: one.longest_s)


def test_an_answer_ends_the_words(voice: Voice, ear: Ear, caller: KeyCaller) -> None:
    _tell(voice, "fire")
    channel = ear.told(ARRIVED).headers["Channel"]
    ear.told(SURGE_TOLD)
    _until(lambda: caller.longest_s > 1.5, lambda: caller.longest_s)
    since = len(ear.heard)
    ear.act("Redirect", Channel=channel, Context=ANSWER_AT, Exten="B03", Priority="1")
    ear.told(ANSWERED, Position="B03", since=since)
    _until(lambda: "Local/" not in _channels(voice), lambda: _channels(voice))
    at = time.monotonic()
    _until(lambda: time.monotonic() > at + 1.3, lambda: "")
    assert not [it for it in caller.heard if it > at + 0.5], "heard after the answer"
    assert caller.longest_s < WORDS_S - 1.0, "heard to their end"


def test_a_key_is_told_and_thanked_for_in_place_of_the_words(voice: Voice, ear: Ear, caller: KeyCaller) -> None:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.live)
        order = TellSurge(board.node, ("fire",), INCIDENT, "surge", SystemClock().now() + 5 * MINUTE_MS)
        board.carry_out(order)
        board.wait(lambda: board.told(c.CallerTold))
        (heard,) = board.told(c.CallerTold)
        assert (heard.call, heard.incident) == (board.live[0].id, INCIDENT)
        _until(lambda: caller.longest_s > 1.5, lambda: caller.longest_s)
        caller.press("1")
        board.wait(lambda: board.told(c.CallerPressed))
        before = caller.heard_s
        board.carry_out(ThankCaller(board.node, heard.call, INCIDENT))
        _until(lambda: "surge-thanks" in _channels(voice), lambda: _channels(voice))
        assert caller.longest_s < WORDS_S - 1.0, "only after the words"
        _until(lambda: caller.heard_s - before > THANKS_S - 1.0, lambda: caller.heard_s - before)
        assert "ask-says" not in _channels(voice), "both speak"
        _until(lambda: "ask-later" in _channels(voice), lambda: _channels(voice))
        _until(lambda: "ask-says" not in _channels(voice), lambda: _channels(voice))
        assert len(board.told(c.CallerTold)) == 1 and not board.problems
        assert board.live and not board.calls[0].position, "he waits on"


def test_it_ends_by_its_own_time_and_says_nothing_wrong(voice: Voice, ear: Ear, caller: KeyCaller) -> None:
    _tell(voice, "fire", ms=-1_000)
    assert f"{INCIDENT}:surge" in voice.asterisk.ask("database show surge")
    with pytest.raises(AssertionError):
        ear.told(SURGE_TOLD, timeout=2.5)
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up)
        board.carry_out(TellSurge(board.node, ("fire", "a/b"), INCIDENT, "surge", SystemClock().now()))
        assert "a/b" not in voice.asterisk.ask("database show surge")
        board.carry_out(TellSurge(board.node, ("fire",), "x:y", "surge", SystemClock().now()))
        assert INCIDENT not in voice.asterisk.ask("database show surge")
        board.carry_out(TellSurge(board.node, ()))
