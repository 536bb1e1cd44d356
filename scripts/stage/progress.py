"""What the person at the terminal sees: one line for each step, with the time it took, and the output of long
ones.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


class StageError(Exception):
    """A step cannot be done. The message is a sentence that says what, where and what to do instead."""


def say(text: str) -> None:
    """One line to the terminal, at once."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Announce a step and print how long it took, in seconds; a failure is printed with its time and goes on
    up.
    """
    begun = time.monotonic()
    say(f"-- {title}")
    try:
        yield
    except BaseException:
        say(f"-- {title}: failed after {time.monotonic() - begun:.1f} s")
        raise
    say(f"-- {title}: {time.monotonic() - begun:.1f} s")


def run_shown(command: Sequence[str], env: Mapping[str, str] | None = None, failure: str = "") -> None:
    """Run a long command with its output on the terminal (as standard error, so that a report stays clean).

    Raises StageError with `failure` and the exit status when it does not succeed.
    """
    try:
        status = subprocess.call(
            command,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL if not sys.stdin or not sys.stdin.isatty() else None,
            stdout=sys.stderr,
        )
    except OSError as error:
        raise StageError(f"{failure or command[0]}: cannot run {command[0]}: {error.strerror}") from error
    if status != 0:
        raise StageError(f"{failure or ' '.join(command)} (exit status {status})")
