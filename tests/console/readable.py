"""Whether what a window shows can be read: nothing cut off, and the contrast of every text, measured on its pixels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QLineEdit, QTableView, QWidget

from console_gui.board_view import BoardView
from console_gui.labels import ElidedLabel

AA, AA_LARGE = 4.5, 3.0
LARGE_PX = 24
"""WCAG 2.2, 1.4.3: text of 18 pt (24 px) and more needs 3:1; 1.4.11: so does a sign without letters."""

BUTTON_EDGE, NARROW_EDGE = 26, 10
"""Pixels of a button's border and the room beside its words, as the sheet has them."""

STROKE = 0.97
"""A stroke thinner than a pixel does not quite reach its colour."""

Colour = tuple[int, int, int]


def luminance(colour: Colour) -> float:
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def texts(window: QWidget) -> Iterator[tuple[str, QRect, int]]:
    """(text, where in the window, pixels of its letters) of whatever is seen now, painted boards included."""
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if isinstance(widget, QTableView):
            yield from _cells(widget, window)
        elif isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            text = widget.text()
            rect = _seen(widget, widget.rect(), window)
            if text.strip() and rect.width() > 4 and rect.height() > 4:
                yield text, rect, widget.font().pixelSize()


def _cells(board: QTableView, window: QWidget) -> Iterator[tuple[str, QRect, int]]:
    model = board.model()
    cut = board.cut_rows() if isinstance(board, BoardView) else []
    for row in range(model.rowCount()):
        line = board.visualRect(model.index(row, 0))
        if row in cut or line.bottom() < 0 or line.top() >= board.viewport().height():
            continue  # half a row is not shown
        for column in range(model.columnCount()):
            index = model.index(row, column)
            text = str(index.data() or "")
            rect = _seen(board.viewport(), board.visualRect(index), window)
            if text and rect.width() > 12 and rect.height() >= 18:
                yield text, rect, board.font().pixelSize()


def _seen(widget: QWidget, rect: QRect, window: QWidget) -> QRect:
    """The part of it that no scroll area and no neighbour hides."""
    visible = rect.intersected(widget.visibleRegion().boundingRect())
    return QRect(widget.mapTo(window, QPoint(visible.x(), visible.y())), visible.size())


def best_contrast(image: QImage, rect: QRect) -> float:
    """Between the ground and the pixel that stands out most from it, the core of a stroke: the edges of letters are
    mixed. The ground is the commonest colour, or the next one: a late clock has a red one of its own in its cell."""
    part = image.copy(rect).convertToFormat(QImage.Format.Format_RGB888)
    data = numpy.frombuffer(part.constBits(), numpy.uint8).reshape(part.height(), part.bytesPerLine())
    pixels = data[:, : part.width() * 3].reshape(-1, 3)
    counted = Counter(map(tuple, pixels.tolist()))
    grounds = [colour for colour, _ in counted.most_common(2)]
    return max((contrast(ground, colour) for ground in grounds for colour in counted), default=1.0)


def hard_to_read(window: QWidget) -> list[tuple[str, float]]:
    """Texts whose contrast is below WCAG AA, with the contrast measured."""
    image = window.grab().toImage()
    found = []
    for text, rect, pixels in texts(window):
        measured = best_contrast(image, rect)
        large = pixels >= LARGE_PX or not any(mark.isalnum() for mark in text)
        if measured < STROKE * (AA_LARGE if large else AA):
            found.append((text[:60], round(measured, 2)))
    return found


def cut_off(window: QWidget) -> list[str]:
    """Labels and buttons that have less room than their words take, and widgets outside the window."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.window() is not window:
            continue
        if isinstance(widget, QLabel | QAbstractButton) and widget.text().strip():
            if isinstance(widget, QLabel) and not isinstance(widget, ElidedLabel) and not widget.wordWrap():
                needed = widget.fontMetrics().horizontalAdvance(widget.text())
                if needed > widget.contentsRect().width() + 1:
                    found.append(f"{widget.text()!r}: {widget.width()} of {needed} px")
            elif isinstance(widget, QAbstractButton):
                edge = NARROW_EDGE if widget.objectName() == "narrow" else BUTTON_EDGE
                needed = widget.fontMetrics().horizontalAdvance(widget.text().replace("&&", "&")) + edge
                if needed > widget.width():
                    found.append(f"button {widget.text()!r}: {widget.width()} of {needed} px")
        if isinstance(widget, QAbstractItemView | QLineEdit | QAbstractButton):
            place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
            if place.right() > window.width() or place.left() < 0:
                found.append(f"{type(widget).__name__} {widget.accessibleName()!r} ends at {place.right()} px")
    return found
