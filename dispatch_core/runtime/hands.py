"""What the core does in the world: carries out the effects of committed events, each at most once.

Actions (answer, hang up) are never repeated; a failure comes back as a command. What others carry out, such as the
questions to the geography, they bring by ``learn``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from dispatch_core.domain import effects
from dispatch_core.domain.commands import (
    Actor,
    ActorKind,
    Asked,
    Command,
    PositionFailed,
    PositionInstalled,
)
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.ports import ActionFailed, Batch, Ids, Switchboard
from dispatch_core.settings import ACTION_TIMEOUT_S, RETRY_MOST_S, SERVE_TRIES, WORK_WAITING

log = logging.getLogger(__name__)

Install = Callable[[str, str, tuple[str, ...]], Awaitable[None]]
"""Adds a position (id, label, services) to the site and the switches. Raises DispatchError."""

UseZones = Callable[[str, int], Awaitable[None]]
"""Takes the published zone set of a service and version into the locator. Raises DispatchError."""

INSTALL_LOST = (
    "Máy chủ khởi động lại khi đang cài bàn trực; hãy thêm lại.",
    "The core was restarted while it installed the position; add it again.",
)

EndSession = Callable[[str], Awaitable[None]]

Way = Callable[[Any], Awaitable[Command | None]]
"""Carries an effect out; what it gives is told to the core."""


class Hands:
    """A listener of the sequencer that turns effects into tasks. ``tell`` takes the answers."""

    def __init__(
        self,
        switchboards: Mapping[str, Switchboard],
        tell: Callable[[Asked], None],
        state: Callable[[], State],
        ids: Ids,
        install: Install,
        use_zones: UseZones,
        end_session: EndSession,
        may_act: Callable[[], bool] = lambda: True,
    ) -> None:
        """``may_act``: whether this core leads at this very moment; a leader that was paused must not act late."""
        self._may_act = may_act
        self._switchboards = switchboards
        self._tell = tell
        self._state = state
        self._ids = ids
        self._install = install
        self._use_zones = use_zones
        self._end_session = end_session
        self._telling: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ways: dict[type[effects.Effect], Way] = {
            effects.ServeQueues: self._serve_queues,
            effects.InstallPosition: self._install_position,
            effects.UseZoneSet: self._take_zones,
            effects.EndSession: self._close_session,
        }

    def heard(self, batch: Batch) -> None:
        for entry in batch.entries:
            for recorded in entry.events:
                for effect in effects.effects_of(recorded, batch.after):
                    self._begin(effect)

    def ask_unfinished(self) -> None:
        """At start: the questions whose answer was lost, and which phones serve, which may be said twice. Actions are
        not repeated: a position that was being installed and is not in the site's files by now is put to the admin."""
        state = self._state()
        for effect in effects.unfinished(state):
            self._begin(effect)
        for seat in state.positions.values():
            if seat.installing:
                self._report("trunk", PositionFailed(position=seat.id, vi=INSTALL_LOST[0], en=INSTALL_LOST[1]))
            else:
                self._begin(effects.serve(state, seat.id))

    def ask(self, question: effects.Effect) -> None:
        """A question that no event asks: its answer is told to the core as any other's."""
        self._begin(question)

    def _begin(self, effect: effects.Effect) -> None:
        if len(self._tasks) >= WORK_WAITING and isinstance(effect, effects.FindPremises):  # what helps, never the way
            log.error("too much work waits; shedding %s", effect)
            return
        task = asyncio.ensure_future(self._do(effect))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("an effect failed: %r", problem, exc_info=problem)

    def _report(self, who: str, body: Command) -> None:
        self._tell(Asked(id=self._ids.new(), actor=Actor(ActorKind.CORE, who), body=body))

    def learn(self, kind: type[effects.Effect], way: Way) -> None:
        """How effects of this kind are carried out: ``way`` does the work and gives what is told of it."""
        if kind in self._ways:
            raise ValueError(f"{kind.__name__} is known already")
        self._ways[kind] = way

    async def _do(self, effect: effects.Effect) -> None:
        if isinstance(effect, effects.SwitchOrder):
            outcome = await self._order(effect)
        else:
            way = self._ways.get(type(effect))
            if way is None:
                log.error("nobody here can do %s", type(effect).__name__)
                return
            outcome = await way(effect)
        if outcome is not None:
            self._report(effect.DOER, outcome)

    # --- the switch ---------------------------------------------------------------------------------------------------

    async def _order(self, order: effects.SwitchOrder) -> Command | None:
        try:
            if isinstance(order, effects.TellSurge):
                await self._tell_surge(order.node)
            else:
                await self._action(order.node, lambda board: board.carry_out(order))
        except ActionFailed as problem:
            return order.failed("unknown" if problem.unknown else "refused")
        return order.taken()

    async def _tell_surge(self, node: str) -> None:
        """How it is at the moment of saying so, one at a time for each node: no older word lands after a newer."""
        async with self._telling.setdefault(node, asyncio.Lock()):
            now = effects.telling(self._state(), node)
            await self._action(node, lambda board: board.carry_out(now))

    async def _action(self, node: str, what: Callable[[Switchboard], Awaitable[None]]) -> None:
        board = self._switchboards.get(node)
        if board is None:
            raise ActionFailed("node", f"{node} is not configured")
        if not self._may_act():
            raise ActionFailed("action", "this core does not lead now")
        try:
            async with asyncio.timeout(ACTION_TIMEOUT_S):
                await what(board)
        except TimeoutError:
            raise ActionFailed("action", "no answer", unknown=True) from None

    async def _serve_queues(self, effect: effects.ServeQueues) -> None:
        await asyncio.gather(*(self._serve(node, effect.position) for node in self._switchboards))

    async def _serve(self, node: str, position: str) -> None:
        """Let the phone serve its queues exactly if somebody sits there at the moment of saying so: an older wish never
        lands after a newer one. Saying it twice changes nothing, so this one order is repeated; a node that is away is
        told when it comes back."""
        for left in reversed(range(SERVE_TRIES)):
            state = self._state()
            wish, elsewhere = effects.serve(state, position), effects.talks_elsewhere(state, position, node)
            order = partial(_serving, wish=wish, elsewhere=elsewhere)
            try:
                await self._action(node, order)
            except ActionFailed as problem:
                log.log(logging.INFO if left else logging.WARNING, "%s", problem)
                await asyncio.sleep(RETRY_MOST_S if left else 0.0)
            else:
                return

    async def _install_position(self, effect: effects.InstallPosition) -> Command:
        try:
            await self._install(effect.position, effect.label, effect.services)
        except DispatchError as problem:
            return PositionFailed(position=effect.position, vi=problem.vi, en=problem.en)
        return PositionInstalled(position=effect.position)

    async def _take_zones(self, effect: effects.UseZoneSet) -> None:
        await self._use_zones(effect.service, effect.version)

    async def _close_session(self, effect: effects.EndSession) -> None:
        await self._end_session(effect.user)


def _serving(board: Switchboard, wish: effects.ServeQueues, elsewhere: bool) -> Awaitable[None]:
    return board.serve(wish.position, wish.on, elsewhere, wish.why)
