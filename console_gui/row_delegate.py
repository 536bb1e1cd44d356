"""Paints one row of a board: glyphs in their hue, text in grey, a late clock in red, and nothing else in colour."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QStaticText, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from console_gui.models.ordered_table import CELL_ROLE, Cell
from console_gui.sizes import px
from console_gui.theme import Look, readable
from console_gui.typefaces import ROW, font

PAD = 6
ROW_HEIGHT = 26
GLYPH_GAP = 5
TEXTS_KEPT = 2_000
"""Texts that are kept cut and set: the same rows are painted again and again."""

# put together once: joining Qt's flags costs more than drawing a word
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class RowDelegate(QStyledItemDelegate):
    def __init__(self, look: Look, pixels: int = ROW, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._plain, self._strong = font(pixels), font(pixels, strong=True)
        self._metrics = {False: QFontMetrics(self._plain), True: QFontMetrics(self._strong)}
        self._kept: dict[tuple[str, int, bool, bool], tuple[QStaticText, int]] = {}

    def face(self, cell: Cell) -> tuple[QFont, QFontMetrics]:
        return (self._strong if cell.strong else self._plain), self._metrics[cell.strong]

    def draw(self, painter: QPainter, rect: QRect, cell: Cell, column: int, chosen: bool) -> None:
        """A cell in its place; boards ask for this and not for Qt's ``paint``, whose way costs as much again."""
        theme = self._look.now
        ground = theme.chosen if chosen else theme.surface
        if chosen:
            painter.fillRect(rect, QColor(ground))
        face, metrics = self.face(cell)
        painter.setFont(face)
        area = rect.adjusted(PAD, 0, -PAD, 0)
        if cell.late:
            ground = self._late(painter, area, metrics.horizontalAdvance(cell.text), cell.right)
        if cell.bar >= 0:
            self._bar(painter, area, cell)
        area = self._glyphs(painter, area, cell, metrics, ground)
        painter.setPen(self._pen(cell, ground))
        if cell.text:
            words, wide = self._set(cell, face, metrics, area.width())
            left = area.right() + 1 - wide if cell.right else area.left()
            painter.drawStaticText(QPointF(left, area.top() + (area.height() - metrics.height()) // 2), words)

    def _set(self, cell: Cell, face: QFont, metrics: QFontMetrics, width: int) -> tuple[QStaticText, int]:
        """The text as far as there is room, and its pixels."""
        key = (cell.text, width, cell.strong, cell.middle)
        known = self._kept.get(key)
        if known is None:
            if len(self._kept) >= TEXTS_KEPT:
                self._kept.clear()
            how = Qt.TextElideMode.ElideMiddle if cell.middle else Qt.TextElideMode.ElideRight
            text = metrics.elidedText(" ".join(cell.text.splitlines()), how, width)
            words = QStaticText(text)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.prepare(font=face)
            known = self._kept[key] = words, metrics.horizontalAdvance(text)
        return known

    def _late(self, painter: QPainter, area: QRect, width: int, right: bool) -> str:
        late = self._look.now.late
        left = area.right() - width - 3 if right else area.left() - 4
        chip = QRect(left, area.center().y() - px(9), width + 8, px(19))
        painter.fillRect(chip, QColor(late))
        return late

    def _bar(self, painter: QPainter, area: QRect, cell: Cell) -> None:
        """What is left of a clock, shrinking to the right: grey, and towards its end in the colour of attention."""
        theme = self._look.now
        whole = QRect(area.left(), area.bottom() - 3, area.width(), 3)
        rest = round(whole.width() * min(1.0, cell.bar))
        painter.fillRect(whole, QColor(theme.chosen))
        colour = theme.late if cell.late else theme.attention if cell.attention else theme.dim
        painter.fillRect(whole.adjusted(whole.width() - rest, 0, 0, 0), QColor(colour))

    def _glyphs(self, painter: QPainter, area: QRect, cell: Cell, metrics: QFontMetrics, ground: str) -> QRect:
        for glyph, hue in cell.glyphs:
            painter.setPen(readable(hue, ground) if hue else QColor(self._look.now.dim))
            painter.drawText(area, LEFT, glyph)
            area = area.adjusted(metrics.horizontalAdvance(glyph) + GLYPH_GAP, 0, 0, 0)
        return area

    def _pen(self, cell: Cell, ground: str) -> QColor:
        theme = self._look.now
        if cell.late:
            return QColor(theme.on_late)
        if cell.attention:
            return readable(theme.attention, ground)
        return readable(theme.dim, ground) if cell.dim else QColor(theme.text)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, Cell):
            return QSize(0, px(ROW_HEIGHT))
        _, metrics = self.face(cell)
        marks = sum(metrics.horizontalAdvance(glyph) + GLYPH_GAP for glyph, _ in cell.glyphs)
        return QSize(marks + metrics.horizontalAdvance(cell.text) + 2 * PAD + 2, px(ROW_HEIGHT))


class WrappingDelegate(RowDelegate):
    """The same for a list of which one column may take several lines: the narrative, zones in words."""

    def __init__(self, look: Look, column: int, pixels: int = ROW, parent: QObject | None = None) -> None:
        super().__init__(look, pixels, parent)
        self._column = column

    def draw(self, painter: QPainter, rect: QRect, cell: Cell, column: int, chosen: bool) -> None:
        if column != self._column or cell.glyphs or cell.late or cell.right:
            super().draw(painter, rect, cell, column, chosen)
            return
        theme = self._look.now
        if chosen:
            painter.fillRect(rect, QColor(theme.chosen))
        painter.setPen(self._pen(cell, theme.chosen if chosen else theme.surface))
        laid = self._laid_out(cell.text, rect.width(), strong=cell.strong)
        top = rect.top() + (rect.height() - laid.boundingRect().height()) / 2
        laid.draw(painter, QPointF(rect.left() + PAD, top))

    def height(self, text: str, width: int, *, strong: bool = False) -> int:
        """Pixels that ``text`` needs in a column of ``width``."""
        return max(px(ROW_HEIGHT), int(self._laid_out(text, width, strong=strong).boundingRect().height()) + 8)

    def _laid_out(self, text: str, width: int, *, strong: bool) -> QTextLayout:
        """Broken between words, and inside one only where it is longer than the line."""
        laid = QTextLayout(text, self._strong if strong else self._plain)
        how = QTextOption(Qt.AlignmentFlag.AlignLeft)
        how.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        laid.setTextOption(how)
        laid.beginLayout()
        y = 0.0
        while (line := laid.createLine()).isValid():
            line.setLineWidth(max(20, width - 2 * PAD))
            line.setPosition(QPointF(0, y))
            y += line.height()
        laid.endLayout()
        return laid
