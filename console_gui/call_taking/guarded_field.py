"""A field of an incident that several people may change: it shows the newest value until somebody types in it.

Guards: what is typed is never overwritten and never lost (it is kept as a draft of its incident, with the version that
stood there when the typing began); a value that changed while somebody typed is told beside the field, with who did it
and when, and Enter overwrites it only once it could be read; a refusal stands beside the field and the text stays.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.call_taking.choice_field import ChoiceField
from console_gui.call_taking.meanwhile import Change, changed_words, last_change, overwritten_words
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.labels import repolish, wrapped_label
from console_gui.outbox import Pending
from console_gui.translations import sentences
from console_gui.translations.formats import one_line, wall_clock
from console_gui.typefaces import ROW
from dispatch_core.domain.commands import Command
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Incident
from dispatch_core.wire.envelopes import Reply

READ_S = 0.7
"""An Enter that comes sooner after a change is told was meant for what stood there before: it does not overwrite."""

TOLD_FOR_MS = 120_000
"""What stood here before somebody else changed it is told for so long."""

QUOTED = 120


class GuardedField(QWidget):
    """Subclasses give ``shown``, ``version`` and ``look_for``; ``name`` is the field's name among the drafts, ``kinds``
    are the lines of the story that tell of a change of its value."""

    name = ""
    kinds: tuple[str, ...] = ()
    done = Signal()  # the person is finished here: the focus may go back to the command line

    def __init__(self, desk: Desk, drafts: Drafts, hint: str, most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._drafts = desk, drafts
        self.field = ChoiceField(most, self)
        self.trouble = wrapped_label(self, ROW, "attention")
        self.trouble.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.field)
        column.addWidget(self.trouble)
        desk.words.put(self.field, "setPlaceholderText", hint)
        self.incident: Incident | None = None
        self.seen = ""  # the version that the person saw when the typing began
        self._told: tuple[str, float] = ("", 0.0)  # the version whose change is told beside the field, and since when
        self._was: tuple[str, Change] | None = None
        self._said = ""  # of what was typed or pasted, until the next key
        self._refusal: Refusal | None = None
        self._waiting: Command | None = None  # the command that carries what was typed
        self.field.typed.connect(self._typed)
        self.field.shortened.connect(self._cut)
        self.field.left.connect(self._give_up)
        desk.settled.connect(self._settled)

    # --- for subclasses -----------------------------------------------------------------------------------------------

    def shown(self, incident: Incident) -> str:
        """The value as the field shows it when nobody types."""
        raise TypeError("a guarded field shows something")

    def version(self, incident: Incident) -> str:
        raise TypeError("a guarded field has a version")

    def look_for(self, text: str) -> None:
        """Offer choices for what is typed."""

    def say(self, text: str) -> None:
        """Beside the field until the next key."""
        self._said = text
        self._tell_trouble()

    # --- what happens -------------------------------------------------------------------------------------------------

    def show_incident(self, incident: Incident | None) -> None:
        """Another incident, or the same one changed."""
        before = self.incident
        switched = (incident.id if incident else "") != (before.id if before else "")
        self.incident = incident
        self.setEnabled(incident is not None)
        if switched:
            self._start(incident)
        if incident is not None and not self.field.isModified():
            if not switched and before is not None:
                self._note_other(before, incident)
            self._set(self.shown(incident))
            self.seen = self.version(incident)
        self._tell_trouble()

    def agreed(self) -> str:
        """The version that what is typed may replace: a change that was told long enough to be read counts as seen."""
        version, since = self._told
        if self.incident is not None and version == self.version(self.incident) != self.seen:
            return version if self.desk.door.monotonic() - since >= READ_S else self.seen
        return self.seen

    def send(self, body: Command) -> None:
        self._waiting, self._refusal = body, None
        if self.desk.ask(body) is not None:
            self.done.emit()

    @property
    def edited(self) -> str:
        """What was typed and not yet taken over, "" where nothing was."""
        return self.field.text() if self.field.isModified() else ""

    def retell(self) -> None:
        if self.incident is not None and not self.field.isModified():
            self._set(self.shown(self.incident))
        self._tell_trouble()

    def _start(self, incident: Incident | None) -> None:
        self._refusal, self._waiting, self._was, self._said, self._told = None, None, None, "", ("", 0.0)
        self.field.close_list()
        draft = self._drafts.draft(incident.id, self.name) if incident is not None else None
        self._set(draft.text if draft is not None else "")
        self.field.setModified(draft is not None)
        if incident is not None:
            self.seen = draft.seen if draft is not None else self.version(incident)

    def _note_other(self, before: Incident, incident: Incident) -> None:
        """Somebody else changed what stands here and is looked at."""
        change = last_change(incident, self.kinds)
        if self.version(before) != self.version(incident):
            mine = change is None or change.by == f"person:{self.desk.user}"
            was = self.shown(before)
            self._was = (was, change) if was and change is not None and not mine else None

    def _set(self, text: str) -> None:
        if self.field.text() != text:
            self.field.setText(text)
            self.field.setCursorPosition(0)
        self.field.setModified(False)

    def _typed(self, text: str) -> None:
        if self.incident is not None:
            self._drafts.put(self.incident.id, self.name, text, seen=self.seen, at=self.desk.now())
        self._refusal, self._was, self._said = None, None, ""
        self._tell_trouble()
        self.look_for(text)

    def _cut(self, most: int) -> None:
        words = self.desk.words
        self.say(words("field.cut", most=most) if most else words("field.plain"))

    def _give_up(self) -> None:
        if self.incident is not None:
            self._drafts.put(self.incident.id, self.name, "")
            self._refusal, self._said = None, ""
            self._set(self.shown(self.incident))
            self.seen = self.version(self.incident)
            self._tell_trouble()
        self.done.emit()

    def _settled(self, pending: Pending, reply: Reply) -> None:
        if pending.body is not self._waiting:
            return
        self._waiting = None
        self._refusal = reply.refusal
        if self.incident is not None and (reply.refusal is None or self.field.text() == self.shown(self.incident)):
            self._refusal = None  # it is as the person wanted, by whomever
            self._drafts.put(self.incident.id, self.name, "")
            self._set(self.shown(self.incident))
            self.seen = self.version(self.incident)
        self._tell_trouble()

    # --- what is told beside it ---------------------------------------------------------------------------------------

    def _tell_trouble(self) -> None:
        text, name = self._trouble()
        repolish(self.trouble, name)
        if text != self.trouble.text():
            self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    def _trouble(self) -> tuple[str, str]:
        """(words, look): what changed under the typing, else why it was refused, else what is good to know."""
        incident, state, words = self.incident, self.desk.state, self.desk.words
        if incident is not None and self.field.isModified() and self.seen != self.version(incident):
            if self._told[0] != self.version(incident):
                self._told = self.version(incident), self.desk.door.monotonic()
            value, mine = one_line(self.shown(incident), QUOTED), one_line(self.field.text(), QUOTED)
            return changed_words(state, words, last_change(incident, self.kinds), value, mine), "attention"
        if self._refusal is not None:
            return sentences.refusal(state, self._refusal, words.language), "attention"
        if self._said:
            return self._said, "attention"
        draft = self._drafts.restored(incident.id, self.name) if incident is not None else None
        if draft is not None:
            return words("field.restored", at=wall_clock(draft.at, state.site.utc_offset_min, "%H:%M")), "dim"
        if self._was is not None and self.desk.now() - self._was[1].at < TOLD_FOR_MS:
            return overwritten_words(state, words, self._was[1], one_line(self._was[0], QUOTED)), "dim"
        return "", "attention"
