"""All notes that this person wrote or got, the newest first, with who has read them and when."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.desks.words import memo_read, memo_said
from console_gui.labels import plain_label
from console_gui.models.ordered_table import Cell, OrderedTable, SortKey
from console_gui.theme import Look
from console_gui.translations.formats import wall_clock
from console_gui.typefaces import CLOCK
from dispatch_core.domain.memos import is_for, unread_by
from dispatch_core.domain.state import Memo


class MemosTable(OrderedTable[Memo]):
    columns = ("", "", "")

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(desk.words, parent)
        self._desk = desk

    def sort_key(self, ident: str, value: Memo) -> SortKey | None:
        person = self._desk.person
        mine = person is not None and any(is_for(it, person) for it in value.readers)
        return (-value.at, ident) if mine or value.user == self._desk.user else None

    def cell(self, ident: str, value: Memo, column: int) -> Cell:
        state, language, person = self._desk.state, self.words.language, self._desk.person
        if column == 0:
            return Cell(wall_clock(value.at, state.site.utc_offset_min, "%H:%M:%S"), dim=True)
        if column == 1:
            waits = person is not None and unread_by(value, person)
            return Cell(memo_said(state, value, language, self._desk.user), strong=waits, attention=waits)
        return Cell(memo_read(state, value, language), dim=not value.unread, attention=value.unread)


class MemoSheet(QDialog):
    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(desk.words("memos.title"))
        title = plain_label(self, CLOCK, strong=True)
        title.setText(desk.words("memos.title"))
        self.table = MemosTable(desk, self)
        self.view = BoardView(self.table, look, (72, STRETCH, 420), "memos.none", header=False, parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(title)
        column.addWidget(self.view, 1)
        self.resize(min(1_100, parent.width() - 40) if parent is not None else 1_100, 420)
        desk.updated.connect(self.refresh)
        self.refresh()
        self.view.setFocus()

    def refresh(self, *_: object) -> None:
        self.table.replace_all(self._desk.state.memos)
