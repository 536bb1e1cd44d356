"""The type of an incident: typed by keyword, code or name, with or without diacritics."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console_gui.call_taking.choice_field import Choice
from console_gui.call_taking.guarded_field import GuardedField
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.translations import sentences
from console_gui.type_search import search
from dispatch_core.domain.commands import SetType
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentType

MOST = 200
"""Marks that are typed to find a type; the longest name is shorter."""


class TypeField(GuardedField):
    name = "type"
    kinds = ("type",)

    def __init__(self, desk: Desk, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(desk, drafts, "form.type_hint", MOST, parent)
        self.field.chosen.connect(self._chosen)
        self.field.confirmed.connect(self._confirmed)

    def shown(self, incident: Incident) -> str:
        return sentences.incident_type(self.desk.state, incident, self.desk.words.language) if incident.type else ""

    def version(self, incident: Incident) -> str:
        return incident.type

    def look_for(self, text: str) -> None:
        found = search(self.desk.state.types.values(), text)
        self.field.offer([self._choice(kind) for _, kind in found])

    def _choice(self, kind: IncidentType) -> Choice:
        name = self.desk.words.pick(kind.vi, kind.en)
        return Choice(kind.code, name, f"P{kind.priority}")

    def _chosen(self, code: str) -> None:
        if self.incident is not None:
            self.field.setText(self._choice(self.desk.state.types[code]).text)
            self.field.setModified(True)
            self.send(SetType(incident=self.incident.id, type=code, seen=self.agreed()))

    def _confirmed(self, text: str) -> None:
        found = search(self.desk.state.types.values(), text)
        if found and self.field.isModified():
            self._chosen(found[0][1].code)
