"""Who changed what, when, why, and what came of it; the difference of the chosen change; any version again."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import wrapped_label
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.trunk_admin.asking import Poll
from console_gui.trunk_admin.boards import FilesTable, HistoryTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.diff_view import DiffView
from console_gui.trunk_admin.endings import Ending, ending_of_change
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.trunk import ChangeShown

EVERY_MS = 5_000
LIST_HIGH, FILES_WIDTH = 250, 300


class HistoryPage(Page):
    name = "history"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        words = desk.words
        self.table = HistoryTable(desk, self)
        self.view = BoardView(self.table, look, (66, 100, 110, 150, 150, STRETCH), "empty.trunk.history", parent=self)
        self.view.setObjectName("trunk_history")
        words.put(self.view, "setAccessibleName", "trunk.page.history")
        self.hint = wrapped_label(self, ROW, "dim")
        words.put(self.hint, "setText", "trunk.history.look")
        self.reason = wrapped_label(self, FORM, "attention")
        self.files = FilesTable(desk, self)
        self.files_view = BoardView(self.files, look, (STRETCH, 76, 74), parent=self)
        words.put(self.files_view, "setAccessibleName", "column.trunk.file")
        self.diff = DiffView(look, self)
        words.put(self.diff, "setAccessibleName", "column.trunk.lines")
        self.again = self._button("trunk.history.again", "history_again")
        self.looked_at: ChangeShown | None = None
        self._lay_out()
        self.poll = Poll(book.core.history, self._take, EVERY_MS, self)
        self.view.current_row.connect(lambda _: self._look_up())
        self.view.entered_row.connect(lambda _: self.apply_again())
        self.files_view.current_row.connect(self._show_file)
        self.again.clicked.connect(self.apply_again)
        book.job_ended.connect(self._ended)
        words.changed.connect(self._tell)
        self._tell()

    def _lay_out(self) -> None:
        self.view.setFixedHeight(px(LIST_HIGH))
        head = QHBoxLayout()
        head.setContentsMargins(12, 2, 12, 2)
        head.addWidget(self.hint, 1)
        head.addWidget(self.again)
        self.reason.setContentsMargins(12, 0, 12, 2)
        self.files_view.setFixedWidth(px(FILES_WIDTH))
        both = QHBoxLayout()
        both.setSpacing(1)
        both.addWidget(self.files_view)
        both.addWidget(self.diff, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.view)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addLayout(both, 1)

    @property
    def entrance(self) -> QWidget:
        return self.view

    def come(self) -> None:
        self.poll.follow(True)

    def go(self) -> None:
        self.poll.follow(False)

    def _ended(self, ending: Ending) -> None:
        if self.poll.on:
            self.poll.now()

    def _take(self, changes: tuple[ChangeShown, ...] | None, problem: DispatchError | None) -> None:
        if not self._book.heard(problem) or changes is None:
            return
        self.table.take(changes)
        if not self.view.ident() and self.table.rowCount():
            self.view.choose(self.table.ident(0))
        self._tell()

    def _look_up(self) -> None:
        """The difference of the chosen one is asked for by its version."""
        chosen = self.table.value(self.view.ident())
        self._tell()
        if chosen is None or not chosen.version:
            return

        def answered(change: ChangeShown | None, problem: DispatchError | None) -> None:
            now = self.table.value(self.view.ident())
            if self._book.heard(problem) and change is not None and now is not None and now.version == change.version:
                self.looked_at = change
                self._tell()

        self._book.core.change(chosen.version, answered)

    def _tell(self) -> None:
        chosen: ChangeShown | None = self.table.value(self.view.ident())
        known = self.looked_at if chosen is not None and self.looked_at is not None else None
        if known is not None and (chosen is None or known.version != chosen.version):
            known = None
        words = self._desk.words
        ending = ending_of_change(chosen) if chosen is not None else None
        self.reason.setText(ending.reason(words.language) if ending is not None else "")
        self.reason.setVisible(bool(self.reason.text()))
        self.files.take(known.site_diff if known else "", known.files if known else ())
        if self.files.rowCount() and not self.files_view.ident():
            self.files_view.choose(self.files.ident(0))
        self._show_file(self.files_view.ident())
        self.again.setVisible(self._book.may_change)
        self.again.setEnabled(chosen is not None and chosen.version > 0 and not chosen.in_force)

    def _show_file(self, ident: str) -> None:
        value = self.files.value(ident)
        self.diff.show_diff(value.diff if value is not None else "", self._desk.words("trunk.history.no_diff"))

    def apply_again(self) -> None:
        """Previewed first: what it changes against what is in force now."""
        chosen: ChangeShown | None = self.table.value(self.view.ident())
        if chosen is not None and chosen.version and not chosen.in_force and self._book.may_change:
            self._book.plan(chosen.version)
            self.opened.emit("change")
