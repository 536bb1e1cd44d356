"""What the core does at the switch: each action once, each phone told who sits there."""

from __future__ import annotations

import asyncio

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import AnswerAt, EndCall, TellSurge
from dispatch_core.domain.vocabulary import CallState
from dispatch_core.ports import ActionFailed
from dispatch_core.settings import ACTION_TIMEOUT_S, SERVE_TRIES
from scripts.simulation.site import NODE
from tests.runtime.hands_stage import Desk
from tests.runtime.running import Run

# --- actions ----------------------------------------------------------------------------------------------------------


def test_an_answer_goes_out_after_its_commit_and_once(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.house.journal.gate = asyncio.Event()
        asking = asyncio.ensure_future(desk.house.person(c.AnswerCall(call="c1"), ident="x"))
        again = asyncio.ensure_future(desk.house.person(c.AnswerCall(call="c1"), ident="x"))
        await asyncio.sleep(1.0)
        assert desk.board.told == []
        desk.house.journal.gate.set()
        await asyncio.gather(asking, again)
        await asyncio.sleep(1.0)
        assert desk.board.told == [(AnswerAt(NODE, "c1", "B01"),)]
        assert desk.call.intent is not None

    simulated(work())


@pytest.mark.parametrize("unknown", [True, False])
def test_an_answer_that_failed_is_told_and_not_repeated(desk: Desk, simulated: Run, unknown: bool) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.fails = [ActionFailed("answer", "no", unknown=unknown)]
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.board.told == [(AnswerAt(NODE, "c1", "B01"),)]
        assert desk.call.intent is None and desk.call.state is CallState.QUEUED
        failed = [
            entry.asked.body
            for batch in desk.house.journal.batches
            for entry in batch.entries
            if isinstance(entry.asked.body, c.AnswerFailed)
        ]
        assert [body.why for body in failed] == ["unknown" if unknown else "refused"]

    simulated(work())


def test_a_switch_that_does_not_answer_is_given_up(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.silent = True
        await desk.person(c.AnswerCall(call="c1"))
        assert desk.call.intent is not None
        await asyncio.sleep(ACTION_TIMEOUT_S + 1)
        assert desk.call.intent is None
        assert desk.board.told == [(AnswerAt(NODE, "c1", "B01"),)]

    simulated(work())


def test_a_node_that_is_not_configured(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.facts(
            c.CallCame(call="c2", node="elsewhere", at=1, dialled="113", services=("police",)),
            c.CallQueuedAt(call="c2", queue="q113", at=2),
        )
        await desk.person(c.AnswerCall(call="c2"))
        assert desk.house.sequencer.state.calls["c2"].intent is None
        assert desk.board.told == []

    simulated(work())


def test_a_hang_up_that_failed_may_be_asked_again(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.facts(c.CallTakenAt(call="c1", position="B01", at=3))
        desk.board.fails = [ActionFailed("hang_up", "no")]
        await desk.person(c.HangUp(call="c1"))
        assert not desk.call.hang_up_asked
        await desk.person(c.HangUp(call="c1"))
        assert desk.call.hang_up_asked
        assert desk.board.told == [(EndCall(NODE, "c1"),)] * 2

    simulated(work())


def test_a_start_repeats_no_action(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.person(c.AnswerCall(call="c1"))
        desk.board.told.clear()
        desk.another().ask_unfinished()
        await asyncio.sleep(10.0)
        assert [order for order in desk.board.told if order[0] != "serve"] == []

    simulated(work())


# --- which phones serve -----------------------------------------------------------------------------------------------


def test_a_phone_serves_while_somebody_sits_there(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        await desk.person(c.LeavePosition())
        await desk.person(c.TakePosition(position="B01"))
        await desk.person(c.SignOut(user="lan"))
        assert desk.board.told == [("serve", "B01", False), ("serve", "B01", True), ("serve", "B01", False)]
        assert desk.ended == ["lan"]

    simulated(work())


def test_it_is_said_again_until_the_switch_takes_it(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.fails = [ActionFailed("serve", "not connected")] * 3
        await desk.person(c.LeavePosition())
        await asyncio.sleep(20.0)
        assert desk.board.told == [("serve", "B01", False)] * 4

    simulated(work())


def test_it_is_not_said_for_ever(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.board.fails = [ActionFailed("serve", "not connected")] * 100
        await desk.person(c.LeavePosition())
        await asyncio.sleep(120.0)
        assert len(desk.board.told) == SERVE_TRIES
        desk.board.fails.clear()
        desk.board.told.clear()
        await desk.facts(c.NodeUp(node=NODE, booted="1"))
        assert [it for it in desk.board.told if it[0] == "serve"] == [("serve", "B01", False)]

    simulated(work())


def test_the_last_word_is_who_sits_there_now(desk: Desk, simulated: Run) -> None:
    """However slow the switch takes the orders, and whatever fails between them."""

    async def work() -> None:
        await desk.begin()
        desk.board.takes_s = 3.0
        desk.board.fails = [ActionFailed("serve", "busy")]
        for _ in range(3):
            await desk.person(c.LeavePosition())
            await desk.person(c.TakePosition(position="B01"))
        await desk.person(c.LeavePosition())
        await asyncio.sleep(60.0)
        assert desk.board.told[-1] == ("serve", "B01", False)

    simulated(work())


def test_a_start_tells_every_phone(desk: Desk, simulated: Run) -> None:
    async def work() -> None:
        await desk.begin()
        desk.another().ask_unfinished()
        await asyncio.sleep(1.0)
        assert desk.board.told == [("serve", "B01", True)]

    simulated(work())


# --- what those who wait hear -----------------------------------------------------------------------------------------


def test_the_last_word_of_a_surge_is_how_it_is_now(desk: Desk, simulated: Run) -> None:
    """A beginning that is still on its way when the surge has ended: one after the other, and none of them old."""

    async def work() -> None:
        await desk.begin()
        desk.board.takes_s = 3.0
        desk.hands.ask(TellSurge(NODE, ("police",), "i1", "surge", 10**13))
        desk.hands.ask(TellSurge(NODE, ()))
        await asyncio.sleep(1.0)
        assert desk.board.told == [(TellSurge(NODE, ()),)], "there is no surge, whatever was to be said"
        await asyncio.sleep(10.0)
        assert desk.board.told == [(TellSurge(NODE, ()),)] * 2

    simulated(work())
