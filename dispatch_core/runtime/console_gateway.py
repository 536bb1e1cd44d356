"""Commands from consoles: read from each person's own stream, checked, sequenced, answered.

At least once from Redis, exactly once in the journal: an order is acknowledged to Redis only after its reply was
written, and one that comes again gets the outcome that it had.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from redis.exceptions import RedisError, ResponseError

from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import State
from dispatch_core.ports import BroadcastDown
from dispatch_core.runtime.desk import GROUP, Desk
from dispatch_core.runtime.doorbell import bounded
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import (
    GATEWAY_BLOCK_MS,
    ORDER_BYTES,
    ORDERS_AT_ONCE,
    RETRY_FIRST_S,
    RETRY_MOST_S,
    SHORT_STREAM_LENGTH,
)
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Order, Reply, WireError, decode, encode

log = logging.getLogger(__name__)

CONSUMER = "core"


class ConsoleGateway:
    """``run`` until cancelled; survives the loss of Redis."""

    def __init__(self, sequencer: Sequencer, desk: Desk, client: Any, state: Callable[[], State]) -> None:
        self._sequencer = sequencer
        self._desk = desk
        self._redis = client
        self._state = state
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        retries = 0
        while True:
            try:
                await self._desk.admit_everybody()
                await self._make_wake()
                await self._read(redeliver=True)
                retries = 0
                while True:
                    await self._read(redeliver=False)
            except (BroadcastDown, ResponseError) as problem:
                if retries == 0:
                    log.error("orders cannot be read: %s", problem)
                await asyncio.sleep(min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** min(retries, 10)))
                retries += 1

    async def _make_wake(self) -> None:
        try:
            await bounded(self._redis.execute_command("XGROUP", "CREATE", names.WAKE_STREAM, GROUP, "$", "MKSTREAM"))
        except ResponseError as problem:
            if "BUSYGROUP" not in str(problem):
                raise

    async def _read(self, *, redeliver: bool) -> None:
        """One read of every person's stream: what was not acknowledged before, or what is new."""
        users = list(self._state().people)
        start = "0" if redeliver else ">"
        streams = {names.commands(user): start for user in users}
        if not redeliver:
            streams[names.WAKE_STREAM] = ">"
        if not streams:
            return
        block = None if redeliver else GATEWAY_BLOCK_MS
        found = await self._blocking(self._redis.xreadgroup(GROUP, CONSUMER, streams, ORDERS_AT_ONCE, block))
        by_stream = {names.commands(user): user for user in users}
        for stream, entries in found or []:
            user = by_stream.get(stream.decode())
            if user is None:
                await bounded(self._redis.xack(stream, GROUP, *(ident for ident, _ in entries)))
                continue
            for ident, fields in entries:
                task = asyncio.ensure_future(self._serve(user, stream, ident, fields or {}))
                self._tasks.add(task)
                task.add_done_callback(self._done)

    async def _blocking(self, what: Any) -> Any:
        """A read that may wait ``GATEWAY_BLOCK_MS`` and must still end."""
        try:
            return await asyncio.wait_for(what, GATEWAY_BLOCK_MS / 1000 + 2.0)
        except ResponseError as problem:
            if "NOGROUP" in str(problem):  # the streams are of another life, or somebody signed out meanwhile
                await self._desk.admit_everybody()
                await self._make_wake()
                return []
            raise
        except (RedisError, OSError, TimeoutError) as problem:
            raise BroadcastDown(str(problem) or type(problem).__name__) from None

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("an order could not be served: %r", problem)

    async def _serve(self, user: str, stream: bytes, ident: bytes, fields: dict[bytes, bytes]) -> None:
        reply = await self._outcome(user, fields.get(names.BODY_FIELD, b""))
        pipe = self._redis.pipeline(transaction=False)
        if reply is not None:
            body = {names.BODY_FIELD: encode(reply)}
            pipe.xadd(names.replies(user), body, maxlen=SHORT_STREAM_LENGTH, approximate=True)
        pipe.xack(stream, GROUP, ident)
        pipe.xdel(stream, ident)
        await bounded(pipe.execute())

    async def _outcome(self, user: str, data: bytes) -> Reply | None:
        """The reply to one order; None where it cannot even be told which order it was."""
        if len(data) > ORDER_BYTES:
            log.warning("order of %d bytes from %s dropped", len(data), user)
            return None
        try:
            order = decode(data, Order)
        except WireError as problem:
            log.warning("order from %s: %s", user, problem.en)
            return None
        refusal = self._suspicious(user, order)
        if refusal is not None:
            log.warning("order %s from %s refused: %s", order.id[:40], user, refusal.code)
            return Reply(id=order.id, refusal=refusal)
        asked = Asked(id=order.id, actor=Actor(ActorKind.PERSON, user), body=order.body)
        outcome = await self._sequencer.ask(asked)
        return Reply(id=order.id, seq=outcome.seq, refusal=outcome.refusal)

    def _suspicious(self, user: str, order: Order) -> Refusal | None:
        if order.wire not in names.WIRE_SPOKEN:
            return refuse("wrong_version", theirs=order.wire, ours=names.WIRE_VERSION)
        if not self._desk.is_session(user, order.session):
            return refuse("not_signed_in")
        if not (len(order.id) == 32 and all(digit in "0123456789abcdef" for digit in order.id)):
            return refuse("malformed", why="id")
        return None
