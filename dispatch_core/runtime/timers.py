"""Looks once a second which clocks ran out and gives the core the commands that follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.state import State
from dispatch_core.ports import Clock, Ids
from dispatch_core.settings import TIMERS_EVERY_S

ACTOR = Actor(ActorKind.CORE, "timer")


async def run_timers(state: Callable[[], State], tell: Callable[[Asked], None], clock: Clock, ids: Ids) -> None:
    """Until cancelled. While the state stands still (the journal is away) a command that waits is not told again."""
    told: tuple[Command, ...] = ()
    seq = -1
    while True:
        await asyncio.sleep(TIMERS_EVERY_S)
        now = state()
        overdue = due(now, clock.now())
        for body in overdue:
            if now.seq != seq or body not in told:
                tell(Asked(id=ids.new(), actor=ACTOR, body=body))
        told, seq = overdue, now.seq
