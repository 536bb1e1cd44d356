"""Simulated time: what is due, in order of time and then of being asked for. Nothing here knows a real clock."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from typing import Any

DUE_AT_MOST = 200_000
"""Things that may be due at once; a simulation that asks for more is wrong, and ends aloud."""

SECOND = 1_000_000


class Timeline:
    """`now`: microseconds since the beginning."""

    def __init__(self) -> None:
        self.now = 0
        self._due: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._order = itertools.count()

    def after(self, seconds: float, what: Callable[..., None], *arguments: Any) -> None:
        """Do it so many seconds from now."""
        if len(self._due) >= DUE_AT_MOST:
            raise OverflowError(f"{DUE_AT_MOST} things are due")
        at = self.now + max(0, round(seconds * SECOND))
        heapq.heappush(self._due, (at, next(self._order), what, arguments))

    @property
    def next(self) -> int | None:
        """When something is due, None when nothing is."""
        return self._due[0][0] if self._due else None

    def run_until(self, until: int) -> None:
        """Do everything that is due until then; it is then afterwards."""
        while self._due and self._due[0][0] <= until:
            at, _, what, arguments = heapq.heappop(self._due)
            self.now = max(self.now, at)
            what(*arguments)
        self.now = max(self.now, until)

    def run_out(self, most: int) -> None:
        """Until nothing is due any more, or this moment: for runs without a real clock."""
        while (at := self.next) is not None and at <= most:
            self.run_until(at)
