"""The interpreter's part in a screen that never stalls: who may run for how long, and when the garbage is looked for.

Guards: a thread that waits for the interpreter gets it within a millisecond, not five; the collector never walks
through the whole state again and again, which would stop every thread for as long as that takes.
"""

from __future__ import annotations

import ctypes
import gc
import sys

SWITCH_S = 0.0005
"""Two threads share the interpreter, one reads and one paints: a ringing call waits for a switch twice."""

YOUNG, MIDDLE, OLD = 20_000, 20, 20
"""Objects and collections between two collections of each generation (Python's own: 700, 10, 10)."""

_libc = ctypes.CDLL(None) if sys.platform.startswith("linux") else None


def tune() -> None:
    """Once, at the start."""
    sys.setswitchinterval(SWITCH_S)
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def settle() -> None:
    """A snapshot has come: its hundreds of thousands of values refer to nothing that refers back to them, so counting
    references frees them, and the collector need not visit them. What it came in (megabytes of bytes, and the state of
    before) goes back to the machine."""
    gc.freeze()
    give_back()


def give_back() -> None:
    """Freed memory to the machine, where the C library can."""
    trim = getattr(_libc, "malloc_trim", None)
    if trim is not None:
        trim(0)
