"""What a hand does on the map beside moving it: drawing, measuring, dragging the pin, aiming with keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from console_gui.map.look import Look
from console_gui.map.mercator import Viewport


class Tool:
    """Each answer is whether the tool took what came; the map goes on to the next one where it did not. ``note`` is
    what is said of it in the corner, "" for nothing."""

    def pressed(self, px: float, py: float, shift: bool) -> bool:
        return False

    def dragged(self, px: float, py: float) -> bool:
        return False

    def released(self, px: float, py: float) -> bool:
        return False

    def clicked(self, px: float, py: float) -> bool:
        return False

    def pointed(self, px: float, py: float) -> bool:
        return False

    def typed(self, key: Qt.Key, shift: bool) -> bool:
        return False

    def note(self, language: str) -> str:
        return ""

    def paint(self, painter: QPainter, view: Viewport, look: Look, language: str) -> None: ...
