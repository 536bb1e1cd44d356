"""The map follows one thing until it is told otherwise: a unit, an incident, or the call of one's own position.

Guards: it is said on the map what is followed; a hand that moves the map ends it, and that is said too.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.follow import followed
from console_gui.map.mercator import finite_place, to_world
from console_gui.map.unit_places import UnitPlaces
from console_gui.map.words import said
from console_gui.mapping.telling import tell_wrong
from console_gui.translations.formats import short

SUBJECT = "follow"
ENDED_SHOWN_MS = 6_000


class Following(QObject):
    def __init__(self, desk: Desk, city: CityMap, places: UnitPlaces, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map, self._places = desk, city, places
        self.kind, self.ident = "", ""
        self._forget = QTimer(self)
        self._forget.setSingleShot(True)
        self._forget.setInterval(ENDED_SHOWN_MS)
        self._forget.timeout.connect(self.tell)
        city.moved_by_hand.connect(self._by_hand)
        desk.words.changed.connect(self.tell)
        desk.updated.connect(self.look)
        desk.current_changed.connect(self.look)

    def ask(self, asked: str) -> None:
        """``unit A12``, ``incident 2026…``, ``call``; "" ends it, or begins with what is chosen."""
        kind, _, ident = asked.partition(" ")
        if not kind and not self.kind:
            kind, ident = self._chosen()
            if not kind:
                tell_wrong(self._desk, "map.follow_what", "bam")
                return
        self.kind, self.ident = kind, ident
        self._forget.stop()
        if kind == "unit":
            self._map.select_unit(ident)
        place = self._place()
        if place is not None:
            self._map.look_at(*place)
        self.tell()

    def _chosen(self) -> tuple[str, str]:
        if self._map.selected_unit:
            return "unit", self._map.selected_unit
        if self._desk.own_call() is not None:
            return "call", ""
        return ("incident", self._desk.current) if self._desk.current else ("", "")

    def look(self, *_: object) -> None:
        """Bring it back into sight where it has left; one that is gone is not followed."""
        if not self.kind:
            return
        if (self.kind == "unit" and self.ident not in self._desk.state.units) or (
            self.kind == "incident" and self.ident not in self._desk.state.incidents
        ):
            self.ask("")
            return
        place = self._place()
        if place is not None:
            self._map.move_to(followed(self._map.viewport, *to_world(*place)))
        if self.kind == "call":
            self.tell()

    def _place(self) -> tuple[float, float] | None:
        state = self._places.placed(self._desk.state)
        if self.kind == "unit":
            unit = state.units.get(self.ident)
            return (unit.lat, unit.lon) if unit is not None and finite_place(unit.lat, unit.lon) else None
        call = self._desk.own_call() if self.kind == "call" else None
        incident = state.incidents.get(self.ident if call is None else call.incident)
        for location in (incident.location if incident is not None else None, call.location if call else None):
            if location is not None and finite_place(location.lat, location.lon):
                assert location.lat is not None and location.lon is not None
                return location.lat, location.lon
        return None

    def _name(self) -> str:
        return short(self.ident) if self.kind == "incident" else self.ident

    def tell(self) -> None:
        language = self._desk.words.language
        if not self.kind:
            self._map.show_hint(None, SUBJECT)
        elif self.kind == "call":
            key = "follow.call" if self._place() is not None else "follow.call_nowhere"
            self._map.show_hint((said(key, language), False), SUBJECT)
        else:
            self._map.show_hint((said("follow.unit", language, name=self._name()), False), SUBJECT)

    def _by_hand(self) -> None:
        if self.kind:
            name = self._name() or self._desk.words("map.own_call")
            self.kind, self.ident = "", ""
            self._map.show_hint((said("follow.ended", self._desk.words.language, name=name), True), SUBJECT)
            self._forget.start()
