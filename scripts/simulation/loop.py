"""An event loop in which time jumps to the next timer, and in which a process can die or stand still between any two
steps of its tasks.

Guards: nothing depends on the machine's clock or threads; what a dead process had scheduled never runs, not even its
``finally`` blocks while the run lasts, as after ``kill -9``.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
from collections.abc import Callable, Coroutine
from typing import Any

PROCESS: contextvars.ContextVar[Process | None] = contextvars.ContextVar("process", default=None)


class Stuck(RuntimeError):
    """Nothing will ever happen again, and somebody still waits."""


class Process:
    """Tasks that live, stand still and die together."""

    def __init__(self, loop: SimulatedLoop, name: str) -> None:
        self.name = name
        self.dead = False
        self._loop = loop
        self._backlog: list[asyncio.Handle] | None = None
        self._context = contextvars.copy_context()
        self._context.run(PROCESS.set, self)
        self._on_death: list[Callable[[], None]] = []

    @property
    def frozen(self) -> bool:
        return self._backlog is not None

    def run(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Start a task of this process."""
        return self._loop.create_task(work, context=self._context)

    def call(self, what: Callable[..., object], *args: object) -> None:
        """Do something in this process as soon as it gets to it."""
        self._loop.call_soon(what, *args, context=self._context)

    def on_death(self, what: Callable[[], None]) -> None:
        self._on_death.append(what)

    def kill(self) -> None:
        """Nothing of it runs again."""
        if self.dead:
            return
        self.dead, self._backlog = True, None
        for what in self._on_death:
            what()

    def freeze(self) -> None:
        if not self.dead and self._backlog is None:
            self._backlog = []

    def thaw(self) -> None:
        """Whatever came meanwhile happens now, in the order in which it came."""
        backlog, self._backlog = self._backlog or [], None
        for handle in backlog:
            self._loop.again(handle)

    def runs(self, handle: asyncio.Handle) -> bool:
        """Whether it may run now; what comes while the process stands still is kept."""
        if self._backlog is not None:
            self._backlog.append(handle)
            return False
        return not self.dead


class SimulatedLoop(asyncio.BaseEventLoop):
    """``time()`` starts at 0 and is virtual. ``run_in_executor`` runs in this thread after ``executor_delay()``."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle]] = []
        self._timer_count = 0
        self.outside = contextvars.copy_context()
        self.executor_delay: Callable[[], float] = lambda: 0.0
        self.ports: dict[tuple[str, int], Callable[[Any], Coroutine[Any, Any, Any]]] = {}
        self.unhandled: list[str] = []
        self._kept: list[asyncio.Task[Any]] = []
        self.set_task_factory(self._make_task)
        self.set_exception_handler(self._unhandled)

    # --- time ---------------------------------------------------------------------------------------------------------

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        """What is ready now; where nothing is, time goes to the next timer. Equal times keep their order."""
        ready, timers = self._ready, self._timers  # type: ignore[attr-defined]
        while timers and timers[0][2].cancelled():
            heapq.heappop(timers)
        if not ready and not self._stopping:  # type: ignore[attr-defined]
            if not timers:
                raise Stuck(f"nothing is scheduled after {self._now:.3f} s")
            self._now = max(self._now, timers[0][0])
        while timers and timers[0][0] <= self._now:
            ready.append(heapq.heappop(timers)[2])
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle.cancelled():
                process = handle._context.get(PROCESS)
                if process is None or process.runs(handle):
                    handle._run()

    # --- what is scheduled --------------------------------------------------------------------------------------------

    def again(self, handle: asyncio.Handle) -> None:
        self._ready.append(handle)  # type: ignore[attr-defined]

    def _call_soon(self, callback: Any, args: Any, context: contextvars.Context | None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)  # type: ignore[attr-defined]
        return handle

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: contextvars.Context | None = None
    ) -> asyncio.TimerHandle:
        timer = asyncio.TimerHandle(when, callback, args, self, context)
        self._timer_count += 1
        heapq.heappush(self._timers, (when, self._timer_count, timer))
        return timer

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """It stays where it is until its time."""

    def later(self, delay: float, what: Callable[..., object], *args: object) -> asyncio.TimerHandle:
        """Something that happens outside every process: in the network, in a server."""
        return self.at(self._now + delay, what, *args)

    def at(self, when: float, what: Callable[..., object], *args: object) -> asyncio.TimerHandle:
        """``later``, at a moment rather than after a while: the same moment keeps its order."""
        return self.call_at(when, what, *args, context=self.outside)

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        future = self.create_future()

        def work() -> None:
            if future.done():
                return
            try:
                future.set_result(func(*args))
            except Exception as problem:  # noqa: BLE001  (handed to whoever waits, as an executor does)
                future.set_exception(problem)

        self.call_later(self.executor_delay(), work)
        return future

    async def create_connection(self, protocol_factory: Any, host: Any = None, port: Any = None, **_: Any) -> Any:
        """To a port of the simulation. Raises ConnectionRefusedError."""
        connect = self.ports.get((host, port))
        if connect is None:
            raise ConnectionRefusedError(f"nobody listens at {host}:{port}")
        return await connect(protocol_factory)

    def _process_events(self, event_list: Any) -> None:
        """There are no file descriptors here."""

    def _write_to_self(self) -> None:
        """There are no other threads here."""

    # --- tasks --------------------------------------------------------------------------------------------------------

    def _make_task(self, loop: Any, work: Any, **how: Any) -> asyncio.Task[Any]:
        """Tasks are kept, because one of a dead process would otherwise be closed by the collector, at any moment."""
        task = asyncio.Task(work, loop=loop, **how)
        self._kept.append(task)
        if len(self._kept) % 512 == 0:
            self._kept = [kept for kept in self._kept if not kept.done()]
        return task

    def _unhandled(self, loop: Any, context: dict[str, Any]) -> None:
        problem = context.get("exception")
        self.unhandled.append(f"{context.get('message', '')}: {problem!r}")

    def finish(self) -> None:
        """End every task without running anything more, and close."""
        for task in self._kept:
            if not task.done():
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                coroutine = task.get_coro()
                if coroutine is not None:
                    _close(coroutine)
        self._kept.clear()
        self._ready.clear()  # type: ignore[attr-defined]
        self._timers.clear()
        self.close()


def _close(coroutine: Any) -> None:
    """Unwind a coroutine that never goes on; one that waits while it unwinds has nothing left to wait for."""
    try:
        coroutine.close()
    except RuntimeError as problem:
        if "ignored GeneratorExit" not in str(problem) and "already executing" not in str(problem):
            raise
