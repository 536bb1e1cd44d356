"""Which names stand where: along the straightest stretch of their street, the greater street first, never over one
another. Without Qt: widths of letters are asked of ``Measure``.

A name is said again only far from where it stands; one that finds no room is left out. What is asked twice is answered
alike, so names do not jump while nothing changes.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from console_gui.map.room import Room

Point = tuple[float, float]
Box = tuple[float, float, float, float]
Measure = Callable[[str, int, bool], Sequence[float]]
"""The advance of each letter of a text in a hand of so many pixels; the flag asks for the strong one."""

REPEAT_PX = 420.0
EDGE_PX = 3.0
LEADING = 1.25
"""Room of a name from its upper to its lower edge: Vietnamese letters carry two marks."""

BEND_MOST = 0.42
"""Radians between one letter and the next."""

STRAIGHT_LEAST = 0.93
"""Of a name's length, the distance between its ends."""

WINDOWS_MOST = 60
NAMES_MOST = 600
TRIES_MOST = 4_000
JOINED_MOST = 400


@dataclass(frozen=True, slots=True)
class Hand:
    """How the names of one kind are written: colour's key, pixels, strong or not, and from which zoom."""

    colour: str
    pixels: int
    strong: bool
    from_zoom: float
    rank: int


MAJOR, MINOR, ALLEY = "major", "minor", "alley"
STREETS = {
    "motorway": Hand(MAJOR, 13, True, 12.0, 2), "trunk": Hand(MAJOR, 13, True, 12.2, 2),
    "primary": Hand(MAJOR, 13, True, 12.6, 3), "secondary": Hand(MAJOR, 13, True, 13.3, 4),
    "tertiary": Hand(MAJOR, 13, False, 13.9, 5), "street": Hand(MINOR, 12, False, 14.6, 7),
    "alley": Hand(ALLEY, 11, False, 15.7, 9), "path": Hand(ALLEY, 11, False, 17.0, 10),
}  # fmt: skip
WATERS = {"river": Hand("water", 12, False, 12.5, 4), "canal": Hand("water", 11, False, 14.0, 8),
          "stream": Hand("water", 11, False, 15.0, 9)}  # fmt: skip
PLACES = {"city": Hand("place", 15, True, 9.0, 0), "town": Hand("place", 14, True, 10.0, 0),
          "borough": Hand("place", 13, True, 11.0, 0), "suburb": Hand("place", 13, False, 12.0, 1),
          "island": Hand("place", 12, False, 12.0, 1), "village": Hand("place", 12, False, 12.0, 1),
          "quarter": Hand("place", 12, False, 13.0, 6), "neighbourhood": Hand("place", 11, False, 14.5, 8),
          "hamlet": Hand("place", 11, False, 14.5, 8)}  # fmt: skip
POIS = {"hospital": Hand("hospital", 12, True, 13.4, 1), "fire_station": Hand("fire_station", 11, False, 14.0, 6),
        "police": Hand("police", 11, False, 14.6, 6), "station": Hand("poi", 11, True, 13.8, 6),
        "airport": Hand("poi", 12, True, 11.5, 2), "market": Hand("poi", 11, False, 15.0, 8),
        "clinic": Hand("hospital", 11, False, 16.0, 9), "office": Hand("poi", 11, False, 16.9, 9),
        "mall": Hand("poi", 11, False, 16.0, 9), "landmark": Hand("poi", 11, False, 15.6, 9),
        "park": Hand("poi", 11, False, 15.0, 8), "school": Hand("poi", 11, False, 16.3, 10),
        "worship": Hand("poi", 11, False, 16.2, 10), "hotel": Hand("poi", 11, False, 16.8, 11),
        "fuel": Hand("poi", 11, False, 16.2, 10)}  # fmt: skip
HOUSES = Hand("house", 10, False, 17.6, 12)


@dataclass(frozen=True, slots=True)
class StreetWish:
    """A street that would like its name shown: its lines, in pixels of the picture."""

    name: str
    hand: Hand
    lines: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class PointWish:
    """Something at a point; with ``dot`` the name stands beside it, else over it."""

    name: str
    hand: Hand
    at: Point
    dot: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A name that found its room: each letter with where its base line's middle is, and its turn in radians."""

    text: str
    hand: Hand
    letters: tuple[tuple[str, float, float, float], ...]
    dot: Point | None = None


