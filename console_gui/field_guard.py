"""Every field of every window, also one that is added tomorrow: what comes into it is plain, bounded, and what was left
out is said.

Guards: rich text becomes its words; control characters and marks that turn the direction of writing never stay; of a
text of any length so much is taken as the field holds, before anything of it is laid out. Letters that are typed are
never touched, so that Telex composes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import (
    QAction,
    QClipboard,
    QContextMenuEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit, QTextEdit, QWidget

from console_gui.limits import FIELD_LENGTH
from console_gui.plain_field import PlainField, plain_words

Tell = Callable[[str, dict[str, object]], None]
"""Told a key of words and its values."""

Page = QPlainTextEdit | QTextEdit

QT_DEFAULT = 32_767
GUARDED = "guarded"


class FieldGuards(QObject):
    """Guards what is in ``root``, and whatever gets the keyboard later anywhere in the program."""

    def __init__(self, root: QWidget, tell: Tell) -> None:
        super().__init__(root)
        self._tell = tell
        self.guard(root)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)

    def guard(self, root: QWidget) -> None:
        for line in root.findChildren(QLineEdit):
            self._line(line)
        for page in root.findChildren(QPlainTextEdit):
            self._page(page)
        for rich in root.findChildren(QTextEdit):
            self._page(rich)

    def _focus_changed(self, old: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QLineEdit):
            self._line(now)
        elif isinstance(now, QPlainTextEdit | QTextEdit):
            self._page(now)

    def _line(self, field: QLineEdit) -> None:
        if not _first_time(field):
            return
        if field.maxLength() >= QT_DEFAULT:
            field.setMaxLength(FIELD_LENGTH)
        if isinstance(field, PlainField):
            field.shortened.connect(partial(self._told_by_itself))
            return
        field.inputRejected.connect(partial(self._full, field))
        field.textChanged.connect(partial(self._clean, field))

    def _told_by_itself(self, most: int) -> None:
        self._tell("pasted.cut" if most else "pasted.cleaned", {"most": most})

    def _full(self, field: QLineEdit) -> None:
        self._tell("pasted.cut", {"most": field.maxLength()})

    def _clean(self, field: QLineEdit, text: str) -> None:
        plain = plain_words(text)
        if plain == text:
            return
        at, edited = len(plain_words(text[: field.cursorPosition()])), field.isModified()
        field.setText(plain)
        field.setModified(edited)
        field.setCursorPosition(at)
        field.textEdited.emit(plain)  # whoever keeps what is typed was told the other text
        self._tell("pasted.cleaned", {})

    def _page(self, field: Page) -> None:
        if not _first_time(field) or field.isReadOnly():
            return
        if isinstance(field, QTextEdit):
            field.setAcceptRichText(False)
        door = _PageDoor(field, self._tell)
        field.installEventFilter(door)
        field.viewport().installEventFilter(door)


class _PageDoor(QObject):
    """Stands before a field of several lines: by whatever way words come in, they come through ``put``."""

    def __init__(self, field: Page, tell: Tell) -> None:
        super().__init__(field)
        self._field, self._tell, self._cutting = field, tell, False
        field.textChanged.connect(self._bound)

    def put(self, text: str) -> None:
        """At the cursor, so much as there is room for."""
        cursor = self._field.textCursor()
        room = FIELD_LENGTH - (self._field.document().characterCount() - 1) + len(cursor.selectedText())
        taken = text[: max(0, room)]
        plain = "\n".join(plain_words(line) for line in taken.splitlines())
        cursor.insertText(plain)
        if len(text) > len(taken):
            self._tell("pasted.cut", {"most": FIELD_LENGTH})
        elif plain != text:
            self._tell("pasted.cleaned", {})

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Paste):
                self._paste(QClipboard.Mode.Clipboard)
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.put(event.mimeData().text())
            event.acceptProposedAction()
            return True
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            if event.button() == Qt.MouseButton.MiddleButton:
                self._paste(QClipboard.Mode.Selection)
                return True
        elif isinstance(event, QContextMenuEvent):
            self._menu(event)
            return True
        return False

    def _paste(self, mode: QClipboard.Mode) -> None:
        self.put(QGuiApplication.clipboard().text(mode))

    def _menu(self, event: QContextMenuEvent) -> None:
        menu: QMenu = self._field.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() == "edit-paste":
                action.triggered.disconnect()
                action.triggered.connect(lambda: self._paste(QClipboard.Mode.Clipboard))
                self.paste_action: QAction = action
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _bound(self) -> None:
        """Whatever came by another way, a program's or an input method's, is bounded all the same."""
        over = self._field.document().characterCount() - 1 - FIELD_LENGTH
        if over <= 0 or self._cutting:
            return
        self._cutting = True
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(FIELD_LENGTH)
        cursor.setPosition(FIELD_LENGTH + over, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._cutting = False
        self._tell("pasted.cut", {"most": FIELD_LENGTH})


def _first_time(field: QWidget) -> bool:
    if field.property(GUARDED):
        return False
    field.setProperty(GUARDED, True)
    return True
