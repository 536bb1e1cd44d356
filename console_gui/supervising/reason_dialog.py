"""Why something goes to somebody else: a digit chooses one of the usual reasons, or words are typed; Enter sends."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console_gui.asking_dialog import AskingDialog
from console_gui.command_line.verbs_leading import Handing
from console_gui.desk import Desk
from console_gui.labels import plain_label
from console_gui.translations import sentences
from console_gui.translations.formats import short
from console_gui.translations.tables import say
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.domain.commands import ReassignIncident, RedirectUnit
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.domain.state import State

REASONS = ("nearer", "overload", "skill", "shift", "urgent", "slip")


def told(state: State, body: Handing, language: str) -> str:
    """What goes to whom, in a line."""
    incident = short(body.incident)
    if isinstance(body, RedirectUnit):
        return say(language, "handed.unit", unit=body.unit, was=_was(state, body), incident=incident)
    if isinstance(body, ReassignIncident):
        return say(language, "handed.incident", incident=incident, to=sentences.person(state, body.to, language))
    station = state.stations.get(body.station)
    to = sentences.person(state, body.dispatcher, language) if body.dispatcher else body.unit
    to = station.name if station is not None else to or body.station
    service = sentences.service(state, body.service, language)
    return say(language, "handed.leg", incident=incident, service=service, to=to)


def _was(state: State, body: RedirectUnit) -> str:
    """The incident that the unit leaves, or has left already."""
    unit = state.units.get(body.unit)
    work = unit.assignment if unit is not None else None
    if work is not None and work.incident != body.incident:
        return short(work.incident)
    return short(unit.redirected.incident) if unit is not None and unit.redirected is not None else "—"


class ReasonDialog(AskingDialog):
    """What goes to whom stands above."""

    def __init__(self, desk: Desk, body: Handing, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._body = body
        words = desk.words
        self.setModal(True)
        self.setMinimumWidth(520)
        self.setWindowTitle(words("reason.title"))
        self.what = plain_label(self, FORM, strong=True)
        self.what.setText(told(desk.state, body, words.language))
        self.what.setWordWrap(True)
        self.buttons = [self._button(number, key) for number, key in enumerate(REASONS, 1)]
        self.field = QLineEdit(self)
        self.field.setFont(font(FORM))
        self.field.setMaxLength(REASON_LIMIT)
        self.field.setPlaceholderText(words("reason.hint"))
        self.do, self.cancel = QPushButton(words("reassign.do"), self), QPushButton(words("reassign.cancel"), self)
        for button in (self.do, self.cancel):
            button.setFont(font(FORM))
            button.setAutoDefault(False)
        self._lay_out()
        self.field.returnPressed.connect(self.send)
        self.do.clicked.connect(self.send)
        self.cancel.clicked.connect(self.reject)
        self.field.setFocus()

    def _button(self, number: int, key: str) -> QPushButton:
        word = self._desk.words(f"reason.{key}")
        button = QPushButton(f"{number}  {word}", self)
        button.setFont(font(ROW))
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._choose(word))
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.what)
        grid = QGridLayout()
        for place, button in enumerate(self.buttons):
            grid.addWidget(button, place // 3, place % 3)
        column.addLayout(grid)
        column.addWidget(self.field)
        column.addWidget(self.trouble)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.do)
        column.addLayout(row)

    def _choose(self, word: str) -> None:
        self.field.setText(word)
        self.field.setFocus()

    def send(self) -> None:
        """A lone digit is the reason with that number."""
        text = self.field.text().strip()
        if text.isdecimal() and 1 <= int(text) <= len(REASONS):
            text = self._desk.words(f"reason.{REASONS[int(text) - 1]}")
            self.field.setText(text)
        if not text or self._waiting is not None:
            self.trouble.setText("" if text else self._desk.words("reason.hint"))
            return
        self.ask(replace(self._body, reason=text))
