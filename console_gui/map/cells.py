"""Marks by the cell of the world in which they stand, kept from one picture to the next. Without Qt.

Guards: a mark that moved costs its own two cells and nothing else; a drag of the map costs no mark at all, only the
cells in sight. Cells are anchored to the world, so a drag never regroups.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from console_gui.map.mercator import Viewport

OFF_SCREEN_PX = 80.0
"""Marks this far outside are still grouped and drawn: their words may reach in."""


class Placed(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...


P = TypeVar("P", bound=Placed)

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Group(Generic[P]):
    """``members`` at screen point ``px``, ``py``; ``one_place`` where all stand on the same spot."""

    px: float
    py: float
    members: tuple[P, ...]
    one_place: bool


@dataclass(slots=True)
class _Crowd(Generic[P]):
    """Who stands in a cell; the rest is made when it is next wanted."""

    members: dict[str, P] = field(default_factory=dict)
    ordered: tuple[P, ...] = ()
    middle: tuple[float, float] = (0.0, 0.0)
    spread: float = 0.0
    """How far the members are apart, in world units."""


def coarser(per_cell: float) -> float:
    """The next of the sizes that cells have, two to an octave: zooming a little regroups nothing."""
    return math.pow(2.0, math.floor(2.0 * math.log2(per_cell) + 1e-9) / 2.0)


class Cells(Generic[P]):
    def __init__(self) -> None:
        self._marks: tuple[P, ...] = ()
        self._known: dict[str, tuple[P, Cell]] = {}
        self._order: dict[str, int] = {}
        self._crowds: dict[Cell, _Crowd[P]] = {}
        self._per_cell = 0.0
        self.touched = 0
        """How many cells the newest marks changed."""

    def grouped(
        self, marks: tuple[P, ...], view: Viewport, *, cell_px: float, reach: tuple[float, float],
        alone: Collection[str] = (), lift_px: float = 0.0,
    ) -> list[Group[P]]:  # fmt: skip
        """Every mark in sight, those of one cell together; ``alone`` are the ids of those that stay for themselves.

        A group of one stands exactly at its place. Cells are ``cell_px`` wide or up to half as wide again.
        ``reach`` is how far (across, down) a group may stand from the
        middle of its cell, ``lift_px`` by how much that middle is raised, so that groups of two kinds share a cell.
        """
        per_cell = coarser(view.scale / cell_px)
        self._follow(marks, per_cell)
        cell_px = view.scale / per_cell
        left, top = view.x - view.width / 2 / view.scale, view.y - view.height / 2 / view.scale
        groups: list[Group[P]] = []
        apart: dict[Cell, set[str]] = {}
        for ident in alone:
            known = self._known.get(ident)
            if known is not None:
                mark, cell = known
                apart.setdefault(cell, set()).add(ident)
                px, py = (mark.x - left) * view.scale, (mark.y - top) * view.scale
                if _near_screen(px, py, view):
                    groups.append(Group(px, py, (mark,), True))
        for cell in self._in_sight(view, left, top):
            crowd = self._crowds[cell]
            if len(crowd.ordered) != len(crowd.members):
                crowd = self._crowds[cell] = _settled(crowd.members, self._order)
            if cell in apart:
                crowd = _settled({it.id: it for it in crowd.ordered if it.id not in apart[cell]}, self._order)
            if not crowd.ordered:
                continue
            px, py = (crowd.middle[0] - left) * view.scale, (crowd.middle[1] - top) * view.scale
            if not _near_screen(px, py, view):
                continue
            if len(crowd.ordered) == 1:
                groups.append(Group(px, py, crowd.ordered, True))
                continue
            middle_x = (cell[0] + 0.5) * cell_px - left * view.scale
            middle_y = (cell[1] + 0.5) * cell_px - top * view.scale - lift_px
            at = _near(px, middle_x, reach[0]), _near(py, middle_y, reach[1])
            groups.append(Group(*at, crowd.ordered, crowd.spread * view.scale < 1.0))
        return groups

    def _follow(self, marks: tuple[P, ...], per_cell: float) -> None:
        if per_cell != self._per_cell or len(marks) != len(self._marks):
            self._build(marks, per_cell)
        elif marks is not self._marks:
            self._move(marks)

    def _build(self, marks: tuple[P, ...], per_cell: float) -> None:
        self._per_cell, self._marks = per_cell, marks
        self._order = {mark.id: index for index, mark in enumerate(marks)}
        self._known, self._crowds = {}, {}
        crowds = self._crowds
        for mark in marks:
            cell = (int(mark.x * per_cell), int(mark.y * per_cell))
            self._known[mark.id] = (mark, cell)
            crowd = crowds.get(cell)
            if crowd is None:
                crowd = crowds[cell] = _Crowd()
            crowd.members[mark.id] = mark
        self.touched = len(crowds)

    def _move(self, marks: tuple[P, ...]) -> None:
        per_cell, dirty = self._per_cell, set()
        for before, mark in zip(self._marks, marks, strict=True):
            if mark is before:
                continue
            if mark.id != before.id:  # others than before, or in another order
                self._build(marks, per_cell)
                return
            left, cell = self._known[mark.id][1], (int(mark.x * per_cell), int(mark.y * per_cell))
            self._known[mark.id] = (mark, cell)
            del self._crowds[left].members[mark.id]
            self._crowds.setdefault(cell, _Crowd()).members[mark.id] = mark
            dirty |= {left, cell}
        for cell in dirty:
            crowd = self._crowds[cell]
            crowd.ordered = ()  # what was made of it is nothing now
            if not crowd.members:
                del self._crowds[cell]
        self._marks, self.touched = marks, len(dirty)

    def _in_sight(self, view: Viewport, left: float, top: float) -> Iterator[Cell]:
        """Row by row, so that the same view always gives the same order."""
        edge = OFF_SCREEN_PX / view.scale
        per_cell, crowds = self._per_cell, self._crowds
        first, last = int((left - edge) * per_cell), int((left + view.width / view.scale + edge) * per_cell)
        upper, lower = int((top - edge) * per_cell), int((top + view.height / view.scale + edge) * per_cell)
        if (last - first + 1) * (lower - upper + 1) < len(crowds):
            for row in range(upper, lower + 1):
                for column in range(first, last + 1):
                    if (column, row) in crowds:
                        yield column, row
            return
        seen = [it for it in crowds if first <= it[0] <= last and upper <= it[1] <= lower]
        yield from sorted(seen, key=lambda it: (it[1], it[0]))


def _settled(members: dict[str, P], order: dict[str, int]) -> _Crowd[P]:
    if len(members) == 1:
        (only,) = members.values()
        return _Crowd(members, (only,), (only.x, only.y))
    if not members:
        return _Crowd(members)
    ordered = tuple(sorted(members.values(), key=lambda it: order[it.id]))
    xs, ys = [it.x for it in ordered], [it.y for it in ordered]
    spread = max(max(xs) - min(xs), max(ys) - min(ys))
    return _Crowd(members, ordered, (math.fsum(xs) / len(xs), math.fsum(ys) / len(ys)), spread)


def in_sight(marks: Sequence[P], view: Viewport) -> int:
    """How many stand on the screen."""
    west, north, east, south = view.bounds
    return sum(west < mark.x < east and north < mark.y < south for mark in marks)


def _near_screen(px: float, py: float, view: Viewport) -> bool:
    return -OFF_SCREEN_PX < px < view.width + OFF_SCREEN_PX and -OFF_SCREEN_PX < py < view.height + OFF_SCREEN_PX


def _near(wanted: float, middle: float, reach: float) -> float:
    return max(middle - reach, min(middle + reach, wanted))
