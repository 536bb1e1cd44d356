"""A street's lines made one, and where along them a name may stand: the straightest stretch, letter by letter.

Without Qt; nothing here knows what else is on the map, but for the room that a name takes.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from console_gui.map.room import Room

Point = tuple[float, float]

LEADING = 1.25
"""Room of a name from its upper to its lower edge: Vietnamese letters carry two marks."""

BEND_MOST = 0.42
"""Radians between one letter and the next."""

STRAIGHT_LEAST = 0.93
"""Of a name's length, the distance between its ends."""

WINDOWS_MOST = 60
JOINED_MOST = 400


def joined(lines: Iterable[Sequence[Point]]) -> list[list[Point]]:
    """Lines that meet end to end made one, where exactly two of them meet."""
    open_lines = [list(line) for line in lines if len(line) > 1][:JOINED_MOST]
    ends: dict[Point, list[int]] = {}
    for index, line in enumerate(open_lines):
        for end in (line[0], line[-1]):
            ends.setdefault(_key(end), []).append(index)
    merged: dict[int, list[Point]] = dict(enumerate(open_lines))
    owner = list(range(len(open_lines)))

    def root(index: int) -> int:
        while owner[index] != index:
            owner[index] = owner[owner[index]]
            index = owner[index]
        return index

    for end, meeting in ends.items():
        if len(meeting) != 2:
            continue
        one, other = root(meeting[0]), root(meeting[1])
        if one == other:
            continue
        first, second = merged[one], merged[other]
        if _key(first[0]) == end:
            first.reverse()
        if _key(second[-1]) == end:
            second.reverse()
        if _key(first[-1]) != end or _key(second[0]) != end:
            continue
        first.extend(second[1:])
        owner[other] = one
        del merged[other]
    return list(merged.values())


def _key(point: Point) -> Point:
    return round(point[0]), round(point[1])


def length_of(line: Sequence[Point]) -> float:
    return sum(math.dist(one, other) for one, other in zip(line, line[1:], strict=False))


class Course:
    """A line by the distance from its beginning."""

    def __init__(self, line: Sequence[Point]) -> None:
        self._points = line
        self._at = [0.0]
        for one, other in zip(line, line[1:], strict=False):
            self._at.append(self._at[-1] + math.dist(one, other))
        self.length = self._at[-1]

    def point(self, at: float) -> Point:
        index = min(max(bisect_right(self._at, at) - 1, 0), len(self._at) - 2)
        begin, end = self._at[index], self._at[index + 1]
        share = (at - begin) / (end - begin) if end > begin else 0.0
        (x0, y0), (x1, y1) = self._points[index], self._points[index + 1]
        return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share


def windows(course: Course, wide: float, width: int, height: int) -> list[float]:
    """Where a name may begin, the straightest first; of equals the one nearest the middle of the line."""
    slack = course.length - wide
    step = max(12.0, wide / 5, slack / WINDOWS_MOST)
    found = []
    count = int(slack / step) + 1
    for index in range(count):
        begin = slack / 2 + (index - (count - 1) / 2) * step
        (x0, y0), (x1, y1) = course.point(begin), course.point(begin + wide)
        if not (min(x0, x1) >= 0 and max(x0, x1) <= width and min(y0, y1) >= 0 and max(y0, y1) <= height):
            continue
        straight = math.hypot(x1 - x0, y1 - y0) / wide
        if straight >= STRAIGHT_LEAST:
            found.append((-round(straight, 2), abs(begin - slack / 2), begin))
    return [begin for _, _, begin in sorted(found)]


def letters_along(
    course: Course, begin: float, text: str, advances: Sequence[float], pixels: int
) -> tuple[tuple[str, float, float, float], ...] | None:
    """None where the line bends more than letters can follow."""
    wide = sum(advances)
    (x0, _), (x1, _) = course.point(begin), course.point(begin + wide)
    backwards = x1 < x0
    placed: list[tuple[str, float, float, float]] = []
    at, before = 0.0, None
    for letter, advance in zip(text, advances, strict=True):
        reach = max(advance, pixels * 0.8) / 2
        middle = at + advance / 2
        low, high = begin + middle - reach, begin + middle + reach
        if backwards:
            low, high = begin + wide - middle + reach, begin + wide - middle - reach
        (ax, ay), (bx, by) = course.point(_within(low, course)), course.point(_within(high, course))
        angle = math.atan2(by - ay, bx - ax)
        if before is not None and abs(_turn(angle - before)) > BEND_MOST:
            return None
        before = angle
        drop = pixels * 0.36  # the middle of the letters lies on the line
        x, y = (ax + bx) / 2, (ay + by) / 2
        placed.append((letter, x - math.sin(angle) * drop, y + math.cos(angle) * drop, angle))
        at += advance
    return tuple(placed)


def _within(at: float, course: Course) -> float:
    return min(max(at, 0.0), course.length)


def _turn(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi


def take_letters(
    room: Room, letters: Sequence[tuple[str, float, float, float]], advances: Sequence[float], pixels: int
) -> bool:
    """Room for every letter: squares along the name, all free, then all taken."""
    side = pixels * LEADING
    squares, since = [], side
    for (_, x, y, angle), advance in zip(letters, advances, strict=True):
        since += advance
        if since < side * 0.6:
            continue
        since = 0.0
        middle_x, middle_y = x + math.sin(angle) * pixels * 0.36, y - math.cos(angle) * pixels * 0.36
        squares.append((middle_x - side / 2, middle_y - side / 2))
    if not all(room.free(left, top, side, side) for left, top in squares):
        return False
    for left, top in squares:
        room.take(left, top, side, side)
    return True
