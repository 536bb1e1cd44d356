"""Secrets: which file, for what, whether it is good; replaced by typing the new one twice, and never shown.

Guards: what was typed is in no draft, no line of the command line and no history, and is gone from the fields the
moment it is sent or the page is left.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.notice import Kind, Notice
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.formats import one_line
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.boards import SecretsTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.job_view import JobView
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.wire.trunk import SecretWanted

SECRET_LENGTH = 128


class SecretsPage(Page):
    name = "secrets"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        words = desk.words
        self.table = SecretsTable(desk, self)
        self.view = BoardView(self.table, look, (STRETCH, 300, 170, 110), "empty.trunk.secrets", parent=self)
        self.view.setObjectName("trunk_secrets")
        words.put(self.view, "setAccessibleName", "trunk.page.secrets")
        self.title = wrapped_label(self, FORM, strong=True)
        self.new, self.again, self.why = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        for field, key in ((self.new, "secret.new"), (self.again, "secret.again"), (self.why, "change.why_hint")):
            field.setFont(font(FORM))
            field.setMaxLength(REASON_LIMIT if field is self.why else SECRET_LENGTH)
            words.put(field, "setPlaceholderText", f"trunk.{key}")
            words.put(field, "setAccessibleName", f"trunk.{key}")
            field.returnPressed.connect(self.send)
        for field in (self.new, self.again):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
        self.new.setObjectName("trunk_secret_new")
        self.again.setObjectName("trunk_secret_again")
        self.why.setObjectName("trunk_secret_why")
        self.trouble = plain_label(self, FORM, "attention")
        self.do = self._button("trunk.secret.do", "secret_do")
        self.what = wrapped_label(self, ROW, "dim")
        words.put(self.what, "setText", "trunk.secret.what")
        self.job = JobView(desk, look, book, ("secret",), self)
        self._lay_out()
        self.view.current_row.connect(lambda _: self._tell())
        self.view.entered_row.connect(self.choose)
        self.do.clicked.connect(self.send)
        book.shown_changed.connect(self.refresh)
        book.job_changed.connect(self._tell)
        words.changed.connect(self._tell)
        self.refresh()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setSpacing(8)
        grid.addWidget(self.title, 0, 0, 1, 4)
        for at, part in enumerate((self.new, self.again, self.why, self.do)):
            grid.addWidget(part, 1, at)
        grid.addWidget(self.trouble, 2, 0, 1, 4)
        grid.addWidget(self.what, 3, 0, 1, 4)
        grid.setColumnStretch(2, 1)
        self.new.setMinimumWidth(px(240))
        self.again.setMinimumWidth(px(240))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addLayout(grid)
        column.addWidget(self.job, 1)

    @property
    def entrance(self) -> QWidget:
        return self.view

    def go(self) -> None:
        self._wipe()

    def refresh(self) -> None:
        shown = self._book.shown
        self.table.take(shown.secrets if shown is not None else ())
        if not self.view.ident() and self.table.rowCount():
            self.view.choose(self.table.ident(0))
        self._tell()

    def _tell(self) -> None:
        name, words = self.view.ident(), self._desk.words
        may = self._book.may_change and bool(name)
        self.title.setText(
            words("trunk.secret.replace", name=one_line(name, 120)) if may else words("trunk.secret.choose")
        )
        for part in (self.new, self.again, self.why, self.do, self.what, self.trouble):
            part.setVisible(may)
        self.do.setEnabled(may and not self._book.busy)

    def choose(self, name: str) -> None:
        """To the field of the new one."""
        self.view.choose(name)
        if self.new.isVisibleTo(self):
            self.new.setFocus()

    def send(self) -> None:
        name, words = self.view.ident(), self._desk.words
        if not name or not self._book.may_change:
            return
        if not self.new.text():
            self.trouble.setText(words("trunk.secret.empty"))
            self.new.setFocus()
        elif not self.again.text():
            self.trouble.setText("")
            self.again.setFocus()
        elif self.new.text() != self.again.text():
            self.trouble.setText(words("trunk.secret.differ"))
            self.again.clear()
            self.again.setFocus()
        elif self._book.busy:
            self.trouble.setText(words("trunk.change.busy"))
        else:
            wanted = SecretWanted(name=name, secret=self.new.text(), why=self.why.text().strip())
            self._wipe()
            self._book.start(wanted)
            sentence = sentence_of("trunk.job.secret")
            self._desk.noticed.emit(Notice(Kind.TOLD, "trunk", sentence, "", self._desk.now(), quiet=True))

    def _wipe(self) -> None:
        for field in (self.new, self.again):
            field.clear()
        self.trouble.setText("")
