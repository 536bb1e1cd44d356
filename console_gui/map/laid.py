"""Layers of the workplace's map that are neither streets nor marks: closures, a way, a reachable area, hydrants,
hospitals, a place that was found. What stands on them is put into the picture as plates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from console_gui.map.holes import paint_hydrants
from console_gui.map.hospitals import HospitalMark, paint_hospitals, put_hospitals
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.overlays import paint_closures, paint_found, paint_reachable, paint_route
from console_gui.map.picture import Picture
from console_gui.map.plates import HIGH_PX, Plate, of_closures, of_reach, of_route, paint_plates
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
        self.hospital_marks: list[HospitalMark] = []

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
        self.hospital_marks = put_hospitals(picture, self.hospitals) if layers["hospitals"] else []

    def boxes(self) -> list[tuple[float, float, float, float]]:
        """Of everything that has words."""
        plates = [(it.left, it.top, it.width, HIGH_PX) for it in self.plates]
        return [*plates, *(box for mark in self.hospital_marks for box in mark.boxes)]

    def names(self) -> list[str]:
        return [it.words for it in self.plates] + [it.name for it in self.hospital_marks]

    def paint_shapes(self, painter: QPainter, view: Viewport, look: Look, layers: Mapping[str, bool]) -> None:
        """Beneath the marks."""
        if self.reach is not None and layers["reach"]:
            paint_reachable(painter, self.reach, view, look)
        if self.route is not None and layers["route"]:
            paint_route(painter, self.route, view, look)
        if layers["closures"]:
            paint_closures(painter, self.closures, view, look, self.chosen_closure)

    def paint_plates(self, painter: QPainter, look: Look) -> None:
        paint_hospitals(painter, self.hospital_marks, look)
        paint_plates(painter, self.plates, look)

    def paint_over(self, painter: QPainter, view: Viewport, look: Look) -> None:
        """Over the marks."""
        paint_hydrants(painter, view, self.hydrants, look)
        if self.found is not None:
            at = QPointF(*view.to_screen(*to_world(self.found.lat, self.found.lon)))
            paint_found(painter, at, self.found.words, look)

    def closure_at(self, px: float, py: float) -> str:
        return next((it.ident for it in reversed(self.plates) if it.ident and it.holds(px, py)), "")
