"""A text field with a list of choices under it, driven by keys; the list is no window of its own and takes no focus."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QWidget

from console_gui.row_delegate import ROW_HEIGHT
from console_gui.typefaces import FORM, ROW, font

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """``ident`` is given back when it is chosen; ``text`` is shown, ``detail`` beside it."""

    ident: str
    text: str
    detail: str = ""


class ChoiceField(QLineEdit):
    chosen = Signal(str)  # the ident of a choice
    confirmed = Signal(str)  # Enter with no choice to take: the text as it stands
    left = Signal()  # Esc

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font(FORM))
        self._list: QListWidget | None = None
        self._choices: list[Choice] = []

    # --- the list -----------------------------------------------------------------------------------------------------

    def offer(self, choices: list[Choice]) -> None:
        """Show these under the field; none hides the list."""
        self._choices = choices[:SHOWN]
        if not self._choices or not self.hasFocus():
            self.close_list()
            return
        listed = self._made_list()
        listed.clear()
        for choice in self._choices:
            text = f"{choice.text}   {choice.detail}" if choice.detail else choice.text
            item = QListWidgetItem(text)
            item.setToolTip(text)
            listed.addItem(item)
        listed.setCurrentRow(0)
        self._lay_out(listed)

    def close_list(self) -> None:
        if self._list is not None:
            self._list.hide()

    @property
    def offered(self) -> list[Choice]:
        """What the list shows now."""
        return self._choices if self._list is not None and self._list.isVisibleTo(self.window()) else []

    def _made_list(self) -> QListWidget:
        if self._list is None:
            self._list = QListWidget(self.window())
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._list.setFrameShape(QFrame.Shape.Box)
            self._list.setFont(font(ROW))
            self._list.setUniformItemSizes(True)
            self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
            self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._list.setObjectName("choices")
            self._list.itemClicked.connect(self._clicked)
        return self._list

    def _lay_out(self, listed: QListWidget) -> None:
        below = self.mapTo(self.window(), QPoint(0, self.height() + 1))
        listed.setGeometry(below.x(), below.y(), self.width(), (ROW_HEIGHT + 2) * len(self._choices) + 4)
        listed.show()
        listed.raise_()

    def _clicked(self, item: QListWidgetItem) -> None:
        if self._list is not None:
            self._take(self._list.row(item))

    def _take(self, row: int) -> None:
        choice = self._choices[row]
        self.close_list()
        self.chosen.emit(choice.ident)

    # --- keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, listed = event.key(), self._list if self.offered else None
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if listed is not None:
                self._take(max(0, listed.currentRow()))
            elif self.text().strip():
                self.confirmed.emit(self.text().strip())
        elif key == Qt.Key.Key_Escape:
            if listed is not None:
                self.close_list()
            else:
                self.left.emit()
        elif listed is not None and key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            listed.setCurrentRow((listed.currentRow() + step) % len(self._choices))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tab takes the choice that is marked, as Enter does, when the list is open."""
        tab = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab
        if tab and self.offered and self._list is not None:
            self._take(max(0, self._list.currentRow()))
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_list()
