"""Where many marks want one spot: which are drawn for themselves, which as a group, and where words still fit.

Cells are anchored to the world, so dragging the map never regroups it. A group stands near the middle of its members
but never so far from the middle of its cell that it could touch the next group. Without Qt.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from console_gui.map.mercator import Viewport

OFF_SCREEN_PX = 80.0
"""Marks this far outside are still grouped and drawn: their words may reach in."""


class Placed(Protocol):
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...


P = TypeVar("P", bound=Placed)


@dataclass(frozen=True, slots=True)
class Group(Generic[P]):
    """``members`` at screen point ``px``, ``py``; ``one_place`` where all stand on the same spot."""

    px: float
    py: float
    members: tuple[P, ...]
    one_place: bool


def grouped(
    marks: Iterable[P], view: Viewport, *, cell_px: float, reach: tuple[float, float], alone: Callable[[P], bool],
    lift_px: float = 0.0,
) -> list[Group[P]]:  # fmt: skip
    """Every mark in sight, those of one cell together; ``alone`` names those that stay for themselves.

    A group of one stands exactly at its place. ``reach`` is how far (across, down) a group may stand from the middle of
    its cell, ``lift_px`` by how much that middle is raised, so that groups of two kinds share a cell.
    """
    scale = view.scale
    left, top = view.x - view.width / 2 / scale, view.y - view.height / 2 / scale
    low_x, low_y = -OFF_SCREEN_PX, -OFF_SCREEN_PX
    high_x, high_y = view.width + OFF_SCREEN_PX, view.height + OFF_SCREEN_PX
    per_cell = scale / cell_px
    groups: list[Group[P]] = []
    cells: dict[tuple[int, int], list[tuple[float, float, P]]] = {}
    for mark in marks:
        px, py = (mark.x - left) * scale, (mark.y - top) * scale
        if not (low_x < px < high_x and low_y < py < high_y):
            continue
        if alone(mark):
            groups.append(Group(px, py, (mark,), True))
        else:
            cells.setdefault((int(mark.x * per_cell), int(mark.y * per_cell)), []).append((px, py, mark))
    for (column, row), there in cells.items():
        first_x, first_y, first = there[0]
        if len(there) == 1:
            groups.append(Group(first_x, first_y, (first,), True))
            continue
        members = tuple(mark for _, _, mark in there)
        one_place = all(abs(px - first_x) < 1.0 and abs(py - first_y) < 1.0 for px, py, _ in there)
        mean_x = math.fsum(px for px, _, _ in there) / len(there)
        mean_y = math.fsum(py for _, py, _ in there) / len(there)
        middle_x = (column + 0.5) * cell_px - left * scale
        middle_y = (row + 0.5) * cell_px - top * scale - lift_px
        groups.append(Group(_near(mean_x, middle_x, reach[0]), _near(mean_y, middle_y, reach[1]), members, one_place))
    return groups


def in_sight(marks: Iterable[Placed], view: Viewport) -> int:
    """How many stand on the screen."""
    west, north, east, south = view.bounds
    return sum(west < mark.x < east and north < mark.y < south for mark in marks)


def _near(wanted: float, middle: float, reach: float) -> float:
    return max(middle - reach, min(middle + reach, wanted))


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
