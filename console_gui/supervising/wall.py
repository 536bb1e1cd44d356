"""The large screen on the wall: what waits, what is kept of promises, what is late, and the map. To be read from 6 m.

Guards: no caller's number, name or words, and nobody's narrative; nothing of it can be typed into; it shows what comes
by itself and moves nothing but what is late. Letters are a share of the window's height, so that a larger screen has
larger letters.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.desk import Desk
from console_gui.lateness import Clock, first_due
from console_gui.models.incidents import why_late
from console_gui.promises import ANSWER_MS, waits
from console_gui.supervising.figures import ANSWER_TARGET, percent
from console_gui.theme import Look, readable
from console_gui.translations import sentences
from console_gui.translations.formats import duration, short, wall_clock
from console_gui.typefaces import font
from dispatch_core.domain.answering import this_hour
from dispatch_core.domain.recommending import is_free
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState

AGAIN_MS = 1_000
SMALLEST = 14

FIGURE_SHARE, WORD_SHARE, ROW_SHARE = 0.085, 0.026, 0.036
"""Heights of letters of the window's height: on a screen of 680 mm (55 inches) figures are 58 mm high, rows 24 mm; at
6 m a letter is read from 15 mm on."""

CELLS = 7
HIGH = 0.2
"""So much of the height is for the figures."""


class Figures(QWidget):
    """(text, what it counts, "late", "broken" or ""), drawn as large as there is room: a late clock alone is red."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.cells: list[tuple[str, str, str]] = []

    def show_cells(self, cells: list[tuple[str, str, str]]) -> None:
        if cells != self.cells:
            self.cells = cells
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.now
        painter.fillRect(self.rect(), QColor(theme.surface))
        whole = self.window().height()
        large, words = font(_px(whole, FIGURE_SHARE), strong=True), font(_px(whole, WORD_SHARE))
        width = self.width() / max(1, len(self.cells))
        for place, (text, told, bad) in enumerate(self.cells):
            room = QRect(round(place * width) + 8, 0, round(width) - 16, self.height())
            top = room.adjusted(0, 0, 0, -round(self.height() * 0.28))
            painter.setFont(_fitting(large, text, room.width()))
            if bad == "late":
                painter.fillRect(top.adjusted(-4, 6, 4, 0), QColor(theme.late))
            pens = {"late": QColor(theme.on_late), "broken": readable(theme.attention, theme.surface)}
            painter.setPen(pens.get(bad, QColor(theme.text)))
            painter.drawText(top, Qt.AlignmentFlag.AlignCenter, text)
            painter.setFont(_fitting(words, told, room.width()))
            painter.setPen(readable(theme.dim, theme.surface))
            painter.drawText(room.adjusted(0, top.height(), 0, 0), Qt.AlignmentFlag.AlignCenter, told)
        painter.end()


