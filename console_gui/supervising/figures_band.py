"""The band of figures: promises kept and broken; a figure, by click or by its number, opens the list behind it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.desk import Desk
from console_gui.labels import plain_label, repolish
from console_gui.paced import Paced
from console_gui.supervising.figures import Figure, figures
from console_gui.theme import Look, readable
from console_gui.translations import sentences
from console_gui.typefaces import CLOCK, FORM, ROW

KEYED = 9
"""The first so many have a key, Ctrl+Alt and their number."""

ROUND = "①②③④⑤⑥⑦⑧⑨"
"""The number of its key before what a figure counts; a plain one there reads as a count: “1 113 waiting”."""

LEAVE = ("figure.open", "figure.free", "figure.unexplained", "figure.within_20", "figure.unsaid")
"""These stand in boards, captions and lists too: where the band is narrow they leave, the first of them first."""


class FigureCard(QWidget):
    """A value, large, beside it the same of the shift, and under it what it counts."""

    pressed = Signal(str)

    def __init__(self, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("panel")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.glyph = plain_label(self, FORM, strong=True)
        self.value = plain_label(self, CLOCK, strong=True)
        self.more = plain_label(self, FORM, "dim")
        self.label = plain_label(self, ROW, "dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 6, 6)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(5)
        for label in (self.glyph, self.value, self.more):
            row.addWidget(label, 0, Qt.AlignmentFlag.AlignBaseline)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.label)

    def show_figure(self, figure: Figure, words_label: str, more: str) -> None:
        self.value.setText(figure.text)
        self.more.setText(more)
        self.more.setVisible(bool(more))
        self.label.setText(words_label)
        self.glyph.setVisible(bool(figure.service))
        clock_late = figure.late and bool(figure.service)
        repolish(self.value, "late" if figure.late and not clock_late else "attention" if figure.broken else "")
        repolish(self.more, "late" if clock_late else "dim")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self.key)


class FiguresBand(QWidget):
    chosen = Signal(object)  # the Figure whose list is wanted; None: everything again

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._look = desk, look
        self.shown: dict[str, Figure] = {}
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
        fresh = figures(self._desk.state, self._desk.now())
        self.shown = {it.key: it for it in fresh}
        for place, figure in enumerate(fresh):
            card = self.cards.get(figure.key)
            if card is None:
                card = self.cards[figure.key] = FigureCard(figure.key, self)
                card.pressed.connect(self.press)
                self._row.insertWidget(place, card, 1)
            card.show_figure(figure, self._label(place, figure), self._more(figure))
            self._colour(card, figure)
        self._fit()

    def _label(self, place: int, figure: Figure) -> str:
        key = figure.key if not figure.service else "figure.waiting"
        number = sentences.number_of(self._desk.state, figure.service) if figure.service else ""
        told = self._desk.words(key, limit=figure.limit, number=number or figure.service)
        return f"{ROUND[place]} {told}" if place < KEYED else told

    def _more(self, figure: Figure) -> str:
        if not figure.more or figure.service:
            return figure.more
        return self._desk.words("figure.of_shift", value=figure.more)

    def _colour(self, card: FigureCard, figure: Figure) -> None:
        service = self._desk.state.site.services.get(figure.service)
        if service is not None:
            card.glyph.setText(service.glyph)
            card.glyph.setStyleSheet(f"color: {readable(service.hue, self._look.now.surface).name()}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Of those that never leave: a window that was wide can be made narrow."""
        kept = [card.sizeHint().width() + 4 for key, card in self.cards.items() if key not in LEAVE]
        return QSize(sum(kept), super().minimumSizeHint().height())

    def _fit(self) -> None:
        """Where there is no room for all, those leave that are told elsewhere too."""
        widths = {key: card.sizeHint().width() + 4 for key, card in self.cards.items()}
        over = sum(widths.values()) - self.width()
        for key in LEAVE:
            if key in self.cards:
                self.cards[key].setVisible(over <= 0)
                over -= widths[key] if over > 0 else 0

    def press(self, key: str) -> None:
        """A second press on the same figure shows everything again."""
        self._choose("" if self._open == key or key not in self.shown else key)
        self.chosen.emit(self.shown[key] if self._open else None)

    def let_go(self) -> None:
        """Everything is shown again, by whatever asked for it: the next press on a figure opens its list."""
        self._choose("")

    def _choose(self, key: str) -> None:
        self._open = key
        for known, card in self.cards.items():
            repolish(card, "chosen_panel" if known == key else "panel")

    def press_number(self, number: int) -> bool:
        """The figure with that number; whether there is one."""
        keys = list(self.shown)
        if not 1 <= number <= len(keys):
            return False
        self.press(keys[number - 1])
        return True

    def told(self, figure: Figure) -> str:
        """What the figure counts, in a few words."""
        return self._label(KEYED, figure)
