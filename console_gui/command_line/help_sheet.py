"""The sheet behind F1: every command that this person has, from the same table that the parser reads.

As many pages as the screen needs, so that nothing ever has to be scrolled; what is typed at its top leaves only the
lines that have it, in either language and with or without diacritics.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console_gui.command_line.macros import Macro
from console_gui.command_line.subjects import by_subject
from console_gui.command_line.verb import Verb
from console_gui.command_line.verbs_macros import run
from console_gui.desk import Desk
from console_gui.folding import fold, words_of
from console_gui.keys import key_of
from console_gui.labels import plain_label
from console_gui.map.keys import map_key_of
from console_gui.typefaces import CLOCK, FORM, ROW, font

WIDTH = 1600
COLUMNS = 2
MARGIN, GAP = 16, 28
TITLE_BAR = 40
"""Pixels that the window's own bar may need."""

Part = tuple[str, list[Verb]]


class HelpSheet(QDialog):
    chosen = Signal(str)  # the name of a command, to be put into the line

    def __init__(self, desk: Desk, parent: QWidget | None = None, about: str = "") -> None:
        super().__init__(parent)
        self._desk = desk
        self._first = ""
        words = desk.words
        self.setWindowTitle(words("help.title"))
        title = plain_label(self, CLOCK, strong=True)
        title.setText(words("help.title"))
        self.search = QLineEdit(self)
        self.search.setFont(font(FORM))
        self.search.setPlaceholderText(words("help.find"))
        self.search.setAccessibleName(words("help.find"))
        self.search.textChanged.connect(self._show)
        self.search.installEventFilter(self)
        self.page = plain_label(self, FORM, "dim")
        first = QHBoxLayout()
        first.setSpacing(GAP)
        first.addWidget(title)
        first.addWidget(self.search, 1)
        first.addWidget(self.page)
        more = plain_label(self, ROW, "dim")
        more.setWordWrap(True)
        more.setText(words("help.more"))
        self.pages = QStackedWidget(self)
        self.pages.currentChanged.connect(self._say_page)
        close = QPushButton(words("help.close"), self)
        close.setFont(font(FORM))
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        last = QHBoxLayout()
        last.addWidget(more, 1)
        last.addWidget(close)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 12, MARGIN, 12)
        column.addLayout(first)
        column.addWidget(self.pages, 1)
        column.addLayout(last)
        self.resize(self._wide(), self._most())
        self.search.setText(about)
        self._show(about)

    def turn(self, by: int) -> None:
        """To a page before or after; beyond the last one to the first."""
        if self.pages.count():
            self.pages.setCurrentIndex((self.pages.currentIndex() + by) % self.pages.count())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            turns = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in turns:
                self.turn(turns[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)

    def _choose(self) -> None:
        """The first command that was found goes into the line, where its hint says what may follow."""
        if self._first:
            self.chosen.emit(f"{self._first} ")
            self.accept()

    # --- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, text: str) -> None:
        while (page := self.pages.widget(0)) is not None:
            self.pages.removeWidget(page)
            page.deleteLater()
        for columns in self._packed(self._found(text)):
            self.pages.addWidget(self._page(columns))
        self._say_page()
        self.search.setFocus()

    def _say_page(self, *_: object) -> None:
        words, count = self._desk.words, self.pages.count()
        several = words("help.page", page=self.pages.currentIndex() + 1, pages=count) if count > 1 else ""
        self.page.setText(several if count else words("help.none"))

    def _found(self, text: str) -> list[Part]:
        asked = words_of(fold(text))
        parts = []
        for key, verbs in by_subject(self._desk.role):
            found = [it for it in verbs if all(word in _said(it) for word in asked)]
            if found:
                parts.append((key, found))
        own = [as_verb(it) for it in self._desk.macros.values()]
        found = [it for it in own if all(word in _said(it) for word in asked)]
        if found:
            parts.append(("help.macros", found))
        self._first = _nearest(text, [it for _, verbs in parts for it in verbs]) if text.strip() else ""
        return sorted(parts, key=lambda part: all(it.names[0] != self._first for it in part[1]))  # it is on page one

    def _packed(self, parts: Sequence[Part]) -> list[list[list[QWidget]]]:
        """Pages of columns of subjects; one that does not fit goes on in the next column, and none is torn."""
        width = (self._wide() - 2 * MARGIN - 40 - (COLUMNS - 1) * GAP) // COLUMNS
        room = self._most() - self._around()
        pages: list[list[list[QWidget]]] = []
        left = 0
        for part in parts:
            block = self._block(part)
            height = block.heightForWidth(width)
            if not pages or height > left:
                if not pages or len(pages[-1]) == COLUMNS:
                    pages.append([])
                pages[-1].append([])
                left = room
            pages[-1][-1].append(block)
            left -= height
        return pages

    def _page(self, columns: Sequence[Sequence[QWidget]]) -> QScrollArea:
        sheet = QWidget()
        sheet.setObjectName("panel")
        row = QHBoxLayout(sheet)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(GAP)
        for blocks in columns:
            column = QVBoxLayout()
            column.setSpacing(0)
            for block in blocks:
                column.addWidget(block)
            column.addStretch(1)
            row.addLayout(column, 1)
        for _ in range(COLUMNS - len(columns)):
            row.addStretch(1)
        area = QScrollArea()  # for a screen lower than one subject
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(sheet)
        return area

    def _block(self, part: Part) -> QWidget:
        words = self._desk.words
        key, verbs = part
        block = QWidget()
        grid = QGridLayout(block)
        grid.setContentsMargins(0, 0, 0, 10)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        head = plain_label(block, ROW, "caption", strong=True)
        head.setText(words(key))
        grid.addWidget(head, 0, 0, 1, 3)
        for row, verb in enumerate(verbs, 1):
            taken = "  ↵" if verb.names[0] == self._first else ""
            key, syntax = _key(verb, self._desk), f"{words.pick(*verb.syntax)}{taken}"
            for at, text in enumerate((key, syntax, words.pick(*verb.help))):
                label = plain_label(block, ROW, "dim" if at == 0 else "", strong=at == 1 or bool(taken))
                label.setText(text)
                label.setWordWrap(at == 2)
                grid.addWidget(label, row, at, Qt.AlignmentFlag.AlignTop)
        return block

    # --- how much fits ------------------------------------------------------------------------------------------------

    def _wide(self) -> int:
        """No wider than the screen: its page number and its button stand at the right."""
        window = self.parentWidget()
        if window is not None and QGuiApplication.platformName() == "offscreen":
            return min(WIDTH, window.width())
        return min(WIDTH, self.screen().availableGeometry().width())

    def _most(self) -> int:
        window = self.parentWidget()
        if window is not None and QGuiApplication.platformName() == "offscreen":
            return window.height() - 60
        return self.screen().availableGeometry().height() - TITLE_BAR

    def _around(self) -> int:
        """What the sheet's own lines take from its height."""
        return self._column.sizeHint().height() - self.pages.sizeHint().height() + 60


def as_verb(macro: Macro) -> Verb:
    """A person's macro as a line of the sheet."""
    name, body = macro.name, macro.body
    return Verb((name,), (name, name), (body, body), lambda line, _: run(macro, line.rest))


def _key(verb: Verb, desk: Desk) -> str:
    macro = desk.macros.get(verb.names[0])
    return macro.key if macro is not None else key_of(verb) or map_key_of(verb.names)


def _nearest(text: str, verbs: Sequence[Verb]) -> str:
    """The command whose name was typed, else one whose name begins so, else the first; "" where there is none."""
    asked = fold(text).strip()
    named = [it for it in verbs if any(fold(name) == asked for name in it.names)]
    begun = [it for it in verbs if any(fold(name).startswith(asked) for name in it.names)]
    return next((it.names[0] for it in (*named, *begun, *verbs)), "")


def _said(verb: Verb) -> str:
    return fold(" ".join((key_of(verb), *verb.names, *verb.syntax, *verb.help)))
