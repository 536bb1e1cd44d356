"""Numbers that stand behind: never refused, only later than who has no such history, with nothing of ours running."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dispatch_core.domain.effects import MarkNumbers
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.phones import Habit
from telephony.dialplan_events import ANSWERED
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Ear, Voice

BEHIND, ORDINARY, THIRD = "0901000001", "0902000002", "0903000003"


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def in_line(ear: Ear) -> list[str]:
    """The numbers that wait, in the order in which they will be served."""
    since = len(ear.heard)
    ear.act("QueueStatus", Queue="q-fire")
    ear.wait(lambda one: one.name == "QueueStatusComplete", since=since)
    entries = [one.headers for one in ear.heard[since:] if one.name == "QueueEntry"]
    return [it["CallerIDNum"] for it in sorted(entries, key=lambda it: int(it["Position"]))]


def test_a_marked_number_waits_behind_others_and_is_answered_when_nobody_else_waits(voice: Voice) -> None:
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up)
        board.carry_out(MarkNumbers(board.node, ((BEHIND, True), ("09;evil", True))))
    ear = voice.listen()  # from here on nothing of ours runs
    with ExitStack() as ends, voice.callers() as carrier:
        for so_far, number in enumerate((BEHIND, ORDINARY, THIRD)):
            carrier.dial("114", sender=f"<sip:{number}@carrier>")
            ear.wait(lambda _, so_far=so_far: len(in_line(ear)) == so_far + 1)
        assert in_line(ear) == [ORDINARY, THIRD, BEHIND]
        for position, number in (("B02", ORDINARY), ("B03", THIRD), ("B04", BEHIND)):
            ends.enter_context(voice.phones.habit(position, Habit(lift_after=0.1)))
            ear.told(ANSWERED, Position=position)
            ear.wait(lambda _, number=number: number not in in_line(ear))


def test_marks_survive_the_switch_and_go_when_they_are_lifted(voice: Voice) -> None:
    voice.asterisk.stop()
    voice.asterisk.start()
    assert f"n{BEHIND}" in voice.asterisk.ask("database show nuisance")
    with Board(voice.site, SECRET) as board:
        board.wait(lambda: board.up)
        board.carry_out(MarkNumbers(board.node, ((BEHIND, False), (THIRD, False))))
        assert BEHIND not in voice.asterisk.ask("database show nuisance")
        board.carry_out(MarkNumbers(board.node, ((THIRD, True),), everything=True))
        board.carry_out(MarkNumbers(board.node, ((BEHIND, True),), everything=True))
    shown = voice.asterisk.ask("database show nuisance")
    assert BEHIND in shown and THIRD not in shown and "evil" not in shown
