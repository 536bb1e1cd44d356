"""The plate beside the pointer. Always plain text: what it tells came from callers and other systems."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from console_gui import typefaces
from console_gui.map.look import Look

AWAY_PX = 14


class Hover(QLabel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(typefaces.font())
        self.hide()

    def dress(self, look: Look) -> None:
        self.setStyleSheet(
            f"background: {look.plate.name()}; color: {look.text.name()};"
            f" border: 1px solid {look.edge.name()}; padding: 5px 7px;"
        )
        self.hide()

    def tell(self, text: str, px: float, py: float, width: int, height: int) -> None:
        """Beside the point, on whichever side of it there is room within ``width`` and ``height``."""
        if text != self.text():
            self.setText(text)
        self.adjustSize()
        x, y = px + AWAY_PX, py + AWAY_PX
        if x + self.width() > width:
            x = max(0.0, px - AWAY_PX - self.width())
        if y + self.height() > height:
            y = max(0.0, py - AWAY_PX - self.height())
        self.move(round(x), round(y))
        self.show()
