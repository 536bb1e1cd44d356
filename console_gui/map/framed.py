"""A map that keeps its picture: composed in steps and painted in a turn of its own, not in the one of the boards.

Guards: a window that asks for the map once more (a label on it changed, a dock moved) gets the picture that it has;
what a hand does is seen with the next frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from console_gui.map.canvas import Canvas
from console_gui.turns import Turn


class Framed(Canvas):
    """Its heir composes (``_compose_now``) and paints (``_paint``)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composed, self._painted = Turn(self._compose_now, self), Turn(self._paint_frame, self)
        self._frame, self._framed = QPixmap(), False  # the map as it stands, and whether it still does

    @property
    def at_rest(self) -> bool:
        """Whether the picture on the screen is the newest."""
        return not (self._composed.busy or self._painted.busy)

    # what an heir gives

    def _compose_now(self) -> Iterator[None]:
        """In steps, and then ``self._painted.take()``."""
        yield

    def _paint(self, painter: QPainter, ratio: float) -> None:
        """The whole map; ``ratio`` of the screen's pixels to one of the painter's."""

    # within

    def update(self, *where: Any) -> None:
        """Something of the map itself is another; a window that asks for its picture once more gets the one it had."""
        self._framed = False
        super().update(*where)

    def _paint_frame(self) -> None:
        """The map is painted in a turn of its own, not in the one in which the boards are."""
        if not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._frame.size() != size:
            self._frame = QPixmap(size)
            self._frame.setDevicePixelRatio(ratio)
        painter = QPainter(self._frame)
        self._paint(painter, ratio)
        painter.end()
        self._framed = True
        super().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        if self._framed and self._frame.size() == self.size() * ratio:
            painter.drawPixmap(0, 0, self._frame)
        else:
            self._paint(painter, ratio)
        if self.hasFocus():
            painter.setPen(self._look.text)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

