"""The gesture: press on a row or a mark, move, and drop it where it is to go; Esc lets it go.

Guards: a press that moves by less than ``START_PX`` is a click as ever; while something is carried the boards see no
mouse at all; only what stood at the pointer when it was dropped is done.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from console_gui.carrying.carried import Carried, Drop
from console_gui.labels import plain_label
from console_gui.translations.language import Words
from console_gui.typefaces import FORM

START_PX = 12
"""So far the pointer moves before anything is carried: a slip of the hand while clicking."""

BESIDE = QPoint(16, 14)

Source = Callable[[QPoint], Carried | None]
Over = Callable[[Carried, QPoint], Drop | None]


class Carrier(QObject):
    dropped = Signal(str)  # the line to carry out
    refused = Signal(str)  # why dropping did nothing

    def __init__(self, window: QWidget, words: Words) -> None:
        super().__init__(window)
        self._window, self._words = window, words
        self._sources: dict[QWidget, Source] = {}
        self._targets: dict[QWidget, Over] = {}
        self._pressed: tuple[QWidget, QPoint, Carried] | None = None
        self.carried: Carried | None = None
        self.drop: Drop | None = None
        self.tag: QLabel = plain_label(window, FORM, "carried", strong=True)
        self.tag.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.tag.hide()

    def from_(self, widget: QWidget, source: Source) -> None:
        """What may be taken from ``widget``: asked with the place of the press in it."""
        self._sources[widget] = source
        widget.installEventFilter(self)

    def onto(self, widget: QWidget, over: Over) -> None:
        """What dropping on ``widget`` does: asked with the place in it."""
        self._targets[widget] = over

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self.carried is not None and kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
                self.let_go()
                event.accept()
                return True
            return False
        if not isinstance(event, QMouseEvent) or watched not in self._sources:
            return False
        assert isinstance(watched, QWidget)
        if kind is QEvent.Type.MouseButtonPress:
            return self._press(watched, event)
        if kind is QEvent.Type.MouseMove:
            return self._move(watched, event)
        if kind is QEvent.Type.MouseButtonRelease:
            return self._release(event)
        return False

    def _press(self, widget: QWidget, event: QMouseEvent) -> bool:
        self._pressed = None
        if event.button() is Qt.MouseButton.LeftButton and not event.modifiers():
            at = event.position().toPoint()
            carried = self._sources[widget](at)
            self._pressed = (widget, at, carried) if carried is not None else None
        return False

    def _move(self, widget: QWidget, event: QMouseEvent) -> bool:
        if self.carried is None:
            if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
                return False
            source, at, carried = self._pressed
            if source is not widget or (event.position().toPoint() - at).manhattanLength() < START_PX:
                return True  # neither a choice of rows nor a drag of what lies beneath
            self._begin(carried)
        self._follow(event.globalPosition().toPoint())
        return True

    def _begin(self, carried: Carried) -> None:
        self.carried = carried
        application = QApplication.instance()
        if application is not None:
            application.installEventFilter(self)
        QApplication.setOverrideCursor(Qt.CursorShape.ClosedHandCursor)

    def _follow(self, at: QPoint) -> None:
        """Say what would happen here."""
        carried = self.carried
        self.drop = self._over(carried, at) if carried is not None else None
        nowhere = f"{carried.ident if carried is not None else ''}  {self._words('carry.nowhere')}"
        self.tag.setText(self.drop.told if self.drop is not None else nowhere)
        self.tag.adjustSize()
        room = self._window.rect()
        place = self._window.mapFromGlobal(at) + BESIDE
        x = max(0, min(place.x(), room.right() - self.tag.width()))
        y = max(0, min(place.y(), room.bottom() - self.tag.height()))
        self.tag.move(x, y)
        self.tag.raise_()
        self.tag.show()

    def _over(self, carried: Carried, at: QPoint) -> Drop | None:
        here: QWidget | None = self._window.childAt(self._window.mapFromGlobal(at))
        while here is not None:
            if here in self._targets:
                return self._targets[here](carried, here.mapFromGlobal(at))
            here = here.parentWidget()
        return None

    def _release(self, event: QMouseEvent) -> bool:
        self._pressed = None
        if self.carried is None:
            return False
        self._follow(event.globalPosition().toPoint())
        drop = self.drop
        self.let_go()
        if drop is not None and drop.line:
            self.dropped.emit(drop.line)
        elif drop is not None:
            self.refused.emit(drop.told)
        return True

    def let_go(self) -> None:
        """Nothing is carried any more, and nothing was done."""
        self._pressed = None
        if self.carried is None:
            return
        self.carried = self.drop = None
        self.tag.hide()
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        QApplication.restoreOverrideCursor()
