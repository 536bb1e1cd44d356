"""A page of the trunk's workplace: what all of them have."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console_gui.board_view import BoardView
from console_gui.command_line.parsing import BY_NAME
from console_gui.desk import Desk
from console_gui.keys import key_of
from console_gui.theme import Look
from console_gui.trunk_admin.book import TrunkBook
from console_gui.typefaces import FORM, font


class PressButton(QPushButton):
    """Enter on it presses it; ``key`` is what does the same from anywhere."""

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = key
        self.setFont(font(FORM))
        self.setAutoDefault(True)

    def say(self, text: str) -> None:
        self.setText("  ".join(filter(None, (text, self._key))))


class Page(QWidget):
    """``name`` as in ``trunk.page.…``; ``entrance`` is where the keyboard goes when the page opens."""

    name = ""
    opened = Signal(str)  # another page is wanted

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look, self._book = desk, look, book
        self.setObjectName("panel")

    @property
    def entrance(self) -> QWidget:
        return self

    def come(self) -> None:
        """It is seen now."""

    def go(self) -> None:
        """It is not seen any more."""

    def boards(self) -> list[BoardView]:
        return self.findChildren(BoardView)

    def _button(self, key: str, name: str, verb: str = "") -> QPushButton:
        """``name`` is the object's, after ``trunk_``; the key of the command ``verb`` stands beside the word."""
        button = PressButton(key_of(BY_NAME[verb]) if verb else "", self)
        button.setObjectName(f"trunk_{name}")
        self._desk.words.put(button, "say", key)
        return button
