"""The tiles of the streets that consoles fetch: those of the map version in force."""

from __future__ import annotations

from collections.abc import Callable

from dispatch_core.ports import MapFile
from gis.map_import.versions import MapVersion
from gis.tiles.build import ARCHIVE


class StreetTiles:
    """``open`` is for ``Maps.on_map``."""

    def __init__(self) -> None:
        self._file: MapFile | None = None

    def now(self) -> MapFile | None:
        """None where there is no map, or one that was made without tiles."""
        return self._file

    def open(self, version: MapVersion) -> Callable[[], None]:
        path = version.part(ARCHIVE)
        found = None
        if path is not None and path.is_file():
            known = version.manifest.files[ARCHIVE]
            found = MapFile(version.version, path, known.bytes, known.sha256)

        def take() -> None:
            self._file = found

        return take
