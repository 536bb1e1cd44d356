"""Lays a composed picture down: circles, lines, marks, words, in the order in which the eye should find them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console_gui.map.picture import Picture
from console_gui.map.sizes import (
    GROUP_ROW_PX,
    GROUP_WIDTH_PX,
    INCIDENTS_HEIGHT_PX,
    RING_PX,
    STATION_PX,
    UNIT_PX,
    incident_size,
    incidents_width,
)
from console_gui.map.sprites import Sprites

CIRCLE_MOST_PX = 20_000.0
"""A circle larger than this encloses the whole screen: its edge is not to be seen."""


def paint(painter: QPainter, picture: Picture, sprites: Sprites) -> Iterator[None]:
    """In steps of a mark each: laying one down takes microseconds, making its words the first time a hundred."""
    for name in picture.names:
        yield
        painter.drawPixmap(QPointF(name.x, name.y), sprites.name(name))
    yield from _circles(painter, picture, sprites)
    _lines(painter, picture, sprites)
    half = STATION_PX / 2 + 1
    for station, px, py in picture.stations:
        yield
        painter.drawPixmap(QPointF(px - half, py - half), sprites.station(station.service))
    yield from _unit_groups(painter, picture, sprites)
    half = UNIT_PX / 2
    for unit, px, py in picture.units:
        yield
        painter.drawPixmap(QPointF(px - half, py - half), sprites.unit(unit.service, unit.status, unit.age))
    for label in picture.labels:
        yield
        painter.drawPixmap(QPointF(label.x, label.y), sprites.label(label))
    for crowd, worst in picture.incident_groups:
        yield
        sprite = sprites.incidents(len(crowd.members), worst.priority <= 1 and not worst.closed, worst.late)
        width = incidents_width(len(crowd.members))
        painter.drawPixmap(QPointF(crowd.px - width / 2 - 2, crowd.py - INCIDENTS_HEIGHT_PX / 2 - 2), sprite)
    for mark, px, py in picture.incidents:
        yield
        size = incident_size(mark)
        late = mark.late and not mark.closed
        sprite = sprites.incident(size, mark.priority, mark.urgent, late, mark.closed)
        painter.drawPixmap(QPointF(px - size / 2 - 2, py - size / 2 - 2), sprite)
    if picture.unit_at is not None:
        _ring(painter, QPointF(*picture.unit_at), sprites.look.text, UNIT_PX / 2 + 4)
    if picture.selected_at is not None:
        _ring(painter, QPointF(*picture.selected_at), sprites.look.text)


def _circles(painter: QPainter, picture: Picture, sprites: Sprites) -> Iterator[None]:
    for px, py, radius, selected, outline in picture.circles:
        yield
        if radius > CIRCLE_MOST_PX:
            continue
        fill = QColor(sprites.look.circle)
        fill.setAlpha(38 if selected else 14)
        painter.setBrush(fill)
        painter.setPen(QPen(sprites.look.circle, 1.6 if selected else 1.0, Qt.PenStyle.DashLine))
        if outline:
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline]))
        else:
            painter.drawEllipse(QPointF(px, py), radius, radius)


def _lines(painter: QPainter, picture: Picture, sprites: Sprites) -> None:
    for from_x, from_y, to_x, to_y, service in picture.lines:
        painter.setPen(QPen(sprites.hue(service), 1.3))
        painter.drawLine(QLineF(from_x, from_y, to_x, to_y))
    painter.setPen(QPen(sprites.look.text, 1.0, Qt.PenStyle.DashLine))
    for from_x, from_y, to_x, to_y in picture.links:
        painter.drawLine(QLineF(from_x, from_y, to_x, to_y))


def _unit_groups(painter: QPainter, picture: Picture, sprites: Sprites) -> Iterator[None]:
    for _, counts, left, top in picture.unit_groups:
        yield
        for index, row in enumerate(counts):
            painter.drawPixmap(QPointF(left, top + GROUP_ROW_PX * index), sprites.count(row))
        painter.setPen(QPen(sprites.look.edge, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left - 0.5, top - 0.5, GROUP_WIDTH_PX + 1, GROUP_ROW_PX * len(counts) + 1))


def _ring(painter: QPainter, at: QPointF, colour: QColor, radius: float = RING_PX) -> None:
    painter.setPen(QPen(colour, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, radius, radius)
