"""A line of plain words: whatever is pasted, dropped or typed into it becomes that, and what was left out is said.

Guards: a text of any length is cut at ``most`` before anything is painted; control characters, line breaks and marks
that turn the direction of writing never stay in it; letters that are typed are never touched, so that Telex composes.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from console_gui.typefaces import FORM, font

BREAKS = frozenset(("Cc", "Zl", "Zp", "Cs", "Co", "Cn"))


def plain_words(text: str) -> str:
    """Breaks, tabs and control characters become spaces; marks that take no room or turn the writing are nothing."""
    if text.isprintable():
        return text
    kinds = {mark: unicodedata.category(mark) for mark in set(text)}
    return "".join("" if kinds[it] == "Cf" else " " if kinds[it] in BREAKS else it for it in text)


class PlainField(QLineEdit):
    typed = Signal(str)  # what stands there now, by the person's hand
    shortened = Signal(int)  # so many marks are held, the rest was left out; 0: only the form was

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(FORM))
        self.setMaxLength(most)
        self.textEdited.connect(self._make_plain)
        self.inputRejected.connect(self._full)

    def _full(self) -> None:
        """Told after what is kept was taken, which tells too."""
        QTimer.singleShot(0, self, lambda: self.shortened.emit(self.maxLength()))

    def _make_plain(self, text: str) -> None:
        plain = plain_words(text)
        if plain != text:
            at = len(plain_words(text[: self.cursorPosition()]))
            self.setText(plain)
            self.setModified(True)
            self.setCursorPosition(at)
        self.typed.emit(plain)
        if plain != text:
            self.shortened.emit(0)
