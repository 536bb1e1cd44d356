"""The streets as the map draws them: which tiles a view needs, those that are there, older ones until they come.

Guards: drawing never waits; a scale that a wheel only passes through asks for nothing; while nothing newer is there the
pictures of before are shown, moved and stretched, so the map never goes blank under a hand that moves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from console_gui.map.mercator import Viewport
from console_gui.map.streets.limits import NAMES_MARGIN_PX
from console_gui.map.streets.messages import NamesPainted, NamesWanted, NearFound, Refused, TilePainted, TileWanted
from console_gui.map.streets.palette import PALETTES
from console_gui.map.streets.tile_shelf import TileShelf
from console_gui.map.streets.widths import TILE_PX
from console_gui.map.streets.workshop import Workshop

Box = tuple[float, float, float, float]

FROM_ZOOM, TO_ZOOM = 10, 20
"""Farther out there are only outlines; from the second on a picture is a part of a tile, no finer."""

SETTLED_MS = 60
"""A scale stands this long before its tiles are asked for."""

RENAME_MS = 1_000
NAMES_STRETCH = 1.6
"""Names of another scale are shown until new ones come, unless they would be this much too large or small."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The tiles of one scale: zoom, and pixels of the map a tile."""

    z: int
    side: float

    @staticmethod
    def of(scale: float) -> Grid | None:
        z = math.floor(math.log2(scale / TILE_PX) + 1e-9)
        if z < FROM_ZOOM:
            return None
        z = min(z, TO_ZOOM)
        return Grid(z, scale / (1 << z))

    def tiles(self, view: Viewport, ratio: float, dark: bool) -> list[TileWanted]:
        """Those in sight, the middle ones first."""
        pixels = math.ceil(self.side * ratio - 1e-6)
        west, north, east, south = view.bounds
        count = 1 << self.z
        columns = range(max(0, math.floor(west * count)), min(count - 1, math.floor(east * count)) + 1)
        rows = range(max(0, math.floor(north * count)), min(count - 1, math.floor(south * count)) + 1)
        found = [TileWanted(self.z, x, y, pixels, ratio, dark) for x in columns for y in rows]
        return sorted(
            found, key=lambda it: math.hypot(it.x + 0.5 - view.x * count, it.y + 0.5 - view.y * count)
        )


