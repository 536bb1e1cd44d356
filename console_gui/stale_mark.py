"""A mark over a panel while what it shows may not be the truth: a frame, and the age at its foot. The clocks in it run
on by this machine; inside that frame nobody takes them for what is so now.

Takes no clicks, no keys and no room, and is not there while the data is fresh.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from console_gui.desk import Desk
from console_gui.theme import Look
from console_gui.translations.formats import seconds
from console_gui.typefaces import ROW, font

FRAME = 3
GAP = 8
"""Pixels between the strokes of the frame: a broken line, that no border of ours is."""


class StaleMark(QWidget):
    def __init__(self, desk: Desk, look: Look, over: QWidget) -> None:
        super().__init__(over)
        self._desk, self._look, self._over = desk, look, over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        over.installEventFilter(self)
        desk.health_changed.connect(self.refresh)
        desk.ticked.connect(self.refresh)
        self.hide()
        self.refresh()

    @property
    def text(self) -> str:
        age, words = self._desk.age(), self._desk.words
        return words("mark.never") if age is None else words("mark.stale", age=seconds(age, words.language))

    def refresh(self) -> None:
        stale = self._desk.stale()
        if stale and self.isHidden():
            self.setGeometry(self._over.rect())
            self.raise_()
        self.setVisible(stale)
        if stale:
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded) and self.isVisible():
            self.setGeometry(self._over.rect())
            self.raise_()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.now
        painter = QPainter(self)
        pen = QPen(QColor(theme.late), FRAME)
        pen.setDashPattern([GAP, GAP / 2])
        painter.setPen(pen)
        half = FRAME // 2 + 1
        painter.drawRect(self.rect().adjusted(half, half, -half - 1, -half - 1))
        painter.setFont(font(ROW, strong=True))
        wide = painter.fontMetrics().horizontalAdvance(self.text) + 16
        high = painter.fontMetrics().height() + 4
        chip = QRect((self.width() - wide) // 2, self.height() - high, wide, high)
        painter.fillRect(chip, QColor(theme.late))
        painter.setPen(QColor(theme.on_late))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self.text)
        painter.end()
