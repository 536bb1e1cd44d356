"""Labels that take every text as text, and change their look when their meaning changes."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from console_gui.typefaces import font

LEAST_WIDTH, HIGHEST = 200, 400
"""Pixels of a wrapped label that has not been laid out yet, and that none exceeds."""


LATE_EDGES = 12
"""What the sheet leaves beside the words of a late label."""


def tip(text: str) -> str:
    """``text`` for ``setToolTip``, which takes whatever looks like markup as markup: a caller's words never are."""
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>' if "<" in text else text


def plain_label(parent: QWidget, pixels: int, name: str = "", *, strong: bool = False) -> QLabel:
    """Plain text only: a caller's name is never markup. ``name`` is a look of the sheet (dim, attention, late)."""
    return _dressed(QLabel(parent), pixels, name, strong)


class WrappedLabel(QLabel):
    """Takes as many lines as its words need, and never less room than they take; a stranger's word without a break,
    however long, makes nothing wider."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(text)
        self._take_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def _take_room(self) -> None:
        """Measured anew: what a label says that it needs is never less than its minimum of before."""
        room = QRect(0, 0, max(LEAST_WIDTH, self.contentsRect().width()), HIGHEST)
        needed = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self.text()).height()
        if self.text() and needed != self.minimumHeight():
            self.setMinimumHeight(needed)


class ElidedLabel(QLabel):
    """One line that gives way: what does not fit ends in “…”, and the pointer shows the whole."""

    _whole = ""

    def text(self) -> str:
        return self._whole

    def setText(self, text: str) -> None:
        self._whole = text
        self.setToolTip(tip(text))
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._whole) + 2 + self._edges()
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self._edges()
        super().setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room))

    def _edges(self) -> int:
        return LATE_EDGES if self.objectName() == "late" else 0


def elided_label(parent: QWidget, pixels: int, name: str = "", *, strong: bool = False) -> ElidedLabel:
    """As ``plain_label``, where others of its row must keep their room."""
    label = ElidedLabel(parent)
    _dressed(label, pixels, name, strong)
    return label


def wrapped_label(parent: QWidget, pixels: int, name: str = "", *, strong: bool = False) -> QLabel:
    """As ``plain_label``, on several lines where one does not hold it."""
    return _dressed(WrappedLabel(parent), pixels, name, strong)


def _dressed(label: QLabel, pixels: int, name: str, strong: bool) -> QLabel:
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font(pixels, strong=strong))
    label.setObjectName(name)
    label.setWordWrap(isinstance(label, WrappedLabel))
    return label


def repolish(label: QWidget, name: str) -> None:
    """Give a label or a button another look of the sheet."""
    if label.objectName() != name:
        label.setObjectName(name)
        label.style().unpolish(label)
        label.style().polish(label)
