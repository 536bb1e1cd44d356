"""Layers of the workplace's map that are neither streets nor marks: closures, a way, a reachable area, hydrants,
hospitals, a place that was found. What stands on them is put into the picture as plates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from console_gui.map.holes import paint_hospitals, paint_hydrants
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.overlays import paint_closures, paint_found, paint_reachable, paint_route
from console_gui.map.picture import Picture
from console_gui.map.plates import Plate, of_closures, of_reach, of_route, paint_plates
from dispatch_core.domain.vocabulary import Closure
from dispatch_core.wire.ways import ReachableShown, RouteShown


@dataclass(frozen=True, slots=True)
class Found:
    """A place that was looked for, in latitude-first degrees."""

    lat: float
    lon: float
    words: str = ""


class Laid:
    def __init__(self) -> None:
        self.closures: tuple[Closure, ...] = ()
        self.chosen_closure = ""
        self.holes: dict[str, frozenset[str]] = {}
        self.hydrants: tuple[tuple[float, float], ...] = ()
        self.hospitals: tuple[tuple[float, float, str], ...] = ()
        """Latitude, longitude, name."""
        self.route: RouteShown | None = None
        self.reach: ReachableShown | None = None
        self.found: Found | None = None
        self.plates: list[Plate] = []

    def put_plates(self, picture: Picture, layers: Mapping[str, bool], language: str, name: str) -> None:
        """``name`` is what that is called from which the area is reached."""
        room, view = picture.room, picture.view
        self.plates = []
        if self.route is not None and layers["route"]:
            self.plates += of_route(room, self.route, view, language)
        if self.reach is not None and layers["reach"]:
            self.plates += of_reach(room, self.reach, view, language, name)
        if layers["closures"]:
            self.plates += of_closures(room, self.closures, view, language, self.chosen_closure)

    def paint_shapes(self, painter: QPainter, view: Viewport, look: Look, layers: Mapping[str, bool]) -> None:
        """Beneath the marks."""
        if self.reach is not None and layers["reach"]:
            paint_reachable(painter, self.reach, view, look)
        if self.route is not None and layers["route"]:
            paint_route(painter, self.route, view, look)
        if layers["closures"]:
            paint_closures(painter, self.closures, view, look, self.chosen_closure)
        if layers["hospitals"]:
            paint_hospitals(painter, view, self.hospitals, look)

    def paint_over(self, painter: QPainter, view: Viewport, look: Look) -> None:
        """Over the marks."""
        paint_hydrants(painter, view, self.hydrants, look)
        paint_plates(painter, self.plates, look)
        if self.found is not None:
            at = QPointF(*view.to_screen(*to_world(self.found.lat, self.found.lon)))
            paint_found(painter, at, self.found.words, look)

    def closure_at(self, px: float, py: float) -> str:
        return next((it.ident for it in reversed(self.plates) if it.ident and it.holds(px, py)), "")


def boxes_of(plates: Sequence[Plate], high: float) -> list[tuple[float, float, float, float]]:
    return [(it.left, it.top, it.width, high) for it in plates]
