"""A widget whose size is its own: what changes inside asks nothing around it for room.

Guards: a figure that gets one digit more lays out its own row anew, and not the docks of the whole window.
"""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget


class Bulkhead(QWidget):
    """``inside`` fills it. Its heir gives ``sizeHint`` and ``minimumSizeHint`` or a fixed height."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inside = QWidget(self)  # in no layout of ours: that is the bulkhead

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.inside.setGeometry(self.rect())
