"""The life of one private server: started by us, or already running from the same data and adopted.

Guards: one data directory has one server at a time (a lock is held while it starts); what another process
started is used but never stopped; a server that is on its way down is waited for, not adopted.
"""

from __future__ import annotations

import fcntl
import time
from abc import ABC, abstractmethod
from pathlib import Path

from scripts.stage.processes import Child, Identity, read_identity, wait_until, write_identity
from scripts.stage.progress import StageError


class PrivateServer(ABC):
    """A server with data of its own. `pids` is where its process number is kept, under its name."""

    def __init__(self, name: str, pids: Path) -> None:
        self.name = name
        self._pid_file = pids / f"{name}.json"
        self._child: Child | None = None
        self._adopted: Identity | None = None

    @abstractmethod
    def prepare(self) -> Child:
        """Make its data and configuration ready; the child that is to be started on them."""

    @abstractmethod
    def ready(self) -> bool:
        """Whether it serves."""

    @property
    def log(self) -> Path | None:
        """What it printed; None before it was started here."""
        return self._child.log if self._child else None

    @property
    def adopted(self) -> bool:
        """Whether it was running already, started by another process."""
        return self._adopted is not None

    @property
    def alive(self) -> bool:
        if self._adopted is not None:
            return self._adopted.alive
        return self._child is not None and self._child.alive

    @property
    def pid(self) -> int:
        if self._adopted is not None:
            return self._adopted.pid
        if self._child is None:
            raise StageError(f"{self.name} was not started")
        return self._child.pid

    def start(self, timeout: float = 30.0) -> None:
        """Return when it serves. Does nothing if it already does. Raises StageError after `timeout` seconds."""
        if self._child is not None and self._child.alive:
            wait_until(self.ready, self._child, timeout)
            return
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        with self._pid_file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._adopted = self._running(timeout)
            if self._adopted is not None:
                return
            self._child = self.prepare()
            self._child.start()
            identity = Identity.of(self._child.pid)
            if identity is not None:
                write_identity(self._pid_file, identity)
            try:
                wait_until(self.ready, self._child, timeout)
            except StageError:
                self._child.stop()
                raise

    def stop(self, grace: float = 10.0) -> None:
        """Stop it in good order; one that was adopted is left alone."""
        if self._child is not None:
            self._child.stop(grace)

    def kill9(self) -> None:
        """SIGKILL without warning, for the tests that ask what then happens."""
        if self.adopted:
            raise StageError(f"{self.name} was started by another process, which alone may kill it")
        if self._child is not None:
            self._child.kill9()

    def _running(self, timeout: float) -> Identity | None:
        identity = read_identity(self._pid_file)
        if identity is None:
            return None
        deadline = time.monotonic() + timeout
        while identity.alive:
            if self.ready():
                return identity
            if time.monotonic() > deadline:
                raise StageError(
                    f"{self.name} runs as process {identity.pid} but does not answer: "
                    f"end that process, then start again"
                )
            time.sleep(0.05)
        return None
