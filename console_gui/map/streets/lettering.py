"""Names as a transparent picture: letters along their streets, with a halo that keeps them readable on anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QRawFont, QTransform

from console_gui import typefaces
from console_gui.map.streets.naming import Written
from console_gui.map.streets.palette import Palette

HALO_PX = 3.2
DOT_PX = 3.0
GLYPHS_KEPT = 6_000


class Lettering:
    """Keeps the hands, the letters' widths and their outlines; needs a QGuiApplication."""

    def __init__(self) -> None:
        self._fonts: dict[tuple[int, bool], tuple[QFont, QFontMetricsF]] = {}
        self._advances: dict[tuple[int, bool, str], float] = {}
        self._glyphs: dict[tuple[int, bool, str], QPainterPath] = {}
        self._raw: QRawFont | None = None

    def can_write(self, text: str) -> bool:
        """Whether the bundled letters have all of it: boxes in place of foreign ones tell nobody anything."""
        if self._raw is None:
            self._raw = QRawFont.fromFont(self._hand(12, False)[0])
        return all(self._raw.supportsCharacter(ord(letter)) for letter in text)

    def measure(self, text: str, pixels: int, strong: bool) -> Sequence[float]:
        known, widths = self._advances, []
        for letter in text:
            key = (pixels, strong, letter)
            width = known.get(key)
            if width is None:
                if len(known) > GLYPHS_KEPT:
                    known.clear()
                width = known[key] = self._hand(pixels, strong)[1].horizontalAdvance(letter)
            widths.append(width)
        return widths

    def paint(self, names: Iterable[Written], palette: Palette, width: int, height: int, ratio: float) -> QImage:
        """``width`` by ``height`` of Qt's pixels, ``ratio`` of the screen's to each."""
        image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(ratio, ratio)
        halo = QPen(QColor(palette.halo), HALO_PX)
        halo.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        for name in names:
            ink = QColor(palette.names.get(name.hand.colour, palette.names["minor"]))
            path = self._path(name)
            painter.strokePath(path, halo)
            if name.dot is not None:
                painter.setPen(QPen(QColor(palette.halo), 1.2))
                painter.setBrush(ink)
                painter.drawEllipse(QPointF(*name.dot), DOT_PX, DOT_PX)
            painter.fillPath(path, ink)
        painter.end()
        return image

    def _hand(self, pixels: int, strong: bool) -> tuple[QFont, QFontMetricsF]:
        hand = self._fonts.get((pixels, strong))
        if hand is None:
            font = typefaces.font(pixels, strong=strong)
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            hand = self._fonts[pixels, strong] = (font, QFontMetricsF(font))
        return hand

    def _glyph(self, pixels: int, strong: bool, letter: str) -> QPainterPath:
        """Around the middle of its base line."""
        key = (pixels, strong, letter)
        glyph = self._glyphs.get(key)
        if glyph is None:
            if len(self._glyphs) > GLYPHS_KEPT:
                self._glyphs.clear()
            font, metrics = self._hand(pixels, strong)
            glyph = QPainterPath()
            glyph.addText(QPointF(-metrics.horizontalAdvance(letter) / 2, 0.0), font, letter)
            glyph.setFillRule(Qt.FillRule.WindingFill)
            self._glyphs[key] = glyph
        return glyph

    def _path(self, name: Written) -> QPainterPath:
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for letter, x, y, angle in name.letters:
            if letter == " ":
                continue
            place = QTransform().translate(x, y)
            if angle:
                place.rotate(math.degrees(angle))
            path.addPath(place.map(self._glyph(name.hand.pixels, name.hand.strong, letter)))
        return path
