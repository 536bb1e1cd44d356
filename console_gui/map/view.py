"""The map widget: painted by hand, without a network. Pictures and hit testing come from the Qt-free modules beside it.

Guards: a new state repaints marks only; whatever a zone set contains, the map goes on and says what is wrong; nothing
that came from outside is read as rich text; a person who has moved the map is never moved by new data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console_gui.map.canvas import Canvas
from console_gui.map.furniture import Box, Furniture
from console_gui.map.ground import Ground
from console_gui.map.hover import Hover
from console_gui.map.look import DAY, NIGHT, Look
from console_gui.map.marks import Scene, SceneOf
from console_gui.map.mercator import bounds_of, first_look, to_degrees, to_world
from console_gui.map.painting import paint
from console_gui.map.picking import Kind, Target, pick
from console_gui.map.picture import Picture, compose
from console_gui.map.sprites import Sprites
from console_gui.map.telling import describe, tell
from console_gui.map.words import said
from console_gui.map.zone_outlines import Outlines, ZonesUnreadable, outlines_or_why
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant

LOOK_SCALE = 8_000_000.0
"""``look_at`` goes at least as near as this: about 5 m a pixel."""

CLOSER = 2.5
"""What a click on a group brings it nearer by."""

STEPS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


class MapView(Canvas):
    """Zones, incidents, units and stations. Languages are ``vi`` and ``en``; places WGS84 degrees, latitude first."""

    incident_picked = Signal(str)
    unit_picked = Signal(str)
    place_picked = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._language, self._look, self._now = "vi", NIGHT, 0
        self._state, self._scene, self._scenes = State(), Scene(), SceneOf()
        self._services: frozenset[str] | None = None
        self.selected = ""
        self._alike: tuple[str, ...] = ()
        self._opened: tuple[float, float] | None = None
        self._under: Target | None = None
        self._ground = Ground()
        self._wrong: dict[str, ZonesUnreadable] = {}
        self._sprites: Sprites | None = None
        self._sprites_for: tuple[object, ...] = ()
        self._furniture: Furniture | None = None
        self._furniture_for: tuple[object, ...] = ()
        self._legend, self._all = True, False
        self._picture: Picture | None = None
        self._hover = Hover(self)
        self.seen_at: Mapping[str, Instant] = {}
        """When each unit reported the place at which it is drawn."""
        self._dress()

    # what to show

    def show_zones(self, service: str, geojson: bytes | str | dict[str, Any]) -> bool:
        """The zones of a service as the core gives them. False where they cannot be read: the note in the corner says
        why, and the zones shown before stay."""
        return self.put_zones(service, outlines_or_why(service, geojson))

    def put_zones(self, service: str, read: Outlines | ZonesUnreadable) -> bool:
        """The same, read already: in another thread, because a city's zones take a second."""
        if isinstance(read, ZonesUnreadable):
            self._wrong[service] = read
        else:
            self._ground.put(service, read)
            self._wrong.pop(service, None)
            self._settle()
        self._renew()
        return service not in self._wrong

    def show_state(self, state: State) -> None:
        self._state, self._scene = state, self._scenes.show(state, self._now)
        if self.selected not in state.incidents:
            self.selected = ""
        self._settle()
        self._describe()
        self._renew()

    def show_services(self, codes: Iterable[str]) -> None:
        """Only what belongs to these services, and incidents that belong to none yet."""
        self._services = frozenset(codes)
        self._renew()

    def show_time(self, now: Instant) -> None:
        """The core's time now, once a second: for ages and for what has become late. Without it ages are told as the
        time of day, and only alarms make an incident late."""
        self._now = now
        if (scene := self._scenes.show(self._state, now)) != self._scene:
            self._scene = scene
            self._describe()
            self._renew()

    def select_incident(self, incident: str) -> None:
        """Highlight it and its units ("" = none); no signal is sent."""
        self.selected = incident
        self._renew()

    def show_alike(self, incidents: tuple[str, ...]) -> None:
        """What may be the same as the selected one: a thin line joins them."""
        if incidents != self._alike:
            self._alike = incidents
            self._renew()

    def set_look(self, dark: bool) -> None:
        self._look = NIGHT if dark else DAY
        self._dress()
        self._renew()

    def set_language(self, code: str) -> None:
        self._language = code
        self._dress()
        self._renew()

    def look_at(self, lat: float, lon: float) -> None:
        """Bring a place to the middle, near enough to tell streets apart."""
        view = self.viewport.centred(*to_world(lat, lon))
        self.move_to(view.zoomed(max(1.0, LOOK_SCALE / view.scale), view.width / 2, view.height / 2))

    def fit(self) -> None:
        """The city and its incidents, without what is far out; asked again, every one of them. Where there are none,
        the zones."""
        before, self.moved, self._all = self.viewport, False, False
        self._settle()
        if self.viewport == before:
            self._all = True
            self._settle()
        self.changed()

    # what an heir adds

    def paint_backdrop(self, painter: QPainter, ratio: float) -> None:
        """Beneath the outlines of zones; ``ratio`` of the screen's pixels to one of the painter's."""
        painter.fillRect(self.rect(), self._look.ground)

    def paint_under_marks(self, painter: QPainter, picture: Picture) -> None:
        """Between the outlines and everything that stands on the map."""

    def paint_over_marks(self, painter: QPainter) -> None:
        """Over everything but the corners."""

    def more_corners(self) -> list[Box]:
        """Boxes that something of the heir's covers."""
        return []

    def ground_look(self) -> Look:
        """The colours in which outlines are drawn."""
        return self._look

    def _zones_of(self) -> frozenset[str] | None:
        """The services whose zones are drawn; None is all."""
        return self._services

    # what is shown now

    @property
    def notes(self) -> list[tuple[str, bool]]:
        """What stands in the corner; the flag marks what went wrong."""
        english = self._language == "en"
        told = [(problem.en if english else problem.vi, True) for problem in self._wrong.values()]
        if any(it.approximate for it in self._ground.sets(self._zones_of())):
            told.append((said("approximate", self._language), False))
        return told

    def picture(self) -> Picture:
        """What stands where, in pixels of this widget."""
        if self._picture is None:
            corners = [*self._made_furniture().boxes(self.viewport, self._legend), *self.more_corners()]
            self._picture = compose(
                self._scene, self.viewport, self._made_sprites().measure,
                services=self._services, selected=self.selected, alike=self._alike, opened=self._opened,
                zones=self._ground.names(self._zones_of()), corners=corners,
            )  # fmt: skip
        return self._picture

    def hover_text(self) -> str:
        return "" if self._hover.isHidden() else self._hover.text()

    def ground_painted(self) -> int:
        """How often outlines were painted since the beginning."""
        return self._ground.painted

    # answers to the hand

    def changed(self) -> None:
        self._renew()

    def resized(self) -> None:
        self._settle()

    def clicked(self, px: float, py: float) -> None:
        target = pick(self.picture().targets, px, py)
        if target is None:
            self._opened = None
            self._renew()
        elif target.kind is Kind.UNIT:
            self.unit_picked.emit(target.id)
        elif target.kind is not Kind.STATION:
            self._look_into(target)

    def right_clicked(self, px: float, py: float) -> None:
        lat, lon = to_degrees(*self.viewport.from_screen(px, py))
        self.place_picked.emit(lat, lon)

    def pointed(self, px: float, py: float) -> None:
        self._under = pick(self.picture().targets, px, py)
        if self._under is None:
            self.left()
            return
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        told = tell(self._under, self._state, self._language, self._now, self.seen_at)
        self._hover.tell(told, px, py, self.width(), self.height())

    def left(self) -> None:
        self._under = None
        self.unsetCursor()
        self._hover.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self._step(STEPS[key])
        elif key is Qt.Key.Key_L:
            self._legend = not self._legend
            self._renew()
        elif key is Qt.Key.Key_Escape and (self._opened is not None or self.selected):
            self._opened, self.selected = None, ""
            self._renew()
        else:
            super().keyPressEvent(event)

    def _choose(self, incident: str) -> None:
        self.select_incident(incident)
        self.incident_picked.emit(incident)

    def _look_into(self, target: Target) -> None:
        """A group of one spot opens as a list; of incidents there, the one to look at first is chosen."""
        if target.kind is Kind.INCIDENT:
            self._choose(target.id)
        elif target.one_place is None:
            self.zoom(CLOSER, target.px, target.py)
        elif target.kind is Kind.UNITS:
            self._opened = target.one_place
            self._renew()
        else:
            following = target.members.index(self.selected) + 1 if self.selected in target.members else 0
            self._choose(target.members[following % len(target.members)])

    def _step(self, by: int) -> None:
        """The next incident in the order of urgency, brought into sight."""
        marks = sorted(self._scene.incidents, key=lambda it: it.rank)
        if not marks:
            return
        at = next((index for index, it in enumerate(marks) if it.id == self.selected), -1 if by > 0 else 0)
        mark = marks[(at + by) % len(marks)]
        px, py = self.viewport.to_screen(mark.x, mark.y)
        if not (0 <= px <= self.width() and 0 <= py <= self.height()):
            self.move_to(self.viewport.centred(mark.x, mark.y))
        self._choose(mark.id)

    # within

    def _renew(self) -> None:
        self._picture = None
        if self._under is not None:
            self.left()  # what it spoke of may have moved
        self.update()

    def _settle(self) -> None:
        """Until a person moves the map it shows the city and its incidents."""
        if self.moved:
            return
        scene = self._scene
        incidents = [(it.x, it.y) for it in scene.incidents]
        others = [(it.x, it.y) for kind in (scene.units, scene.stations) for it in kind]
        if not incidents and not others:
            others = [zone.label_at for one in self._ground.sets(None) for zone in one.zones]
        bounds = bounds_of([*incidents, *others]) if self._all else first_look(incidents, others)
        if bounds is not None:
            self.viewport = self.viewport.fitted(bounds)

    def _made_sprites(self) -> Sprites:
        """For the look, screen and services of now."""
        wanted = (self._look, self.devicePixelRatioF(), self._state.site.services)
        if self._sprites is None or wanted != self._sprites_for:
            self._sprites = Sprites(self._look, self._state.site.services, self.devicePixelRatioF())
            self._sprites_for = wanted
        return self._sprites

    def _made_furniture(self) -> Furniture:
        sprites, notes = self._made_sprites(), self.notes
        wanted = (sprites, self._language, tuple(notes))
        if self._furniture is None or wanted != self._furniture_for:
            self._furniture = Furniture(sprites, self._language, self._state.site.services, notes)
            self._furniture_for = wanted
        return self._furniture

    def _dress(self) -> None:
        self._hover.dress(self._look)
        self.setAccessibleName(said("map", self._language))
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(describe(self._scene, self._language))

    def paintEvent(self, _: QPaintEvent) -> None:
        sprites, view = self._made_sprites(), self.viewport
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        picture = self.picture()
        self.paint_backdrop(painter, ratio)
        painter.drawPixmap(0, 0, self._ground.pixmap(view, self._zones_of(), self.ground_look(), ratio, sprites.hue))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_under_marks(painter, picture)
        paint(painter, picture, sprites)
        self.paint_over_marks(painter)
        self._made_furniture().draw(painter, view, self._legend)
        if self.hasFocus():
            painter.setPen(self._look.text)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
