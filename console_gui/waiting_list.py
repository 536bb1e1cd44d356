"""The list of commands that wait, above the command line: in sight while cut off, confirmed one by one on return.

Guards: nothing in it is sent without a person's Enter on that very row; a row says beside what was typed what has
changed since. It never takes the keyboard by itself: somebody is typing elsewhere.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.models.waiting import WaitingTable
from console_gui.notice import Kind, Notice
from console_gui.outbox import Fate
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.tables import sentence_of
from console_gui.typefaces import ROW

SHOWN = 5
WIDTHS = (30, 120, 330, 150, STRETCH)


class WaitingView(BoardView):
    dropped = Signal(str)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.ident() and not event.isAutoRepeat():
                self.dropped.emit(self.ident())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class WaitingList(QWidget):
    done = Signal()  # nothing waits any more, or the person goes back to the line

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.table = WaitingTable(desk)
        self.table.setParent(self)
        self.view = WaitingView(self.table, look, WIDTHS, header=False, parent=self)
        self.title = plain_label(self, ROW, "attention", strong=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 4)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.view)
        self.view.entered_row.connect(self._confirm)
        self.view.dropped.connect(self._drop)
        self.view.left.connect(self.done)
        desk.pending_changed.connect(self.refresh)
        desk.away_changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        rows = self.table.rowCount()
        self.view.setAccessibleName(self._desk.words("waiting.title_away"))
        self.title.setText(self._desk.words("waiting.title_away" if self._desk.away else "waiting.title_back"))
        self.view.setFixedHeight(min(SHOWN, rows) * px(ROW_HEIGHT) + 2)
        around = self.parentWidget()
        was = self.isVisibleTo(around) if around is not None else self.isVisible()
        if was and not rows and self.view.hasFocus():
            self.done.emit()
        self.setVisible(rows > 0)

    def take_keyboard(self) -> None:
        """The oldest command is chosen."""
        if not self.table.rowCount():
            self._tell("waiting.none")
            return
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.table.index(0, 0))
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def send(self, place: str) -> None:
        self._one(place, self._confirm)

    def drop(self, place: str) -> None:
        self._one(place, self._drop)

    def _one(self, place: str, act: object) -> None:
        """The oldest, or the one of that number."""
        row = int(place) - 1 if place.isdecimal() else 0
        ident = self.table.ident(row)
        if not ident:
            self._tell("waiting.none" if not self.table.rowCount() else "waiting.no_such", number=place)
        elif callable(act):
            act(ident)

    def _confirm(self, ident: str) -> None:
        pending = self._desk.outbox.pending.get(ident)
        if pending is None:
            return
        if self._desk.away:
            self._tell("waiting.not_yet")
        elif pending.fate is not Fate.HELD:
            self._tell("waiting.in_doubt")
        else:
            row = self.table.row_of(ident)
            self._desk.confirm(ident)
            self._choose(row)

    def _drop(self, ident: str) -> None:
        row = self.table.row_of(ident)
        self._desk.withdraw(ident)
        self._choose(row)

    def _choose(self, row: int) -> None:
        if self.table.rowCount():
            self.view.setCurrentIndex(self.table.index(min(row, self.table.rowCount() - 1), 0))

    def _tell(self, key: str, **values: object) -> None:
        self._desk.noticed.emit(Notice(Kind.WRONG, "waiting", sentence_of(key, **values), "", self._desk.now()))
