"""The service tree: Twisted services whose work is a coroutine on the reactor's asyncio loop.

A coroutine that ends by itself is a failure: the whole process stops with the reason, and whoever supervises it starts
it again. Half a core is worse than none.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from twisted.application.service import Service
from twisted.internet.defer import Deferred

log = logging.getLogger(__name__)

Fatal = Callable[[BaseException], None]


class TaskService(Service):
    """Runs one coroutine from start to stop. ``fatal`` hears why it ended before its time."""

    def __init__(self, name: str, work: Callable[[], Coroutine[Any, Any, None]], fatal: Fatal) -> None:
        self.setName(name)  # type: ignore[no-untyped-call]
        self._work = work
        self._fatal = fatal
        self._task: asyncio.Task[None] | None = None

    def startService(self) -> None:
        super().startService()  # type: ignore[no-untyped-call]
        self._task = asyncio.get_event_loop().create_task(self._work(), name=str(self.name))
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() or not self.running:
            return
        problem = task.exception() or RuntimeError(f"{self.name} ended by itself")
        log.critical("%s: %s", self.name, problem, exc_info=problem)
        self._fatal(problem)

    def stopService(self) -> Deferred[None]:
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromFuture(asyncio.ensure_future(self._cancelled()))

    async def _cancelled(self) -> None:
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)


class EndingService(Service):
    """Something that needs nothing at start and a coroutine awaited at stop: an adapter to close."""

    def __init__(self, name: str, end: Callable[[], Awaitable[None]]) -> None:
        self.setName(name)  # type: ignore[no-untyped-call]
        self._end = end

    def stopService(self) -> Deferred[None]:
        super().stopService()  # type: ignore[no-untyped-call]
        return Deferred.fromFuture(asyncio.ensure_future(self._finish()))

    async def _finish(self) -> None:
        await self._end()