class LateList(QWidget):
    """Open incidents, the latest first: number, kind and place in short, why, and by how much."""

    def __init__(self, desk: Desk, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.rows: list[tuple[str, str, str, str, bool]] = []

    def show_rows(self, rows: list[tuple[str, str, str, str, bool]]) -> None:
        if rows != self.rows:
            self.rows = rows
            self.update()

    def fits(self) -> int:
        """How many rows there is room for."""
        return max(1, self.height() // (2 * self._row() + 10))

    def _row(self) -> int:
        return round(_px(self.window().height(), ROW_SHARE) * 1.25)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._look.now
        painter.fillRect(self.rect(), QColor(theme.ground))
        face, strong = (font(_px(self.window().height(), ROW_SHARE), strong=it) for it in (False, True))
        high, width = self._row(), self.width()
        metrics, bold = QFontMetrics(face), QFontMetrics(strong)
        painter.setFont(strong)
        if not self.rows:
            painter.setPen(readable(theme.dim, theme.ground))
            room = self.rect().adjusted(16, 16, -16, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft, self._desk.words("wall.nothing"))
        for place, (number, why, late, what, is_late) in enumerate(self.rows):
            y = place * (2 * high + 10)
            clock = QRect(width - bold.horizontalAdvance(late) - 28, y + 4, bold.horizontalAdvance(late) + 20, high)
            if is_late:
                painter.fillRect(clock, QColor(theme.late))
            painter.setFont(strong)
            painter.setPen(QColor(theme.on_late if is_late else theme.text))
            painter.drawText(clock, Qt.AlignmentFlag.AlignCenter, late)
            painter.setPen(QColor(theme.text))
            line = bold.elidedText(f"{number}  {why}", Qt.TextElideMode.ElideRight, clock.left() - 24)
            painter.drawText(QRect(14, y + 4, clock.left() - 20, high), Qt.AlignmentFlag.AlignVCenter, line)
            painter.setFont(face)
            painter.setPen(readable(theme.dim, theme.ground))
            told = metrics.elidedText(what, Qt.TextElideMode.ElideRight, width - 28)
            painter.drawText(QRect(14, y + 4 + high, width - 28, high), Qt.AlignmentFlag.AlignVCenter, told)
        painter.end()


class Wall(QWidget):
    """``take`` lends it the map of the workplace, ``give_back`` returns it."""

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.figures, self.late = Figures(look, self), LateList(desk, look, self)
        self._map: QWidget | None = None
        self._below = QHBoxLayout()
        self._below.setSpacing(6)
        self._below.addWidget(self.late, 5)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.figures)
        column.addLayout(self._below, 1)
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.refresh)

    def take(self, city: QWidget | None) -> None:
        self._map = city
        if city is not None:
            self._below.addWidget(city, 6)
            city.show()
        self._again.start()
        self.refresh()

    def give_back(self) -> QWidget | None:
        self._again.stop()
        city, self._map = self._map, None
        if city is not None:
            self._below.removeWidget(city)
        return city

    def refresh(self) -> None:
        self.figures.setFixedHeight(max(60, round(self.window().height() * HIGH)))
        self.figures.show_cells(self._cells())
        self.late.show_rows(self._rows())

    def _cells(self) -> list[tuple[str, str, str]]:
        words, state, now = self._desk.words, self._desk.state, self._desk.now()
        waiting = [call for call in state.calls.values() if waits(call)]
        cells: list[tuple[str, str, str]] = []
        for code in state.site.services:
            mine = [call for call in waiting if code in call.services[:1]]
            oldest = min((call.arrived_at for call in mine), default=0)
            number = sentences.number_of(state, code) or code
            text = f"{len(mine)} · {duration(now - oldest)}" if oldest else "0"  # apart: “1  0:53” reads as 10:53
            late = oldest > 0 and now - oldest > ANSWER_MS
            cells.append((text, f"{number} {words('wall.waiting')}", "late" if late else ""))
        hour = this_hour(state, now)
        total = hour.answered + hour.given_up
        kept = hour.within_15 * 100 >= ANSWER_TARGET * total
        told = words("wall.answered", limit=ANSWER_MS // 1000)
        cells.append((percent(hour.within_15, hour), told, "" if kept else "broken"))
        overdue = any(it.overdue for it in state.missed.values())
        cells.append((str(len(state.missed)), words("wall.missed"), "broken" if overdue else ""))
        free = sum(map(is_free, state.units.values()))
        cells.append((f"{free}/{len(state.units)}", words("wall.free"), ""))
        clock = wall_clock(now, state.site.utc_offset_min, "%H:%M")
        cells.append((clock, words("wall.open_count", count=self._open()), ""))
        return cells

    def _open(self) -> int:
        return sum(it.state is not IncidentState.CLOSED for it in self._desk.state.incidents.values())

    def _rows(self) -> list[tuple[str, str, str, str, bool]]:
        state, now = self._desk.state, self._desk.now()
        found: list[tuple[Clock, Incident]] = []
        for incident in state.incidents.values():
            clock = first_due(state, incident)
            if clock is not None and clock.due <= now:
                found.append((clock, incident))
        found.sort(key=lambda pair: (pair[0].due, pair[1].id))
        return [self._row(clock, incident, now) for clock, incident in found[: self.late.fits()]]

    def _row(self, clock: Clock, incident: Incident, now: int) -> tuple[str, str, str, str, bool]:
        """The kind and the ward, never the address: it may be somebody's home."""
        state, language = self._desk.state, self._desk.words.language
        kind = sentences.incident_type(state, incident, language) if incident.type else ""
        zones = dict.fromkeys(
            leg.zone.zone_name for leg in incident.legs.values() if leg.zone is not None and leg.zone.zone_name
        )
        what = "  ·  ".join(filter(None, (f"P{incident.priority}", kind, next(iter(zones), ""))))
        over = now - clock.due
        return (short(incident.id), why_late(self._desk, clock), f"+{duration(over)}", what, True)


def _px(height: int, share: float) -> int:
    return max(SMALLEST, round(height * share))


def _fitting(face: QFont, text: str, width: int) -> QFont:
    """The face, smaller where the text would not fit."""
    needs = QFontMetrics(face).horizontalAdvance(text)
    if needs > width > 0:
        made = QFont(face)
        made.setPixelSize(max(SMALLEST, face.pixelSize() * width // needs))
        return made
    return face
