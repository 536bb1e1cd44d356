"""One PMTiles archive on disk, read a tile at a time. Any bytes may stand in it: what cannot be read raises
``Unreadable``, within the limits of memory and of depth."""

from __future__ import annotations

import mmap
import zlib
from collections import OrderedDict
from pathlib import Path
from typing import Any

from pmtiles.tile import (
    Compression,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)

from console_gui.map.streets.limits import DIRECTORIES_KEPT, TILE_BYTES_MOST, TILE_PACKED_MOST

HEADER = 127
DEPTH = 4
DIRECTORY_MOST = 16 * 1024 * 1024


class Unreadable(Exception):
    """What was read is no archive, or no tile; the text says why, for the log."""


class Archive:
    """Raises Unreadable where the file is none that can be drawn from; OSError where it is not there."""

    def __init__(self, file: Path) -> None:
        with file.open("rb") as opened:
            try:
                self._bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as problem:  # an empty file
                raise Unreadable(str(problem)) from problem
        try:
            self._header = deserialize_header(self._bytes[:HEADER])
        except Exception as problem:  # noqa: BLE001  (the reader promises nothing about foreign bytes)
            raise Unreadable(f"no PMTiles header: {problem!r}") from problem
        if self._header["tile_type"] != TileType.MVT:
            raise Unreadable("no vector tiles")
        self.from_zoom = int(self._header["min_zoom"])
        self.to_zoom = int(self._header["max_zoom"])
        if not 0 <= self.from_zoom <= self.to_zoom <= 20:
            raise Unreadable(f"zooms {self.from_zoom} to {self.to_zoom}")
        self._directories: OrderedDict[tuple[int, int], list[Any]] = OrderedDict()

    def tile(self, z: int, x: int, y: int) -> bytes:
        """Unpacked; b"" where the archive has none."""
        ident = zxy_to_tileid(z, x, y)
        header = self._header
        offset, length = header["root_offset"], header["root_length"]
        for _ in range(DEPTH):
            entry = find_tile(self._directory(offset, length), ident)
            if entry is None:
                return b""
            if entry.run_length:
                return self._unpacked(header["tile_data_offset"] + entry.offset, entry.length)
            offset, length = header["leaf_directory_offset"] + entry.offset, entry.length
        raise Unreadable("directories too deep")

    def _directory(self, offset: int, length: int) -> list[Any]:
        key = (offset, length)
        kept = self._directories.get(key)
        if kept is not None:
            self._directories.move_to_end(key)
            return kept
        if not 0 < length <= DIRECTORY_MOST or offset + length > len(self._bytes):
            raise Unreadable(f"a directory of {length} bytes at {offset}")
        try:
            read: list[Any] = deserialize_directory(self._bytes[offset : offset + length])
        except Exception as problem:  # noqa: BLE001  (the reader promises nothing about foreign bytes)
            raise Unreadable(f"a directory at {offset}: {problem!r}") from problem
        self._directories[key] = read
        while len(self._directories) > DIRECTORIES_KEPT:
            self._directories.popitem(last=False)
        return read

    def _unpacked(self, offset: int, length: int) -> bytes:
        if not 0 <= length <= TILE_PACKED_MOST or offset + length > len(self._bytes):
            raise Unreadable(f"a tile of {length} bytes at {offset}")
        packed = self._bytes[offset : offset + length]
        if self._header["tile_compression"] == Compression.NONE:
            return packed
        if self._header["tile_compression"] != Compression.GZIP:
            raise Unreadable("a compression that is not known here")
        return unpacked(packed)


def unpacked(packed: bytes) -> bytes:
    """Of gzip, never more than ``TILE_BYTES_MOST``. Raises Unreadable."""
    opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = opened.decompress(packed, TILE_BYTES_MOST)
    except zlib.error as problem:
        raise Unreadable(f"a tile that cannot be unpacked: {problem}") from problem
    if opened.unconsumed_tail or not opened.eof:
        raise Unreadable("a tile that is too large, or cut off")
    return data
