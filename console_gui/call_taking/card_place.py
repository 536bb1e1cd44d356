"""Where the triage card stands: over the list of units while a call is taken, folded to one line, or not at all."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from console_gui.call_taking.triage_card import TriageCard
from console_gui.desk import Desk
from console_gui.labels import elided_label
from console_gui.panel import Dock
from console_gui.translations import triage
from console_gui.typefaces import FORM, ROW, font
from console_gui.workplace import Workplace
from dispatch_core.domain.vocabulary import IncidentState

MOST_OF_WINDOW = 0.6
"""Of the height of the workplace, at the most, is the card's; the map keeps the rest."""


class CardStrip(QWidget):
    """The question in sight and its answers in one line, while the card is folded."""

    open_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.question = elided_label(self, FORM, strong=True)
        self.answers = elided_label(self, FORM, "dim")
        self.open = QPushButton(self)
        self.open.setFont(font(ROW))
        self.open.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.open.clicked.connect(self.open_wanted)
        desk.words.put(self.open, "setText", "card.strip_keys")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(16)
        row.addWidget(self.question, 3)
        row.addWidget(self.answers, 4)
        row.addWidget(self.open)
        self.hide()

    def show_question(self, card: TriageCard) -> None:
        known, question = card.card, card.in_sight
        if known is None or question is None:
            self.hide()
            return
        words = self._desk.words
        number, text = triage.number_of(known, question.code), words.pick(question.vi, question.en)
        self.question.setText(words("card.strip", number=number, question=text))
        said = (f"{at} {words.pick(it.vi, it.en)}" for at, it in enumerate(question.answers, 1))
        self.answers.setText("   ".join(said))
        self.show()


class CardPlace(QObject):
    """Opens the card for the incident of the call that my position takes, and for one where the person asked for it;
    what the person folded stays folded for that incident."""

    def __init__(self, desk: Desk, card: TriageCard, dock: Dock, beside: Dock, workplace: Workplace) -> None:
        super().__init__(workplace)
        self._desk, self._card, self._dock, self._beside, self._workplace = desk, card, dock, beside, workplace
        self.strip = CardStrip(desk)
        self._opened: set[str] = set()
        self._folded: set[str] = set()
        self._stands = False
        self._height_before = 0
        dock.hide()
        self.strip.open_wanted.connect(self.toggle)
        desk.current_changed.connect(self.refresh)
        desk.updated.connect(self.refresh)
        desk.ticked.connect(self.refresh)  # whatever a kept layout brought back
        desk.words.changed.connect(self.refresh)

    def toggle(self) -> None:
        """Show the card of the open incident, or fold it."""
        current = self._desk.current
        if self._stands:
            self._folded.add(current)
        else:
            self._opened.add(current)
            self._folded.discard(current)
        self.refresh()

    def step(self, way: str) -> None:
        if not self._stands:
            self._opened.add(self._desk.current)
            self._folded.discard(self._desk.current)
        self._card.step(-1 if way == "back" else 1)
        self.refresh()

    def act(self, argument: str) -> None:
        if argument:
            self.step(argument)
        else:
            self.toggle()

    def refresh(self) -> None:
        incident, card = self._card.incident, self._card.card
        mine = self._desk.own_call()
        if incident is not None and mine is not None and mine.incident == incident.id:
            self._opened.add(incident.id)
        known = self._desk.state.incidents
        self._opened &= known.keys()
        self._folded &= known.keys()
        there = incident is not None and card is not None and incident.id in self._opened
        folded = incident is not None and incident.id in self._folded
        self._stand(there and not folded)
        if there and folded and incident is not None and incident.state is not IncidentState.CLOSED:
            self.strip.show_question(self._card)
        else:
            self.strip.hide()

    def _stand(self, stands: bool) -> None:
        if stands == self._stands and self._dock.isVisibleTo(self._workplace) == stands:
            if stands:
                self._take_room()
            return
        began = stands and not self._stands
        self._stands = stands
        self._dock.setVisible(stands)
        if stands:  # also where a layout that was put back had hidden it
            if began:
                self._height_before = self._beside.height()
            self._dock.raise_()
            self._take_room()
        elif not stands and self._height_before:
            self._workplace.resizeDocks([self._beside], [self._height_before], Qt.Orientation.Vertical)
            self._height_before = 0

    def _take_room(self) -> None:
        """As high as its words need, where the window has that; it does not shrink again until it goes."""
        needed = self._card.needed(self._dock.width()) + self._dock.caption.height() + 32
        most = int(self._workplace.height() * MOST_OF_WINDOW)
        height = min(needed, most)
        if height > self._dock.height():
            self._workplace.resizeDocks([self._dock], [height], Qt.Orientation.Vertical)
