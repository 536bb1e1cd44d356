"""The map in a workplace: fed with the state and the zone sets, joined to the open incident and the command line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console_gui.changes import Changes
from console_gui.command_line.outcomes import Act
from console_gui.core_client import CoreClient
from console_gui.desk import Desk
from console_gui.labels import repolish
from console_gui.limits import MAP_OLDEST_S, MAP_REFRESH_S, MAP_SHARE
from console_gui.map.city_map import CityMap
from console_gui.map.unit_places import UnitPlaces
from console_gui.map.zone_outlines import Outlines, ZonesUnreadable, outlines_or_why
from console_gui.mapping.closures import Closures
from console_gui.mapping.coverage import CoverageLayer
from console_gui.mapping.crowds import CrowdList
from console_gui.mapping.distances import Distances
from console_gui.mapping.finding import Finding
from console_gui.mapping.following import Following
from console_gui.mapping.layers import Layers
from console_gui.mapping.opening import Opening
from console_gui.mapping.pin_moves import PinMoves
from console_gui.mapping.place_menu import PlaceMenu
from console_gui.mapping.place_names import PlaceNames
from console_gui.mapping.street_maps import StreetMaps
from console_gui.mapping.ways import Ways
from console_gui.paced import Paced
from console_gui.preferences import Preferences, maps_folder
from console_gui.sizes import px
from console_gui.tempo import give_back
from console_gui.theme import NIGHT, Look
from console_gui.translations import sentences
from console_gui.translations.formats import one_line
from console_gui.turns import Turn
from console_gui.typefaces import ROW, font
from dispatch_core.domain.duplicates import Likeness
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import ClosureKind
from dispatch_core.wire.envelopes import LiveValue

ZONES_AGAIN_MS = 5_000
"""Between two tries to fetch zones that the core did not give."""

LEAST_BUTTON = 44
"""Pixels of a service's button in a narrow map: its number."""

SHOWN = ("stations", "units", "incidents", "calls", "alarms", "types")
"""Tables of the state that the map shows something of."""