def short_forms(name: str) -> tuple[str, ...]:
    """As a dispatcher writes it, the fuller first: ``Đường Lê Lợi`` is ``Lê Lợi``, ``Đường số 5`` is ``Đ. số 5``."""
    plain = name.removeprefix("Đường ").removeprefix("Phố ")
    if plain != name and re.match(r"(số |[A-Z]?\d+\w?$)", plain):
        plain = f"Đ. {plain}"
    plain = f"ĐL. {name[7:]}" if name.startswith("Đại lộ ") else plain
    alley = re.match(r"((?:Hẻm|Ngõ|Kiệt|Ngách)\s+[\w/.-]+)\s+\S", name)
    return (plain, alley[1]) if alley else (plain,)


def place_names(
    streets: Iterable[StreetWish], points: Iterable[PointWish], width: int, height: int, measure: Measure,
    taken: Sequence[Box] = (),
) -> list[Written]:  # fmt: skip
    """Of a picture ``width`` by ``height`` pixels; ``taken`` are boxes that something else covers."""
    room = Room(width, height)
    for box in taken:
        room.take(*box)
    written: list[Written] = []
    stands: dict[str, list[Point]] = {}
    for wish in sorted([*streets, *points], key=_order)[:TRIES_MOST]:
        if len(written) >= NAMES_MOST:
            break
        if isinstance(wish, PointWish):
            placed = _beside(wish, room, measure, width, height)
            if placed is not None and not _again(stands, wish.name, wish.at):
                written.append(placed)
        else:
            written += _along_all(wish, room, measure, stands, width, height)
    return written


def _order(wish: StreetWish | PointWish) -> tuple[int, float, str]:
    longest = max((_length(line) for line in wish.lines), default=0.0) if isinstance(wish, StreetWish) else 0.0
    return wish.hand.rank, -round(longest, 1), wish.name


def _again(stands: dict[str, list[Point]], name: str, at: Point) -> bool:
    """Whether the name stands near there already; if not it does from now on."""
    known = stands.setdefault(name, [])
    if any(math.hypot(at[0] - x, at[1] - y) < REPEAT_PX for x, y in known):
        return True
    known.append(at)
    return False


# --- points -----------------------------------------------------------------------------------------------------------


def _beside(wish: PointWish, room: Room, measure: Measure, width: int, height: int) -> Written | None:
    x, y = wish.at
    if not (0 <= x <= width and 0 <= y <= height):
        return None
    advances = measure(wish.name, wish.hand.pixels, wish.hand.strong)
    wide, high = sum(advances), wish.hand.pixels * LEADING
    if wish.dot:
        level, middle = y - high / 2, x - wide / 2
        spots: tuple[Point, ...] = ((x + 7, level), (x - 7 - wide, level), (middle, y + 6), (middle, y - 6 - high))
        if not room.free(max(0.0, x - 4), max(0.0, y - 4), 8, 8):
            return None
    else:
        spots = ((x - wide / 2, y - high / 2),)
    spot = room.place([(left - EDGE_PX, top) for left, top in spots], wide + 2 * EDGE_PX, high)
    if spot is None:
        return None
    if wish.dot:
        room.take(max(0.0, x - 4), max(0.0, y - 4), 8, 8)
    base = spot[1] + high / 2 + wish.hand.pixels * 0.36
    letters, at = [], spot[0] + EDGE_PX
    for letter, advance in zip(wish.name, advances, strict=True):
        letters.append((letter, at + advance / 2, base, 0.0))
        at += advance
    return Written(wish.name, wish.hand, tuple(letters), wish.at if wish.dot else None)


# --- along streets ----------------------------------------------------------------------------------------------------


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


def _length(line: Sequence[Point]) -> float:
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


def _along_all(
    wish: StreetWish, room: Room, measure: Measure, stands: dict[str, list[Point]], width: int, height: int
) -> Iterator[Written]:
    for text in short_forms(wish.name):
        advances = measure(text, wish.hand.pixels, wish.hand.strong)
        wide = sum(advances)
        found = False
        for line in sorted(joined(wish.lines), key=_length, reverse=True):
            course = Course(line)
            if course.length < wide + 2 * EDGE_PX:
                break
            for begin in _windows(course, wide, width, height):
                middle = course.point(begin + wide / 2)
                known = stands.get(wish.name, ())
                if any(math.hypot(middle[0] - x, middle[1] - y) < REPEAT_PX for x, y in known):
                    continue
                letters = _letters(course, begin, text, advances, wish.hand.pixels)
                if letters is None or not _take(room, letters, advances, wish.hand.pixels):
                    continue
                stands.setdefault(wish.name, []).append(middle)
                found = True
                yield Written(text, wish.hand, letters)
        if found:
            return


def _windows(course: Course, wide: float, width: int, height: int) -> list[float]:
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


def _letters(
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


def _take(
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
