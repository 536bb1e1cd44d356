"""On the map: wards that nobody reaches in time, and the hydrants of the open incident."""

from __future__ import annotations

from PySide6.QtCore import QObject

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.models.coverage import KIND
from dispatch_core.domain.vocabulary import LegState
from dispatch_core.wire.envelopes import LiveValue


class CoverageLayer(QObject):
    def __init__(self, desk: Desk, city: CityMap, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self._told: dict[str, tuple[str, frozenset[str]]] = {}  # by rule: service and codes
        if desk.supervising:
            desk.live_changed.connect(self._take)
        desk.updated.connect(self.refresh)
        desk.current_changed.connect(self.refresh)

    def _take(self, values: tuple[LiveValue, ...]) -> None:
        mine = [value for value in values if value.kind == KIND]
        for value in mine:
            codes = value.value.get("codes")
            known = frozenset(map(str, codes)) if isinstance(codes, list) else frozenset()
            self._told[value.key] = (str(value.value.get("service", "")), known)
        if mine:
            holes: dict[str, frozenset[str]] = {}
            for service, codes in self._told.values():
                holes[service] = holes.get(service, frozenset()) | codes
            self._map.show_holes(holes)

    def refresh(self, *_: object) -> None:
        """Hydrants stand there while a fire leg of the open incident does."""
        state = self._desk.state
        incident = state.incidents.get(self._desk.current)
        fire = incident.legs.get(state.place_rules.hydrant_service) if incident is not None else None
        found = incident.premises if incident is not None else None
        near = found.hydrants if found is not None and fire is not None and fire.state is LegState.OPEN else ()
        self._map.show_hydrants(tuple((it.lat, it.lon) for it in near))
