"""A phone that talks at one node: every other one is told to leave it alone, also while one does not answer."""

from __future__ import annotations

import asyncio

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.runtime.hands import Hands
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE
from tests.runtime.hands_stage import Board, Desk
from tests.runtime.running import Run


def test_the_others_are_told_to_leave_it_alone_and_then_to_ring_it_again(loop: SimulatedLoop, simulated: Run) -> None:
    async def scene() -> None:
        desk = Desk(loop)
        house = desk.house
        boards = {NODE: Board(), "hcm2": Board(), "hcm3": Board()}
        hands = Hands(
            boards, house.sequencer.tell, lambda: house.sequencer.state, house.ids,
            desk.install, desk.use_zones, desk.end_session,
        )  # fmt: skip
        await desk.begin()
        for node in boards:
            await house.ask(ActorKind.SWITCH, node, c.NodeUp(node=node, booted="1"))
        boards["hcm3"].silent = True  # one that does not answer keeps nobody waiting
        house.sequencer.on_commit(hands.heard)
        house.fact(c.CallTakenAt(call="c1", position="B01", at=10_000))
        await asyncio.sleep(0.1)
        assert boards["hcm2"].told == [("serve", "B01", True, "elsewhere")]
        assert boards[NODE].told == [("serve", "B01", True)]
        house.fact(c.PositionLet(call="c1", position="B01"))
        await asyncio.sleep(0.1)
        assert boards["hcm2"].told[-1] == ("serve", "B01", False)  # no longer elsewhere: it writes things down
        await house.ask(ActorKind.CORE, "timer", c.WrapUpOver(position="B01"))
        await asyncio.sleep(0.1)
        assert boards["hcm2"].told[-1] == ("serve", "B01", True)

    simulated(scene())
