"""The narrative of the open incident and the field that adds to it: notes append, and never conflict."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH
from console_gui.command_line.tokens import plain_line
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import StoryView
from console_gui.drafts import NOTE, Drafts
from console_gui.labels import repolish, wrapped_label
from console_gui.models.lines import StoryTable
from console_gui.plain_field import PlainField
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.formats import short, wall_clock
from console_gui.typefaces import ROW
from dispatch_core.domain.commands import AddNote
from dispatch_core.domain.plain_text import NOTE_LIMIT
from dispatch_core.domain.state import Incident

ROWS = 4
"""The narrative shows so many lines whatever stands above it."""


class Narrative(QWidget):
    """Shows the story; ``field`` and what is ``told`` of it are laid out by the form, where they are always seen."""

    def __init__(self, desk: Desk, look: Look, drafts: Drafts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._drafts = desk, drafts
        self._shown = ""
        self.story = StoryTable(desk, self)
        self.view = StoryView(self.story, look, (78, STRETCH), parent=self)
        self.view.setMinimumHeight(ROWS * px(ROW_HEIGHT))
        self.field = PlainField(NOTE_LIMIT, self)
        self.told = wrapped_label(self, ROW, "dim")
        desk.words.put(self.field, "setPlaceholderText", "form.note_hint")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.view, 1)
        self.field.returnPressed.connect(self._add)
        self.field.typed.connect(self._keep)
        self.field.shortened.connect(self._cut)
        self._say("")

    def show_incident(self, incident: Incident | None) -> None:
        ident = incident.id if incident is not None else ""
        if ident != self._shown:
            self._shown = ident
            self.field.setText(self._drafts.get(ident, NOTE) if ident else "")
            self.view.to_end()
            draft = self._drafts.restored(ident, NOTE) if ident else None
            at = wall_clock(draft.at, self._desk.state.site.utc_offset_min, "%H:%M") if draft is not None else ""
            self._say(self._desk.words("field.restored", at=at) if at else "")
        self.story.show(incident)

    def _say(self, text: str, name: str = "dim") -> None:
        repolish(self.told, name)
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def _cut(self, most: int) -> None:
        words = self._desk.words
        self._say(words("field.cut", most=most) if most else words("field.plain"), "attention")

    def _keep(self, text: str) -> None:
        self._say("")
        if self._shown:
            self._drafts.put(self._shown, NOTE, text, at=self._desk.now())

    def _add(self) -> None:
        """The text leaves the field when the command is on its way; the outbox keeps it until it is confirmed."""
        text = plain_line(self.field.text())
        if (
            text
            and self._shown
            and self._desk.ask(AddNote(incident=self._shown, text=text), f"n {short(self._shown)} {text}")
        ):
            self.field.clear()
            self._keep("")
