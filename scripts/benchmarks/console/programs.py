"""The processes of the run as the bench speaks with them: a line in, a JSON object out; and what memory they take."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.stage.layout import ROOT
from scripts.stage.processes import _die_with
from scripts.stage.progress import StageError

ANSWER_S = 60.0


class Program:
    """``started`` is the monotonic second before the process was made."""

    def __init__(self, command: Sequence[str], log: Path, env: Mapping[str, str] | None = None) -> None:
        self.name = command[2]
        self._log = log
        self.started = time.monotonic()
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=errors, text=True, preexec_fn=_die_with(os.getpid(), signal.SIGTERM),
            )  # fmt: skip
        self._lines: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._lines.put(json.loads(line))
        self._lines.put(None)

    def answer(self, seconds: float = ANSWER_S) -> dict[str, Any]:
        """The next object. Raises StageError with the last words of a program that says nothing more."""
        try:
            said = self._lines.get(timeout=seconds)
        except queue.Empty:
            said = None
        if said is None:
            raise StageError(f"{self.name} says nothing: {self._log.read_text('utf-8', 'replace')[-1500:]}")
        return said

    def ask(self, line: str, seconds: float = ANSWER_S) -> dict[str, Any]:
        self.tell(line)
        return self.answer(seconds)

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """The end of its input."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def tree(pid: int) -> list[int]:
    """The process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += parents.get(found[-1], [])
    return found


def pss_mb(pids: Iterable[int]) -> float:
    """Proportional set size: what is shared is counted by its share."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def forget_files(folders: Iterable[Path]) -> None:
    """Ask the kernel to drop what it holds of these files, as after a start of the machine."""
    os.sync()
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file() and not file.is_symlink():
                handle = os.open(file, os.O_RDONLY)
                try:
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(handle)
