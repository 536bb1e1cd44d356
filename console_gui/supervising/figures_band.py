"""The band of figures: promises kept and broken; a figure opens the list behind it on the board of incidents."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.desk import Desk
from console_gui.labels import plain_label, repolish
from console_gui.paced import Paced
from console_gui.supervising.figures import Figure, figures
from console_gui.typefaces import CLOCK, ROW


class FigureCard(QWidget):
    """A value, large, and under it what it counts."""

    pressed = Signal(str)

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("panel")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.value = plain_label(self, CLOCK, strong=True)
        self.label = plain_label(self, ROW, "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.addWidget(self.value)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.label)

    def show_figure(self, figure: Figure, words_label: str) -> None:
        self.value.setText(figure.text)
        self.label.setText(words_label)
        repolish(self.value, "late" if figure.late else "attention" if figure.broken else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self.key)


class FiguresBand(QWidget):
    list_wanted = Signal(object)  # which incidents to show

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._figures: dict[str, Figure] = {}
        self._open = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 4)
        self._row.setSpacing(4)
        self.cards: dict[str, FigureCard] = {}
        desk.updated.connect(Paced(self.refresh, self).call)
        desk.ticked.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        for figure in figures(self._desk.state, self._desk.now()):
            self._figures[figure.key] = figure
            card = self.cards.get(figure.key)
            if card is None:
                card = self.cards[figure.key] = FigureCard(figure.key, self)
                card.pressed.connect(self._pressed)
                self._row.addWidget(card, 1)
            card.show_figure(figure, self._desk.words(figure.key, limit=figure.limit))

    def _pressed(self, key: str) -> None:
        """A second press on the same figure shows everything again."""
        self._open = "" if self._open == key else key
        self.list_wanted.emit(self._figures[key].wanted if self._open else (lambda incident: True))
