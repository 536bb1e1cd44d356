"""The way from a process to a server and back: it takes time, and either half of it may fail.

Guards: what a server was asked happens there whether or not the asker lives to hear of it; crash points lie before and
after every such call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from scripts.simulation.chance import Chance
from scripts.simulation.loop import PROCESS, SimulatedLoop

T = TypeVar("T")


class CrashPoints:
    """Counts the calls of one process over the network, and strikes it before or after the one that was chosen."""

    def __init__(self) -> None:
        self.calls = 0
        self._strike_at = -1
        self._after = False
        self._strike: Callable[[], None] = lambda: None

    def arm(self, calls_from_now: int, strike: Callable[[], None], *, after: bool) -> None:
        self._strike_at, self._after, self._strike = self.calls + calls_from_now, after, strike

    def disarm(self) -> None:
        self._strike_at = -1

    def passed(self, *, after: bool) -> None:
        """A call is about to go out, or has just gone out."""
        self.calls += not after
        if self.calls == self._strike_at and self._after is after:
            self.disarm()
            self._strike()


class Way:
    """From one process to one server. ``usual`` is the seconds of one direction; ``slowness`` stretches them."""

    def __init__(self, loop: SimulatedLoop, chance: Chance, usual: float, points: CrashPoints | None = None) -> None:
        self._loop = loop
        self._chance = chance
        self._usual = usual
        self._points = points or CrashPoints()

    async def ask(
        self, what: Callable[[], T], *, slowness: float = 1.0, lost: BaseException | None = None
    ) -> T:
        """``what`` done at the server and its result here. With ``lost`` it is done, and the answer is that instead."""
        await self._point(after=False)
        answer: asyncio.Future[T] = self._loop.create_future()

        def arrive() -> None:
            try:
                result = what()
            except Exception as problem:  # noqa: BLE001  (the server's refusal travels back as its answer)
                self._back(answer, lost or problem, slowness)
            else:
                self._back(answer, lost, slowness, result)

        self._loop.later(self._chance.delay(self._usual) * slowness, arrive)
        await self._point(after=True)
        return await answer

    async def silence(self) -> None:
        """A server that never answers."""
        await self._point(after=False)
        await self._loop.create_future()

    def _back(
        self, answer: asyncio.Future[T], problem: BaseException | None, slowness: float, result: T | None = None
    ) -> None:
        def arrive() -> None:
            if answer.done():
                return
            if problem is not None:
                answer.set_exception(problem)
                answer._log_traceback = False  # the asker may be dead by now
            else:
                answer.set_result(result)  # type: ignore[arg-type]

        self._loop.later(self._chance.delay(self._usual) * slowness, arrive)

    async def _point(self, *, after: bool) -> None:
        self._points.passed(after=after)
        process = PROCESS.get()
        if process is not None and process.dead:
            await self._loop.create_future()  # a dead process takes no further step
        if process is not None and process.frozen:
            await asyncio.sleep(0)  # nor does one that stands still, until it goes on
