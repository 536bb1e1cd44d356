"""Words of ways, areas and closures: where their plates stand, before the marks' own words look for room.

Guards: a plate is drawn over all marks and takes room that no other words get; where everything near is taken it stands
on its first spot all the same, because a way without its minutes says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from console_gui import typefaces
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport, to_world
from console_gui.map.room import Room
from console_gui.map.words import length, said
from dispatch_core.domain.vocabulary import Closure, ClosureKind, Measured
from dispatch_core.wire.ways import ReachableShown, RouteShown

GLYPHS = {"closed": "×", "flooded": "≈", "route": "→", "reach": "□"}
FONT_PX, HIGH_PX = 11, 18.0
REASON_MOST = 28
ASIDE_PX = (0.0, -22.0, 22.0, -44.0, 44.0)
"""A plate steps up or down by so much to keep clear of marks."""

ALONG = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)
EDGE_MOST = 24
Point = tuple[float, float]
Outline = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Plate:
    """``kind`` is a key of ``GLYPHS``; ``ident`` the closure that it is of, for the pointer."""

    kind: str
    words: str
    left: float
    top: float
    width: float
    ident: str = ""
    chosen: bool = False

    def holds(self, px: float, py: float) -> bool:
        return self.left <= px <= self.left + self.width and self.top <= py <= self.top + HIGH_PX


def screen(outline: Outline, view: Viewport) -> list[QPointF]:
    """Of longitude-first degrees."""
    return [QPointF(*view.to_screen(*to_world(lat, lon))) for lon, lat in outline]


def put(room: Room, kind: str, words: str, spots: Iterable[Point], ident: str = "", chosen: bool = False) -> Plate:
    """``spots``: where its middle may be, the best first; there is one at least."""
    metrics = QFontMetricsF(typefaces.font(FONT_PX, strong=True))
    width = metrics.horizontalAdvance(words) + HIGH_PX + 8
    middles = list(spots)
    corners = [(x - width / 2, y + aside - HIGH_PX / 2) for x, y in middles for aside in ASIDE_PX]
    found = room.place(corners, width, HIGH_PX)
    if found is None:
        found = corners[0]
        room.take(*found, width, HIGH_PX)
    return Plate(kind, words, *found, width, ident, chosen)


def of_closures(room: Room, closures: Iterable[Closure], view: Viewport, language: str, chosen: str) -> list[Plate]:
    plates = []
    for closure in closures:
        points = screen(closure.outline, view)
        if not near_screen(points, view):
            continue
        reason = closure.reason if len(closure.reason) <= REASON_MOST else closure.reason[: REASON_MOST - 1] + "…"
        words = " · ".join(filter(None, (said(f"closure.{closure.kind.value}", language), reason)))
        plates.append(put(room, closure.kind.value, words, _spots(points, view), closure.id, closure.id == chosen))
    return plates


def of_route(room: Room, shown: RouteShown, view: Viewport, language: str) -> list[Plate]:
    """Whose way, how long: halfway along it, or on the part of it that is in sight."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(*view.to_screen(*to_world(lat, lon))) for lat, lon in shown.line]))
    places = [path.pointAtPercent(share) for share in ALONG] if len(shown.line) > 1 else []
    seen = [(it.x(), it.y()) for it in places if _on(it, view)]
    return [put(room, "route", way_words(shown, language), seen)] if seen else []


def of_reach(room: Room, shown: ReachableShown, view: Viewport, language: str, name: str) -> list[Plate]:
    """On the edge of what is reached, the north of it first, where that is in sight."""
    points = [point for polygon in shown.polygons for ring in polygon[:1] for point in screen(ring, view)]
    seen = sorted((it.y(), it.x()) for it in points if _on(it, view))
    if not seen:
        return []
    words = [f"{name}: {said('minutes', language, count=round(shown.seconds / 60))}"]
    if shown.measured is Measured.STRAIGHT:
        words.append(said("way.straight", language))
    every = max(1, len(seen) // EDGE_MOST)
    return [put(room, "reach", " · ".join(words), [(x, y) for y, x in seen[::every]])]


def way_words(shown: RouteShown, language: str) -> str:
    """``A12: 4 phút · 1,8 km``; what is only a straight line, or on foot at its end, says so."""
    minutes = max(1, round(shown.seconds / 60))
    parts = [f"{shown.unit}: {said('minutes', language, count=minutes)}", length(shown.metres, language)]
    if shown.measured is Measured.STRAIGHT:
        parts.append(said("way.straight", language))
    if shown.walk_m >= 1:
        parts.append(said("way.walk", language, metres=length(shown.walk_m, language)))
    return " · ".join(parts)


def near_screen(points: list[QPointF], view: Viewport) -> bool:
    box = QPolygonF(points).boundingRect().adjusted(-60, -20, 60, 20)
    return box.intersects(QRectF(0, 0, view.width, view.height))


def _on(point: QPointF, view: Viewport) -> bool:
    return 0 <= point.x() <= view.width and 0 <= point.y() <= view.height


def _spots(points: list[QPointF], view: Viewport) -> list[Point]:
    """Halfway along, then towards its ends; of an area the middle of its box, then its edge. What is in sight first."""
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    places = [path.pointAtPercent(share) for share in ALONG]
    if points[0] == points[-1] and len(points) > 3:
        places.insert(0, QPolygonF(points).boundingRect().center())
    places.sort(key=lambda it: not _on(it, view))
    return [(it.x(), it.y()) for it in places]


def paint_plates(painter: QPainter, plates: Iterable[Plate], look: Look) -> None:
    painter.setFont(typefaces.font(FONT_PX, strong=True))
    centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine
    for plate in plates:
        colour = colour_of(plate.kind, look)
        box = QRectF(plate.left, plate.top, plate.width, HIGH_PX)
        painter.setPen(QPen(look.text if plate.chosen else colour, 1.4))
        painter.setBrush(look.plate)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(colour)
        painter.drawText(QRectF(box.left(), box.top(), HIGH_PX, HIGH_PX), centred, GLYPHS[plate.kind])
        painter.setPen(look.text)
        painter.drawText(box.adjusted(HIGH_PX, 0, -4, 0), centred, plate.words)


def colour_of(kind: str, look: Look) -> QColor:
    return {ClosureKind.CLOSED.value: look.closed, ClosureKind.FLOODED.value: look.flooded}.get(kind, look.way)
