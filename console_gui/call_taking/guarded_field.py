"""A field of an incident that several people may change: it shows the newest value until somebody types in it.

Guards: what is typed is never overwritten and never lost (it is kept as a draft of its incident); a value that changed
while somebody typed is told beside the field; a refusal stands beside it and the text stays.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.call_taking.choice_field import ChoiceField
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.labels import plain_label
from console_gui.outbox import Pending
from console_gui.translations import sentences
from console_gui.typefaces import ROW
from dispatch_core.domain.commands import Command
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Incident
from dispatch_core.wire.envelopes import Reply


class GuardedField(QWidget):
    """Subclasses give ``shown``, ``version`` and ``choices_for``; ``name`` is the field's name among the drafts."""

    name = ""
    done = Signal()  # the person is finished here: the focus may go back to the command line

    def __init__(self, desk: Desk, drafts: Drafts, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._drafts = desk, drafts
        self.field = ChoiceField(self)
        self.trouble = plain_label(self, ROW, "attention")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.trouble)
        desk.words.put(self.field, "setPlaceholderText", hint)
        self.incident: Incident | None = None
        self.seen: object = None  # the version that the person saw when the typing began
        self._refusal: Refusal | None = None
        self._waiting: Command | None = None  # the command that carries what was typed
        self.field.textEdited.connect(self._typed)
        self.field.left.connect(self._give_up)
        desk.settled.connect(self._settled)

    # --- for subclasses -----------------------------------------------------------------------------------------------

    def shown(self, incident: Incident) -> str:
        """The value as the field shows it when nobody types."""
        raise TypeError("a guarded field shows something")

    def version(self, incident: Incident) -> object:
        raise TypeError("a guarded field has a version")

    def changed_words(self, incident: Incident) -> str:
        """What is said when the value changed under the typing; "" where that needs no words."""
        return ""

    def look_for(self, text: str) -> None:
        """Offer choices for what is typed."""

    # --- what happens -------------------------------------------------------------------------------------------------

    def show_incident(self, incident: Incident | None) -> None:
        """Another incident, or the same one changed."""
        switched = (incident.id if incident else "") != (self.incident.id if self.incident else "")
        self.incident = incident
        self.setEnabled(incident is not None)
        if switched:
            self._start(incident)
        if incident is not None and not self.field.isModified():
            self._set(self.shown(incident))
            self.seen = self.version(incident)
        self._tell_trouble()

    def send(self, body: Command) -> None:
        self._waiting, self._refusal = body, None
        if self.desk.ask(body) is not None:
            self.done.emit()

    @property
    def typed(self) -> str:
        """What was typed and not yet taken over, "" where nothing was."""
        return self.field.text() if self.field.isModified() else ""

    def retell(self) -> None:
        if self.incident is not None and not self.field.isModified():
            self._set(self.shown(self.incident))
        self._tell_trouble()

    def _start(self, incident: Incident | None) -> None:
        self._refusal, self._waiting = None, None
        self.field.close_list()
        draft = self._drafts.get(incident.id, self.name) if incident is not None else ""
        self._set(draft)
        self.field.setModified(bool(draft))
        self.seen = self.version(incident) if incident is not None else None

    def _set(self, text: str) -> None:
        if self.field.text() != text:
            self.field.setText(text)
            self.field.setCursorPosition(0)
        self.field.setModified(False)

    def _typed(self, text: str) -> None:
        if self.incident is not None:
            self._drafts.put(self.incident.id, self.name, text)
        self._refusal = None
        self._tell_trouble()
        self.look_for(text)

    def _give_up(self) -> None:
        if self.incident is not None:
            self._drafts.put(self.incident.id, self.name, "")
            self._refusal = None
            self._set(self.shown(self.incident))
            self.seen = self.version(self.incident)
            self._tell_trouble()
        self.done.emit()

    def _settled(self, pending: Pending, reply: Reply) -> None:
        if pending.body is not self._waiting:
            return
        self._waiting = None
        self._refusal = reply.refusal
        if self.incident is not None:
            if reply.refusal is None:
                self._drafts.put(self.incident.id, self.name, "")
                self.field.setModified(False)
                self._set(self.shown(self.incident))
            self.seen = self.version(self.incident)  # whoever enters it again has now seen what is there
        self._tell_trouble()

    def _tell_trouble(self) -> None:
        text = ""
        if self._refusal is not None:
            text = sentences.refusal(self.desk.state, self._refusal, self.desk.words.language)
        elif self.incident is not None and self.field.isModified() and self.seen != self.version(self.incident):
            text = self.changed_words(self.incident)
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))
