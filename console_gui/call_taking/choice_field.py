"""A text field with a list of choices under it, driven by keys; the list is no window of its own and takes no focus."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from console_gui.call_taking.choice_row import HEIGHT, PARTS_ROLE, ChoiceRow, Span
from console_gui.labels import WrappedLabel, tip
from console_gui.plain_field import PlainField
from console_gui.typefaces import ROW, font

SHOWN = 8
WIDE = 620
"""Pixels of a list whose choices have much beside them, where the window has the room."""


@dataclass(frozen=True, slots=True)
class Choice:
    """``ident`` is given back when it is chosen; ``text`` is shown, ``spans`` of it in strong type, ``detail`` beside
    it; ``note`` stands under the list while the choice is marked."""

    ident: str
    text: str
    detail: str = ""
    spans: tuple[Span, ...] = ()
    note: str = ""


class ChoiceField(PlainField):
    chosen = Signal(str)  # the ident of a choice
    confirmed = Signal(str)  # Enter with no choice to take: the text as it stands
    left = Signal()  # Esc

    def __init__(self, most: int, parent: QWidget | None = None) -> None:
        super().__init__(most, parent)
        self._list: QListWidget | None = None
        self._note: WrappedLabel | None = None
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
            item.setData(PARTS_ROLE, (choice.text, choice.detail, choice.spans))
            item.setToolTip(tip(text))
            listed.addItem(item)
        listed.setCurrentRow(0)
        self._lay_out(listed)

    def close_list(self) -> None:
        if self._list is not None:
            self._list.hide()
        if self._note is not None:
            self._note.hide()

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
            self._list.setItemDelegate(ChoiceRow(self._list))
            self._list.currentRowChanged.connect(self._tell_note)
            self._list.itemClicked.connect(self._clicked)
        return self._list

    def _lay_out(self, listed: QListWidget) -> None:
        below = self.mapTo(self.window(), QPoint(0, self.height() + 1))
        width = self.width()
        if any(choice.note or choice.detail for choice in self._choices):  # a distance or a ± that is cut misleads
            width = max(width, min(WIDE, self.window().width() - 8))
        left = max(4, min(below.x(), self.window().width() - width - 4))
        listed.setGeometry(left, below.y(), width, HEIGHT * len(self._choices) + 4)
        listed.show()
        listed.raise_()
        self._tell_note(listed.currentRow())

    def _tell_note(self, row: int) -> None:
        """What was understood, under the list; it takes no room of the rows."""
        note = self._choices[row].note if 0 <= row < len(self._choices) else ""
        listed, under = self._list, self._note or self._made_note()
        if listed is None or not note or not listed.isVisibleTo(self.window()):
            under.hide()
            return
        under.setFixedWidth(listed.width())
        under.setText(note)
        under.adjustSize()
        under.move(listed.x(), listed.y() + listed.height() - 1)
        under.show()
        under.raise_()

    def _made_note(self) -> WrappedLabel:
        self._note = WrappedLabel(self.window())
        self._note.setObjectName("choices_note")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setFont(font(ROW))
        self._note.setWordWrap(True)
        return self._note

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
