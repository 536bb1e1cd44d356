"""The field where commands are typed: history, completion, and what was typed stays until it is accepted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from console_gui.command_line.completion import Completion
from console_gui.command_line.line_history import LineHistory
from console_gui.limits import LINE_LENGTH
from console_gui.plain_field import PlainField


class LineField(PlainField):
    entered = Signal(str)
    left = Signal()  # Esc on an empty line
    completing = Signal()  # Tab: what may follow must be known now

    def __init__(self, history: LineHistory, parent: QWidget | None = None) -> None:
        super().__init__(LINE_LENGTH, parent)
        self.history = history
        self._back = 0  # how far back in the history; 0 is the line that is being typed
        self._typed = ""
        self._choices: list[Completion] = []
        self.textEdited.connect(self._edited)

    def offer(self, choices: list[Completion]) -> None:
        """What Tab takes next."""
        self._choices = choices

    def put(self, text: str) -> None:
        """Words put into the line for the person to complete or enter."""
        self.setText(text)
        self._edited(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def remember(self, line: str) -> None:
        self.history.remember(line)
        self._back, self._typed = 0, ""

    def _edited(self, text: str) -> None:
        self._back, self._typed = 0, text

    def _browse(self, step: int) -> None:
        """Through the earlier lines that begin with what was typed."""
        back = max(0, self._back + step)
        earlier = self.history.earlier(self._typed, back) if back else self._typed
        if earlier is not None:
            self._back = back
            self.setText(earlier)

    def event(self, event: QEvent) -> bool:
        """Tab completes while there is something to complete, else it moves on."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Tab:
                self.completing.emit()
            if event.key() == Qt.Key.Key_Tab and self._choices:
                line = self._choices[0].line
                self.setText(line)
                self.textEdited.emit(line)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.text().strip() and not event.isAutoRepeat():  # a line that was refused has come back
                self.entered.emit(self.text().strip())
        elif key == Qt.Key.Key_Up:
            self._browse(1)
        elif key == Qt.Key.Key_Down:
            self._browse(-1)
        elif key == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
                self.textEdited.emit("")
            else:
                self.left.emit()
        else:
            super().keyPressEvent(event)
