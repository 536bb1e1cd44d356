"""One offered choice on one line: what it is, with the words that were typed in strong type, and what is said of it
at the right, dimmed.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console_gui.folding import fold
from console_gui.typefaces import ROW, font

PARTS_ROLE = int(Qt.ItemDataRole.UserRole) + 40
PAD, GAP, HEIGHT = 8, 18, 28
LEAST_TEXT = 0.45
"""Of the width: what is said at the right never takes more than the rest."""

Span = tuple[int, int]


def typed_spans(text: str, typed: str) -> tuple[Span, ...]:
    """Where words of ``text`` are words that were typed, or begin as the last one of them does; marks do not count."""
    words = fold(typed).replace(",", " ").split()
    spans: list[Span] = []
    place = 0
    for piece in text.split(" "):
        bare = fold(piece.strip(",.()"))
        hit = bare in words or (words and len(words[-1]) > 1 and bare.startswith(words[-1]))
        if bare and hit:
            spans.append((place, place + len(piece)))
        place += len(piece) + 1
    return tuple(spans)


class ChoiceRow(QStyledItemDelegate):
    """Items carry (text, detail, spans) as PARTS_ROLE."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._plain, self._strong = font(ROW), font(ROW, strong=True)
        self._metrics = QFontMetrics(self._strong)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        text, detail, spans = index.data(PARTS_ROLE)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        painter.save()
        painter.setClipRect(rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, palette.color(QPalette.ColorRole.Highlight))
        area = rect.adjusted(PAD, 0, -PAD, 0)
        most = int(area.width() * (1 - LEAST_TEXT))
        painter.setFont(self._plain)
        metrics = QFontMetrics(self._plain)
        said = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, most)
        width = metrics.horizontalAdvance(said)
        ink = palette.color(QPalette.ColorRole.Text)
        dim = palette.color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(dim)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)
        painter.setPen(ink)
        self._draw(painter, QRect(area.left(), area.top(), area.width() - width - GAP, area.height()), text, spans)
        painter.restore()

    def _draw(self, painter: QPainter, area: QRect, text: str, spans: Sequence[Span]) -> None:
        shown = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        left = area.left()
        for start, end, strong in _runs(len(shown), spans):
            face = self._strong if strong else self._plain
            painter.setFont(face)
            piece = shown[start:end]
            width = QFontMetrics(face).horizontalAdvance(piece)
            place = QRect(left, area.top(), width + 2, area.height())
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, piece)
            left += width


def _runs(length: int, spans: Sequence[Span]) -> list[tuple[int, int, bool]]:
    """The whole text in pieces that are strong or not."""
    runs, place = [], 0
    for start, end in spans:
        if start >= length:
            break
        runs += [(place, start, False), (start, min(end, length), True)]
        place = min(end, length)
    return [it for it in (*runs, (place, length, False)) if it[0] < it[1]]
