"""Measuring at this desk: points by hand, or from one thing to another by name; by road when the core answers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.mercator import bounds_of
from console_gui.map.ruler import Ruler
from console_gui.map.unit_places import UnitPlaces
from console_gui.mapping.telling import tell_wrong
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.ways import AlongShown


class Distances(QObject):
    def __init__(self, desk: Desk, city: CityMap, places: UnitPlaces, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map, self._places = desk, city, places
        city.measuring.wanted.connect(self._ask)

    def begin(self, asked: str) -> None:
        """``unit A12|incident 2026…``: between these; one of them: from there; "": by hand, or off again."""
        if not asked and self._map.measuring.ruler is not None:
            self._map.measuring.leave()
            return
        found = []
        for name in filter(None, asked.split("|")):
            place = self._place(*name.split(" ", 1))
            if place is None:
                tell_wrong(self._desk, "map.no_place_yet", f"do {asked}", number=name.partition(" ")[2])
                return
            found.append(place)
        self._begin(Ruler.along(found))

    def begin_at(self, lat: float, lon: float) -> None:
        self._begin(Ruler.along([(lat, lon)]))

    def _begin(self, ruler: Ruler) -> None:
        self._map.drawing.leave()
        self._map.measuring.begin(ruler)
        bounds = bounds_of(list(ruler.points))
        if len(ruler.points) > 1 and bounds is not None:
            self._map.move_to(self._map.viewport.fitted(bounds))
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self, kind: str, ident: str) -> tuple[float, float] | None:
        state = self._places.placed(self._desk.state)
        if kind == "unit" and ident in state.units:
            return state.units[ident].lat, state.units[ident].lon
        incident = state.incidents.get(ident)
        place = incident.location if incident is not None else None
        if place is None or place.lat is None or place.lon is None:
            return None
        return place.lat, place.lon

    def _ask(self, ruler: Ruler) -> None:
        points = ruler.degrees()
        self._desk.questions.ask(lambda client: client.along(points), partial(self._answered, ruler))

    def _answered(self, ruler: Ruler, found: AlongShown | None, problem: DispatchError | None) -> None:
        self._map.measuring.answered(ruler.points, found)
