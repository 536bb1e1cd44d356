"""What is laid over the streets: closed and flooded roads, a way, an area that is reached, a draft, a moved pin.

Closed and flooded differ by hatch, glyph and word, not by colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

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
from console_gui.map.words import length, said
from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.wire.ways import ReachableShown, RouteShown

GLYPHS = {ClosureKind.CLOSED: "✕", ClosureKind.FLOODED: "≈"}
BAND_PX = 9.0
BADGE_FONT_PX, BADGE_PX = 11, 18.0
REASON_MOST = 28
HANDLE_PX = 4.0

Outline = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Badge:
    """Where a closure's sign stands, for the pointer."""

    closure: str
    px: float
    py: float
    width: float
    height: float


def screen(outline: Outline, view: Viewport) -> list[QPointF]:
    """Of longitude-first degrees."""
    return [QPointF(*view.to_screen(*to_world(lat, lon))) for lon, lat in outline]


def paint_closures(
    painter: QPainter, closures: Iterable[Closure], view: Viewport, look: Look, language: str, chosen: str
) -> list[Badge]:
    badges = []
    for closure in closures:
        points = screen(closure.outline, view)
        if not _in_sight(points, view):
            continue
        colour = look.closed if closure.kind is ClosureKind.CLOSED else look.flooded
        area = len(closure.outline) > 3 and closure.outline[0] == closure.outline[-1]
        _shape(painter, points, area, closure.kind, colour, closure.id == chosen)
    for closure in closures:
        points = screen(closure.outline, view)
        if _in_sight(points, view):
            badges.append(_badge(painter, closure, points, look, language, closure.id == chosen))
    return badges


def _in_sight(points: list[QPointF], view: Viewport) -> bool:
    box = QPolygonF(points).boundingRect().adjusted(-60, -20, 60, 20)
    return box.intersects(QRectF(0, 0, view.width, view.height))


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


def _badge(
    painter: QPainter, closure: Closure, points: list[QPointF], look: Look, language: str, chosen: bool
) -> Badge:
    middle = _middle(points)
    reason = closure.reason if len(closure.reason) <= REASON_MOST else closure.reason[: REASON_MOST - 1] + "…"
    words = " · ".join(filter(None, (said(f"closure.{closure.kind.value}", language), reason)))
    colour = look.closed if closure.kind is ClosureKind.CLOSED else look.flooded
    plate = _plate(painter, middle, GLYPHS[closure.kind], words, colour, look, chosen)
    return Badge(closure.id, plate.center().x(), plate.center().y(), plate.width(), plate.height())


def _middle(points: list[QPointF]) -> QPointF:
    """Halfway along; of an area the middle of its box."""
    if points[0] == points[-1] and len(points) > 3:
        return QPolygonF(points).boundingRect().center()
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    return path.pointAtPercent(0.5)


def _plate(
    painter: QPainter, at: QPointF, glyph: str, words: str, colour: QColor, look: Look, chosen: bool
) -> QRectF:
    hand = typefaces.font(BADGE_FONT_PX, strong=True)
    metrics = QFontMetricsF(hand)
    wide = metrics.horizontalAdvance(words) + BADGE_PX + 8
    box = QRectF(at.x() - wide / 2, at.y() - BADGE_PX / 2, wide, BADGE_PX)
    painter.setFont(hand)
    painter.setPen(QPen(look.text if chosen else colour, 1.4))
    painter.setBrush(look.plate)
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(colour)
    centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(QRectF(box.left(), box.top(), BADGE_PX, BADGE_PX), centred, glyph)
    painter.setPen(look.text)
    painter.drawText(box.adjusted(BADGE_PX, 0, -4, 0), centred, words)
    return box


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


def paint_route_words(painter: QPainter, shown: RouteShown, view: Viewport, look: Look, language: str) -> None:
    """Whose way, how long: halfway along it, or on the part of it that is in sight."""
    box = QRectF(0, 0, view.width, view.height)
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*view.to_screen(*to_world(lat, lon))) for lat, lon in shown.line]))
    places = (path.pointAtPercent(share) for share in (0.5, 0.4, 0.6, 0.25, 0.75, 0.1, 0.9))
    seen = next((place for place in places if box.contains(place)), None)
    if seen is not None:
        _plate(painter, seen, "→", way_words(shown, language), look.way, look, False)


def paint_reachable_words(
    painter: QPainter, shown: ReachableShown, view: Viewport, look: Look, language: str, name: str
) -> None:
    """On the northern edge of what is reached, where that is in sight."""
    points = [point for polygon in shown.polygons for ring in polygon[:1] for point in screen(ring, view)]
    seen = [it for it in points if 0 <= it.x() <= view.width and 0 <= it.y() <= view.height]
    if not seen:
        return
    words = [f"{name}: {said('minutes', language, count=round(shown.seconds / 60))}"]
    if shown.measured is Measured.STRAIGHT:
        words.append(said("way.straight", language))
    _plate(painter, min(seen, key=lambda it: it.y()), "◌", " · ".join(words), look.way, look, False)


def way_words(shown: RouteShown, language: str) -> str:
    """``A12: 4 phút · 1,8 km``; what is only a straight line, or on foot at its end, says so."""
    minutes = max(1, round(shown.seconds / 60))
    parts = [f"{shown.unit}: {said('minutes', language, count=minutes)}", length(shown.metres, language)]
    if shown.measured is Measured.STRAIGHT:
        parts.append(said("way.straight", language))
    if shown.walk_m >= 1:
        parts.append(said("way.walk", language, metres=length(shown.walk_m, language)))
    return " · ".join(parts)


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
