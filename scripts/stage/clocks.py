"""Stamps of the realtime clock, turned into this host's CLOCK_MONOTONIC.

sipp stamps with gettimeofday, the consoles with the monotonic clock. Guarded here: the difference of the two
clocks is measured anew at each reading of stamps, and a run in which it moved is refused rather than believed.
"""

from __future__ import annotations

import time

from scripts.stage.progress import StageError

SAMPLES = 5
MOVED_AT_MOST = 0.002  # seconds between two readings; more is a step of the clock


def offset() -> float:
    """Realtime minus monotonic, in seconds: of a few samples, the one that took the shortest time."""
    best_width, best = float("inf"), 0.0
    for _ in range(SAMPLES):
        before = time.monotonic_ns()
        now = time.clock_gettime_ns(time.CLOCK_REALTIME)
        after = time.monotonic_ns()
        if after - before < best_width:
            best_width, best = after - before, (now - (before + after) / 2) / 1e9
    return best


class ClockBridge:
    """Follows the difference of the clocks from reading to reading."""

    def __init__(self) -> None:
        self._offset = offset()
        self.moved = 0.0  # the largest change between two readings, seconds

    def look(self) -> None:
        """Measure again; call it before each batch of stamps."""
        now = offset()
        self.moved = max(self.moved, abs(now - self._offset))
        self._offset = now

    def monotonic(self, realtime: float) -> float:
        """The monotonic time of a realtime stamp, in seconds."""
        return realtime - self._offset

    def check(self) -> None:
        """StageError when the clock was stepped meanwhile, so that no latency of this run can be told."""
        if self.moved > MOVED_AT_MOST:
            raise StageError(
                f"the realtime clock moved by {self.moved * 1000:.1f} ms during the run: let it settle, run again"
            )
