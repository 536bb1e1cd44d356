"""An order for what happened at the switch, from the times that it gave.

Events may be told a little late or twice, so the newest is the one with the newest time, not the one that came last.
But the switch's clock can be set back, and then everything after it would look old: a step of more than a few
seconds counts as later, not as earlier.
"""

from __future__ import annotations

from dispatch_core.settings import CLOCK_STEP_US


class SwitchClock:
    """Turns stamps (microseconds by the switch's clock) into numbers that order what happened."""

    def __init__(self) -> None:
        self._newest = 0
        self._shift = 0  # whole milliseconds

    @property
    def shift(self) -> int:
        """Milliseconds by which the order of now is ahead of the switch's clock."""
        return self._shift // 1000

    def order(self, stamp: int) -> int:
        if stamp < self._newest - CLOCK_STEP_US:
            self._shift += ((self._newest - stamp) // 1000 + 2) * 1000  # a millisecond later than all before
            self._newest = stamp
        elif stamp > self._newest:
            self._newest = stamp
        return stamp + self._shift
