"""Measuring on the map: click after click, or the crosshair and Space; its length stands at its end and in the corner.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPen, QPolygonF

from console_gui.map.drawing import ENTER
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.overlays import HANDLE_PX, paint_words
from console_gui.map.ruler import Ruler, World
from console_gui.map.tool import Tool
from console_gui.map.words import length, said
from dispatch_core.wire.ways import AlongShown

ABOVE_PX = 18.0


class Measuring(QObject, Tool):
    """``wanted``: (lat, lon) of points that are to be measured by road."""

    wanted = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.ruler: Ruler | None = None
        self.view: Viewport | None = None
        self.fixed = False
        """Measured to its end: clicks are the map's again, the line stays until it is left."""

    def begin(self, ruler: Ruler | None = None) -> None:
        self.fixed = ruler is not None and len(ruler.points) > 1
        self._put(ruler or Ruler())

    def leave(self) -> None:
        if self.ruler is not None:
            self._put(None)

    def answered(self, asked: tuple[World, ...], found: AlongShown | None) -> None:
        if self.ruler is not None:
            self.ruler = self.ruler.answered(asked, found)
            self.changed.emit()

    def clicked(self, px: float, py: float) -> bool:
        if self.ruler is None or self.view is None or self.fixed:
            return False
        self._put(self.ruler.more(self.view.from_screen(px, py)))
        return True

    def typed(self, key: Qt.Key, shift: bool) -> bool:
        if self.ruler is None:
            return False
        if key is Qt.Key.Key_Escape or (key in ENTER and len(self.ruler.points) < 2):
            self._put(None)
        elif key in ENTER:
            self.fixed = True
            self.changed.emit()
        elif key is Qt.Key.Key_Backspace and self.ruler.points:
            self.fixed = False
            self._put(self.ruler.back())
        else:
            return False
        return True

    def _put(self, ruler: Ruler | None) -> None:
        self.ruler = ruler
        self.changed.emit()
        if ruler is not None and len(ruler.points) > 1:
            self.wanted.emit(ruler)

    def note(self, language: str) -> str:
        if self.ruler is None:
            return ""
        keys = "measure.fixed" if self.fixed else "measure.keys"
        return f"{self.ruler.words(language)}. {said(keys, language)}"

    def paint(self, painter: QPainter, view: Viewport, look: Look, language: str) -> None:
        if self.ruler is None:
            return
        points = [QPointF(*view.to_screen(*it)) for it in self.ruler.points]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        road = self.ruler.by_road
        if road is not None and len(road.line) > 1:
            course = QPolygonF([QPointF(*view.to_screen(*to_world(lat, lon))) for lat, lon in road.line])
            for colour, width in ((look.ground, 6.0), (look.way, 3.0)):
                painter.setPen(QPen(colour, width))
                painter.drawPolyline(course)
        for colour, width in ((look.ground, 4.0), (look.text, 1.6)):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine if width > 2 else Qt.PenStyle.DashLine))
            painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(look.text, 1.4))
        painter.setBrush(look.plate)
        for point in points:
            painter.drawEllipse(point, HANDLE_PX, HANDLE_PX)
        so_far = 0.0
        for point, piece in zip(points[1:], self.ruler.pieces, strict=True):
            so_far += piece
            last = point is points[-1]
            words = self.ruler.words(language) if last else length(so_far, language)
            paint_words(painter, QPointF(point.x(), point.y() - ABOVE_PX), words, look)
