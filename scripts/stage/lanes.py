"""All tests in two lanes side by side: those that wait for real servers, and those that only reckon.

Who waits needs the processor seldom, but then at once; who reckons takes what is left, at a lower priority.
The first lane's output comes at once; the other's is kept and follows it, so that each reads like a run of its own.
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

WAITING = ("tests/db", "tests/stage", "tests/system")
"""Folders whose tests mostly wait for servers, phones and clocks."""

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
    with tempfile.NamedTemporaryFile(prefix="dispatch-tests-", suffix=".txt") as kept:
        waiting = subprocess.Popen([*pytest, *WAITING], cwd=ROOT, stdout=kept, stderr=subprocess.STDOUT)
        try:
            say(f"-- at the same time, told afterwards: {', '.join(WAITING)}")
            others = [*pytest, "tests", *(f"--ignore={it}" for it in WAITING)]
            reckoning = subprocess.call(others, cwd=ROOT, preexec_fn=lambda: os.nice(RECKONING_NICE))
            say(f"-- {', '.join(WAITING)}")
            _follow(waiting, Path(kept.name))
        finally:
            if waiting.poll() is None:
                waiting.terminate()
                waiting.wait()
    say(f"-- both lanes: {time.monotonic() - begun:.0f} s")
    return reckoning or waiting.returncode


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
