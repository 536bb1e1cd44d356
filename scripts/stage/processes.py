"""Child processes of the stage, and how one that already runs is recognised.

Guards: a child never outlives the process that started it (the kernel signals it when its parent's thread
ends); a process is known by its number *and* the tick at which it started, so that a reused number is never
signalled; a terminal's Ctrl-C reaches only the stage, which then stops its children in order.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.stage.layout import user_group
from scripts.stage.progress import StageError

PR_SET_PDEATHSIG = 1  # prctl(2)
LOG_KEPT = 1  # one earlier log beside the present one

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Identity:
    """One life of one process: its number and its start time in clock ticks since boot (proc(5), field 22)."""

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> Identity | None:
        """None when no such process lives; a zombie is dead."""
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except OSError:
            return None
        fields = text.rpartition(")")[2].split()
        return None if fields[0] in "ZX" else cls(pid, int(fields[19]))

    @property
    def alive(self) -> bool:
        return Identity.of(self.pid) == self


def read_identity(path: Path) -> Identity | None:
    """The process that a pid file names, if that very process still lives."""
    try:
        noted = json.loads(path.read_text())
        identity = Identity(int(noted["pid"]), int(noted["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no file, or one cut short by a crash: nothing to adopt
    return identity if identity.alive else None


def write_identity(path: Path, identity: Identity) -> None:
    text = json.dumps({"pid": identity.pid, "started": identity.started})
    new = path.with_suffix(".new")
    new.write_text(text + "\n")
    new.replace(path)


@dataclass(slots=True)
class Child:
    """A program run in the foreground as our child, its output appended to a log file.

    `user` is a user name for which root starts it. `stop_signal` asks it to end; `death_signal` is what the
    kernel sends it should this process die first.
    """

    name: str
    command: Sequence[str]
    log: Path
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    user: str | None = None
    stop_signal: int = signal.SIGTERM
    death_signal: int = signal.SIGTERM
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it. The log of its last life is kept as `.1`. Raises StageError when the program cannot be
        run.
        """
        if self.alive:
            raise StageError(f"{self.name} already runs as process {self.pid}")
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size:
            self.log.replace(self.log.with_name(f"{self.log.name}.{LOG_KEPT}"))
        as_user: dict[str, object] = {}
        if self.user is not None:
            as_user = {"user": self.user, "group": user_group(self.user), "extra_groups": []}
        with self.log.open("ab") as output:
            try:
                self._process = subprocess.Popen(
                    list(self.command),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=dict(self.env) if self.env is not None else None,
                    cwd=self.cwd,
                    start_new_session=True,
                    preexec_fn=_die_with(os.getpid(), self.death_signal),
                    **as_user,  # type: ignore[call-overload]
                )
            except OSError as error:
                raise StageError(f"cannot run {self.command[0]} for {self.name}: {error.strerror}") from error

    @property
    def pid(self) -> int:
        if self._process is None:
            raise StageError(f"{self.name} was not started")
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while it runs or before it ran."""
        return None if self._process is None else self._process.poll()

    def wait(self, timeout: float) -> int | None:
        """Exit status, or None when it still runs after `timeout` seconds."""
        if self._process is None:
            return None
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, grace: float = 10.0) -> int | None:
        """Ask it to end, wait `grace` seconds, then kill it. Returns the exit status; None if it never ran."""
        if self._process is not None and self.alive:
            self._process.send_signal(self.stop_signal)
            if self.wait(grace) is None:
                self.kill9()
        return self.status

    def kill9(self) -> None:
        """SIGKILL, and reap it."""
        if self._process is not None and self.alive:
            self._process.kill()
            self._process.wait()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, for a message about its death."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""


def wait_until(ready: Callable[[], bool], child: Child, timeout: float, interval: float = 0.02) -> None:
    """Poll `ready` until it is true. StageError with the child's last words if it dies or `timeout` s pass."""
    deadline = time.monotonic() + timeout
    while not ready():
        if not child.alive:
            raise StageError(
                f"{child.name} ended at once (status {child.status}); {child.log} says:\n{child.last_words()}"
            )
        if time.monotonic() > deadline:
            raise StageError(
                f"{child.name} was not ready within {timeout:g} s; {child.log} says:\n{child.last_words()}"
            )
        time.sleep(interval)


def _die_with(parent: int, death_signal: int) -> Callable[[], None]:
    def in_child() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)

    return in_child
