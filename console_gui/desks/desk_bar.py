"""Quiet lines above the command line: notes until they are read, hand-overs until they are taken. They never sound."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.desks.words import Line, lines
from console_gui.labels import tip
from console_gui.theme import Look, readable
from console_gui.translations.tables import say
from console_gui.typefaces import ROW, font
from dispatch_core.domain.vocabulary import Role

LINE_HEIGHT = 24
SHOWN = 3
"""Lines that stand there; the rest is counted. What is read makes room for the next."""


class DeskBar(QWidget):
    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self._said: list[Line] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._plain, self._strong = font(ROW), font(ROW, strong=True)
        desk.updated.connect(self._updated)
        desk.ticked.connect(self._tick)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def lines(self) -> list[Line]:
        """What is said now, as (glyph, time, words, keys)."""
        return self._said

    def _updated(self, changes: Changes) -> None:
        handed = self._desk.state.hand_overs and changes.of("incidents")
        if handed or any(changes.of(it) for it in ("memos", "hand_overs", "people")):
            self.refresh()

    def _tick(self) -> None:
        if self._desk.state.hand_overs:
            self.refresh()

    def refresh(self) -> None:
        desk = self._desk
        said: list[Line] = []
        if desk.role is not Role.TELEPHONY_ADMIN:
            said = lines(desk.state, desk.user, desk.role, desk.now(), desk.words.language)
        if said != self._said:
            self._said = said
            self.setAccessibleName("\n".join(" ".join(filter(None, it)) for it in said))
            self.setToolTip(tip("\n".join(" ".join(filter(None, it)) for it in said)))
        self.setFixedHeight(min(SHOWN, len(said)) * LINE_HEIGHT)
        self.setVisible(bool(said))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.now
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.raised))
        painter.fillRect(0, 0, self.width(), 1, QColor(theme.line))
        hidden = len(self._said) - SHOWN
        for row, line in enumerate(self._said[:SHOWN]):
            more = ""
            if row == SHOWN - 1 and hidden > 0:
                more = say(self._desk.words.language, "memo.more", count=hidden)
            self._paint_line(painter, row * LINE_HEIGHT, line, more)
        painter.end()

    def _paint_line(self, painter: QPainter, top: int, line: Line, more: str) -> None:
        theme = self._look.now
        glyph, at, text, keys = line
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        area = self.rect().adjusted(12, top, -12, 0)
        area.setHeight(LINE_HEIGHT)
        painter.setFont(self._plain)
        after = "   ".join(filter(None, (more, keys)))
        painter.setPen(readable(theme.dim, theme.raised))
        if after:
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, after)
            area.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(after) - 16, 0)
        painter.setPen(readable(theme.attention, theme.raised))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, glyph)
        area.adjust(20, 0, 0, 0)
        painter.setPen(readable(theme.dim, theme.raised))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, at)
        area.adjust(painter.fontMetrics().horizontalAdvance(at) + 12, 0, 0, 0)
        painter.setFont(self._strong)
        painter.setPen(QColor(theme.text))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, shown)
