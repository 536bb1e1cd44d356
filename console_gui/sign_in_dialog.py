"""Signing in: name, password, and the core's answer in words. The password is kept nowhere."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console_gui.field_guard import FieldGuards
from console_gui.labels import plain_label
from console_gui.translations.language import Words
from console_gui.typefaces import CLOCK, FORM, ROW, font
from dispatch_core.domain.errors import DispatchError

WIDTH = 460


class SignInDialog(QWidget):
    asked = Signal(str, str)  # user, password
    given_up = Signal()
    language_wanted = Signal(str)

    def __init__(self, words: Words, core: str, user: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._core = words, core
        self._problem: DispatchError | None = None
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = plain_label(self, CLOCK, strong=True)
        self.user, self.password = QLineEdit(user, self), QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.trouble = plain_label(self, FORM, "attention")
        self.trouble.setWordWrap(True)
        self.core = plain_label(self, ROW, "dim")
        self.language, self.quit, self.enter = (QPushButton(self) for _ in range(3))
        for part in (self.user, self.password, self.language, self.quit, self.enter):
            part.setFont(font(FORM))
        words.put(self, "setWindowTitle", "signin.title")
        words.put(self.title, "setText", "app.title")
        words.put(self.language, "setText", "signin.language")
        words.put(self.quit, "setText", "signin.quit")
        words.put(self.enter, "setText", "signin.enter")
        words.put(self.core, "setText", "signin.core", core=core)
        self._lay_out()
        self.setFixedWidth(WIDTH)
        self._say("")
        self.enter.clicked.connect(self._ask)
        self.user.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self._ask)
        self.quit.clicked.connect(self.close)
        self.language.clicked.connect(self._other_language)
        words.changed.connect(self._retell)
        self.guards = FieldGuards(self, lambda key, values: self._say(words(key, **values)))
        (self.password if user else self.user).setFocus()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        for row, (key, field) in enumerate((("signin.user", self.user), ("signin.password", self.password))):
            label = plain_label(self, FORM, "dim")
            self._words.put(label, "setText", key)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        grid.setColumnStretch(1, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.language)
        buttons.addStretch(1)
        buttons.addWidget(self.quit)
        buttons.addWidget(self.enter)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(28, 24, 28, 24)
        column.setSpacing(14)
        column.addWidget(self.title)
        column.addWidget(self.core)
        column.addLayout(grid)
        column.addWidget(self.trouble)
        column.addLayout(buttons)

    def _say(self, text: str) -> None:
        """The dialog grows with what there is to say."""
        self.trouble.setText(text)
        self._column.activate()
        self.setFixedHeight(max(self._column.totalHeightForWidth(WIDTH), self._column.totalSizeHint().height()))

    def refused(self, problem: DispatchError) -> None:
        """The core said no, or could not be reached: the reason stands here until the next try."""
        self._problem = problem
        self.enter.setEnabled(True)
        self.password.clear()
        self.password.setFocus()
        self._retell()

    def _ask(self) -> None:
        user, password = self.user.text().strip(), self.password.text()
        if not user or not password:
            self._say(self._words("signin.empty"))
            return
        self._problem = None
        self._say(self._words("signin.busy", core=self._core))
        self.enter.setEnabled(False)
        self.asked.emit(user, password)

    def _other_language(self) -> None:
        self.language_wanted.emit("en" if self._words.language == "vi" else "vi")

    def _retell(self) -> None:
        if self._problem is not None:
            self._say(self._problem.vi if self._words.language == "vi" else self._problem.en)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.given_up.emit()
