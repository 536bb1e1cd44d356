"""The map widget: painted by hand, without a network. Pictures and hit testing come from the Qt-free modules beside it.

Guards: a new state repaints marks only; whatever a zone set contains, the map goes on and says what is wrong; nothing
that came from outside is read as rich text; a person who has moved the map is never moved by new data.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from console_gui.map.composed import Composed, Drawn
from console_gui.map.furniture import Box, Furniture
from console_gui.map.ground import Ground
from console_gui.map.hover import Hover
from console_gui.map.kit import Kit
from console_gui.map.look import DAY, NIGHT, Look
from console_gui.map.marks import Scene, SceneOf
from console_gui.map.mercator import Viewport, bounds_of, first_look, to_world
from console_gui.map.painting import paint
from console_gui.map.picking import Target
from console_gui.map.picture import Crowds, Picture, composing
from console_gui.map.sprites import Sprites
from console_gui.map.telling import describe, unit_words_at
from console_gui.map.words import said
from console_gui.map.zone_outlines import Outlines, ZonesUnreadable, outlines_or_why
from console_gui.steps import in_one_go
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant

PASSING_MS = 90
"""A scale that stands so long is no longer passing by: what was stretched is painted anew."""

LOOK_SCALE = 8_000_000.0
"""``look_at`` goes at least as near as this: about 5 m a pixel."""


class ShownMap(Composed):
    """Zones, incidents, units and stations. Languages are ``vi`` and ``en``; places WGS84 degrees, latitude first.
    What a hand does with it is its heir's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = 0
        self._kit = Kit()
        self._state, self._scene, self._scenes, self._crowds = State(), Scene(), SceneOf(), Crowds()
        self._services: frozenset[str] | None = None
        self.selected, self.selected_unit = "", ""
        self._alike: tuple[str, ...] = ()
        self._under: Target | None = None
        self._ground = Ground()
        self._wrong: dict[str, ZonesUnreadable] = {}
        self._legend: bool | None = None
        self._all = False
        self._fitted: Viewport | None = None  # the view that was fitted last
        self._passing, self._scale = QTimer(self), 0.0
        self._passing.setSingleShot(True)
        self._passing.setInterval(PASSING_MS)
        self._passing.timeout.connect(self.update)
        self._hover = Hover(self)
        self.seen_at: Mapping[str, Instant] = {}
        """When each unit reported the place at which it is drawn."""
        self._dress()

    @property
    def _look(self) -> Look:
        return self._kit.look

    @property
    def _language(self) -> str:
        return self._kit.language

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
        self._renew(aside=True)
        return service not in self._wrong

    def show_state(self, state: State) -> None:
        in_one_go(self.showing(state, self._now))

    def show_time(self, now: Instant) -> None:
        """The core's time now, once a second: for ages and for what has become late. Without it ages are told as the
        time of day, and only alarms make an incident late."""
        in_one_go(self.showing(self._state, now))

    def showing(self, state: State, now: Instant) -> Generator[None, None, None]:
        """Both in steps: a city has two thousand units."""
        scene = yield from self._scenes.showing(state, now, self.seen_at)
        yield
        later, site = now != self._now, self._state.site
        self._state, self._now = state, now
        if self.selected not in state.incidents:
            self.selected = ""
        if self.selected_unit not in state.units:
            self.selected_unit = ""
        shown, self._scene = self._scene, scene
        if later or len(scene.units) != len(shown.units) or len(scene.incidents) != len(shown.incidents):
            self._settle(calmly=True)
            yield
            self._describe()  # what else is another is told with the next second
            yield
        if scene != shown or state.site is not site:
            self._renew(aside=True)
        elif later and self.selected_unit:
            self._renew(aside=True)  # its age stands beside it

    def show_services(self, codes: Iterable[str]) -> None:
        """Only what belongs to these services, and incidents that belong to none yet."""
        self._services = frozenset(codes)
        self._renew()

    def select_incident(self, incident: str) -> None:
        """Highlight it and its units ("" = none); no signal is sent."""
        self.selected = incident
        self._renew()

    def select_unit(self, unit: str) -> None:
        """Highlight it, with the age of its position ("" = none)."""
        self.selected_unit = unit
        self._renew()

    def show_alike(self, incidents: tuple[str, ...]) -> None:
        """What may be the same as the selected one: a thin line joins them."""
        if incidents != self._alike:
            self._alike = incidents
            self._renew(aside=True)

    def show_legend(self, shown: bool) -> None:
        self._legend = shown
        self._renew()

    @property
    def legend(self) -> bool:
        return self._furniture().legend_shown(self.viewport, self._legend)

    def set_look(self, dark: bool) -> None:
        self._kit.look = NIGHT if dark else DAY
        self._dress()
        self._renew()

    def set_language(self, code: str) -> None:
        self._kit.language = code
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

    def paint_plates(self, painter: QPainter) -> None:
        """Over the marks and laid aside with them: what the heir put into the picture."""

    def paint_over_marks(self, painter: QPainter) -> None:
        """Over everything but the corners."""

    def put_plates(self, picture: Picture) -> None:
        """Words of the heir's find room, once the marks have theirs."""

    def more_corners(self) -> list[Box]:
        """Boxes that something of the heir's covers."""
        return []

    def ground_look(self) -> Look:
        """The colours in which outlines are drawn."""
        return self._look

    def scene_shown(self) -> Scene:
        """What of the scene is drawn."""
        return self._scene

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

    def _composing(self) -> Generator[None, None, Picture]:
        corners = [*self._furniture().boxes(self.viewport, self._legend), *self.more_corners()]
        words = unit_words_at(self._language, self._now, self.seen_at, self.selected_unit)
        return composing(
            self.scene_shown(), self.viewport, self._sprites().measure,
            services=self._services, selected=self.selected, unit=self.selected_unit, alike=self._alike,
            zones=self._ground.names(self._zones_of()), corners=corners, plates=self.put_plates, words=words,
            crowds=self._crowds,
        )  # fmt: skip

    def hover_text(self) -> str:
        return "" if self._hover.isHidden() else self._hover.text()

    def ground_painted(self) -> int:
        """How often outlines were painted since the beginning."""
        return self._ground.painted

    def changed(self) -> None:
        if self.viewport.scale != self._scale:
            self._scale = self.viewport.scale
            self._passing.start()
        self._renew()

    def resized(self) -> None:
        """What was painted stands in the middle until the new picture is there."""
        self._settle(calmly=True)
        if self.viewport.scale == self._scale:
            self._renew(aside=True)
        else:
            self.changed()

    # within

    def _renew(self, aside: bool = False) -> None:
        super()._renew(aside)
        if self._under is not None:
            self.left()  # what it spoke of may have moved

    def _settle(self, calmly: bool = False) -> None:
        """Until a person moves the map it shows the city and its incidents; ``calmly``, it stays as it is while they
        are in it and fill it: a map that shifts with every unit is not read, and its outlines are dear to paint."""
        if self.moved:
            return
        scene = self._scene
        incidents = [(it.x, it.y) for it in scene.incidents]
        others = [(it.x, it.y) for kind in (scene.units, scene.stations) for it in kind]
        if not incidents and not others:
            others = [zone.label_at for one in self._ground.sets(None) for zone in one.zones]
        bounds = bounds_of([*incidents, *others]) if self._all else first_look(incidents, others)
        view, fitted = self.viewport, self._fitted
        untouched = fitted is not None and view == fitted.sized(view.width, view.height)
        if bounds is None or (calmly and untouched and view.still_shows(bounds)):
            return
        self.viewport = self._fitted = self.viewport.fitted(bounds)

    def _sprites(self) -> Sprites:
        return self._kit.sprites(self._state.site.services, self.devicePixelRatioF())

    def _furniture(self) -> Furniture:
        return self._kit.furniture(self._sprites(), self._state.site.services, self.notes)

    def _dress(self) -> None:
        self._hover.dress(self._look)
        self.setAccessibleName(said("map", self._language))
        self._describe()

    def _describe(self) -> None:
        told = describe(self._scene, self._language)
        if told != self.accessibleDescription():
            self.setAccessibleDescription(told)

    def _paint(self, painter: QPainter, ratio: float, drawn: Drawn) -> Iterator[None]:
        sprites, view = self._sprites(), self.viewport
        picture, dx, dy = drawn
        self.paint_backdrop(painter, ratio)
        yield
        passing, looks = self._passing.isActive(), self.ground_look()
        yield from self._ground.paint(painter, view, self._zones_of(), looks, ratio, sprites.hue, passing=passing)
        yield
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_under_marks(painter, picture)
        yield
        painter.translate(dx, dy)
        yield from paint(painter, picture, sprites)
        self.paint_plates(painter)
        painter.translate(-dx, -dy)
        yield
        self.paint_over_marks(painter)
        self._furniture().draw(painter, view, self._legend)
