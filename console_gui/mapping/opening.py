"""An incident made at a place of the map: named after its street and ward, opened in the form when the core has it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.mapping.pin_moves import pinned
from console_gui.mapping.place_names import PlaceNames
from console_gui.mapping.telling import tell_problem, tell_wrong
from console_gui.places import first_place, location_of
from dispatch_core.domain.commands import OpenIncident
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Location, Suggestion

WANTED_MOST = 20
"""Asked for and not seen yet; a refused one is forgotten in its turn."""


class Opening(QObject):
    def __init__(self, desk: Desk, city: CityMap, names: PlaceNames, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map, self._names = desk, city, names
        self._wanted: list[Location] = []
        desk.updated.connect(self._look)

    def open(self, asked: str) -> None:
        """At ``lat,lon``, at an address, or where the map aims."""
        lat, _, lon = asked.partition(",")
        try:
            place = (float(lat), float(lon))
        except ValueError:
            if asked:
                first_place(self._desk.questions, asked, self._map.aimed(), partial(self._looked_up, asked), self)
                return
            place = self._map.aimed()
        self.open_at(*place)

    def open_at(self, lat: float, lon: float) -> None:
        self._names.ask(lat, lon, lambda label: self._ask(pinned(label, lat, lon, self._desk.now())))

    def _looked_up(self, asked: str, found: Suggestion | None, problem: DispatchError | None) -> None:
        if found is not None:
            self._ask(location_of(found, self._desk.now()), f"mo {asked}")
        elif problem is not None:
            tell_problem(self._desk, problem, f"mo {asked}")
        else:
            tell_wrong(self._desk, "line.no_place_found", f"mo {asked}", text=asked)

    def _ask(self, place: Location, typed: str = "mo") -> None:
        self._wanted = [*self._wanted[-WANTED_MOST:], place]
        self._desk.ask(OpenIncident(location=place), typed)

    def _look(self, _: object) -> None:
        """What was opened from here is shown in the form, once."""
        if not self._wanted:
            return
        for incident in self._desk.state.incidents.values():
            if incident.owner == self._desk.user and incident.location in self._wanted and not incident.calls:
                self._wanted.remove(incident.location)
                self._desk.show(incident.id)
                return