class Streets(QObject):
    """``changed``: something new can be drawn, or said."""

    changed = Signal()
    near_found = Signal(object)  # NearFound

    def __init__(self, parent: QObject | None = None, workshop: Workshop | None = None) -> None:
        super().__init__(parent)
        self.workshop = workshop or Workshop(self)
        self.shelf = TileShelf()
        self.archive = ""
        self.shown = True
        self.unreadable = ""
        """Why the archive cannot be used; "" where it can."""
        self.empty_tiles = 0
        self._view: Viewport | None = None
        self._ratio, self._dark = 1.0, True
        self._taken: tuple[Box, ...] = ()
        self._around: frozenset[str] = frozenset()
        self._asked_around: frozenset[str] = frozenset()
        self._needed: list[TileWanted] = []
        self._before: list[TileWanted] = []  # of the last scale of which all were there
        self._names: NamesPainted | None = None
        self._names_picture = QPixmap()
        self._asked_names: NamesWanted | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._ask)
        self.workshop.tile_painted.connect(self._tile_came)
        self.workshop.names_painted.connect(self._names_came)
        self.workshop.near_found.connect(self._near_came)
        self.workshop.refused.connect(self._refused)
        self.workshop.health_changed.connect(self.changed)

    # --- what to show -------------------------------------------------------------------------------------------------

    def use(self, archive: str) -> None:
        """The archive of this path from now on, "" for none."""
        if archive == self.archive:
            return
        self.archive, self.unreadable, self.empty_tiles = archive, "", 0
        self.shelf.clear()
        self._needed, self._before = [], []
        self._forget_names()
        self._soon.start(0)
        self.changed.emit()

    def show(self, shown: bool) -> None:
        self.shown = shown
        self._soon.start(0)
        self.changed.emit()

    def stop(self) -> None:
        self._soon.stop()
        self.workshop.stop()

    @property
    def drawn(self) -> bool:
        return self.shown and bool(self.archive) and not self.unreadable

    @property
    def broken(self) -> bool:
        """Whether streets should be there, and the process that paints them is not."""
        return self.drawn and self.workshop.restarts > 0 and not self.workshop.up

    @property
    def names(self) -> tuple[tuple[str, float, float], ...]:
        """Every name that is drawn now, with its middle in pixels of the names' own picture."""
        return self._names.placed if self._names is not None and self.drawn else ()

    @property
    def complete(self) -> bool:
        """Whether everything of the newest view has come."""
        return self.drawn and self.shelf.all_of(self._needed) and self._names is not None and (
            self._names.names == self._asked_names and not self._soon.isActive()
        )

    # --- drawing ------------------------------------------------------------------------------------------------------

    def paint_ground(self, painter: QPainter, view: Viewport, ratio: float, dark: bool) -> None:
        """The streets without names, over all of the view."""
        painter.fillRect(QRectF(0, 0, view.width, view.height), QColor(PALETTES[dark].ground))
        if not self.drawn:
            return
        self._follow(view, ratio, dark)
        grid = Grid.of(view.scale)
        if grid is None:
            return
        needed = grid.tiles(view, ratio, dark)
        if self.shelf.all_of(needed):
            self._before = needed
        else:
            for tile in self._before:
                if tile.dark == dark:
                    self._draw(painter, tile, view)
        for tile in needed:
            self._draw(painter, tile, view)

    def paint_names(self, painter: QPainter, view: Viewport) -> None:
        names = self._names.names if self._names is not None else None
        if not self.drawn or names is None or names.dark != self._dark:
            return
        stretch = view.scale / names.scale
        if not 1 / NAMES_STRETCH < stretch < NAMES_STRETCH:
            return
        px, py = view.to_screen(names.x, names.y)
        width, height = names.width * stretch, names.height * stretch
        if stretch == 1.0:
            painter.drawPixmap(QPointF(round(px - width / 2), round(py - height / 2)), self._names_picture)
        else:
            target = QRectF(px - width / 2, py - height / 2, width, height)
            painter.drawPixmap(target, self._names_picture, QRectF(self._names_picture.rect()))

    def _draw(self, painter: QPainter, tile: TileWanted, view: Viewport) -> None:
        """At whole pixels, so that no seam shows."""
        picture = self.shelf.get(tile)
        if picture is None:
            return
        count = 1 << tile.z
        left, top = view.to_screen(tile.x / count, tile.y / count)
        right, bottom = view.to_screen((tile.x + 1) / count, (tile.y + 1) / count)
        if right < 0 or bottom < 0 or left > view.width or top > view.height:
            return
        left, top, right, bottom = round(left), round(top), round(right), round(bottom)
        painter.drawPixmap(QRectF(left, top, right - left, bottom - top), picture, QRectF(picture.rect()))

    # --- asking -------------------------------------------------------------------------------------------------------

    def avoid(self, around: frozenset[str], boxes: tuple[Box, ...]) -> None:
        """What stands over the view, and where: names of streets keep clear of it. They are placed anew where other
        things stand there, not where one has moved a little: names that jump are not read."""
        self._taken = boxes
        if around != self._around:
            self._around = around
            if not self._soon.isActive():
                self._soon.start(RENAME_MS)

    def _follow(self, view: Viewport, ratio: float, dark: bool) -> None:
        now = (view, ratio, dark)
        before = (self._view, self._ratio, self._dark)
        if now == before:
            return
        moved_only = self._view is not None and self._view.scale == view.scale and before[1:] == now[1:]
        self._view, self._ratio, self._dark = now
        if not moved_only:
            self._soon.start(SETTLED_MS)
        elif not self._soon.isActive():
            self._soon.start(SETTLED_MS // 4)

    def _ask(self) -> None:
        view = self._view
        grid = Grid.of(view.scale) if view is not None else None
        if view is None or grid is None or not self.drawn:
            self._needed = []
            self._forget_names()
            self.workshop.want(self.archive if self.drawn else "", (), None)
            return
        self._needed = grid.tiles(view, self._ratio, self._dark)
        missing = tuple(tile for tile in self._needed if tile not in self.shelf)
        names = self._names_wanted(view)
        fresh = names if names != self._answered_names else None
        self._asked_names = names
        if missing or fresh is not None:
            self.workshop.want(self.archive, missing, fresh)

    def _names_wanted(self, view: Viewport) -> NamesWanted:
        """As they were asked for last, where that still covers the view; else around the view, with a margin."""
        last, margin = self._asked_names, NAMES_MARGIN_PX
        if last is not None and (last.scale, last.ratio, last.dark) == (view.scale, self._ratio, self._dark):
            dx, dy = (last.x - view.x) * view.scale, (last.y - view.y) * view.scale
            inside = abs(dx) <= (last.width - view.width) / 2 and abs(dy) <= (last.height - view.height) / 2
            if inside and self._asked_around == self._around:
                return last
        self._asked_around = self._around
        taken = tuple((left + margin, top + margin, wide, high) for left, top, wide, high in self._taken)
        width, height = view.width + 2 * margin, view.height + 2 * margin
        return NamesWanted(view.x, view.y, view.scale, width, height, self._ratio, self._dark, taken)

    # --- what comes ---------------------------------------------------------------------------------------------------

    @property
    def _answered_names(self) -> NamesWanted | None:
        return self._names.names if self._names is not None else None

    def _tile_came(self, painted: TilePainted, image: QImage) -> None:
        if painted.archive != self.archive:
            return
        if painted.unreadable:
            self.empty_tiles += 1
            image = QImage(painted.tile.pixels, painted.tile.pixels, QImage.Format.Format_RGB32)
            image.fill(QColor(PALETTES[painted.tile.dark].ground))
        if not image.isNull():
            self.shelf.put(painted.tile, QPixmap.fromImage(image))
            self.changed.emit()

    def _names_came(self, painted: NamesPainted, image: QImage) -> None:
        if painted.archive == self.archive and not image.isNull():
            self._names, self._names_picture = painted, QPixmap.fromImage(image)
            self.changed.emit()

    def _near_came(self, found: NearFound) -> None:
        self.near_found.emit(found)

    def _refused(self, refused: Refused) -> None:
        if refused.archive == self.archive:
            self.unreadable = refused.why
            self.changed.emit()

    def _forget_names(self) -> None:
        self._names, self._asked_names = None, None
        self._names_picture = QPixmap()
