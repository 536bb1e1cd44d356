"""What can be done at a place of the map, and what is there: opened by the right button, by Menu, Shift+F10 or a
line.

The ward and its former names come from the core a moment later; the menu stands meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.mercator import to_degrees, to_world
from console_gui.map.ruler import metres_apart
from console_gui.map.unit_places import UnitPlaces
from console_gui.mapping.place_names import PlaceNames
from console_gui.signs import STATUS_SIGNS
from console_gui.translations.formats import metres, short
from console_gui.typefaces import ROW, font
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import IncidentState, UnitStatus
from dispatch_core.wire.ways import HereShown

NEAREST, FORMER_SHOWN = 5, 4


class PlaceMenu(QObject):
    """Signals are (lat, lon), or a unit."""

    open_wanted = Signal(float, float)
    pin_wanted = Signal(float, float)
    close_wanted = Signal(float, float)
    flood_wanted = Signal(float, float)
    measure_wanted = Signal(float, float)
    unit_wanted = Signal(str)

    def __init__(self, desk: Desk, city: CityMap, places: UnitPlaces, names: PlaceNames, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._map, self._places, self._names = desk, city, places, names
        self.menu: QMenu | None = None
        self.here: list[QAction] = []
        city.menu_wanted.connect(self.show)

    def show_aimed(self) -> None:
        px, py = self._map.cross.at or (self._map.width() / 2, self._map.height() / 2)
        self.show(px, py)

    def show(self, px: float, py: float) -> None:
        lat, lon = to_degrees(*self._map.viewport.from_screen(px, py))
        words, desk = self._desk.words, self._desk
        if self.menu is not None:
            self.menu.close()
        menu = self.menu = QMenu(self._map)
        menu.setFont(font(ROW))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.aboutToHide.connect(partial(self._closed, menu))
        self.here = [menu.addAction(text) for text in (f"{lat:.5f}, {lon:.5f}", words("map.here.asking"))]
        for action in self.here:
            action.setEnabled(False)
        menu.addSeparator()

        def add(key: str, shortcut: str, signal: Callable[[float, float], object], **values: object) -> QAction:
            action = menu.addAction(f"{words(key, **values)}\t{shortcut}")
            action.triggered.connect(lambda: signal(lat, lon))
            return action

        first = add("map.here.open", "N", self.open_wanted.emit)
        incident = desk.state.incidents.get(desk.current)
        if incident is not None and incident.state is not IncidentState.CLOSED:
            add("map.here.pin", "P", self.pin_wanted.emit, number=short(incident.id))
        add("map.draw_closed", "D", self.close_wanted.emit)
        add("map.draw_flooded", "F", self.flood_wanted.emit)
        add("map.here.measure", "M", self.measure_wanted.emit)
        menu.addSeparator()
        menu.addAction(words("map.here.nearest")).setEnabled(False)
        for sign, text in self._nearest(lat, lon):
            menu.addAction(text).triggered.connect(partial(self._unit, sign))
        menu.setActiveAction(first)
        menu.popup(self._map.mapToGlobal(QPoint(round(px), round(py))))
        self._names.ask(lat, lon, partial(self._named, menu))
        self._desk.questions.ask(lambda client: client.here(lat, lon), partial(self._answered, menu))

    def _unit(self, sign: str, _: bool = False) -> None:
        self.unit_wanted.emit(sign)

    def _nearest(self, lat: float, lon: float) -> list[tuple[str, str]]:
        """Units that are available, by the straight line: who is proposed is the core's to say, by road."""
        state, here = self._places.placed(self._desk.state), to_world(lat, lon)
        language = self._desk.words.language
        free = (it for it in state.units.values() if it.status is UnitStatus.AVAILABLE)
        away = sorted((metres_apart(here, to_world(it.lat, it.lon)), it.call_sign) for it in free)
        return [
            (sign, f"{STATUS_SIGNS[UnitStatus.AVAILABLE]} {sign} · {metres(far, language)}")
            for far, sign in away[:NEAREST]
        ]

    def _named(self, menu: QMenu, label: str) -> None:
        if menu is self.menu:
            self.here[0].setText(label)

    def _answered(self, menu: QMenu, found: HereShown | None, problem: DispatchError | None) -> None:
        if menu is not self.menu:
            return
        words = self._desk.words
        if found is None or not found.ward:
            self.here[1].setText(words("map.here.unknown"))
            return
        ward = words("map.here.about", ward=found.ward) if found.approximate else found.ward
        former = "; ".join(found.former[:FORMER_SHOWN]) + ("…" if len(found.former) > FORMER_SHOWN else "")
        self.here[1].setText(words("map.here.ward", ward=ward, former=former) if former else ward)

    def _closed(self, menu: QMenu) -> None:
        if menu is self.menu:
            self.menu = None
        self._map.setFocus(Qt.FocusReason.OtherFocusReason)
