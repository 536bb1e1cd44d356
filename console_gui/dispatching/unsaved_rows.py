"""Words typed for another incident and not sent: a line for each above the form, so that the next call hides none."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console_gui.desk import Desk
from console_gui.drafts import Draft, Drafts
from console_gui.labels import elided_label, plain_label
from console_gui.translations.formats import one_line, short
from console_gui.translations.tables import WORDS
from console_gui.typefaces import ROW

SHOWN = 2
"""Incidents that have a line of their own; how many more there are is said."""

QUOTED = 160


class UnsavedRows(QFrame):
    wanted = Signal()  # back to the newest of them

    def __init__(self, desk: Desk, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._drafts = desk, drafts
        self.setObjectName("same")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.lines = [elided_label(self, ROW, "attention", strong=True) for _ in range(SHOWN)]
        self.key = plain_label(self, ROW, "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 2, 12, 2)
        column.setSpacing(2)
        first = QHBoxLayout()
        first.addWidget(self.lines[0], 1)
        first.addWidget(self.key)
        column.addLayout(first)
        for line in self.lines[1:]:
            column.addWidget(line)
        drafts.changed.append(self.refresh)
        self.destroyed.connect(partial(drafts.deaf, self.refresh))
        desk.current_changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def others(self) -> list[str]:
        """Incidents other than the open one that have words not sent, the newest first."""
        return [it for it in self._drafts.incidents() if it != self._desk.current]

    def refresh(self) -> None:
        others, words = self.others(), self._desk.words
        self.setVisible(bool(others))
        more = len(others) - SHOWN
        back = words("unsaved.back")
        self.key.setText(f"{words('unsaved.more', count=more)}   {back}" if more > 0 else back)
        for place, line in enumerate(self.lines):
            line.setVisible(place < len(others))
            if place < len(others):
                line.setText(self._told(others[place]))

    def _told(self, incident: str) -> str:
        name, draft = next(iter(self._drafts.fields(incident).items()), ("", Draft("")))
        key = f"unsaved.{name}"
        field = self._desk.words(key if key in WORDS else "unsaved.other")
        return self._desk.words(
            "unsaved.row", incident=short(incident), field=field, text=one_line(draft.text, QUOTED)
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit()