class MapPanel(QWidget):
    """``line_wanted`` are words for the command line. Services can be switched; all are shown at first."""

    line_wanted = Signal(str)

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._versions: dict[str, object] = {}
        self._asked: set[str] = set()
        self.map = CityMap(self)
        self.places = UnitPlaces()
        self.buttons: dict[str, QPushButton] = {}
        self._fit = self._button("")
        self._fit.clicked.connect(self.map.fit)
        desk.words.put(self._fit, "setText", "map.fit")
        self._bar = QWidget(self)
        self._bar.setObjectName("panel")
        self._bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._row = QHBoxLayout(self._bar)
        self._row.setContentsMargins(8, 3, 8, 3)
        self._row.setSpacing(6)
        self.closures, self.layers = Closures(desk, self.map, self), Layers(desk, self.map, self)
        self.streets = StreetMaps(desk, self.map, maps_folder(), self)
        self.names = PlaceNames(desk, self.map, self)
        self.pins, self.ways = PinMoves(desk, self.map, self.names, self), Ways(desk, self.map, self)
        self.opening = Opening(desk, self.map, self.names, self)
        self.following = Following(desk, self.map, self.places, self)
        self.finding = Finding(desk, self.map, self.places, self)
        self.distances = Distances(desk, self.map, self.places, self)
        self.crowds = CrowdList(desk, self.map, self)
        self.menu = PlaceMenu(desk, self.map, self.places, self.names, self)
        self.coverage = CoverageLayer(desk, self.map, self)
        self._row.addStretch(1)
        for button in (self.closures.button, self.layers, self._fit):
            self._row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.closures.listing)
        column.addWidget(self.map, 1)
        column.addWidget(self.closures.reason)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(int(MAP_REFRESH_S * 1000))
        self._refreshed = Turn(self._refresh, self)
        self._soon.timeout.connect(self._refreshed.take)
        self._alike_rounds = 0
        self._alike = Paced(self._follow_alike, self)
        desk.updated.connect(self._update)
        desk.ticked.connect(self._tick)
        desk.live_changed.connect(self._take_places)
        desk.current_changed.connect(self._select)
        desk.words.changed.connect(self._retell)
        self.map.incident_picked.connect(desk.show)
        self.map.unit_picked.connect(self._unit_picked)
        self.layers.draw_wanted.connect(self.closures.begin)
        self.closures.line_wanted.connect(self.line_wanted)
        self.acts: dict[Act, Callable[[str], object]] = {
            Act.DRAW: self.closures.begin,
            Act.ROUTE: self.ways.show_route,
            Act.REACH: self.ways.show_reach,
            Act.LAYER: lambda layer: self.map.show_layer(layer, not self.map.layers[layer]),
            Act.UNDO_PLACE: self.pins.undo,
            Act.FOLLOW: self.following.ask,
            Act.MEASURE: self.distances.begin,
            Act.FIND: self.finding.find,
            Act.OPEN_AT: self.opening.open,
            Act.PIN_HERE: self.pins.here,
            Act.HERE: lambda _: self.menu.show_aimed(),
            Act.CROSS: lambda _: self._aim(),
            Act.LEGEND: lambda _: self.map.show_legend(not self.map.legend),
        }
        """What the command line can want of the map."""
        self._join_hands()
        self.wear()
        self._retell()

    def _join_hands(self) -> None:
        """Keys that are lines, rows that are taken, what the menu of a place offers."""
        desk, city, menu, crowds = self._desk, self.map, self.menu, self.crowds
        city.line_wanted.connect(self._typed)
        crowds.unit_taken.connect(self._choose_unit)
        crowds.incident_taken.connect(desk.show)
        crowds.other_taken.connect(self.finding.take)
        menu.open_wanted.connect(self.opening.open_at)
        menu.pin_wanted.connect(lambda lat, lon: self.pins.move(desk.current, lat, lon))
        menu.close_wanted.connect(lambda lat, lon: self._draw(ClosureKind.CLOSED, lat, lon))
        menu.flood_wanted.connect(lambda lat, lon: self._draw(ClosureKind.FLOODED, lat, lon))
        menu.measure_wanted.connect(self.distances.begin_at)
        menu.unit_wanted.connect(self._choose_unit)

    def remember(self, preferences: Preferences) -> None:
        """What this person had switched off stays off."""
        self.layers.remember(preferences)

    def _typed(self, line: str) -> None:
        """A key of the map is a line: one that ends in a space waits to be completed."""
        if line.endswith(" "):
            self.line_wanted.emit(line)
        else:
            self._desk.run(line)

    def _aim(self) -> None:
        self.map.cross.show(self.map.cross.at is None)
        self.map.setFocus(Qt.FocusReason.OtherFocusReason)

    def _draw(self, kind: ClosureKind, lat: float, lon: float) -> None:
        self.closures.begin(kind.value, (lat, lon))

    def _choose_unit(self, unit: str) -> None:
        self.map.select_unit(unit)
        self._unit_picked(unit)

    def wear(self) -> None:
        """The theme has changed."""
        self.map.set_look(self._look.now is NIGHT)

    def look_at(self, ident: str) -> None:
        """An incident by its id or a unit by its call sign; "" is everything."""
        incident, unit = self._desk.state.incidents.get(ident), self._desk.state.units.get(ident)
        place = incident.location if incident is not None else None
        if place is not None and place.lat is not None and place.lon is not None:
            self.map.look_at(place.lat, place.lon)
        elif unit is not None:
            placed = self.places.placed(self._desk.state).units[ident]
            self.map.look_at(placed.lat, placed.lon)
        elif not ident:
            self.map.fit()

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setFont(font(ROW))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    # --- following the state ------------------------------------------------------------------------------------------

    def _update(self, changes: Changes) -> None:
        if changes.site:
            self._offer_services()
        for service in changes.of("zone_sets").changed:
            self._load(service)
        self.streets.follow()
        if changes.of("closures"):
            self.closures.refresh()
        if changes.of("hospitals"):
            hospitals = self._desk.state.hospitals.values()
            self.map.show_hospitals(tuple((it.lat, it.lon, one_line(it.name, 60)) for it in hospitals))
        if (changes.site or any(changes.of(name) for name in SHOWN)) and not self._soon.isActive():
            self._soon.start()

    def _refresh(self) -> Iterator[None]:
        """In steps; of a large city less often than of a small one: it never takes more than its share of the screen's
        thread."""
        spent, began = 0.0, time.thread_time()
        self.map.seen_at = self.places.at
        for _ in self.map.showing(self.places.placed(self._desk.state), self._desk.now()):
            spent += time.thread_time() - began
            yield
            began = time.thread_time()
        if self.map.selected != self._desk.current:
            self.map.select_incident(self._desk.current)
        self.following.look()
        self._alike.call()
        spent += time.thread_time() - began
        self._soon.setInterval(int(1000 * min(MAP_OLDEST_S, max(MAP_REFRESH_S, spent / MAP_SHARE))))

    def _select(self, incident: str) -> None:
        self.map.select_incident(incident)
        self._link()

    def _link(self) -> None:
        self._alike_rounds += 1
        desk = self._desk
        self._show_alike(desk.alike.of(desk.state, desk.current))

    def _follow_alike(self) -> Iterator[None]:
        """As ``_link``, in steps; given up where something was shown meanwhile, which is newer."""
        self._alike_rounds += 1
        this, desk = self._alike_rounds, self._desk
        found = yield from desk.alike.finding(desk.state, desk.current)
        if this == self._alike_rounds:
            self._show_alike(found)

    def _show_alike(self, found: tuple[Likeness, ...]) -> None:
        self.map.show_alike(tuple(it.other for it in found))

    def _take_places(self, values: tuple[LiveValue, ...]) -> None:
        if self.places.take(values) and not self._soon.isActive():
            self._soon.start()

    def _tick(self) -> None:
        """Once a second the clocks; and what could not be fetched is asked for again."""
        self._refreshed.take()
        for service in self._desk.state.zone_sets:
            self._load(service)

    def _load(self, service: str) -> None:
        """Ask for the outlines of a zone set that is not here in this version."""
        ref = self._desk.state.zone_sets.get(service)
        if ref is None or self._versions.get(service) == ref or service in self._asked:
            return
        self._asked.add(service)
        self._desk.questions.ask(partial(_zones, service), partial(self._loaded, service, ref))

    def _loaded(
        self, service: str, ref: object, answer: Outlines | ZonesUnreadable | None, problem: DispatchError | None
    ) -> None:
        if problem is None:
            self._versions[service] = ref
        if answer is not None:
            self.map.put_zones(service, answer)
        QTimer.singleShot(0 if problem is None else ZONES_AGAIN_MS, self, partial(self._asked.discard, service))

    # --- services -----------------------------------------------------------------------------------------------------

    def _offer_services(self) -> None:
        for code in self._desk.state.site.services:
            if code not in self.buttons:
                button = self.buttons[code] = self._button("")
                button.setCheckable(True)
                button.setChecked(True)
                button.toggled.connect(self._services_changed)
                self._row.insertWidget(len(self.buttons) - 1, button)
        self._retell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_services()

    def _name_services(self) -> None:
        """Where the map is narrow by their numbers alone: its buttons keep no room from the form."""
        state, language = self._desk.state, self._desk.words.language
        for short in (False, True):
            for code, button in self.buttons.items():
                name, number = sentences.service(state, code, language), sentences.number_of(state, code)
                button.setText(number if short and number else f"{number} {name}".strip().replace("&", "&&"))
                repolish(button, "narrow" if short else "")
                button.setMinimumWidth(px(LEAST_BUTTON))
            if self._row.sizeHint().width() <= self.width():
                return

    def _services_changed(self) -> None:
        self.map.show_services(code for code, button in self.buttons.items() if button.isChecked())

    def _retell(self) -> None:
        self.map.set_language(self._desk.words.language)
        self._name_services()

    def _unit_picked(self, unit: str) -> None:
        self.line_wanted.emit(f"/st {unit} ")


def _zones(service: str, client: CoreClient) -> Outlines | ZonesUnreadable | None:
    """In the thread of questions: fetched and read."""
    answer = client.zones(service)
    if answer is None:
        return None
    read = outlines_or_why(service, answer[0])
    give_back()  # what was read in between is many times what is kept
    return read
