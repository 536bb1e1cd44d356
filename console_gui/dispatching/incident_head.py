"""The head of the incident form: number, priority, how old it is, its state and whose it is."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.call_taking.priority_field import PriorityField
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.labels import plain_label, wrapped_label
from console_gui.translations import sentences
from console_gui.translations.formats import short, since
from console_gui.typefaces import CLOCK, FORM, ROW
from dispatch_core.domain.duplicates import callers_of
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState


class IncidentHead(QWidget):
    def __init__(self, desk: Desk, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._incident: Incident | None = None
        self.title = plain_label(self, CLOCK, strong=True)
        self.priority_field = PriorityField(desk, drafts, self)
        self.level = plain_label(self, CLOCK)
        self.clock = plain_label(self, CLOCK)
        self.status = wrapped_label(self, FORM, "dim")
        first = QHBoxLayout()
        first.addWidget(self.title)
        first.addSpacing(10)
        first.addWidget(self.priority_field)
        key = plain_label(self, ROW, "dim")
        key.setText("Alt+P")
        first.addWidget(key)
        first.addWidget(self.level)
        first.addStretch(1)
        first.addWidget(self.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self.priority_field.trouble)  # beside the field there is no room for a sentence
        column.addWidget(self.status)

    def show_incident(self, incident: Incident | None) -> None:
        self._incident = incident
        self.priority_field.show_incident(incident)
        if incident is None:
            return
        words = self._desk.words
        self.title.setText(short(incident.id))
        self.level.setText(words("form.level", level=incident.level) if incident.level > 1 else "")
        parts = [words(f"incident.{incident.state.value}")]
        if incident.state is IncidentState.CLOSED:
            parts[0] += f": {sentences.disposition(incident.disposition, words.language)}"
        count = callers_of(self._desk.state, incident)
        parts += [words("incident.callers", count=count)] if count > 1 else []
        owner = sentences.person(self._desk.state, incident.owner, words.language)
        parts.append(words("form.owner", owner=owner) if incident.owner else words("form.nobody"))
        self.status.setText("   ".join(parts))
        self.tick()

    def tick(self) -> None:
        if self._incident is not None:
            self.clock.setText(since(self._incident.received_at, self._incident.closed_at or self._desk.now()))
