"""The stage itself: servers and programs started in order, and all of them stopped in the opposite order.

Guards: whatever ends the stage (its work done, an error, Ctrl-C, a terminal that closes, SIGTERM), every
process that it started is ended; one that does not stop does not keep the others running.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self, TypeVar

from scripts.stage.layout import Layout
from scripts.stage.processes import Child
from scripts.stage.progress import StageError, say, step
from scripts.stage.server import PrivateServer

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOOKED_AFTER_EVERY = 0.2  # seconds

Server = TypeVar("Server", bound=PrivateServer)


class Stopped(BaseException):
    """A signal asked the stage to end. `number` is the signal's."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


class Stage:
    """A context in which servers and programs run. Signals are taken over while it is entered."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._ends = ExitStack()
        self._children: list[Child] = []
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            self._before[number] = signal.signal(number, _stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for taken in SIGNALS:  # a second Ctrl-C must not cut the ending short
            signal.signal(taken, signal.SIG_IGN)
        try:
            self._ends.close()
        finally:
            for number, handler in self._before.items():
                signal.signal(number, handler)  # type: ignore[arg-type]

    def server(self, server: Server) -> Server:
        """Start a server, or use the one that already runs; its end is the stage's."""
        with step(server.name):
            self._ends.callback(server.stop)
            server.start()
            if server.adopted:
                say(f"   {server.name} already runs as process {server.pid}, and stays when this ends")
        return server

    def spawn(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        grace: float = 5.0,
    ) -> Child:
        """Start a program with its output in log/`name`.log; it is stopped with the stage."""
        child = Child(name, command, self.layout.log / f"{name}.log", {**os.environ, **(env or {})}, cwd)
        self._ends.callback(child.stop, grace)
        child.start()
        self._children.append(child)
        return child

    def program(self, name: str, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> Child:
        """Start a module with this Python."""
        return self.spawn(name, [sys.executable, "-m", module, *arguments], env)

    def ending(self, act: Callable[[], object]) -> None:
        """Do `act` when the stage ends, before what was started earlier is stopped."""
        self._ends.callback(act)

    def forget(self, child: Child) -> None:
        """Its end was meant: `check` says nothing of it."""
        self._children.remove(child)

    def check(self) -> None:
        """Raises StageError with the last words of a program that has failed."""
        for child in self._children:
            if child.status not in (None, 0):
                raise StageError(
                    f"{child.name} ended with status {child.status}; {child.log} says:\n{child.last_words()}"
                )

    def watch(self, until: Child | None = None) -> int | None:
        """Wait for a signal, for a failure (StageError), or for `until` to end (its status)."""
        while True:
            if until is not None and until.status is not None:
                return until.status
            self.check()
            time.sleep(LOOKED_AFTER_EVERY)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped(number)
