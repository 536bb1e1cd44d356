"""Hospitals on the map: a square with an H, and near enough the name beside it where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from console_gui import typefaces
from console_gui.map.look import Look
from console_gui.map.mercator import to_world
from console_gui.map.picture import Picture

SQUARE_PX, HIGH_PX, GAP_PX = 15.0, 16.0, 4.0
FONT_PX = 11
NAMES_NEAR = 9.0
"""Metres a pixel: nearer than this a hospital has its name."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class HospitalMark:
    """``name_at`` is the upper left corner of its name, None where it found no room or the map is too far."""

    px: float
    py: float
    name: str
    width: float = 0.0
    name_at: tuple[float, float] | None = None

    @property
    def boxes(self) -> list[Box]:
        half = SQUARE_PX / 2
        square = (self.px - half, self.py - half, SQUARE_PX, SQUARE_PX)
        return [square] if self.name_at is None else [square, (*self.name_at, self.width, HIGH_PX)]


def put_hospitals(picture: Picture, places: Sequence[tuple[float, float, str]]) -> list[HospitalMark]:
    """``places``: latitude, longitude, name."""
    view, half = picture.view, SQUARE_PX / 2
    near = view.metres_per_pixel < NAMES_NEAR
    seen = []
    for lat, lon, name in places:
        px, py = view.to_screen(*to_world(lat, lon))
        if -half < px < view.width + half and -half < py < view.height + half:
            picture.room.take(px - half, py - half, SQUARE_PX, SQUARE_PX)
            seen.append((px, py, name))
    if not near:
        return [HospitalMark(*it) for it in seen]
    metrics = QFontMetricsF(typefaces.font(FONT_PX, strong=True))
    marks = []
    for px, py, name in seen:
        width, level = metrics.horizontalAdvance(name) + 4, py - HIGH_PX / 2
        aside = half + GAP_PX
        spots = [(px + aside, level), (px - aside - width, level),
                 (px - width / 2, py + aside), (px - width / 2, py - aside - HIGH_PX)]  # fmt: skip
        marks.append(HospitalMark(px, py, name, width, picture.room.place(spots, width, HIGH_PX)))
    return marks


def paint_hospitals(painter: QPainter, marks: Iterable[HospitalMark], look: Look) -> None:
    half = SQUARE_PX / 2
    painter.setFont(typefaces.font(FONT_PX, strong=True))
    for mark in marks:
        box = QRectF(mark.px - half, mark.py - half, SQUARE_PX, SQUARE_PX)
        painter.setPen(QPen(look.text, 1.4))
        painter.setBrush(look.plate)
        painter.drawRect(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, "H")
        if mark.name_at is not None:
            _haloed(painter, QPointF(mark.name_at[0] + 2, mark.name_at[1] + HIGH_PX - 4), mark.name, look)


def _haloed(painter: QPainter, at: QPointF, words: str, look: Look) -> None:
    """Words on the bare map, readable on whatever lies beneath."""
    path = QPainterPath()
    path.addText(at, painter.font(), words)
    halo = QPen(look.ground, 3.0)
    halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, halo)
    painter.fillPath(path, look.text)
