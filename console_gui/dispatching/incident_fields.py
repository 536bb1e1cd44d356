"""What an incident is and where: the fields that several people may change, each with its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from console_gui.call_taking.address_field import AddressField
from console_gui.call_taking.guarded_field import GuardedField
from console_gui.call_taking.place_words import coordinates, place_words
from console_gui.call_taking.type_field import TypeField
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.labels import plain_label, wrapped_label
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.state import Incident


class IncidentFields(QWidget):
    done = Signal()  # back to the command line

    def __init__(self, desk: Desk, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.type_field = TypeField(desk, drafts, self)
        self.address_field = AddressField(desk, drafts, self)
        self.place = wrapped_label(self, ROW, "dim")
        self.all: tuple[GuardedField, ...] = (self.type_field, self.address_field)
        for field in self.all:
            field.done.connect(self.done)
        desk.wards.found.connect(self._found)
        self._incident: Incident | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for row, key, hint in ((0, "form.type", "F6"), (2, "form.place", "F3")):
            label = plain_label(self, FORM, "dim")
            self._desk.words.put(label, "setText", key)
            grid.addWidget(label, row, 0)
            grid.addWidget(self._key(hint), row, 1)
        grid.addWidget(self.type_field, 0, 2)
        grid.addWidget(self.type_field.trouble, 1, 0, 1, 3)  # beside the fields there is no room for a sentence
        grid.addWidget(self.address_field, 2, 2)
        grid.addWidget(self.address_field.trouble, 3, 0, 1, 3)
        grid.addWidget(self.place, 4, 0, 1, 3)
        grid.setColumnStretch(2, 1)

    def _key(self, text: str) -> QLabel:
        label = plain_label(self, ROW, "dim")
        label.setText(text)
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        return label

    def show_incident(self, incident: Incident | None) -> None:
        self._incident = incident
        for field in self.all:
            field.show_incident(incident)
        if incident is not None:
            self._desk.wards.want(incident.location)
            self._tell_place(incident)

    def retell(self) -> None:
        for field in self.all:
            field.retell()

    def _found(self) -> None:
        if self._incident is not None:
            self._tell_place(self._incident)

    def _tell_place(self, incident: Incident) -> None:
        """The ward as people say it; the coordinates, which nobody can say, are in the tool tip."""
        words, at = self._desk.words, coordinates(incident.location)
        self.place.setText(place_words(incident, self._desk.wards.of(incident.location), words))
        self.place.setToolTip(words("place.copy", place=at) if at else "")
