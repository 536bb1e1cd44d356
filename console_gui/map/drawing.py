"""Drawing where nobody can pass: point by point with clicks, or with the crosshair and Space."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter

from console_gui.map.draft import Draft
from console_gui.map.look import Look
from console_gui.map.mercator import Viewport
from console_gui.map.overlays import paint_draft
from console_gui.map.tool import Tool
from console_gui.map.words import said
from dispatch_core.domain.vocabulary import ClosureKind

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Drawing(QObject, Tool):
    """``done`` brings a finished Draft; ``changed`` after every point."""

    done = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.draft: Draft | None = None
        self.view: Viewport | None = None
        self._pointer: tuple[float, float] | None = None

    def begin(self, kind: ClosureKind, reason: str = "", at: tuple[float, float] | None = None) -> None:
        """``at``: a first point in world units."""
        self._put(Draft(kind, reason, (at,) if at is not None else ()))

    def leave(self) -> None:
        if self.draft is not None:
            self._put(None)

    def clicked(self, px: float, py: float) -> bool:
        if self.draft is None or self.view is None:
            return False
        self._put(self.draft.clicked(self.view, px, py))
        return True

    def pointed(self, px: float, py: float) -> bool:
        self._pointer = (px, py)
        return self.draft is not None

    def typed(self, key: Qt.Key, shift: bool) -> bool:
        draft = self.draft
        if draft is None:
            return False
        if key in ENTER:
            if draft.done:
                self._put(None)
                self.done.emit(draft)
        elif key is Qt.Key.Key_Escape:
            self._put(None)
        elif key is Qt.Key.Key_Backspace:
            self._put(draft.back())
        elif key is Qt.Key.Key_A:
            self._put(draft.turned())
        else:
            return False
        return True

    def _put(self, draft: Draft | None) -> None:
        self.draft, self._pointer = draft, None
        self.changed.emit()

    def note(self, language: str) -> str:
        if self.draft is None:
            return ""
        shape = said("draft.area" if self.draft.area else "draft.line", language)
        kind = said(f"closure.{self.draft.kind.value}", language)
        return said("draft.keys", language, kind=kind, shape=shape, points=len(self.draft.points))

    def paint(self, painter: QPainter, view: Viewport, look: Look, language: str) -> None:
        if self.draft is not None:
            paint_draft(painter, self.draft, self._pointer, view, look)
