"""The chosen incident's pin: dragged to where it really is, or put there with Shift and a click."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter

from console_gui.map.look import Look
from console_gui.map.mercator import Viewport
from console_gui.map.overlays import paint_pin
from console_gui.map.tool import Tool

PIN_PX = 10.0
"""A pin that is moved by less stays where it is: a slip of the hand."""


class Pinning(QObject, Tool):
    """``dropped``: the pixel where the pin is to stand; ``slipped``: it was only clicked."""

    dropped = Signal(float, float)
    slipped = Signal(float, float)
    changed = Signal()

    def __init__(self, parent: QObject, held: Callable[[float, float], bool], chosen: Callable[[], bool]) -> None:
        """``held``: whether the pin is under this pixel; ``chosen``: whether there is a pin at all."""
        super().__init__(parent)
        self._held, self._chosen = held, chosen
        self._begin = (0.0, 0.0)
        self.at: tuple[float, float] | None = None

    def pressed(self, px: float, py: float, shift: bool) -> bool:
        if shift and self._chosen():
            self.dropped.emit(px, py)
            return True
        if not self._held(px, py):
            return False
        self.at = self._begin = (px, py)
        self.changed.emit()
        return True

    def dragged(self, px: float, py: float) -> bool:
        if self.at is None:
            return False
        self.at = (px, py)
        self.changed.emit()
        return True

    def released(self, px: float, py: float) -> bool:
        if self.at is None:
            return False
        at, self.at = self.at, None
        self.changed.emit()
        (self.dropped if math.dist(at, self._begin) >= PIN_PX else self.slipped).emit(*at)
        return True

    def typed(self, key: Qt.Key, shift: bool) -> bool:
        if self.at is None or key is not Qt.Key.Key_Escape:
            return False
        self.at = None
        self.changed.emit()
        return True

    def paint(self, painter: QPainter, view: Viewport, look: Look, language: str) -> None:
        if self.at is not None:
            paint_pin(painter, self._begin, self.at, look)
