"""Labels that take every text as text, and change their look when their meaning changes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from console_gui.typefaces import font


def plain_label(parent: QWidget, pixels: int, name: str = "", *, strong: bool = False) -> QLabel:
    """Plain text only: a caller's name is never markup. ``name`` is a look of the sheet (dim, attention, late)."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font(pixels, strong=strong))
    label.setObjectName(name)
    return label


def repolish(label: QLabel, name: str) -> None:
    """Give a label another look of the sheet."""
    if label.objectName() != name:
        label.setObjectName(name)
        label.style().unpolish(label)
        label.style().polish(label)
