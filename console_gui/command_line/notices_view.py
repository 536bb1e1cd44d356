"""What stands above the command line: commands on their way, refusals beside what was typed, what is told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.labels import tip
from console_gui.limits import NOTICES_KEPT
from console_gui.notice import Kind, Notice
from console_gui.outbox import Fate
from console_gui.signs import REFUSED
from console_gui.sizes import px
from console_gui.theme import Look, readable
from console_gui.translations.formats import one_line, seconds, wall_clock
from console_gui.typefaces import ROW, font

LINE_HEIGHT = 24
LOW = 800
"""In a window lower than this boards and form need the room."""

SHOWN, SHOWN_LOW = 4, 2
"""Newest lines that stand there; the rest is remembered and counted."""

KEPT, KEPT_LOW = 2, 1
"""Lines that keep their room while nothing is said: no board moves under a hand because something is told."""


class NoticesView(QWidget):
    """Grows with what there is to say, from ``KEPT`` up to ``SHOWN`` lines; ``dismiss`` clears what was read."""

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.notices: list[Notice] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._plain, self._strong = font(ROW), font(ROW, strong=True)
        desk.noticed.connect(self.add)
        desk.pending_changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        desk.ticked.connect(self._tick)
        desk.updated.connect(self._forget_alarms)
        self.refresh()

    def add(self, notice: Notice) -> None:
        """A mistake at the keyboard replaces the mistake before it; everything else is added."""
        if self.notices and notice.kind is Kind.WRONG and self.notices[-1].kind is Kind.WRONG:
            self.notices.pop()
        self.notices = [*self.notices, notice][-NOTICES_KEPT:]
        self.refresh()

    def accepted(self) -> None:
        """A line went through: the mistakes made on the way to it are over."""
        self.notices = [it for it in self.notices if it.kind is not Kind.WRONG]
        self.refresh()

    def _forget_alarms(self, changes: Changes) -> None:
        """An alarm that is handled, or over by itself, is told no longer."""
        gone = set(changes.of("alarms").removed)
        if gone and any(it.alarm in gone for it in self.notices):
            self.notices = [it for it in self.notices if it.alarm not in gone]
            self.refresh()

    def dismiss(self) -> None:
        self.notices = []
        self.refresh()

    def lines(self) -> list[tuple[str, str, str]]:
        """(glyph, strong words, the rest) of everything that is said now, newest last."""
        words, desk = self._desk.words, self._desk
        said: list[tuple[str, str, str]] = []
        for notice in self.notices:
            at = wall_clock(notice.at, desk.state.site.utc_offset_min)
            if notice.kind is Kind.TOLD:
                said.append(("●", at, notice.sentence(words.language)))
            else:
                first = one_line(notice.typed, 90) or words("line.refused")
                said.append((REFUSED, first, notice.sentence(words.language)))
        for line in desk.looking_up.values():
            said.append(("…", one_line(line, 90), words("line.looking")))
        now = desk.door.monotonic()
        for pending in desk.outbox.pending.values():
            if pending.fate is not Fate.SENT:
                continue  # it stands in the list of those that wait
            if now - pending.asked_at >= 0.3:  # what is answered at once does not flicker
                age = seconds(now - pending.asked_at, words.language)
                said.append(("…", one_line(pending.typed, 90), f"{words('line.pending')} {age}"))
        return said

    def _room(self) -> tuple[int, int]:
        """Lines at the least, and at the most."""
        return (KEPT, SHOWN) if self.window().height() >= LOW else (KEPT_LOW, SHOWN_LOW)

    def _high(self, lines: int) -> int:
        least, most = self._room()
        return max(least, min(most, lines)) * px(LINE_HEIGHT)

    def refresh(self) -> None:
        said = self.lines()
        self.setFixedHeight(self._high(len(said)))
        self.setToolTip(tip("\n".join(" ".join(parts) for parts in said)))
        self.update()

    def _tick(self) -> None:
        now = self._desk.now()
        stay = [it for it in self.notices if not it.goes_s or now - it.at < it.goes_s * 1000]
        if len(stay) < len(self.notices):
            self.notices = stay
            self.refresh()
        elif self._desk.outbox.pending or self.height() != self._high(len(self.lines())):
            self.refresh()  # the window may have become another

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._look.now
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.raised))
        said = self.lines()
        _, room = self._room()
        hidden = len(said) - room
        for row, (glyph, strong, rest) in enumerate(said[-room:]):
            self._paint_line(
                painter, row * px(LINE_HEIGHT), glyph, strong, rest, f"+{hidden}" if row == 0 and hidden > 0 else ""
            )
        painter.end()

    def _paint_line(self, painter: QPainter, top: int, glyph: str, strong: str, rest: str, more: str) -> None:
        theme = self._look.now
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        area = self.rect().adjusted(12, top, -12, 0)
        area.setHeight(px(LINE_HEIGHT))
        painter.setFont(self._plain)
        if more:
            painter.setPen(readable(theme.dim, theme.raised))
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, more)
            area.adjust(0, 0, -40, 0)
        painter.setPen(readable(theme.dim if glyph == "…" else theme.attention, theme.raised))
        painter.drawText(area, flags, glyph)
        area.adjust(20, 0, 0, 0)
        painter.setFont(self._strong)
        painter.setPen(QColor(theme.text))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(strong, Qt.TextElideMode.ElideRight, area.width() // 3)
        painter.drawText(area, flags, shown)
        if strong:
            area.adjust(metrics.horizontalAdvance(shown) + 12, 0, 0, 0)
        painter.setFont(self._plain)
        painter.drawText(area, flags, painter.fontMetrics().elidedText(rest, Qt.TextElideMode.ElideRight, area.width()))
