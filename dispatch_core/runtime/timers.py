"""Looks once a second which clocks ran out and gives the core the commands that follow."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.state import State
from dispatch_core.ports import Clock, Ids
from dispatch_core.settings import TIMERS_EVERY_S

ACTOR = Actor(ActorKind.CORE, "timer")


async def run_timers(state: Callable[[], State], tell: Callable[[Asked], None], clock: Clock, ids: Ids) -> None:
    """Until cancelled. A command that is decided late, or twice, is refused by its own rule."""
    while True:
        await asyncio.sleep(TIMERS_EVERY_S)
        for body in due(state(), clock.now()):
            tell(Asked(id=ids.new(), actor=ACTOR, body=body))
