"""The sheet behind F1: every command that this person has, from the same table that the parser reads."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from console_gui.command_line.table import offered
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.typefaces import CLOCK, FORM, ROW, font

WIDTH = 980
TITLE_BAR = 40
"""Pixels that the window's own bar may need."""


class HelpSheet(QDialog):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = desk.words
        self.setWindowTitle(words("help.title"))
        title = plain_label(self, CLOCK, strong=True)
        title.setText(words("help.title"))
        more = plain_label(self, ROW, "dim")
        more.setWordWrap(True)
        more.setText(words("help.more"))
        sheet = QWidget()
        sheet.setObjectName("panel")
        grid = QGridLayout(sheet)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(1)
        for column, key in enumerate(("help.key", "help.command", "help.meaning")):
            head = plain_label(sheet, ROW, "dim")
            head.setText(words(key))
            grid.addWidget(head, 0, column)
        for row, verb in enumerate(offered(desk.role), 1):
            for column, text in enumerate((verb.key, words.pick(*verb.syntax), words.pick(*verb.help))):
                label = plain_label(sheet, ROW, strong=column == 1)
                label.setText(text)
                label.setWordWrap(column == 2)
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        grid.setRowStretch(grid.rowCount(), 1)
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
