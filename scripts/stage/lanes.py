"""All tests in four lanes side by side: two that wait for real servers, the screens, and those that reckon.

Who waits needs the processor seldom, but then at once; the others share what is left, at a lower priority.
The output of the lane that reckons comes at once; the others' is kept and follows it, so that each reads like a run of
its own.
Where tests are named, there is one lane. Usage: python -m scripts.stage.lanes [PYTEST ARGUMENT...]
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scripts.stage.layout import ROOT
from scripts.stage.progress import say

TRUNK = "tests/system/trunk"
CALLS = ("tests/system",)
SERVERS = ("tests/db", "tests/stage", TRUNK)
"""Folders whose tests mostly wait for servers, phones and clocks: half of them each, the trunk's with the second."""

SCREENS = ("tests/console",)
"""Folders whose tests draw windows: as much work as all that only reckon."""

RECKONING_NICE = 10
"""See nice(2): beside a busy one of 0 it gets a tenth of a processor, and all of one that is idle."""

LOOK_S = 0.2


def names_tests(arguments: list[str]) -> bool:
    """Whether an argument is a path or a test, and not an option."""
    return any(not it.startswith("-") and (ROOT / it.split("::")[0]).exists() for it in arguments)


def main(arguments: list[str]) -> int:
    pytest = [sys.executable, "-m", "pytest", *arguments]
    if names_tests(arguments):
        return subprocess.call(pytest, cwd=ROOT)
    begun = time.monotonic()
    kept = [
        _Kept([*pytest, f"--ignore={TRUNK}"], CALLS, 0), _Kept(pytest, SERVERS, 0),
        _Kept(pytest, SCREENS, RECKONING_NICE),
    ]  # fmt: skip
    told_afterwards = (*CALLS, *SERVERS, *SCREENS)
    try:
        say(f"-- at the same time, told afterwards: {', '.join(told_afterwards)}")
        others = [*pytest, "tests", *(f"--ignore={it}" for it in told_afterwards)]
        statuses = [subprocess.call(others, cwd=ROOT, preexec_fn=lambda: os.nice(RECKONING_NICE))]
        statuses += [lane.tell() for lane in kept]
    finally:
        for lane in kept:
            lane.end()
    say(f"-- all lanes: {time.monotonic() - begun:.0f} s")
    return next((status for status in statuses if status), 0)


class _Kept:
    """A lane whose output is told when the others are through."""

    def __init__(self, pytest: list[str], folders: tuple[str, ...], nice: int) -> None:
        self._folders = [it for it in folders if (ROOT / it).exists()]
        self._told = tempfile.NamedTemporaryFile(prefix="dispatch-tests-", suffix=".txt")  # noqa: SIM115 - ended by end
        self._process: subprocess.Popen[bytes] | None = None
        if self._folders:
            self._process = subprocess.Popen(
                [*pytest, *self._folders], cwd=ROOT, stdout=self._told, stderr=subprocess.STDOUT,
                preexec_fn=lambda: os.nice(nice),
            )  # fmt: skip

    def tell(self) -> int:
        """Its output, also while it still comes; its exit status."""
        if self._process is None:
            return 0
        say(f"-- {', '.join(self._folders)}")
        _follow(self._process, Path(self._told.name))
        return self._process.returncode

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait()
        self._told.close()


def _follow(process: subprocess.Popen[bytes], kept: Path) -> None:
    """Copy what the process has written, and what it still writes, to standard output."""
    with kept.open("rb") as told:
        while True:
            over = process.poll() is not None
            piece = told.read()
            if piece:
                sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
            elif over:
                return
            else:
                time.sleep(LOOK_S)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
