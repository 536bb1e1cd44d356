"""What was clicked as a group, as a list: of units or incidents at one spot or in one cell of the map."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from console_gui.command_line.resolve import natural_key
from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.listing import Row
from console_gui.map.picking import Kind, Target
from console_gui.map.words import said
from console_gui.signs import STATUS_SIGNS
from console_gui.translations.formats import one_line, short
from dispatch_core.domain.vocabulary import UnitStatus

CLOSER = 2.5
"""What + on the list of a group brings it nearer by."""


class CrowdList(QObject):
    """``unit_taken``, ``incident_taken``, ``other_taken`` (kind, id): somebody chose a row."""

    unit_taken = Signal(str)
    incident_taken = Signal(str)
    other_taken = Signal(str, str)

    def __init__(self, desk: Desk, city: CityMap, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self._at = (0.0, 0.0)
        self._crowd = False
        city.crowd_picked.connect(self.show)
        city.listing.taken.connect(self._take)
        city.listing.closer.connect(lambda: city.zoom(CLOSER, *self._at))

    def show(self, target: Target) -> None:
        self._at, self._crowd = (target.px, target.py), True
        language, state = self._desk.words.language, self._desk.state
        keys = said("crowd.keys", language)
        if target.kind is Kind.INCIDENTS:
            rows = [Row("crowd_incident", it, self._incident(it)) for it in target.members if it in state.incidents]
            title = said("incidents", language, count=len(rows))
        else:
            units = [state.units[it] for it in sorted(target.members, key=natural_key) if it in state.units]
            units.sort(key=lambda it: it.status is not UnitStatus.AVAILABLE)
            rows = [
                Row("crowd_unit", it.call_sign,
                    f"{STATUS_SIGNS[it.status]} {it.call_sign} · {self._desk.words(f'status.{it.status}')}")
                for it in units
            ]  # fmt: skip
            free = sum(it.status is UnitStatus.AVAILABLE for it in units)
            title = said("units", language, count=len(units), available=free)
        if rows:
            self._map.listing.show_rows(title, keys, rows, *self._at)

    def _incident(self, ident: str) -> str:
        incident = self._desk.state.incidents[ident]
        kind = self._desk.state.types.get(incident.type)
        name = "" if kind is None else kind.en if self._desk.words.language == "en" else kind.vi
        place = one_line(incident.location.label, 50) if incident.location is not None else ""
        return " · ".join(filter(None, (f"P{incident.priority} {short(ident)}", name, place)))

    def _take(self, kind: str, ident: str) -> None:
        if kind == "crowd_unit":
            self.unit_taken.emit(ident)
        elif kind == "crowd_incident":
            self.incident_taken.emit(ident)
        else:
            self.other_taken.emit(kind, ident)
