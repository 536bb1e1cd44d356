"""A piece of work done in a child that is killed (SIGKILL) before its n-th touch of the disk, or in the midst of it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

TOUCHES = ("open", "rename", "unlink", "rmdir", "mkdir", "fsync", "fchmod", "fchown")
DONE, FAILED = 0, 3


def done_until(work: Callable[[], object], touch: int) -> bool:
    """Whether the work was done before it came to that touch. AssertionError where it failed by itself."""
    child = os.fork()
    if child == 0:
        status = FAILED
        try:
            _count_down(touch)
            work()
            status = DONE
        except BaseException as error:  # noqa: BLE001 - told by the parent
            os.write(2, f"{error!r}\n".encode())
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.WEXITSTATUS(status) == DONE
    return True


def _count_down(touch: int) -> None:
    left = touch

    def spend() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    def dying(act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*given: Any, **named: Any) -> Any:
            if spend():
                os.kill(os.getpid(), signal.SIGKILL)
            return act(*given, **named)

        return acted

    for name in TOUCHES:
        setattr(os, name, dying(getattr(os, name)))
    opened = os.fdopen

    def half(fd: int, mode: str = "r", *given: Any, **named: Any) -> Any:
        file = opened(fd, mode, *given, **named)
        if "w" not in mode:
            return file
        write = file.write

        class Half:
            def __enter__(self) -> Half:
                return self

            def __exit__(self, *error: object) -> None:
                file.close()

            def write(self, data: bytes) -> None:
                if spend():
                    write(data[: len(data) // 2])
                    file.flush()
                    os.kill(os.getpid(), signal.SIGKILL)
                write(data)

            def flush(self) -> None:
                file.flush()

        return Half()

    os.fdopen = half
    sys.stdout = sys.stderr  # nothing of the test run's is written twice
