"""The map with its layers: streets beneath the zones and marks; closures, ways and places laid over them.

Guards: a layer that is switched off costs nothing; without streets the map is what it was, and says what is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from console_gui import typefaces
from console_gui.map.furniture import BAR_MOST_PX, EDGE_PX, Box
from console_gui.map.holes import paint_holes
from console_gui.map.keys import LAYERS
from console_gui.map.laid import Found, Laid
from console_gui.map.lettering import Label, Name
from console_gui.map.look import NIGHT, Look
from console_gui.map.marks import Scene
from console_gui.map.picture import Picture
from console_gui.map.sizes import LABEL_PX
from console_gui.map.streets.layer import Streets
from console_gui.map.view import MapView
from dispatch_core.domain.vocabulary import Closure
from dispatch_core.wire.ways import ReachableShown, RouteShown

CREDIT = "© OpenStreetMap"
CREDIT_PX, CREDIT_HIGH_PX = 10, 14.0


class LayeredMap(MapView):
    """``layers_changed``: one was switched."""

    layers_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.streets = Streets(self)
        self.streets.changed.connect(self._painted.take)
        self.layers = dict.fromkeys(LAYERS, True)
        self.hints: dict[str, tuple[str, bool]] = {}
        """What is to be said in the corner, by subject; the flag marks what went wrong."""
        self.laid = Laid()
        self._stood: tuple[Picture, frozenset[str], tuple[Box, ...]] | None = None
        self._bordered = self._look.over_streets()

    # --- what to show -------------------------------------------------------------------------------------------------

    def show_layer(self, layer: str, shown: bool) -> None:
        self.layers[layer] = shown
        if layer == "streets":
            self.streets.show(shown)
        self._renew()
        self.layers_changed.emit()

    def show_closures(self, closures: Sequence[Closure]) -> None:
        self.laid.closures = tuple(closures)
        self._renew()

    def show_holes(self, holes: dict[str, frozenset[str]]) -> None:
        """By service, the codes of its zones that nobody reaches in time."""
        if holes != self.laid.holes:
            self.laid.holes = holes
            self.update()

    def show_hydrants(self, places: tuple[tuple[float, float], ...]) -> None:
        if places != self.laid.hydrants:
            self.laid.hydrants = places
            self.update()

    def show_hospitals(self, places: tuple[tuple[float, float, str], ...]) -> None:
        if places != self.laid.hospitals:
            self.laid.hospitals = places
            self._renew()

    def choose_closure(self, ident: str) -> None:
        self.laid.chosen_closure = ident
        self._renew()

    def show_route(self, route: RouteShown | None) -> None:
        self.laid.route = route
        self._renew()

    def show_reach(self, reach: ReachableShown | None) -> None:
        self.laid.reach = reach
        self._renew()

    def show_found(self, found: Found | None) -> None:
        """Mark a place that was looked for, and go there."""
        self.laid.found = found
        if found is not None:
            self.look_at(found.lat, found.lon)
        self.update()

    @property
    def chosen_closure(self) -> str:
        return self.laid.chosen_closure

    @property
    def closures(self) -> tuple[Closure, ...]:
        return self.laid.closures

    @property
    def route(self) -> RouteShown | None:
        return self.laid.route

    @property
    def reach(self) -> ReachableShown | None:
        return self.laid.reach

    @property
    def hint(self) -> tuple[str, bool] | None:
        return self.hints.get("streets")

    def show_hint(self, hint: tuple[str, bool] | None, subject: str = "streets") -> None:
        if hint != self.hints.get(subject):
            self.hints.pop(subject, None)
            if hint is not None:
                self.hints[subject] = hint
            self._renew()

    @property
    def notes(self) -> list[tuple[str, bool]]:
        told = [it for subject, it in self.hints.items() if subject != "streets"]
        if self.hint is not None and self.layers["streets"]:
            told.append(self.hint)
        return [*told, *super().notes]

    def scene_shown(self) -> Scene:
        scene, layers = self._scene, self.layers
        if layers["units"] and layers["incidents"] and layers["stations"]:
            return scene
        return replace(
            scene, units=scene.units if layers["units"] else (),
            incidents=scene.incidents if layers["incidents"] else (),
            stations=scene.stations if layers["stations"] else (),
        )  # fmt: skip

    # --- painting -----------------------------------------------------------------------------------------------------

    def ground_look(self) -> Look:
        """Streets are grey lines too: beneath them the borders of zones have a hue of their own."""
        return self._bordered if self.streets.drawn else self._look

    def _dress(self) -> None:
        super()._dress()
        self._bordered = self._look.over_streets()

    def _zones_of(self) -> frozenset[str] | None:
        return self._services if self.layers["zones"] else frozenset()

    def put_plates(self, picture: Picture) -> None:
        reach = self.laid.reach
        service = self._state.site.services.get(reach.of) if reach is not None else None
        name = reach.of if reach is not None else ""
        if service is not None:
            name = service.en if self._language == "en" else service.vi
        self.laid.put_plates(picture, self.layers, self._language, name)

    def paint_backdrop(self, painter: QPainter, ratio: float) -> None:
        if not self.streets.drawn:
            super().paint_backdrop(painter, ratio)
        else:
            self.streets.paint_ground(painter, self.viewport, ratio, self._look is NIGHT)

    def paint_under_marks(self, painter: QPainter, picture: Picture) -> None:
        view = self.viewport
        if self.laid.holes and self.layers["holes"]:
            hue = self._sprites().hue
            paint_holes(painter, view, self._ground.by_service(), self.laid.holes, self._services, hue)
        self.laid.paint_shapes(painter, view, self._look, self.layers)
        if self.streets.drawn:
            if self._stood is None or self._stood[0] is not picture:
                self._stood = (picture, *self._standing(picture))
            self.streets.avoid(*self._stood[1:])
            self.streets.paint_names(painter, view)

    def paint_plates(self, painter: QPainter) -> None:
        self.laid.paint_plates(painter, self._look)

    def paint_over_marks(self, painter: QPainter) -> None:
        self.laid.paint_over(painter, self.viewport, self._look)
        if self.streets.drawn:
            self._credit(painter)

    def more_corners(self) -> list[Box]:
        """Whose data it is, small beside the scale."""
        wide = QFontMetricsF(typefaces.font(CREDIT_PX)).horizontalAdvance(CREDIT)
        left = EDGE_PX + BAR_MOST_PX + 22
        return [(left, self.height() - EDGE_PX - CREDIT_HIGH_PX, wide, CREDIT_HIGH_PX)] if self.streets.drawn else []

    def _credit(self, painter: QPainter) -> None:
        left, top, _, high = self.more_corners()[0]
        painter.setFont(typefaces.font(CREDIT_PX))
        painter.setPen(self._look.quiet)
        painter.drawText(QPointF(left, top + high - 3), CREDIT)

    def _standing(self, picture: Picture) -> tuple[frozenset[str], tuple[Box, ...]]:
        """What stands on the map by its name, and the boxes of it with its words."""
        names = [it.text for it in picture.names] + [f"{it.kind.value} {it.id}" for it in picture.targets]
        words: list[Name | Label] = [*picture.names, *picture.labels]
        boxes = [(it.x, it.y, it.width, LABEL_PX) for it in words]
        boxes += [
            (it.px - it.half_width, it.py - it.half_height, 2 * it.half_width, 2 * it.half_height)
            for it in picture.targets
        ]
        return frozenset([*names, *self.laid.names()]), (*boxes, *self.laid.boxes())
