"""Redis as the doorbell: the ``Broadcast`` port on redis.asyncio, and how the core connects to Redis at all.

A deposed core is stopped by Redis itself, without a moment between look and act: an entry's id must be above the last
of its stream, and every other write goes through ``GUARDED``, which refuses an epoch older than the newest that wrote.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from dispatch_core.domain.views import View
from dispatch_core.ports import BroadcastDown, Deposed, StreamEntry
from dispatch_core.settings import BROADCAST_TIMEOUT_S, SHORT_STREAM_LENGTH, STREAM_LENGTH
from dispatch_core.wire import names

T = TypeVar("T")

NOT_ABOVE = "equal or smaller"
"""Words of Redis's refusal of an id that is not above the last one."""

WRONG_KIND = "WRONGTYPE"

GUARDED = """\
local newest = tonumber(redis.call('GET', KEYS[1]) or '0')
if newest > tonumber(ARGV[1]) then return newest end
redis.call('SET', KEYS[1], ARGV[1])
redis.call(unpack(ARGV, 2))
return 0
"""
"""One command, unless a newer epoch has written: then its number."""


def connect(url: str, password: str) -> Any:
    """The core's client. Nothing is sent twice by itself: a read of orders that is repeated in silence would leave the
    first answer's orders unserved, and who repeats what is decided by who asked. It has no time limit of its own,
    because redis-py's goes through ``asyncio.wait_for``, which before Python 3.12 swallows a cancellation now and then:
    a task that talks to Redis could not be stopped. ``bounded`` is the limit."""
    return redis.asyncio.Redis.from_url(
        url, password=password, protocol=2, retry=Retry(NoBackoff(), 0), socket_timeout=None
    )


async def bounded(what: Awaitable[T]) -> T:
    """``what`` with the deadline of every talk with Redis. A server that cannot be reached, or cannot serve now, is
    BroadcastDown; a ResponseError says what is wrong with the command and passes."""
    try:
        async with asyncio.timeout(BROADCAST_TIMEOUT_S):
            return await what
    except ResponseError:
        raise
    except (RedisError, OSError, TimeoutError) as problem:
        raise BroadcastDown(str(problem) or type(problem).__name__) from None


class RedisBroadcast:
    """The ``Broadcast`` of the product."""

    def __init__(self, client: Any) -> None:
        self._redis = client

    async def generation(self) -> str:
        value = await _of_ours(self._redis.get(names.GENERATION_KEY))
        return value.decode("ascii", "replace") if value else ""

    async def begin_generation(self, epoch: int, generation: str) -> None:
        keys = [key for view in View for key in (names.stream(view), names.snapshot(view), names.beat(view))]
        await self._guarded(epoch, "DEL", names.GENERATION_KEY, *keys)
        await self._guarded(epoch, "SET", names.GENERATION_KEY, generation)

    async def last_seq(self, stream: str) -> int:
        newest = await _of_ours(self._redis.xrevrange(stream, count=1))
        return names.parse_entry_id(newest[0][0])[1] if newest else 0

    async def publish(self, stream: str, epoch: int, entries: Sequence[StreamEntry]) -> None:
        pipe = self._redis.pipeline(transaction=False)
        for entry in entries:
            pipe.xadd(
                stream,
                {names.EVENT_FIELD: entry.payload},
                id=names.entry_id(epoch, entry.seq),
                maxlen=STREAM_LENGTH,
                approximate=True,
            )
        try:
            await bounded(pipe.execute())
        except ResponseError as problem:
            if NOT_ABOVE in str(problem):
                newest = int(await _ask(self._redis.get(names.EPOCH_KEY)) or 0)
                if newest > epoch:
                    raise Deposed(epoch, newest) from None
            raise BroadcastDown(str(problem)) from None

    async def put(self, key: str, epoch: int, value: bytes) -> None:
        await self._guarded(epoch, "SET", key, value)

    async def pulse(self, stream: str, epoch: int, value: bytes) -> None:
        trimmed = ("MAXLEN", "~", SHORT_STREAM_LENGTH)
        await self._guarded(epoch, "XADD", stream, *trimmed, "*", names.BODY_FIELD, value)

    async def _guarded(self, epoch: int, *command: str | bytes | int) -> None:
        newest = int(await _ask(self._redis.eval(GUARDED, 1, names.EPOCH_KEY, epoch, *command)))
        if newest:
            raise Deposed(epoch, newest)


async def _of_ours(what: Awaitable[T]) -> T | None:
    """``_ask``; None where the key holds something that is not ours: it will be replaced."""
    try:
        return await _ask(what)
    except BroadcastDown as problem:
        if WRONG_KIND in problem.en:
            return None
        raise


async def _ask(what: Awaitable[T]) -> T:
    """``bounded``, where a refusal of Redis can only mean that it cannot serve now (memory, a key of another kind)."""
    try:
        return await bounded(what)
    except ResponseError as problem:
        raise BroadcastDown(str(problem)) from None
