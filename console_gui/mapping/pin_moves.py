"""An incident's pin moved by hand: the place is told to the core at once, and the one of before is one key away.

The new place is named after the nearest street and the ward there, from what this console has; it needs no network for
that. Where neither is known its coordinates are its name.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.streets.messages import NearFound
from console_gui.notice import Kind, Notice
from console_gui.translations.tables import say
from dispatch_core.domain.commands import Locate
from dispatch_core.domain.vocabulary import Location, LocationSource

NEAR_WITHIN_MS = 1_200
"""A place that nobody could name by then goes without a name."""

ON_THE_STREET_M = 25.0
REMEMBERED = 50
PIN_UNCERTAINTY_M = 15.0


@dataclass(frozen=True, slots=True)
class Moved:
    """Waits for its name. ``seen``: the version of the place that the person saw."""

    incident: str
    lat: float
    lon: float
    seen: int


class PinMoves(QObject):
    def __init__(self, desk: Desk, city: CityMap, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self._waiting: dict[int, Moved] = {}
        self._before: OrderedDict[str, list[Location]] = OrderedDict()
        city.place_dragged.connect(self.move)
        city.undo_wanted.connect(lambda: self.undo(desk.current))
        city.streets.near_found.connect(self._found)

    def move(self, incident: str, lat: float, lon: float) -> None:
        known = self._desk.state.incidents.get(incident)
        if known is None:
            return
        moved = Moved(incident, lat, lon, known.location_version)
        if not self._map.streets.archive:
            self._place(moved, "")
            return
        number = self._map.streets.workshop.ask_near(lat, lon)
        self._waiting[number] = moved
        QTimer.singleShot(NEAR_WITHIN_MS, self, partial(self._settle, number, ""))

    def undo(self, incident: str) -> None:
        """The place of before the last move, with its own name and source."""
        known = self._desk.state.incidents.get(incident)
        places = self._before.get(incident)
        if known is None or not places:
            sentence = partial(say, key="map.no_undo")
            self._desk.noticed.emit(Notice(Kind.WRONG, "no_undo", sentence, "", self._desk.now()))
            return
        self._desk.ask(Locate(incident=incident, location=places.pop(), seen=known.location_version), "@-")

    def _found(self, found: NearFound) -> None:
        street = found.street
        if street and found.metres > ON_THE_STREET_M:
            street = say(self._desk.words.language, "map.near_street", street=street)
        self._settle(found.number, street)

    def _settle(self, number: int, street: str) -> None:
        moved = self._waiting.pop(number, None)
        if moved is not None:
            self._place(moved, street)

    def _place(self, moved: Moved, street: str) -> None:
        known = self._desk.state.incidents.get(moved.incident)
        if known is None or not (math.isfinite(moved.lat) and math.isfinite(moved.lon)):
            return
        ward = self._map.zone_at(moved.lat, moved.lon)
        label = ", ".join(filter(None, (street, ward))) or f"{moved.lat:.5f}, {moved.lon:.5f}"
        place = Location(
            label=label, source=LocationSource.MAP_PIN, lat=moved.lat, lon=moved.lon,
            uncertainty_m=PIN_UNCERTAINTY_M, confidence=90, at=self._desk.now(),
        )  # fmt: skip
        if known.location is not None:
            self._remember(moved.incident, known.location)
        self._desk.ask(Locate(incident=moved.incident, location=place, seen=moved.seen))
        sentence = partial(say, key="map.moved", place=label)
        self._desk.noticed.emit(Notice(Kind.TOLD, "pin_moved", sentence, "", self._desk.now(), quiet=True))

    def _remember(self, incident: str, place: Location) -> None:
        places = self._before.setdefault(incident, [])
        places.append(place)
        del places[:-REMEMBERED]
        self._before.move_to_end(incident)
        while len(self._before) > REMEMBERED:
            self._before.popitem(last=False)
