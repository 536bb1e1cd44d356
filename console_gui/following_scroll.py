"""A part that is scrolled where there is no room for it, and never hides what the keyboard works in."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

MARGIN = 8


class FollowingScroll(QScrollArea):
    """Whatever inside it gets the keyboard is brought into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._holds(now):
            QTimer.singleShot(0, now, lambda: self._bring(now))  # when it has been laid out

    def _bring(self, part: QWidget) -> None:
        if part.hasFocus() and self._holds(part):
            self.ensureWidgetVisible(part, 0, MARGIN)

    def _holds(self, part: QWidget) -> bool:
        inside = self.widget()
        return inside is not None and inside.isAncestorOf(part)
