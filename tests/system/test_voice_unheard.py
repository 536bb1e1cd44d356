"""Who calls and gives up while no core listens stands among the missed calls as soon as one does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatch_core.domain.commands import CallCame, CallOver, SwitchLooked
from dispatch_core.domain.vocabulary import CallState, EndedBy
from scripts.stage.asterisk_prefix import AsteriskPrefix
from scripts.stage.callers import Caller, Ending
from scripts.stage.phones import Habit
from tests.system.switch_stage import Board
from tests.system.voice_stage import SECRET, Voice


@pytest.fixture(scope="module")
def voice(asterisk_prefix: AsteriskPrefix, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voice]:
    with Voice(asterisk_prefix, tmp_path_factory.mktemp("voice")) as stage:
        yield stage


def test_a_call_that_came_and_went_unheard_is_to_be_called_back(voice: Voice) -> None:
    with Board(voice.site, SECRET, before=True) as board:
        board.wait(lambda: board.up)
        with voice.calls(Caller("114", "0912345670", patience=0.3)) as carrier:
            board.wait(lambda: board.calls)
            assert carrier.wait()
        known = board.calls[0].id
        board.wait(lambda: not board.live)
        board.run(board.board.stop())
        gave_up = [Caller("115", "0912345678", patience=0.5), Caller("113", "0923456789", patience=0.5)]
        with voice.calls(*gave_up) as carrier:
            assert carrier.wait()
        with voice.phones.habit("B04", Habit(lift_after=0.1, talk=0.2)):
            voice.look_at_phones()
            with voice.calls(Caller("115", "0987654321")) as carrier:
                assert carrier.wait() and carrier.calls[0].ending is Ending.RELEASED
        for _ in range(2):
            board.run(board.board.start())
            board.wait(lambda: board.up and len(board.calls) == 3)
            board.run(board.board.stop())
        told = [fact.call for fact in board.told(CallCame)]
        assert len(told) == len(set(told)) == 3 and told[0] == known
        unheard = next(call for call in board.calls if call.number == "0912345678")
        assert (unheard.state, unheard.ended_by) == (CallState.ABANDONED, EndedBy.CALLER)
        assert (unheard.dialled, unheard.services, unheard.carrier) == ("115", ("ambulance",), "viettel")
        assert 0 <= unheard.ended_at - unheard.arrived_at < 5_000
        assert Path(unheard.recording).exists()
        assert {line.number for line in board.state.missed.values()} >= {"0912345678"}
        assert not board.problems
    with Board(voice.site, SECRET, before=True) as late:  # a core that has heard nothing at all
        late.wait(lambda: len(late.calls) == 3)
        assert not late.live and not late.problems
    # a core that was started anew knows its calls, and brings none in twice
    again = Board(voice.site, SECRET, before=True)
    again.state = board.state
    with again:
        again.wait(lambda: len(again.told(CallCame)) == 3 and again.told(SwitchLooked))
        again.wait(lambda: len(again.told(CallOver)) == 3)
        assert again.state.calls == board.state.calls and again.state.missed == board.state.missed
        assert again.state.incidents.keys() == board.state.incidents.keys() and not again.problems
