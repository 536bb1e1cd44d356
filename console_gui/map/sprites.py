"""Small pictures of marks and words, each painted once and kept: thousands of them are then laid down per frame.

Form says as much as colour: units are round (hollow when available, filled at work), stations square, incidents
diamonds with their priority; P1 is larger with a double edge, a late one stands in red corners.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from console_gui import typefaces
from console_gui.map.ages import Age
from console_gui.map.lettering import Label, Name
from console_gui.map.look import Look, service_colour, service_glyph, text_on
from console_gui.map.picture import UnitCount
from console_gui.map.sizes import (
    CHIP_PX,
    GROUP_ROW_PX,
    GROUP_WIDTH_PX,
    INCIDENTS_HEIGHT_PX,
    LABEL_PX,
    STATION_PX,
    UNIT_PX,
    incidents_width,
)
from dispatch_core.domain.vocabulary import Service, UnitStatus

KEPT = 8_000
LABEL_FONT_PX, GLYPH_FONT_PX = 12, 9

Draw = Callable[[QPainter], None]


class Sprites:
    """For one look, screen and table of services; make another when any of them changes."""

    def __init__(self, look: Look, services: Mapping[str, Service], ratio: float) -> None:
        self.look = look
        self._services = services
        self._ratio = ratio
        self._plain, self._strong = typefaces.font(LABEL_FONT_PX), typefaces.font(LABEL_FONT_PX, strong=True)
        self._glyph = typefaces.font(GLYPH_FONT_PX, strong=True)
        self._metrics = {False: QFontMetricsF(self._plain), True: QFontMetricsF(self._strong)}
        self._widths: dict[tuple[str, bool], float] = {}
        self._made: dict[tuple[object, ...], QPixmap] = {}
        self._hues: dict[str, QColor] = {}

    def hue(self, service: str) -> QColor:
        if service not in self._hues:
            self._hues[service] = service_colour(service, self._services, self.look)
        return self._hues[service]

    def measure(self, text: str, strong: bool) -> float:
        width = self._widths.get((text, strong))
        if width is None:
            if len(self._widths) > KEPT:
                self._widths.clear()
            width = self._widths[(text, strong)] = round(self._metrics[strong].horizontalAdvance(text)) + 8.0
        return width

    def unit(self, service: str, status: UnitStatus, age: Age = Age.NOW) -> QPixmap:
        available, off = status is UnitStatus.AVAILABLE, status is UnitStatus.OUT_OF_SERVICE
        key = ("unit", service, available, off, age)
        return self._made.get(key) or self._make(
            key, UNIT_PX, UNIT_PX, lambda p: self._draw_unit(p, service, available, off, age)
        )

    def station(self, service: str) -> QPixmap:
        key = ("station", service)
        return self._made.get(key) or self._make(
            key, STATION_PX + 2, STATION_PX + 2, lambda p: self._draw_station(p, service)
        )

    def incident(self, size: float, priority: int, urgent: bool, late: bool, closed: bool) -> QPixmap:
        key = ("incident", size, priority, urgent, late, closed)
        return self._made.get(key) or self._make(
            key, size + 4, size + 4, lambda p: self._draw_incident(p, size, str(priority), urgent, late, closed)
        )

    def incidents(self, count: int, urgent: bool, late: bool) -> QPixmap:
        key = ("incidents", count, urgent, late)
        width, height = incidents_width(count), INCIDENTS_HEIGHT_PX
        return self._made.get(key) or self._make(
            key, width + 4, height + 4, lambda p: self._draw_incidents(p, count, urgent, late)
        )

    def count(self, row: UnitCount) -> QPixmap:
        key = ("count", row)
        return self._made.get(key) or self._make(
            key, GROUP_WIDTH_PX, GROUP_ROW_PX, lambda p: self._draw_count(p, row)
        )

    def name(self, name: Name) -> QPixmap:
        key = ("name", name.text)
        return self._made.get(key) or self._make(key, name.width, LABEL_PX, lambda p: self._draw_name(p, name))

    def label(self, label: Label) -> QPixmap:
        key = (label.text, label.width, label.kind, label.urgent, label.late, label.faint, label.services)
        return self._made.get(key) or self._make(key, label.width, LABEL_PX, lambda p: self._draw_label(p, label))

    def _make(self, key: tuple[object, ...], width: float, height: float, draw: Draw) -> QPixmap:
        pixmap = QPixmap(round(width * self._ratio), round(height * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        painter.end()
        if len(self._made) >= KEPT:
            self._made.clear()
        self._made[key] = pixmap
        return pixmap

    def _draw_unit(self, painter: QPainter, service: str, available: bool, off: bool, age: Age) -> None:
        """An old position has a dashed ring and a pale body, a lost one is an empty dashed ring."""
        look, hue = self.look, self.hue(service)
        box = QRectF(1.5, 1.5, UNIT_PX - 3, UNIT_PX - 3)
        filled = not available and not off and age is not Age.LOST
        body = _mixed(hue, look.ground, 0.55) if age is Age.OLD else hue
        if off:
            painter.setPen(QPen(look.edge, 1.2, Qt.PenStyle.DotLine))
        elif age is Age.NOW:
            painter.setPen(QPen(hue, 2.0))
        else:
            dashed = QPen(hue if age is Age.OLD else look.quiet, 1.8)
            dashed.setDashPattern([1.6, 1.8])
            painter.setPen(dashed)
        painter.setBrush(body if filled else look.ground if off or age is Age.LOST else look.plate)
        painter.drawEllipse(box)
        painter.setFont(self._glyph)
        painter.setPen(text_on(body) if filled else look.quiet if off or age is not Age.NOW else look.text)
        _centred(painter, QRectF(0, 0, UNIT_PX, UNIT_PX), service_glyph(service, self._services))

    def _draw_station(self, painter: QPainter, service: str) -> None:
        painter.setPen(QPen(self.look.ground, 1.0))
        painter.setBrush(self.hue(service))
        painter.drawRect(QRectF(1, 1, STATION_PX, STATION_PX))

    def _draw_incident(
        self, painter: QPainter, size: float, digit: str, urgent: bool, late: bool, closed: bool
    ) -> None:
        look, middle = self.look, (size + 4) / 2
        p1 = urgent and digit == "1"
        if late:
            _corners(painter, QRectF(1.5, 1.5, size + 1, size + 1), look.late)
        half = size / 2 - (4.0 if late else 3.5 if p1 else 1.0)
        if p1 and not late:
            painter.setPen(QPen(look.attention, 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(_diamond(middle, middle, size / 2))
        fill = look.attention if p1 else look.ground if closed else look.plate
        painter.setPen(QPen(look.ground if p1 else look.edge if closed else look.quiet, 1.2))
        painter.setBrush(fill)
        painter.drawPolygon(_diamond(middle, middle, half))
        painter.setFont(self._strong)
        painter.setPen(text_on(look.attention) if p1 else look.quiet if closed else look.text)
        _centred(painter, QRectF(0, 0, size + 4, size + 4), "✓" if closed else digit)

    def _draw_incidents(self, painter: QPainter, count: int, urgent: bool, late: bool) -> None:
        look = self.look
        width, height = incidents_width(count), INCIDENTS_HEIGHT_PX
        box = QRectF(2, 2, width, height)
        if late:
            _corners(painter, QRectF(1.5, 1.5, width + 1, height + 1), look.late)
            box.adjust(2.5, 2.5, -2.5, -2.5)
        fill = look.attention if urgent else look.plate
        painter.setPen(QPen(look.ground if urgent else look.quiet, 1.2))
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 3, 3)
        ink = text_on(look.attention) if urgent else look.text
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(_diamond(box.left() + 8, box.center().y(), 4.5))
        painter.setFont(self._strong)
        painter.setPen(ink)
        _centred(painter, box.adjusted(13, 0, -1, 0), str(count))

    def _draw_count(self, painter: QPainter, row: UnitCount) -> None:
        look, hue = self.look, self.hue(row.service)
        painter.fillRect(QRectF(0, 0, GROUP_WIDTH_PX, GROUP_ROW_PX), look.plate)
        chip = QRectF(1, 1, CHIP_PX, GROUP_ROW_PX - 2)
        painter.fillRect(chip, hue)
        painter.setFont(self._glyph)
        painter.setPen(text_on(hue))
        _centred(painter, chip, service_glyph(row.service, self._services))
        painter.setFont(self._strong if row.available else self._plain)
        painter.setPen(look.text if row.available else look.quiet)
        words = f"{row.available}/{row.total}" if row.total < 100 else str(row.available)
        _centred(painter, QRectF(CHIP_PX + 1, 0, GROUP_WIDTH_PX - CHIP_PX - 1, GROUP_ROW_PX), words)

    def _draw_name(self, painter: QPainter, name: Name) -> None:
        """With a halo: streets may lie beneath."""
        metrics, path = self._metrics[False], QPainterPath()
        left = (name.width - metrics.horizontalAdvance(name.text)) / 2
        base = LABEL_PX / 2 + (metrics.ascent() - metrics.descent()) / 2
        path.addText(QPointF(left, base), self._plain, name.text)
        halo = QPen(self.look.ground, 2.6)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(path, halo)
        painter.setFont(self._plain)
        painter.setPen(self.look.zone_name)
        _centred(painter, QRectF(0, 0, name.width, LABEL_PX), name.text)

    def _draw_label(self, painter: QPainter, label: Label) -> None:
        look = self.look
        plate = QColor(look.late if label.late else look.plate)
        if not label.late:
            plate.setAlpha(225)
        painter.setBrush(plate)
        painter.setPen(QPen(look.attention, 1.0) if label.urgent and not label.late else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(0.5, 0.5, label.width - 1, LABEL_PX - 1), 3, 3)
        strong = label.urgent or bool(label.services)
        painter.setFont(self._strong if strong else self._plain)
        painter.setPen(look.on_late if label.late else look.quiet if label.faint else look.text)
        chips = CHIP_PX * len(label.services)
        _centred(painter, QRectF(0, 0, label.width - chips, LABEL_PX), label.text)
        painter.setFont(self._glyph)
        for index, service in enumerate(label.services):
            hue = self.hue(service)
            chip = QRectF(label.width - chips + CHIP_PX * index, 2, CHIP_PX - 2, LABEL_PX - 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hue)
            painter.drawRoundedRect(chip, 2, 2)
            painter.setPen(text_on(hue))
            _centred(painter, chip, service_glyph(service, self._services))


def _centred(painter: QPainter, box: QRectF, text: str) -> None:
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    def mix(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(mix(one.red(), other.red()), mix(one.green(), other.green()), mix(one.blue(), other.blue()))


def _diamond(x: float, y: float, half: float) -> QPolygonF:
    return QPolygonF([QPointF(x, y - half), QPointF(x + half, y), QPointF(x, y + half), QPointF(x - half, y)])


def _corners(painter: QPainter, box: QRectF, colour: QColor) -> None:
    pen = QPen(colour, 3.0)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    painter.setPen(pen)
    reach = 5.0
    for x, inward in ((box.left(), reach), (box.right(), -reach)):
        for y, down in ((box.top(), reach), (box.bottom(), -reach)):
            painter.drawLine(QPointF(x, y), QPointF(x + inward, y))
            painter.drawLine(QPointF(x, y), QPointF(x, y + down))
