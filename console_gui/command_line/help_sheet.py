"""The sheet behind F1: every command that this person has, from the same table that the parser reads."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from console_gui.command_line.table import Verb, by_subject
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.typefaces import CLOCK, FORM, ROW, font

WIDTH = 1880
COLUMNS = 3
TITLE_BAR = 40
"""Pixels that the window's own bar may need."""


class HelpSheet(QDialog):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        words = desk.words
        self.setWindowTitle(words("help.title"))
        title = plain_label(self, CLOCK, strong=True)
        title.setText(words("help.title"))
        more = plain_label(self, ROW, "dim")
        more.setWordWrap(True)
        more.setText(words("help.more"))
        sheet = QWidget()
        sheet.setObjectName("panel")
        self._fill(QHBoxLayout(sheet), sheet)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(sheet)
        close = QPushButton(words("help.close"), self)
        close.setFont(font(FORM))
        close.clicked.connect(self.accept)
        last = QHBoxLayout()
        last.addWidget(more, 1)
        last.addWidget(close)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 12, 16, 12)
        column_.addWidget(title)
        column_.addWidget(area, 1)
        column_.addLayout(last)
        self._fit(area, sheet)

    def _fill(self, sheet_row: QHBoxLayout, sheet: QWidget) -> None:
        """Subjects one after the other in columns of about the same length; a subject is never torn."""
        parts = [(key, verbs) for key, verbs in by_subject(self._desk.role) if verbs]
        total = sum(len(verbs) + 1 for _, verbs in parts)
        sides: tuple[list[tuple[str, list[Verb]]], ...] = tuple([] for _ in range(COLUMNS))
        lines = 0
        for part in parts:
            middle = lines + (len(part[1]) + 1) / 2
            sides[min(COLUMNS - 1, int(middle * COLUMNS / max(1, total)))].append(part)
            lines += len(part[1]) + 1
        sheet_row.setContentsMargins(16, 10, 16, 10)
        sheet_row.setSpacing(28)
        for side in filter(None, sides):
            column = QVBoxLayout()
            column.addLayout(self._grid(side, sheet))
            column.addStretch(1)
            sheet_row.addLayout(column, 1)

    def _grid(self, parts: list[tuple[str, list[Verb]]], sheet: QWidget) -> QGridLayout:
        words = self._desk.words
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        row = 0
        for key, verbs in parts:
            head = plain_label(sheet, ROW, "caption", strong=True)
            head.setText(words(key))
            head.setContentsMargins(0, 8 if row else 0, 0, 0)
            grid.addWidget(head, row, 0, 1, 3)
            for row, verb in enumerate(verbs, row + 1):  # noqa: B020
                for at, text in enumerate((verb.key, words.pick(*verb.syntax), words.pick(*verb.help))):
                    label = plain_label(sheet, ROW, "dim" if at == 0 else "", strong=at == 1)
                    label.setText(text)
                    label.setWordWrap(at == 2)
                    grid.addWidget(label, row, at, Qt.AlignmentFlag.AlignTop)
            row += 1
        return grid

    def _fit(self, area: QScrollArea, sheet: QWidget) -> None:
        """Every line in sight where the screen is high enough."""
        around = self.sizeHint().height() - area.sizeHint().height()
        wanted = sheet.heightForWidth(WIDTH - 48) if sheet.hasHeightForWidth() else sheet.sizeHint().height()
        window = self.parentWidget()
        if window is not None and QGuiApplication.platformName() == "offscreen":
            most = window.height()
        else:
            most = self.screen().availableGeometry().height() - TITLE_BAR
        self.resize(WIDTH, min(most, around + wanted + 4))
