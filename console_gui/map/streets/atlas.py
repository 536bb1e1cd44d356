"""An archive's tiles, decoded and kept: what the worker paints from, and what it looks names up in."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from console_gui.map.mercator import metres_per_world, to_world
from console_gui.map.streets.archive import Archive, Unreadable
from console_gui.map.streets.hands import HOUSES, PLACES, POIS, STREETS, WATERS, Hand
from console_gui.map.streets.lettering import Lettering
from console_gui.map.streets.limits import DECODED_KEPT, IMAGE_PX_MOST
from console_gui.map.streets.messages import NamesWanted, TileWanted
from console_gui.map.streets.naming import PointWish, StreetWish, Written, place_names
from console_gui.map.streets.palette import PALETTES
from console_gui.map.streets.tile import Feature, Tile, read_tile
from console_gui.map.streets.tile_painter import Drawable, Piece, drawable, paint_tile
from console_gui.map.streets.widths import zoom_of

NEAR_M = 150.0
TILES_LOOKED_AT_MOST = 64


@dataclass(slots=True)
class Sheet:
    """One tile; its Qt geometry is made when it is first painted."""

    tile: Tile
    drawable: Drawable | None = None


class Atlas:
    """Raises Unreadable or OSError where the archive cannot be used."""

    def __init__(self, file: Path) -> None:
        self._archive = Archive(file)
        self._sheets: OrderedDict[tuple[int, int, int], Sheet | Unreadable] = OrderedDict()
        self._lettering = Lettering()

    def paint(self, wanted: TileWanted) -> QImage:
        """Raises Unreadable where the tile's bytes are none."""
        if not 1 <= wanted.pixels <= IMAGE_PX_MOST or not 0 <= wanted.z <= 24:
            raise Unreadable(f"a picture of {wanted.pixels} pixels at zoom {wanted.z}")
        palette = PALETTES[wanted.dark]
        zoom = zoom_of(wanted.pixels / wanted.ratio * 2.0**wanted.z)
        up = max(0, wanted.z - self._archive.to_zoom)
        share = 1 << up
        column, row = wanted.x >> up, wanted.y >> up
        sheet = self._sheet(wanted.z - up, column, row)
        if sheet.drawable is None:
            sheet.drawable = drawable(sheet.tile)
        piece = Piece(share, wanted.x - column * share, wanted.y - row * share)
        return paint_tile(sheet.drawable, palette, zoom, wanted.pixels, wanted.ratio, piece)

    def letter(self, wanted: NamesWanted) -> tuple[QImage, list[Written]]:
        """What cannot be read has no names; the tiles say so themselves."""
        if not (1 <= wanted.width <= IMAGE_PX_MOST and 1 <= wanted.height <= IMAGE_PX_MOST):
            raise Unreadable(f"names of {wanted.width} by {wanted.height} pixels")
        zoom = zoom_of(wanted.scale)
        z = max(0, min(int(zoom), self._archive.to_zoom))
        streets: dict[tuple[str, Hand], list[tuple[tuple[float, float], ...]]] = {}
        points: list[PointWish] = []
        for column, row, sheet in self._in_sight(wanted, z):
            frame = _Frame(wanted, z, column, row)
            for line in sheet.tile.lines:
                hand = _hand(line)
                if line.name and hand is not None and zoom >= hand.from_zoom and not line.link:
                    streets.setdefault((line.name, hand), []).extend(frame.lines(line))
            points += _point_wishes(sheet.tile.points, zoom, frame)
        can = self._lettering.can_write
        wishes = [StreetWish(name, hand, tuple(lines)) for (name, hand), lines in streets.items() if can(name)]
        points = [it for it in points if can(it.name)]
        written = place_names(
            wishes, points, wanted.width, wanted.height, self._lettering.measure, wanted.taken
        )  # fmt: skip
        palette = PALETTES[wanted.dark]
        return self._lettering.paint(written, palette, wanted.width, wanted.height, wanted.ratio), written

    def near(self, lat: float, lon: float) -> tuple[str, float]:
        """The nearest street with a name and how many metres away it is; "" where none is within ``NEAR_M``."""
        x, y = to_world(lat, lon)
        z = self._archive.to_zoom
        count = 1 << z
        metres = metres_per_world(y) / count
        best, street = NEAR_M, ""
        for column in {int(x * count - NEAR_M / metres), int(x * count), int(x * count + NEAR_M / metres)}:
            for row in {int(y * count - NEAR_M / metres), int(y * count), int(y * count + NEAR_M / metres)}:
                try:
                    sheet = self._sheet(z, column, row)
                except Unreadable:
                    continue
                at = x * count - column, y * count - row
                for line in sheet.tile.lines:
                    if line.layer == "road" and line.name:
                        away = min((_away(at, part) for part in line.parts), default=math.inf) * metres
                        if away < best:
                            best, street = away, line.name
        return street, best if street else math.inf

    def _in_sight(self, wanted: NamesWanted, z: int) -> Iterator[tuple[int, int, Sheet]]:
        count = 1 << z
        half_w, half_h = wanted.width / 2 / wanted.scale, wanted.height / 2 / wanted.scale
        columns = range(max(0, int((wanted.x - half_w) * count)), min(count - 1, int((wanted.x + half_w) * count)) + 1)
        rows = range(max(0, int((wanted.y - half_h) * count)), min(count - 1, int((wanted.y + half_h) * count)) + 1)
        if len(columns) * len(rows) > TILES_LOOKED_AT_MOST:
            return
        for column in columns:
            for row in rows:
                try:
                    yield column, row, self._sheet(z, column, row)
                except Unreadable:
                    continue

    def _sheet(self, z: int, x: int, y: int) -> Sheet:
        key = (z, x, y)
        kept = self._sheets.get(key)
        if kept is None:
            kept = self._sheets[key] = self._read(z, x, y)
            while len(self._sheets) > DECODED_KEPT:
                self._sheets.popitem(last=False)
        else:
            self._sheets.move_to_end(key)
        if isinstance(kept, Unreadable):
            raise kept
        return kept

    def _read(self, z: int, x: int, y: int) -> Sheet | Unreadable:
        count = 1 << z
        if not (0 <= x < count and 0 <= y < count) or z < self._archive.from_zoom:
            return Sheet(Tile())
        try:
            data = self._archive.tile(z, x, y)
            return Sheet(read_tile(data) if data else Tile())
        except Unreadable as problem:
            return problem
        except MemoryError as problem:
            return Unreadable(repr(problem))


