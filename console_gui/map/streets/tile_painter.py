"""A decoded tile as a picture: ground, water, green, buildings, then roads with their edges, the greater over the
smaller; arrows where a road is one-way. No names: those are placed for the whole view, by ``naming``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from console_gui.map.streets.palette import Palette
from console_gui.map.streets.tile import Line, Tile
from console_gui.map.streets.widths import CLASSES, cased, road_width

ARROWS_FROM = 15.6
ARROW_EVERY_PX, ARROW_PX = 130.0, 5.0
RAIL_FROM = 12.0
BUILDINGS_FROM = 15.0
UNIT = 4096.0
"""Paths are kept in these units: Qt flattens shares of 1 too roughly."""


Polylines = list[QPolygonF]
"""Each is stroked for itself: one path of them all takes Qt six times as long."""


@dataclass(slots=True)
class Drawable:
    """A tile's geometry as Qt's own, made once; any number of pictures are painted of it."""

    areas: dict[str, QPainterPath] = field(default_factory=dict)
    roads: dict[tuple[str, bool, str], Polylines] = field(default_factory=dict)  # class, link, "" tunnel bridge
    rails: Polylines = field(default_factory=list)
    waterways: dict[str, Polylines] = field(default_factory=dict)
    oneways: list[tuple[str, Line]] = field(default_factory=list)  # in the direction of travel


def drawable(tile: Tile) -> Drawable:
    made = Drawable()
    for area in tile.areas:
        kind = "square" if area.kind == "square" else area.layer
        path = made.areas.setdefault(kind, QPainterPath())
        for part in area.parts:
            path.addPolygon(_polygon(part))
            path.closeSubpath()
    for line in tile.lines:
        if line.layer == "road":
            where = "bridge" if line.bridge else "tunnel" if line.tunnel else ""
            kind = line.kind if line.kind in CLASSES else "path"
            made.roads.setdefault((kind, line.link, where), []).extend(map(_polygon, line.parts))
            if line.oneway:
                made.oneways += [(kind, part if line.oneway > 0 else part[::-1]) for part in line.parts]
        elif line.layer == "rail":
            made.rails.extend(map(_polygon, line.parts if line.kind != "tunnel" else ()))
        else:
            made.waterways.setdefault(line.kind, []).extend(map(_polygon, line.parts))
    return made


def _polygon(part: Line) -> QPolygonF:
    return QPolygonF([QPointF(x * UNIT, y * UNIT) for x, y in part])


@dataclass(frozen=True, slots=True)
class Piece:
    """Which part of a tile fills the picture: 1 / ``share`` of its width, the ``column``-th and ``row``-th of these."""

    share: int = 1
    column: int = 0
    row: int = 0


def paint_tile(
    shown: Drawable | None, palette: Palette, zoom: float, pixels: int, ratio: float, piece: Piece = Piece()  # noqa: B008
) -> QImage:
    """Opaque, ``pixels`` square (of the screen's own, ``ratio`` to each of Qt's). ``zoom`` says how near it is."""
    image = QImage(pixels, pixels, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.ground))
    if shown is None:
        return image
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scale = pixels * piece.share / UNIT
    painter.translate(-pixels * piece.column, -pixels * piece.row)
    painter.scale(scale, scale)
    _areas(painter, shown, palette, zoom)
    _waterways(painter, shown, palette, zoom, ratio)
    _roads(painter, shown, palette, zoom, ratio)
    if zoom >= RAIL_FROM:
        _stroke(painter, shown.rails, palette.rail, 1.4 * ratio, dash=(6.0, 3.0))
    if zoom >= ARROWS_FROM:
        painter.resetTransform()
        _arrows(painter, shown, palette, zoom, pixels, ratio, piece)
    painter.end()
    return image


def _areas(painter: QPainter, shown: Drawable, palette: Palette, zoom: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    fills = {"ground": palette.grounds, "green": palette.green, "square": palette.square, "water": palette.water}
    for kind, colour in fills.items():
        if (path := shown.areas.get(kind)) is not None:
            path.setFillRule(Qt.FillRule.WindingFill if kind != "water" else Qt.FillRule.OddEvenFill)
            painter.setBrush(QColor(colour))
            painter.drawPath(path)
    if zoom >= BUILDINGS_FROM and (path := shown.areas.get("building")) is not None:
        painter.setBrush(QColor(palette.building))
        pen = QPen(QColor(palette.building_edge), 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPath(path)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _waterways(painter: QPainter, shown: Drawable, palette: Palette, zoom: float, ratio: float) -> None:
    for kind, lines in shown.waterways.items():
        at_16 = {"river": 14.0, "canal": 8.0}.get(kind, 3.0)
        _stroke(painter, lines, palette.water, max(1.0, at_16 * 2.0 ** ((zoom - 16.0) * 0.8)) * ratio)


def _roads(painter: QPainter, shown: Drawable, palette: Palette, zoom: float, ratio: float) -> None:
    order = sorted(shown.roads, key=lambda it: (it[2] == "bridge", CLASSES.index(it[0])))
    level = [key for key in order if key[2] != "bridge"]
    for keys in (level, [key for key in order if key[2] == "bridge"]):  # a bridge's edges lie over what it crosses
        for kind, link, where in keys:
            if cased(kind, zoom) and palette.casings[kind]:
                width = (road_width(kind, zoom, link) + (2.6 if where == "bridge" else 1.8)) * ratio
                dash = (3.0, 2.0) if where == "tunnel" else ()
                _stroke(painter, shown.roads[kind, link, where], palette.casings[kind], width, dash=dash)
        for kind, link, where in keys:
            dash = (3.0, 2.0) if kind == "path" and zoom > 15.5 else ()
            width = road_width(kind, zoom, link) * ratio
            _stroke(painter, shown.roads[kind, link, where], palette.roads[kind], width, dash=dash)


def _stroke(
    painter: QPainter, lines: Polylines, colour: str, width: float, dash: tuple[float, ...] = ()
) -> None:
    pen = QPen(QColor(colour), width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap if dash or width < 1.5 else Qt.PenCapStyle.RoundCap)
    if dash:
        pen.setDashPattern(dash)
    painter.setPen(pen)
    for line in lines:
        painter.drawPolyline(line)


def _arrows(
    painter: QPainter, shown: Drawable, palette: Palette, zoom: float, pixels: int, ratio: float, piece: Piece
) -> None:
    """On the road, at even steps; none so near the picture's edge that it would be cut."""
    painter.setPen(QPen(QColor(palette.arrow), 1.3 * ratio))
    whole, half = pixels * piece.share, ARROW_PX * ratio
    for kind, part in shown.oneways:
        if road_width(kind, zoom) < 5.0:
            continue
        for x, y, angle in _steps(part, whole, ARROW_EVERY_PX * ratio):
            x, y = x - pixels * piece.column, y - pixels * piece.row
            if 2 * half < x < pixels - 2 * half and 2 * half < y < pixels - 2 * half:
                cos, sin = math.cos(angle), math.sin(angle)
                tip = QPointF(x + cos * half, y + sin * half)
                painter.drawLine(QPointF(x - cos * half, y - sin * half), tip)
                for turn in (2.6, -2.6):
                    back = angle + turn
                    painter.drawLine(tip, QPointF(tip.x() + math.cos(back) * half * 0.7,
                                                  tip.y() + math.sin(back) * half * 0.7))  # fmt: skip


def _steps(part: Line, whole: float, every: float) -> Iterable[tuple[float, float, float]]:
    """Points along a line at ``every`` pixels, the first after half of that, with the direction there."""
    left = every / 2
    for (x0, y0), (x1, y1) in zip(part, part[1:], strict=False):
        dx, dy = (x1 - x0) * whole, (y1 - y0) * whole
        length = math.hypot(dx, dy)
        at = left
        while at < length:
            yield x0 * whole + dx * at / length, y0 * whole + dy * at / length, math.atan2(dy, dx)
            at += every
        left = at - length
