"""Aiming without a mouse: a cross that arrows move; Space is a click there, the menu key opens what can be done there.
"""

from __future__ import annotations

from PySide6.QtCore import QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPen

from console_gui.map.look import Look
from console_gui.map.mercator import Viewport
from console_gui.map.tool import Tool
from console_gui.map.words import said

STEP_PX, FINE_PX = 40.0, 4.0
EDGE_PX = 40.0
"""Nearer to the edge than this the map moves beneath the cross."""

ARM_PX, GAP_PX = 22.0, 6.0
ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class Crosshair(QObject, Tool):
    """``picked``: Space at this pixel; ``panned``: the map is to move by so many pixels."""

    picked = Signal(float, float)
    panned = Signal(float, float)
    toggled = Signal()
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.at: tuple[float, float] | None = None
        self.size = (640, 480)

    def show(self, shown: bool) -> None:
        self.at = (self.size[0] / 2, self.size[1] / 2) if shown else None
        self.toggled.emit()

    def resized(self, width: int, height: int) -> None:
        self.size = (width, height)
        if self.at is not None:
            self.at = (min(self.at[0], width - 1.0), min(self.at[1], height - 1.0))

    def typed(self, key: Qt.Key, shift: bool) -> bool:
        if key is Qt.Key.Key_X:
            self.show(self.at is None)
            return True
        if self.at is None:
            return False
        if key in ARROWS:
            self._step(*ARROWS[key], FINE_PX if shift else STEP_PX)
        elif key is Qt.Key.Key_Space:
            self.picked.emit(*self.at)
        elif key is Qt.Key.Key_Escape:
            self.show(False)
        else:
            return False
        return True

    def _step(self, dx: int, dy: int, by: float) -> None:
        assert self.at is not None
        x, y = self.at[0] + dx * by, self.at[1] + dy * by
        kept_x = min(max(x, EDGE_PX), self.size[0] - EDGE_PX)
        kept_y = min(max(y, EDGE_PX), self.size[1] - EDGE_PX)
        self.at = (kept_x, kept_y)
        if (x, y) != self.at:
            self.panned.emit(kept_x - x, kept_y - y)
        self.changed.emit()

    def note(self, language: str) -> str:
        return said("cross.keys", language) if self.at is not None else ""

    def paint(self, painter: QPainter, view: Viewport, look: Look, language: str) -> None:
        if self.at is None:
            return
        at = QPointF(*self.at)
        for colour, width in ((look.ground, 4.0), (look.attention, 1.8)):
            painter.setPen(QPen(colour, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, GAP_PX + 4, GAP_PX + 4)
            for dx, dy in ARROWS.values():
                inner, outer = QPointF(dx * GAP_PX, dy * GAP_PX), QPointF(dx * ARM_PX, dy * ARM_PX)
                painter.drawLine(QLineF(at + inner, at + outer))
