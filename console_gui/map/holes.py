"""Wards that nobody reaches in time, hatched in the service's hue beneath all marks and words; hydrants above them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from console_gui.map.look import Look
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.zone_outlines import Outline, Outlines, thinned

THIN_PX = 1.0
ALPHA = 170


def paint_holes(
    painter: QPainter, view: Viewport, sets: Mapping[str, Outlines], holes: Mapping[str, frozenset[str]],
    services: frozenset[str] | None, hue: Callable[[str], QColor],
) -> None:  # fmt: skip
    """``holes``: by service, the codes of the wards. Those of services that are switched off are not drawn."""
    patterns = (Qt.BrushStyle.BDiagPattern, Qt.BrushStyle.FDiagPattern, Qt.BrushStyle.DiagCrossPattern)
    for number, (service, codes) in enumerate(sorted(holes.items())):
        known = sets.get(service)
        if known is None or not codes or (services is not None and service not in services):
            continue
        colour = QColor(hue(service))
        colour.setAlpha(ALPHA)
        painter.setPen(QPen(colour, 1.2))
        painter.setBrush(QBrush(colour, patterns[number % len(patterns)]))
        for zone in known.zones:
            if zone.code in codes:
                painter.drawPath(_path(zone, view))


HYDRANT_PX = 5.0


def paint_hydrants(painter: QPainter, view: Viewport, places: Sequence[tuple[float, float]], look: Look) -> None:
    """A blue dot with a ring each, told apart from every mark of a unit."""
    blue = QColor("#3d8bfd")
    for lat, lon in places:
        at = QPointF(*view.to_screen(*to_world(lat, lon)))
        painter.setPen(QPen(look.text, 1.4))
        painter.setBrush(blue)
        painter.drawEllipse(at, HYDRANT_PX, HYDRANT_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(blue, 1.4))
        painter.drawEllipse(at, HYDRANT_PX + 3, HYDRANT_PX + 3)


def _path(zone: Outline, view: Viewport) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in zone.rings:
        points = [QPointF(*view.to_screen(x, y)) for x, y in thinned(ring, THIN_PX / view.scale)]
        path.addPolygon(QPolygonF(points))
        path.closeSubpath()
    return path
