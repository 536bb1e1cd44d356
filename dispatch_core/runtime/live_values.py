"""Last values outside the journal: trunk health, phones, queues. Only the newest of each key is kept and sent."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from redis.exceptions import ResponseError

from dispatch_core.ports import BroadcastDown, Clock
from dispatch_core.runtime.doorbell import bounded
from dispatch_core.settings import LIVE_FLUSH_S, LIVE_KEYS, SHORT_STREAM_LENGTH
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import GONE, LiveValue, encode

log = logging.getLogger(__name__)


class LiveValues:
    """``show`` from anywhere on the reactor's thread; ``run`` sends what changed twice a second."""

    def __init__(self, client: Any, clock: Clock) -> None:
        self._redis = client
        self._clock = clock
        self._newest: dict[tuple[str, str], LiveValue] = {}
        self._changed: set[tuple[str, str]] = set()

    def show(self, kind: str, key: str, value: dict[str, Any]) -> None:
        ident = (kind, key)
        known = self._newest.get(ident)
        if known is None and value == GONE or known is not None and known.value == value:
            return
        if known is None and len(self._newest) >= LIVE_KEYS:
            log.error("more than %d live values; %s %s is not shown", LIVE_KEYS, kind, key)
            return
        self._newest[ident] = LiveValue(kind=kind, key=key, at=self._clock.now(), value=value)
        self._changed.add(ident)

    def get(self, kind: str) -> dict[str, dict[str, Any]]:
        return {key: live.value for (of, key), live in self._newest.items() if of == kind and live.value != GONE}

    async def run(self) -> None:
        everything = True
        while True:
            await asyncio.sleep(LIVE_FLUSH_S)
            try:
                if everything:
                    await bounded(self._redis.delete(names.LIVE_LAST))
                    await bounded(self._redis.delete(names.UNITS_LAST))
                for last in {names.live(kind)[1] for kind, _ in self._newest}:
                    if not everything and not await bounded(self._redis.exists(last)):
                        everything = True  # Redis was emptied
                # what changes while this is on its way is for the next turn
                sending, self._changed = set(self._newest) if everything else self._changed, set()
                await self._send(sending)
                everything = False
            except (BroadcastDown, ResponseError):
                everything = True  # Redis may come back empty

    async def _send(self, idents: set[tuple[str, str]]) -> None:
        if not idents:
            return
        pipe = self._redis.pipeline(transaction=False)
        gone = []
        for kind, key in sorted(idents):
            live = self._newest[(kind, key)]
            data = encode(live)
            stream, last = names.live(kind)
            if live.value == GONE:
                gone.append((kind, key))
                pipe.hdel(last, f"{kind}:{key}")
            else:
                pipe.hset(last, f"{kind}:{key}", data)
            pipe.xadd(stream, {names.BODY_FIELD: data}, maxlen=SHORT_STREAM_LENGTH, approximate=True)
        await bounded(pipe.execute())
        for ident in gone:
            if ident not in self._changed and self._newest[ident].value == GONE:
                del self._newest[ident]
