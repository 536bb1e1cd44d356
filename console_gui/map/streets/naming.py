"""Which names stand where: along the straightest stretch of their street, the greater street first, never over one
another. Without Qt: widths of letters are asked of ``Measure``.

A name is said again only far from where it stands; one that finds no room is left out. What is asked twice is answered
alike, so names do not jump while nothing changes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from console_gui.map.room import Room
from console_gui.map.streets.courses import (
    LEADING,
    Course,
    Point,
    joined,
    length_of,
    letters_along,
    take_letters,
    windows,
)
from console_gui.map.streets.hands import Hand

Box = tuple[float, float, float, float]
Measure = Callable[[str, int, bool], Sequence[float]]
"""The advance of each letter of a text in a hand of so many pixels; the flag asks for the strong one."""

REPEAT_PX = 420.0
EDGE_PX = 3.0
NAMES_MOST = 600
TRIES_MOST = 4_000


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
    wishes: list[StreetWish | PointWish] = [*streets, *points]
    for wish in sorted(wishes, key=_order)[:TRIES_MOST]:
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
    longest = max((length_of(line) for line in wish.lines), default=0.0) if isinstance(wish, StreetWish) else 0.0
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


def _along_all(
    wish: StreetWish, room: Room, measure: Measure, stands: dict[str, list[Point]], width: int, height: int
) -> Iterator[Written]:
    for text in short_forms(wish.name):
        advances = measure(text, wish.hand.pixels, wish.hand.strong)
        wide = sum(advances)
        found = False
        for line in sorted(joined(wish.lines), key=length_of, reverse=True):
            course = Course(line)
            if course.length < wide + 2 * EDGE_PX:
                break
            for begin in windows(course, wide, width, height):
                middle = course.point(begin + wide / 2)
                known = stands.get(wish.name, ())
                if any(math.hypot(middle[0] - x, middle[1] - y) < REPEAT_PX for x, y in known):
                    continue
                letters = letters_along(course, begin, text, advances, wish.hand.pixels)
                if letters is None or not take_letters(room, letters, advances, wish.hand.pixels):
                    continue
                stands.setdefault(wish.name, []).append(middle)
                found = True
                yield Written(text, wish.hand, letters)
        if found:
            return
