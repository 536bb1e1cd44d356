"""What of the screen is taken, and where words still fit. Without Qt."""

from __future__ import annotations

from collections.abc import Sequence


class Room:
    """What of the screen is taken: a grid of ``STEP`` pixels, one row of it a number whose bits are the columns."""

    STEP = 2  # marks and their words stand 2 px apart: so close, and yet never in one cell

    def __init__(self, width: int, height: int) -> None:
        self._columns = max(1, width // self.STEP + 1)
        self._rows = [0] * max(1, height // self.STEP + 1)

    def take(self, x: float, y: float, width: float, height: float) -> None:
        mask, rows = self._covered(x, y, width, height)
        for row in rows:
            self._rows[row] |= mask

    def free(self, x: float, y: float, width: float, height: float) -> bool:
        """Whether nothing is there yet and all of it is on the screen."""
        if x < 0 or y < 0 or x + width > self._columns * self.STEP or y + height > len(self._rows) * self.STEP:
            return False
        mask, rows = self._covered(x, y, width, height)
        taken = self._rows
        return not any(taken[row] & mask for row in rows)

    def place(self, spots: Sequence[tuple[float, float]], width: float, height: float) -> tuple[float, float] | None:
        """The first free of ``spots`` (upper left corners), taken; None where none is."""
        for x, y in spots:
            if self.free(x, y, width, height):
                self.take(x, y, width, height)
                return x, y
        return None

    def _covered(self, x: float, y: float, width: float, height: float) -> tuple[int, range]:
        first = max(0, int(x) // self.STEP)
        last = min(self._columns - 1, int(x + width) // self.STEP)
        top = max(0, int(y) // self.STEP)
        bottom = min(len(self._rows) - 1, int(y + height) // self.STEP)
        if last < first:
            return 0, range(0)
        return ((1 << (last - first + 1)) - 1) << first, range(top, bottom + 1)
