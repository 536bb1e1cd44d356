"""How urgent an incident is: one digit beside its type."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console_gui.call_taking.guarded_field import GuardedField
from console_gui.command_line.verbs_incidents import PRIORITIES
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.sizes import px
from dispatch_core.domain.commands import SetPriority
from dispatch_core.domain.state import Incident

WIDTH = 46
MOST = 8


class PriorityField(GuardedField):
    name = "priority"
    kinds = ("priority", "type")

    def __init__(self, desk: Desk, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(desk, drafts, "form.priority_hint", MOST, parent)
        self.setFixedWidth(px(WIDTH))
        self.field.confirmed.connect(self._confirmed)

    def shown(self, incident: Incident) -> str:
        return f"P{incident.priority}"

    def version(self, incident: Incident) -> str:
        return str(incident.priority)

    def _confirmed(self, text: str) -> None:
        if self.incident is None or not self.field.isModified():
            return
        digit = text.strip().upper().removeprefix("P")
        if digit not in PRIORITIES:
            self.say(self.desk.words("field.priority"))
            return
        self.send(SetPriority(incident=self.incident.id, priority=int(digit), seen=int(self.agreed() or 0)))
