"""Questions that no emergency waits for (what can be reached, how far the hospitals are): in threads of their own, and
only so many at once, so that they never stand before the way of a new incident."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from dispatch_core.domain.refusals import refuse
from dispatch_core.runtime.http.answers import HttpRefusal
from dispatch_core.settings import ASIDE_AT_ONCE

T = TypeVar("T")


class Aside:
    def __init__(self, threads: Executor, most: int = ASIDE_AT_ONCE) -> None:
        self._threads, self._most = threads, most
        self._open = 0

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """HttpRefusal 503 where too many are being answered. Who does not wait for the answer still counts until the
        thread is free."""
        if self._open >= self._most:
            no = refuse("overloaded")
            raise HttpRefusal(503, no.code, no.sentence("vi"), no.sentence("en"))
        self._open += 1
        answer = asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(*given))
        answer.add_done_callback(self._answered)
        return await asyncio.shield(answer)

    def _answered(self, _: object) -> None:
        self._open -= 1
