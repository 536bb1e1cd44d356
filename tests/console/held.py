"""A key that is held down."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget


def held(widget: QWidget, key: Qt.Key, text: str = "", times: int = 5) -> None:
    """A press, and what a keyboard sends while nobody lets go."""
    for number in range(times + 1):
        plain = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, plain, text, bool(number)))
