"""One console with a person at it: the product's own reading of the streams, its replica and its outbox, without a
screen. It signs in at whichever core leads, loses its connection, dies and starts anew like any other process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from console_gui.outbox import Outbox
from console_gui.reading import Health, Reading, Update
from dispatch_core.domain.commands import Command
from dispatch_core.domain.views import View
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import LiveValue, Reply, SignedIn
from scripts.simulation.chance import Chance
from scripts.simulation.clock import SimulatedClock, SimulatedIds
from scripts.simulation.history import History
from scripts.simulation.invariants import NO_SURPRISE
from scripts.simulation.loop import Process, SimulatedLoop
from scripts.simulation.redis_client import ConsoleClient, RedisTroubles
from scripts.simulation.redis_server import RedisServer

READ_EVERY_S = 0.5
WAY_S = 0.002

SignIn = Callable[[str], Awaitable[SignedIn | None]]
"""Signs a user in over the core's HTTPS; None where no core took it."""


class SimulatedConsole:
    """``reading`` and ``outbox`` exist once somebody is signed in; a new session has a new outbox."""

    def __init__(
        self,
        user: str,
        loop: SimulatedLoop,
        chance: Chance,
        history: History,
        redis: RedisServer,
        troubles: RedisTroubles,
        sign_in: SignIn,
    ) -> None:
        self.user = user
        self.process = Process(loop, f"console-{user}")
        self.reading: Reading | None = None
        self.outbox: Outbox | None = None
        self.replies: list[Reply] = []
        self.forgotten = 0
        self._loop = loop
        self._chance = chance
        self._history = history
        self._redis = redis
        self._troubles = troubles
        self._sign_in = sign_in
        self.door = SimulatedIds(SimulatedClock(loop), chance.of("ids"))
        self._task = self.process.run(self._run())
        self._task.add_done_callback(self._ended)

    @property
    def name(self) -> str:
        return self.process.name

    def _ended(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled() and task.exception() is not None:
            self._history.breaks(NO_SURPRISE, f"{self.name}: {task.exception()!r}")

    def stale(self) -> bool:
        return self.reading is None or self.reading.replica.stale(self.door.monotonic())

    # --- what the reading tells ---------------------------------------------------------------------------------------

    def updated(self, update: Update) -> None:
        """A screen would be painted."""

    def health(self, health: Health) -> None:
        """A screen would show it."""

    def live(self, values: tuple[LiveValue, ...]) -> None:
        """A screen would show them."""

    def replied(self, reply: Reply) -> None:
        pending = self.outbox.settle(reply) if self.outbox is not None else None
        verdict = reply.refusal.code if reply.refusal is not None else f"accepted at {reply.seq}"
        self._history.tell(self.name, f"reply {reply.id[-6:]} {verdict}{'' if pending else ', not waited for'}")
        self.replies.append(reply)

    # --- the session --------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            signed = await self._sign_in(self.user)
            if signed is None:
                await asyncio.sleep(self._chance.between(0.3, 1.5))
                continue
            view = View(signed.view)
            self.forgotten += len(self.outbox.pending) if self.outbox is not None else 0
            self.outbox = Outbox(signed.session, self.door)
            self.reading = Reading(view, self.user, lambda: None, self, self.door)  # type: ignore[arg-type, return-value]
            await self._follow(signed, self.reading, view)
            self._history.tell(self.name, "is denied, signs in again")

    async def _follow(self, signed: SignedIn, reading: Reading, view: View) -> None:
        """As ``Reading.run`` does in its thread; returns when the session is no longer accepted."""
        wait = 0.1
        keys = frozenset(
            (names.stream(view), names.beat(view), names.snapshot(view), names.replies(self.user))
            + tuple(stream for stream, _ in names.live_of(view))
        )
        while True:
            try:
                client = ConsoleClient(self._redis, self._troubles, signed.redis.user, signed.redis.password)
                reading.greet(client)  # type: ignore[arg-type]
                self._send_again(client)
                while True:
                    reading.step(client)  # type: ignore[arg-type]
                    wait = 0.1
                    self._send_overdue(client)
                    await self._news(keys)
            except (AuthenticationError, NoPermissionError):
                return
            except RedisError:
                await asyncio.sleep(wait * (0.5 + self.door.jitter() / 2))
                wait = min(wait * 2, 2.0)

    async def _news(self, keys: frozenset[str]) -> None:
        news: asyncio.Future[None] = self._loop.create_future()
        delay = self._chance.delay(WAY_S)

        def came() -> None:
            self._loop.later(delay, lambda: None if news.done() else news.set_result(None))

        stop = self._redis.when_written(keys, came)
        try:
            async with asyncio.timeout(READ_EVERY_S):
                await news
        except TimeoutError:
            return
        finally:
            stop()

    # --- orders -------------------------------------------------------------------------------------------------------

    def give(self, body: Command) -> None:
        """What the person asks; it goes out with the next turn of the reading."""
        if self.outbox is None:
            return
        pending = self.outbox.put(body)
        if pending is None:
            return
        self._history.tell(self.name, f"asks {type(body).__name__} {pending.id[-6:]}")
        copies = 2 if self._chance.happens(0.05) else 1
        for _ in range(copies):
            self._loop.later(self._chance.delay(WAY_S), self._arrive, pending.data)

    def _arrive(self, data: bytes) -> None:
        """The order at Redis; where it cannot be written the outbox sends it again later."""
        if self.process.dead or self._troubles.down or self._troubles.silent:
            return
        if names.commands(self.user) in self._redis.keys:
            self._redis.xadd(names.commands(self.user), {names.BODY_FIELD: data})

    def _send_again(self, client: ConsoleClient) -> None:
        if self.outbox is not None:
            for pending in self.outbox.everything():
                client.xadd(names.commands(self.user), {names.BODY_FIELD: pending.data})

    def _send_overdue(self, client: ConsoleClient) -> None:
        if self.outbox is not None:
            for pending in self.outbox.overdue():
                client.xadd(names.commands(self.user), {names.BODY_FIELD: pending.data})
