"""The streets of the map in force on the screen: fetched, kept, shown, and what is said while they are not."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.streets.library import Library
from console_gui.map.words import said


class StreetMaps(QObject):
    def __init__(self, desk: Desk, city: CityMap, folder: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self.library = Library(folder, desk.questions, self)
        self.library.ready.connect(city.streets.use)
        self.library.changed.connect(self.tell)
        city.streets.changed.connect(self.tell)
        desk.words.changed.connect(self.tell)
        self.tell()

    def follow(self) -> None:
        """The state names the map in force."""
        ref = self._desk.state.map
        self.library.follow(ref.version if ref is not None else 0)
        self.tell()

    def tell(self) -> None:
        self._map.show_hint(self._hint())

    def _hint(self) -> tuple[str, bool] | None:
        language, library, streets = self._desk.words.language, self.library, self._map.streets
        if self._desk.state.map is None:
            return (said("streets.none", language), False) if self._desk.state.seq else None
        if streets.archive:
            if streets.unreadable:
                return said("streets.unreadable", language, why=streets.unreadable[:80]), True
            return (said("streets.broken", language), True) if streets.broken else None
        if library.missing:
            return said("streets.without", language), False
        if library.problem is not None:
            return (library.problem.en if language == "en" else library.problem.vi), True
        return said("streets.fetching", language, percent=round(100 * (library.share or 0.0))), False
