"""What stands in the corners: the scale bar, the legend, and what must be said of the zones. Plain text only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPixmap

from console_gui.map.picture import INCIDENT_PX, URGENT_PX
from console_gui.map.projection import Viewport, scale_bar
from console_gui.map.sprites import Sprites
from console_gui.map.status_signs import SIGNS
from console_gui.map.words import length, said
from dispatch_core.domain.vocabulary import Service, UnitStatus
from dispatch_core.domain.words import STATUSES

EDGE_PX = 12.0
BAR_MOST_PX = 140.0
FONT_PX = 12
ROW_PX = 22.0
ICON_PX = 38.0
LEGEND_NEEDS = (560, 430)
"""A widget smaller than this keeps its room for the map."""


def draw_scale(painter: QPainter, view: Viewport, sprites: Sprites, font: QFont, language: str) -> None:
    """Lower left."""
    metres, pixels = scale_bar(view.metres_per_pixel, BAR_MOST_PX)
    hand = _hand(font)
    text = length(metres, language)
    width = max(pixels, QFontMetricsF(hand).horizontalAdvance(text)) + 14
    box = QRectF(EDGE_PX, view.height - EDGE_PX - 30, width, 30)
    _plate(painter, box, sprites)
    painter.setPen(QPen(sprites.look.text, 1.5))
    left, bottom = box.left() + 7, box.bottom() - 7
    painter.drawPolyline([
        QPointF(left, bottom - 5), QPointF(left, bottom), QPointF(left + pixels, bottom),
        QPointF(left + pixels, bottom - 5),
    ])  # fmt: skip
    painter.setFont(hand)
    painter.drawText(QPointF(left + 3, bottom - 6), text)


def draw_notes(painter: QPainter, view: Viewport, sprites: Sprites, font: QFont, notes: Sequence[tuple[str, bool]]
) -> None:  # fmt: skip
    """Upper left, one below the other; the flag marks what went wrong."""
    hand = _hand(font)
    metrics = QFontMetricsF(hand)
    top = EDGE_PX
    for note, wrong in notes:
        most = max(40.0, view.width - 2 * EDGE_PX - 16)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        room = metrics.boundingRect(QRectF(0, 0, most, 400), flags, note)
        box = QRectF(EDGE_PX, top, room.width() + 16, room.height() + 8)
        _plate(painter, box, sprites)
        if wrong:
            painter.fillRect(QRectF(box.left(), box.top(), 4, box.height()), sprites.look.attention)
        painter.setFont(hand)
        painter.setPen(sprites.look.text if wrong else sprites.look.quiet)
        painter.drawText(box.adjusted(9, 4, -4, -4), flags, note)
        top = box.bottom() + 4


def draw_legend(
    painter: QPainter, view: Viewport, sprites: Sprites, font: QFont, language: str, services: Mapping[str, Service]
) -> None:
    """Lower right, where there is room: what the forms mean, then the services, then the signs of the statuses."""
    if view.width < LEGEND_NEEDS[0] or view.height < LEGEND_NEEDS[1] or not services:
        return
    first = next(iter(services))
    rows: list[tuple[QPixmap, str]] = [
        (sprites.incident(URGENT_PX, 1, True, False, False), said("urgent", language)),
        (sprites.incident(URGENT_PX, 2, True, True, False), said("late_incident", language)),
        (sprites.incident(INCIDENT_PX, 3, False, False, False), said("incident", language)),
        (sprites.unit(first, UnitStatus.AVAILABLE), said("available", language)),
        (sprites.unit(first, UnitStatus.EN_ROUTE), said("at_work", language)),
        (sprites.station(first), said("station", language)),
    ]
    for code, service in services.items():
        rows.append((sprites.unit(code, UnitStatus.EN_ROUTE), service.en if language == "en" else service.vi))
    hand = _hand(font)
    metrics = QFontMetricsF(hand)
    signs = [
        f"{sign}  {STATUSES[status].en if language == 'en' else STATUSES[status].vi}"
        for status, sign in SIGNS.items() if sign
    ]  # fmt: skip
    texts = [text for _, text in rows]
    left_w = max(metrics.horizontalAdvance(text) for text in texts) + ICON_PX + 6
    right_w = max(metrics.horizontalAdvance(text) for text in signs) + 16
    high = max(len(rows) * ROW_PX, len(signs) * ROW_PX) + 12
    wide = left_w + right_w + 10
    box = QRectF(view.width - EDGE_PX - wide, view.height - EDGE_PX - high, wide, high)
    _plate(painter, box, sprites)
    painter.setFont(hand)
    for index, (icon, text) in enumerate(rows):
        y = box.top() + 6 + ROW_PX * index
        size = icon.deviceIndependentSize()
        painter.drawPixmap(
            QPointF(box.left() + 4 + (ICON_PX - size.width()) / 2, y + (ROW_PX - size.height()) / 2), icon
        )
        painter.setPen(sprites.look.text)
        painter.drawText(QRectF(box.left() + ICON_PX + 6, y, left_w, ROW_PX), Qt.AlignmentFlag.AlignVCenter, text)
    for index, text in enumerate(signs):
        row = QRectF(box.left() + left_w + 12, box.top() + 6 + ROW_PX * index, right_w, ROW_PX)
        painter.setPen(sprites.look.quiet)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, text)


def _hand(font: QFont) -> QFont:
    hand = QFont(font)
    hand.setPixelSize(FONT_PX)
    return hand


def _plate(painter: QPainter, box: QRectF, sprites: Sprites) -> None:
    painter.setPen(QPen(sprites.look.edge, 1.0))
    painter.setBrush(sprites.look.plate)
    painter.drawRoundedRect(box, 3, 3)
