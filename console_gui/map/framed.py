"""A map that keeps its picture: composed and painted in steps, in turns of their own, not in the one of the boards.

Guards: a window that asks for the map once more (a label on it changed, a dock moved) gets the picture that it has, and
one that has another room for it has that in the middle until the next is there. What a hand does is painted whole, at
once, and a picture under way that it has overtaken is given up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from console_gui.map.canvas import Canvas
from console_gui.map.look import Look
from console_gui.turns import Turn


class Framed(Canvas):
    """Its heir composes (``_compose_now``) and paints (``_paint``), and says in which colours (``_look``)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._composed, self._painted = Turn(self._compose_now, self), Turn(self._paint_frame, self)
        self._frame, self._framed = QPixmap(), False  # the map as it stands, and whether it still does
        self._next = QPixmap()  # the one after it, while it is painted
        self._overtaken = 0  # so often something of the map became another at once

    @property
    def at_rest(self) -> bool:
        """Whether the picture on the screen is the newest."""
        return not (self._composed.busy or self._painted.busy)

    # what an heir gives

    @property
    def _look(self) -> Look:
        raise TypeError(f"{type(self).__name__} has no look")

    def _compose_now(self) -> Iterator[None]:
        """In steps, and then ``self._painted.take()``."""
        yield

    def _drawn(self) -> Any:
        """What is to be painted at once, composed where it must be."""

    def _composed_already(self) -> Any:
        """What can be painted in steps now. None: it is to be composed first, and the heir sees to that."""

    def _paint(self, painter: QPainter, ratio: float, drawn: Any) -> Iterator[None]:
        """The whole map, in steps; ``ratio`` of the screen's pixels to one of the painter's."""
        yield

    # within

    def update(self, *where: Any) -> None:
        """Something of the map itself is another; a window that asks for its picture once more gets the one it had."""
        self._framed = False
        self._overtaken += 1
        super().update(*where)

    def _paint_frame(self) -> Iterator[None]:
        """The next picture, a step at a time; it is shown when it is whole."""
        drawn = self._composed_already() if self.isVisible() else None
        if drawn is None:
            return
        begun, ratio = self._overtaken, self.devicePixelRatioF()
        self._next = _sized(self._next, self.size() * ratio, ratio)
        painter = QPainter(self._next)
        try:
            for _ in self._paint(painter, ratio, drawn):
                yield
                if self._overtaken != begun:
                    return
        finally:
            painter.end()
        self._frame, self._next = self._next, self._frame
        self._framed = True
        super().update()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is on its way is not made for a map that nobody sees: it is painted whole when it is seen."""
        if not self.at_rest:
            self.update()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if not self._framed or self._frame.devicePixelRatio() != ratio:
            self._frame = _sized(self._frame, self.size() * ratio, ratio)
            whole = QPainter(self._frame)
            try:
                for _ in self._paint(whole, ratio, self._drawn()):
                    pass
            finally:
                whole.end()
            self._framed = True
            self._overtaken += 1  # a picture under way is older than this one
        painter, size = QPainter(self), self._frame.deviceIndependentSize()
        aside, above = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        if aside > 0 or above > 0:
            painter.fillRect(self.rect(), self._look.ground)
        painter.drawPixmap(QPointF(round(aside), round(above)), self._frame)  # of another size: the next comes soon
        if self.hasFocus():
            painter.setPen(self._look.text)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _sized(kept: QPixmap, size: QSize, ratio: float) -> QPixmap:
    if kept.size() == size and kept.devicePixelRatio() == ratio:
        return kept
    made = QPixmap(size)
    made.setDevicePixelRatio(ratio)
    return made
