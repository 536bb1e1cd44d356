"""The notice of an ending that nobody wished: what is now, why, what to do. It stays until somebody has read it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from console_gui.command_line.parsing import BY_NAME
from console_gui.desk import Desk
from console_gui.keys import key_of
from console_gui.labels import plain_label, wrapped_label
from console_gui.trunk_admin.endings import Ending
from console_gui.trunk_admin.page import PressButton
from console_gui.typefaces import FORM, ROW

LINES = ("why", "now", "do")


class NoticeBar(QFrame):
    read = Signal()

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.ending: Ending | None = None
        self.setObjectName("bar")
        self.title = wrapped_label(self, FORM, "attention", strong=True)
        self.names = {line: plain_label(self, ROW, "dim") for line in LINES}
        self.said = {line: wrapped_label(self, FORM if line == "why" else ROW) for line in LINES}
        self.button = PressButton(key_of(BY_NAME["daxem"]), self)
        self.button.setObjectName("trunk_notice_read")
        self.button.clicked.connect(self.read)
        desk.words.put(self.button, "say", "trunk.notice.read")
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 10, 14, 10)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.title, 0, 0, 1, 2)
        for row, line in enumerate(LINES, 1):
            desk.words.put(self.names[line], "setText", f"trunk.notice.{line}")
            grid.addWidget(self.names[line], row, 0)
            grid.addWidget(self.said[line], row, 1)
        grid.addWidget(self.button, 0, 2, len(LINES) + 1, 1)
        grid.setColumnStretch(1, 1)
        desk.words.changed.connect(self.refresh)
        self.hide()

    def tell(self, ending: Ending | None) -> None:
        self.ending = ending
        self.refresh()

    def refresh(self) -> None:
        ending, language = self.ending, self._desk.words.language
        self.setVisible(ending is not None)
        if ending is None:
            return
        self.title.setText(ending.title(language))
        texts = (ending.reason(language), ending.now(language), ending.remedy(language))
        for line, text in zip(LINES, texts, strict=True):
            self.said[line].setText(text)
            for widget in (self.names[line], self.said[line]):
                widget.setVisible(bool(text))
