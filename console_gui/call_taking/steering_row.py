"""What can be done with one's own call, each with its key: only what fits the call as it stands can be pressed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from console_gui.desk import Desk
from console_gui.flow_row import FlowRow
from console_gui.typefaces import ROW, font
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState

ALONE = ("transfer", "consult")
ASKING = ("complete", "join", "back")
TOGETHER = ("leave",)
LINES = {
    "hold": "giu", "mute": "mic", "transfer": "ch ", "consult": "hoi ", "complete": "noi", "join": "ba", "back": "ve",
    "leave": "roi",
}  # fmt: skip
"""What each types; one that ends in a space waits for more words."""


class SteeringRow(QWidget):
    line_wanted = Signal(str)  # words to put into the command line
    run_wanted = Signal(str)  # a line to carry out at once

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        row = FlowRow(self)
        self.buttons: dict[str, QPushButton] = {}
        for name in LINES:
            button = self.buttons[name] = QPushButton(self)
            button.setFont(font(ROW))
            button.clicked.connect(lambda _=False, name=name: self._press(name))
            row.addWidget(button)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def _press(self, name: str) -> None:
        call = self._desk.own_call()
        held = call is not None and call.state is CallState.HELD
        line = "tiep" if name == "hold" and held else LINES[name]
        (self.line_wanted if line.endswith(" ") else self.run_wanted).emit(line)

    def refresh(self) -> None:
        call, words = self._desk.own_call(), self._desk.words
        held = call is not None and call.state is CallState.HELD
        muted = call is not None and self._desk.position in call.muted
        shown = self._fitting(call)
        for name, button in self.buttons.items():
            key = "resume" if name == "hold" and held else "unmute" if name == "mute" and muted else name
            button.setText(words(f"form.{key}"))
            button.setVisible(name in shown)
            button.setEnabled(call is not None and call.steer is None and not call.hang_up_asked)

    @staticmethod
    def _fitting(call: Call | None) -> tuple[str, ...]:
        if call is None or not call.parties:
            return ("hold", "mute", *ALONE)
        return ("mute", *(ASKING if call.state is CallState.HELD else TOGETHER))
