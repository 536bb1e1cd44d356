"""An incident's pin moved by hand: the place is told to the core at once, and the one of before is one key away."""

from __future__ import annotations

import math
from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.mapping.place_names import PlaceNames
from console_gui.mapping.telling import tell_wrong
from dispatch_core.domain.commands import Locate
from dispatch_core.domain.vocabulary import Instant, Location, LocationSource

REMEMBERED = 50
PIN_UNCERTAINTY_M = 15.0


def pinned(label: str, lat: float, lon: float, at: Instant) -> Location:
    """A place that a person showed on the map."""
    return Location(
        label=label, source=LocationSource.MAP_PIN, lat=lat, lon=lon, uncertainty_m=PIN_UNCERTAINTY_M, confidence=90,
        at=at,
    )  # fmt: skip


class PinMoves(QObject):
    def __init__(self, desk: Desk, city: CityMap, names: PlaceNames, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map, self._names = desk, city, names
        self._before: OrderedDict[str, list[Location]] = OrderedDict()
        city.place_dragged.connect(self.move)
        city.undo_wanted.connect(lambda: self.undo(desk.current))

    def here(self, incident: str) -> None:
        """The pin of this incident to where the map aims."""
        self.move(incident or self._desk.current, *self._map.aimed())

    def move(self, incident: str, lat: float, lon: float) -> None:
        """``seen``: the version of the place that the person saw when they moved it."""
        known = self._desk.state.incidents.get(incident)
        if known is None or not (math.isfinite(lat) and math.isfinite(lon)):
            return
        self._names.ask(lat, lon, partial(self._place, incident, lat, lon, known.location_version))

    def undo(self, incident: str) -> None:
        """The place of before the last move, with its own name and source."""
        known = self._desk.state.incidents.get(incident)
        places = self._before.get(incident)
        if known is None or not places:
            tell_wrong(self._desk, "map.no_undo")
            return
        self._desk.ask(Locate(incident=incident, location=places.pop(), seen=known.location_version), "@-")

    def _place(self, incident: str, lat: float, lon: float, seen: int, label: str) -> None:
        known = self._desk.state.incidents.get(incident)
        if known is None:
            return
        if known.location is not None:
            self._remember(incident, known.location)
        self._desk.ask(Locate(incident=incident, location=pinned(label, lat, lon, self._desk.now()), seen=seen))

    def _remember(self, incident: str, place: Location) -> None:
        places = self._before.setdefault(incident, [])
        places.append(place)
        del places[:-REMEMBERED]
        self._before.move_to_end(incident)
        while len(self._before) > REMEMBERED:
            self._before.popitem(last=False)
