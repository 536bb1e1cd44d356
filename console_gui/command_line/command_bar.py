"""The bottom of every workplace: notices, the hint for what is being typed, the line itself, and the keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console_gui.command_line.completion import complete, verb_of
from console_gui.command_line.line_field import LineField
from console_gui.command_line.line_history import LineHistory
from console_gui.command_line.notices_view import NoticesView
from console_gui.command_line.outcomes import Outcome, Wrong
from console_gui.desk import Desk
from console_gui.drafts import LINE, Drafts
from console_gui.labels import plain_label, repolish
from console_gui.theme import Look
from console_gui.translations.formats import short, wall_clock
from console_gui.typefaces import ROW
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Role

HINT_AFTER_MS = 30
"""A fast typist is not slowed down by what might follow each letter."""


class CommandBar(QWidget):
    entered = Signal(str, object)  # the line and its Outcome

    def __init__(
        self, desk: Desk, look: Look, drafts: Drafts, history: LineHistory, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._drafts = desk, drafts
        self.setObjectName("bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.notices = NoticesView(desk, look, self)
        self.hint, self.keys, self.prompt = (plain_label(self, ROW, "dim") for _ in range(3))
        self._about = ""  # the incident that was open when the line was typed, where a call opened another one since
        self._then: State | None = None  # what stood on the screen at the first letter
        self._said = ""  # of what was pasted, or restored, until the next key
        self._tell_prompt()
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.line = LineField(history, self)
        desk.words.put(self.line, "setPlaceholderText", "line.hint")
        admin = desk.role is Role.TELEPHONY_ADMIN
        desk.words.put(self.keys, "setText", "line.keys_admin" if admin else "line.keys")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        column.addWidget(self.notices)
        above, row = QHBoxLayout(), QHBoxLayout()
        above.setContentsMargins(34, 0, 12, 0)
        above.addWidget(self.hint, 1)
        above.addWidget(self.keys)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self.prompt)
        row.addWidget(self.line, 1)
        column.addLayout(above)
        column.addLayout(row)
        self.line.entered.connect(self._enter)
        self.line.typed.connect(self._typing)
        self.line.shortened.connect(self._cut)
        self.line.textChanged.connect(self._keep)
        self.line.left.connect(self.notices.dismiss)
        desk.came_back.connect(self._came_back)
        desk.words.changed.connect(self._tell_hint)
        desk.current_changed.connect(self._another)
        desk.popped.connect(self._popped)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(HINT_AFTER_MS)
        self._pause.timeout.connect(self._tell_hint)
        self.line.completing.connect(self._tell_hint)
        self._restore()
        self._tell_hint()

    def run(self, line: str) -> Outcome:
        """Carry out a line that a key or a button stands for."""
        return self._carry_out(line)

    def _enter(self, line: str) -> None:
        typed, about, then = self.line.text(), self._about, self._then
        self.line.clear()  # first: an answer that comes at once may put the line back
        if isinstance(self._carry_out(line, about, then), Wrong):
            self.line.setText(typed)
            self._is_about(about)
        self.line.remember(line)
        self._typing(self.line.text())

    def _carry_out(self, line: str, about: str = "", then: State | None = None) -> Outcome:
        outcome = self._desk.run(line, about=about, then=then)
        if not isinstance(outcome, Wrong):
            self.notices.accepted()
        self.entered.emit(line, outcome)
        return outcome

    def _came_back(self, line: str) -> None:
        """A refused line comes back to be corrected, unless the person is already typing the next one."""
        if not self.line.text():
            self.line.setText(line)
            self._typing(line)

    def _typing(self, text: str) -> None:
        self._said = ""
        self._pause.start()

    def _keep(self, text: str) -> None:
        """By whichever way the words got there."""
        self._drafts.put("", LINE, text, at=self._desk.now())
        if not text:
            self._then = None
            self._is_about("")
        elif self._then is None:
            self._then = self._desk.state

    def _restore(self) -> None:
        """What was typed before a crash; what it was about is not known any more."""
        draft = self._drafts.draft("", LINE)
        if draft is not None:
            self.line.setText(draft.text)
            at = wall_clock(draft.at, self._desk.state.site.utc_offset_min, "%H:%M")
            self._said = self._desk.words("line.restored", at=at)

    def _popped(self, before: str) -> None:
        """A call opened its incident in the middle of a line: the line stays about what it was typed for."""
        if self.line.text():
            self._is_about(before)

    def _another(self) -> None:
        """Another incident is open, by the person's own hand: what follows is about that one."""
        self._is_about("")

    def _is_about(self, incident: str) -> None:
        self._about = incident
        self._tell_prompt()

    def _tell_prompt(self) -> None:
        known = bool(self._about)
        self.prompt.setText(self._desk.words("line.about", incident=short(self._about)) if known else ">")
        repolish(self.prompt, "attention" if known else "dim")

    def _cut(self, most: int) -> None:
        words = self._desk.words
        self._said = words("field.cut", most=most) if most else words("field.plain")
        self._tell_hint()

    def _tell_hint(self) -> None:
        text, words = self.line.text(), self._desk.words
        if not text.strip():
            self.line.offer([])
            self.hint.setText("")
            return
        if self._said:
            self.line.offer([])
            self.hint.setText(self._said)
            return
        context = self._desk.context()
        choices = complete(text, context, words.language)
        self.line.offer(choices)
        verb = verb_of(text, context)
        parts = [words.pick(*verb.syntax), words.pick(*verb.help)] if verb is not None else []
        shown = "   ".join(choice.shown for choice in choices)
        self.hint.setText("      ".join(filter(None, (" — ".join(parts), f"Tab: {shown}" if shown else ""))))
