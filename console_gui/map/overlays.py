"""Shapes that are laid over the streets: closed and flooded roads, a way, an area that is reached, a draft, a moved
pin, a place that was found. Closed and flooded differ by hatch, glyph and word, not by colour alone."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPolygonF,
    QTransform,
)

from console_gui import typefaces
from console_gui.map.draft import Draft
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.plates import FONT_PX, HIGH_PX, colour_of, near_screen, screen
from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.wire.ways import ReachableShown, RouteShown

BAND_PX = 9.0
HANDLE_PX = 4.0


def paint_closures(painter: QPainter, closures: Iterable[Closure], view: Viewport, look: Look, chosen: str) -> None:
    for closure in closures:
        points = screen(closure.outline, view)
        if near_screen(points, view):
            area = len(closure.outline) > 3 and closure.outline[0] == closure.outline[-1]
            colour = colour_of(closure.kind.value, look)
            _shape(painter, points, area, closure.kind, colour, closure.id == chosen)


def _shape(
    painter: QPainter, points: list[QPointF], area: bool, kind: ClosureKind, colour: QColor, chosen: bool
) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    hatch = QBrush(colour, Qt.BrushStyle.BDiagPattern if kind is ClosureKind.CLOSED else Qt.BrushStyle.HorPattern)
    hatch.setTransform(QTransform())
    edge = QPen(colour, 2.4 if chosen else 1.4)
    if area:
        painter.setPen(edge)
        painter.setBrush(hatch)
        painter.drawPolygon(QPolygonF(points))
        return
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    band = _band(path)
    wash = QColor(colour)
    wash.setAlpha(70)
    painter.setPen(edge)
    painter.setBrush(wash)
    painter.drawPath(band)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(hatch)
    painter.drawPath(band)


def _band(path: QPainterPath) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(BAND_PX)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    stroker.setCapStyle(Qt.PenCapStyle.FlatCap)
    return stroker.createStroke(path).simplified()


def paint_words(painter: QPainter, at: QPointF, words: str, look: Look) -> None:
    """A small plate around ``at``."""
    hand = typefaces.font(FONT_PX, strong=True)
    wide = QFontMetricsF(hand).horizontalAdvance(words) + 10
    box = QRectF(at.x() - wide / 2, at.y() - HIGH_PX / 2, wide, HIGH_PX)
    painter.setFont(hand)
    painter.setPen(QPen(look.edge, 1.0))
    painter.setBrush(look.plate)
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(look.text)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, words)


def paint_reachable(painter: QPainter, shown: ReachableShown, view: Viewport, look: Look) -> None:
    path = QPainterPath()
    for polygon in shown.polygons:
        for ring in polygon:
            path.addPolygon(QPolygonF(screen(ring, view)))
            path.closeSubpath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    wash = QColor(look.way)
    wash.setAlpha(34)
    painter.setPen(QPen(look.way, 1.4, Qt.PenStyle.DashLine if shown.measured is Measured.STRAIGHT else
                        Qt.PenStyle.SolidLine))  # fmt: skip
    painter.setBrush(wash)
    painter.drawPath(path)


def paint_route(painter: QPainter, shown: RouteShown, view: Viewport, look: Look) -> None:
    """The course with a halo; dashed where it is only the straight line."""
    points = [QPointF(*view.to_screen(*to_world(lat, lon))) for lat, lon in shown.line]
    if len(points) < 2:
        return
    straight = shown.measured is Measured.STRAIGHT
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((look.ground, 8.0), (look.way, 4.5)):
        pen = QPen(colour, width, Qt.PenStyle.DashLine if straight else Qt.PenStyle.SolidLine)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))


def paint_draft(
    painter: QPainter, draft: Draft, pointer: tuple[float, float] | None, view: Viewport, look: Look
) -> None:
    colour = look.closed if draft.kind is ClosureKind.CLOSED else look.flooded
    points = [QPointF(*view.to_screen(x, y)) for x, y in draft.points]
    if pointer is not None and points and not draft.area:
        painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine))
        painter.drawLine(points[-1], QPointF(*pointer))
    if len(points) >= 2:
        _shape(painter, [*points, points[0]] if draft.area else points, draft.area, draft.kind, colour, True)
    painter.setPen(QPen(look.text, 1.4))
    painter.setBrush(look.plate)
    for point in points:
        painter.drawEllipse(point, HANDLE_PX, HANDLE_PX)


def paint_pin(painter: QPainter, start: tuple[float, float], at: tuple[float, float], look: Look) -> None:
    """Where the incident would go: a line from where it is, and a cross that shows the very point."""
    painter.setPen(QPen(look.text, 1.2, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(*start), QPointF(*at))
    painter.setPen(QPen(look.text, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(*at), 9, 9)
    for angle in range(0, 360, 90):
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        painter.drawLine(QPointF(at[0] + cos * 5, at[1] + sin * 5), QPointF(at[0] + cos * 14, at[1] + sin * 14))


def paint_found(painter: QPainter, at: QPointF, words: str, look: Look) -> None:
    """A place that was looked for: two rings, and its words beneath."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((look.ground, 5.0), (look.attention, 2.2)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(at, 13, 13)
        painter.drawEllipse(at, 20, 20)
    if words:
        paint_words(painter, QPointF(at.x(), at.y() + 34), words, look)