class _Frame:
    """From a tile's shares to pixels of the picture."""

    def __init__(self, wanted: NamesWanted, z: int, column: int, row: int) -> None:
        self._side = wanted.scale / (1 << z)
        self._left = column * self._side - wanted.x * wanted.scale + wanted.width / 2
        self._top = row * self._side - wanted.y * wanted.scale + wanted.height / 2

    def point(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._side, self._top + y * self._side

    def lines(self, line: Feature) -> list[tuple[tuple[float, float], ...]]:
        left, top, side = self._left, self._top, self._side
        return [tuple((left + x * side, top + y * side) for x, y in part) for part in line.parts]


def _hand(line: Feature) -> Hand | None:
    if line.layer == "road":
        return STREETS.get(line.kind)
    return WATERS.get(line.kind) if line.layer == "waterway" else None


def _point_wishes(points: Iterable[Feature], zoom: float, frame: _Frame) -> Iterator[PointWish]:
    for one in points:
        table = {"place": PLACES, "poi": POIS}.get(one.layer)
        hand = HOUSES if one.layer == "house" else table.get(one.kind) if table is not None else None
        if hand is None or zoom < hand.from_zoom or not one.name or not one.parts:
            continue
        x, y = one.parts[0][0]
        if 0.0 <= x < 1.0 and 0.0 <= y < 1.0:  # what is at the edge is in the next tile too
            yield PointWish(one.name, hand, frame.point(x, y), one.layer == "poi")


def _away(at: tuple[float, float], part: list[tuple[float, float]]) -> float:
    """Distance of a point from a line."""
    best = math.inf
    px, py = at
    for (x0, y0), (x1, y1) in zip(part, part[1:], strict=False):
        dx, dy = x1 - x0, y1 - y0
        square = dx * dx + dy * dy
        share = min(1.0, max(0.0, ((px - x0) * dx + (py - y0) * dy) / square)) if square else 0.0
        best = min(best, math.hypot(px - x0 - dx * share, py - y0 - dy * share))
    return best
