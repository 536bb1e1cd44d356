"""Redis as the doorbell: the ``Broadcast`` port on redis.asyncio.

Redis itself refuses an entry id that is not above the last of its stream: that stops a deposed or repeated publisher.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, TypeVar

import redis.asyncio
from redis.exceptions import RedisError, ResponseError

from dispatch_core.domain.views import View
from dispatch_core.ports import BroadcastDown, Deposed, StreamEntry
from dispatch_core.settings import BROADCAST_TIMEOUT_S, SHORT_STREAM_LENGTH, STREAM_LENGTH
from dispatch_core.wire import names

T = TypeVar("T")

NOT_ABOVE = "equal or smaller"
"""Words of Redis's refusal of an id that is not above the last one."""


async def bounded(what: Awaitable[T]) -> T:
    """``what`` with the deadline of every talk with Redis; any failure is BroadcastDown."""
    try:
        return await asyncio.wait_for(what, BROADCAST_TIMEOUT_S)
    except ResponseError:
        raise
    except (RedisError, OSError, TimeoutError) as problem:
        raise BroadcastDown(str(problem) or type(problem).__name__) from None


class RedisBroadcast:
    """The ``Broadcast`` of the product."""

    def __init__(self, client: redis.asyncio.Redis) -> None:
        self._redis: Any = client

    async def generation(self) -> str:
        value = await self._ask(self._redis.get(names.GENERATION_KEY))
        return value.decode("ascii") if value else ""

    async def begin_generation(self, generation: str) -> None:
        keys = [key for view in View for key in (names.stream(view), names.snapshot(view), names.beat(view))]
        pipe = self._redis.pipeline(transaction=True)
        pipe.delete(*keys)
        pipe.set(names.GENERATION_KEY, generation)
        await self._ask(pipe.execute())

    async def last_seq(self, stream: str) -> int:
        newest = await self._ask(self._redis.xrevrange(stream, count=1))
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
            await self._ask(pipe.execute())
        except ResponseError as problem:
            if NOT_ABOVE not in str(problem):
                raise BroadcastDown(str(problem)) from None
            newest = await self._ask(self._redis.xrevrange(stream, count=1))
            theirs = names.parse_entry_id(newest[0][0])[0] if newest else epoch
            if theirs > epoch:
                raise Deposed(epoch, theirs) from None
            raise BroadcastDown("the stream is further than this publisher knew") from None

    async def put(self, key: str, value: bytes) -> None:
        await self._ask(self._redis.set(key, value))

    async def pulse(self, stream: str, value: bytes) -> None:
        await self._ask(
            self._redis.xadd(stream, {names.BODY_FIELD: value}, maxlen=SHORT_STREAM_LENGTH, approximate=True)
        )

    async def _ask(self, what: Awaitable[T]) -> T:
        return await bounded(what)
