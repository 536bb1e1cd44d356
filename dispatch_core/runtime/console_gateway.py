"""Commands from consoles: read from each person's own stream, checked, sequenced, answered.

At least once from Redis, exactly once in the journal: an order is acknowledged to Redis only after its reply was
written, and one that comes again gets the outcome that it had. One that is too old takes no effect, in words.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from redis.exceptions import RedisError, ResponseError

from dispatch_core.domain.commands import Actor, ActorKind, Asked
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.ports import BroadcastDown, Clock
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.doorbell import bounded
from dispatch_core.runtime.redis_users import GROUP, RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import (
    BROADCAST_TIMEOUT_S,
    GATEWAY_BLOCK_MS,
    ORDER_BYTES,
    ORDER_LIMIT_S,
    ORDERS_AT_ONCE,
    RETRY_FIRST_S,
    RETRY_MOST_S,
    SHORT_STREAM_LENGTH,
)
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Order, Reply, WireError, decode, encode

log = logging.getLogger(__name__)

CONSUMER = "core"

STREAM_GONE = ("NOGROUP", "UNBLOCKED")
"""Words of Redis when a stream that is read does not exist."""


class StreamGone(Exception):
    """A stream that was read is not there: another life of Redis, or somebody signed out. They are made anew."""


class ConsoleGateway:
    """``run`` until cancelled; survives the loss of Redis."""

    def __init__(
        self, sequencer: Sequencer, desk: Desk, users: RedisUsers, client: Any, clock: Clock,
        limit_s: int = ORDER_LIMIT_S,
    ) -> None:  # fmt: skip
        """Orders older than ``limit_s`` are refused."""
        self._sequencer = sequencer
        self._clock, self._limit_s = clock, limit_s
        self._desk = desk
        self._users = users
        self._redis = client
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: set[tuple[str, bytes]] = set()
        self._left_over = True  # something may have been read and not acknowledged

    async def run(self) -> None:
        retries = 0
        while True:
            try:
                await self._users.admit_everybody()
                await self._make_wake()
                self._left_over = True
                while True:
                    if self._left_over:
                        self._left_over = False
                        await self._read_again()
                    await self._read_new()
                    retries = 0
            except StreamGone:
                await asyncio.sleep(RETRY_FIRST_S)
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

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _read_again(self) -> None:
        """Every order that was read and not acknowledged, by us or by the core before us."""
        cursors = {names.commands(user): "0" for user in self._sequencer.state.people}
        while cursors:
            found = await self._blocking(self._redis.xreadgroup(GROUP, CONSUMER, cursors, ORDERS_AT_ONCE))
            cursors = {stream.decode(): entries[-1][0] for stream, entries in found if entries}
            self._begin(found)

    async def _read_new(self) -> None:
        """What comes within ``GATEWAY_BLOCK_MS``; a sign-in wakes this, so that the new stream is read at once."""
        streams = {names.commands(user): ">" for user in self._sequencer.state.people}
        streams[names.WAKE_STREAM] = ">"
        found = await self._blocking(
            self._redis.xreadgroup(GROUP, CONSUMER, streams, ORDERS_AT_ONCE, GATEWAY_BLOCK_MS)
        )
        for stream, entries in found:
            if stream.decode() == names.WAKE_STREAM:
                await bounded(self._redis.xack(stream, GROUP, *(ident for ident, _ in entries)))
        self._begin(found)

    async def _blocking(self, what: Any) -> Any:
        """A read that may wait ``GATEWAY_BLOCK_MS`` and must still end."""
        try:
            async with asyncio.timeout(GATEWAY_BLOCK_MS / 1000 + BROADCAST_TIMEOUT_S):
                return await what or []
        except ResponseError as problem:
            if any(word in str(problem) for word in STREAM_GONE):
                raise StreamGone(str(problem)) from None
            raise
        except (RedisError, OSError, TimeoutError) as problem:
            raise BroadcastDown(str(problem) or type(problem).__name__) from None

    # --- serving ------------------------------------------------------------------------------------------------------

    def _begin(self, found: Any) -> None:
        for stream, entries in found:
            name = stream.decode()
            for ident, fields in entries:
                if name == names.WAKE_STREAM or (name, ident) in self._serving:
                    continue
                self._serving.add((name, ident))
                task = asyncio.ensure_future(self._serve(name, ident, fields or {}))
                self._tasks.add(task)
                task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("an order could not be served: %r", problem)

    async def _serve(self, stream: str, ident: bytes, fields: dict[bytes, bytes]) -> None:
        """Answer one order and only then take it out of the stream; one that could not be answered is read again."""
        user = names.commander(stream)
        try:
            reply = await self._outcome(user, fields.get(names.BODY_FIELD, b""))
            if reply is not None:
                body = {names.BODY_FIELD: encode(reply)}
                await bounded(
                    self._redis.xadd(names.replies(user), body, maxlen=SHORT_STREAM_LENGTH, approximate=True)
                )
            pipe = self._redis.pipeline(transaction=False)
            pipe.xack(stream, GROUP, ident)
            pipe.xdel(stream, ident)
            await bounded(pipe.execute())
        except (BroadcastDown, ResponseError):
            self._left_over = True
            raise
        finally:
            self._serving.discard((stream, ident))

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
        known = self._sequencer.outcome_of(order.id)
        if known is not None:  # what became of it stays true, also where its session is over by now
            return Reply(id=order.id, seq=known.seq, refusal=known.refusal)
        refusal = self._suspicious(user, order)
        if refusal is not None:
            log.warning("order %s from %s refused: %s", order.id[:40], user, refusal.code)
            return Reply(id=order.id, refusal=refusal)
        asked = Asked(id=order.id, actor=Actor(ActorKind.PERSON, user), body=order.body)
        outcome = await self._sequencer.ask(asked, self._too_late(order))
        return Reply(id=order.id, seq=outcome.seq, refusal=outcome.refusal)

    def _too_late(self, order: Order) -> Refusal | None:
        """Why an order must not take effect any more: its asker wants to know of it for good, or it lay too long where
        nobody could take it back. The age is between two readings of the core's own clock: no other's is trusted."""
        if order.settle:
            return refuse("never_came")
        age_s = (self._clock.now() - order.asked_at) // 1000
        if order.asked_at > 0 and age_s > self._limit_s:
            return refuse("too_old", age=age_s, limit=self._limit_s)
        return None

    def _suspicious(self, user: str, order: Order) -> Refusal | None:
        if order.wire not in names.WIRE_SPOKEN:
            return refuse("wrong_version", theirs=order.wire, ours=names.WIRE_VERSION)
        if not self._desk.is_session(user, order.session):
            return refuse("not_signed_in")
        if not (len(order.id) == 32 and all(digit in "0123456789abcdef" for digit in order.id)):
            return refuse("malformed", why="id")
        return None
