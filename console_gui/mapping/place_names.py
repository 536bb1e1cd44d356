"""A place on the map named after its street and its ward, from what this console has: no network is needed. Where
neither is known its coordinates are its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.streets.messages import NearFound
from console_gui.translations.tables import say

NEAR_WITHIN_MS = 1_200
"""A place that nobody could name by then goes without a name."""

ON_THE_STREET_M = 25.0

Named = Callable[[str], None]


class PlaceNames(QObject):
    def __init__(self, desk: Desk, city: CityMap, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self._waiting: dict[int, tuple[float, float, Named]] = {}
        city.streets.near_found.connect(self._found)

    def ask(self, lat: float, lon: float, named: Named) -> None:
        """``named`` is told once, at once where there are no streets."""
        if not self._map.streets.archive:
            named(self._label("", lat, lon))
            return
        number = self._map.streets.workshop.ask_near(lat, lon)
        self._waiting[number] = (lat, lon, named)
        QTimer.singleShot(NEAR_WITHIN_MS, self, partial(self._settle, number, ""))

    def _found(self, found: NearFound) -> None:
        street = found.street
        if street and found.metres > ON_THE_STREET_M:
            street = say(self._desk.words.language, "map.near_street", street=street)
        self._settle(found.number, street)

    def _settle(self, number: int, street: str) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is not None:
            lat, lon, named = waiting
            named(self._label(street, lat, lon))

    def _label(self, street: str, lat: float, lon: float) -> str:
        return ", ".join(filter(None, (street, self._map.zone_at(lat, lon)))) or f"{lat:.5f}, {lon:.5f}"
