"""Painted tiles, the newest used kept, within a size in bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from PySide6.QtGui import QPixmap

from console_gui.map.streets.limits import SHELF_BYTES
from console_gui.map.streets.messages import TileWanted


class TileShelf:
    def __init__(self, bytes_most: int = SHELF_BYTES) -> None:
        self._most = bytes_most
        self._kept: OrderedDict[TileWanted, QPixmap] = OrderedDict()
        self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, tile: TileWanted) -> bool:
        return tile in self._kept

    def put(self, tile: TileWanted, picture: QPixmap) -> None:
        self._drop(tile)
        self._kept[tile] = picture
        self.bytes += _size(picture)
        while self.bytes > self._most and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def get(self, tile: TileWanted) -> QPixmap | None:
        picture = self._kept.get(tile)
        if picture is not None:
            self._kept.move_to_end(tile)
        return picture

    def clear(self) -> None:
        self._kept.clear()
        self.bytes = 0

    def _drop(self, tile: TileWanted) -> None:
        picture = self._kept.pop(tile, None)
        if picture is not None:
            self.bytes -= _size(picture)

    def all_of(self, tiles: Iterable[TileWanted]) -> bool:
        return all(tile in self._kept for tile in tiles)


def _size(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
