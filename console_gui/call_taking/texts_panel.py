"""Texts: the list of conversations, the one that is open, and the field to answer it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.call_taking.answer_field import AnswerField
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import StoryView
from console_gui.drafts import ANSWER, Drafts
from console_gui.labels import plain_label, repolish
from console_gui.models.texts import ConversationsTable, LinesTable, shown_number
from console_gui.outbox import Pending
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.theme import Look
from console_gui.translations import sentences
from console_gui.translations.formats import short
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.domain.commands import SendText
from dispatch_core.domain.conversations import ANSWER_BYTES, Conversation
from dispatch_core.wire.envelopes import Reply

LISTED, SEEN = 3, 4
"""Conversations and lines of the open one that are seen at once, whatever stands above."""


class TextsPanel(QWidget):
    summary_changed = Signal(str)
    run_wanted = Signal(str)  # a line to carry out at once
    done = Signal()  # back to the command line

    def __init__(
        self, desk: Desk, look: Look, drafts: Drafts | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._drafts = drafts or Drafts()  # what was typed and not sent, by conversation
        self.current = ""
        self.table, self.lines = ConversationsTable(desk, self), LinesTable(desk, self)
        self.view = BoardView(self.table, look, (112, 56, STRETCH, 56), "empty.texts", header=False, parent=self)
        self.view.setFixedHeight(LISTED * ROW_HEIGHT)
        self.lines_view = StoryView(self.lines, look, (78, STRETCH), parent=self)
        self.lines_view.setMinimumHeight(SEEN * ROW_HEIGHT)
        self.head = plain_label(self, FORM, strong=True)
        self.field = AnswerField(self)
        desk.words.put(self.field, "setPlaceholderText", "texts.hint")
        self.trouble = plain_label(self, ROW, "attention")
        self.trouble.setWordWrap(True)
        self.buttons = {key: self._button(key, line) for key, line in (("open", "tn+"), ("close", "tn-"))}
        self._lay_out()
        Follower(desk, self.table, "conversations", ("people",), after=self._changed)
        self.view.entered_row.connect(self.show_conversation)
        self.view.clicked.connect(lambda index: self.show_conversation(self.table.ident(index.row())))
        self.field.wanted.connect(self._send)
        self.field.left.connect(self.done)
        self.field.textChanged.connect(self._count)
        desk.settled.connect(self._settled)
        desk.updated.connect(self._updated)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def _button(self, key: str, line: str) -> QPushButton:
        button = QPushButton(self)
        button.setFont(font(ROW))
        self._desk.words.put(button, "setText", f"texts.{key}")
        button.clicked.connect(lambda: self.run_wanted.emit(f"{line} {self.current}"))
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.head, 1)
        for button in self.buttons.values():
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 6)
        column.setSpacing(4)
        column.addWidget(self.view)
        column.addLayout(head)
        column.addWidget(self.lines_view, 1)
        column.addWidget(self.field)
        column.addWidget(self.trouble)

    @property
    def conversation(self) -> Conversation | None:
        return self._desk.state.conversations.get(self.current)

    def show_conversation(self, ident: str) -> None:
        """Open a conversation; "" the one that waits longest."""
        if not ident and self.table.rowCount():
            ident = self.table.ident(0)
        if ident != self.current:
            self.current = ""  # what is put there now was typed for no conversation
            self.field.setPlainText(self._drafts.get("", f"{ANSWER}{ident}"))
            self.current = ident
            self.trouble.setText("")
            self.lines_view.to_end()
        self.refresh()
        self.field.setFocus()

    def refresh(self) -> None:
        it, words = self.conversation, self._desk.words
        self.lines.show(it)
        self.view.choose(self.current)
        for part in (self.field, *self.buttons.values()):
            part.setEnabled(it is not None and it.open)
        if it is None:
            self.head.setText(words("texts.none"))
            return
        parts = [shown_number(self._desk, it), f"→ {it.dialled}"]
        if it.owner:
            parts.append(sentences.person(self._desk.state, it.owner, words.language))
        if it.incident:
            parts.append(short(it.incident))
        if not it.open:
            parts.append(words("texts.closed"))
        self.head.setText("   ".join(parts))

    def _changed(self) -> None:
        waiting = sum(bool(it.waits_since) for it in self._desk.state.conversations.values())
        self.summary_changed.emit(self._desk.words("texts.waiting", count=waiting) if waiting else "")
        known = self._desk.state.conversations
        for name in self._drafts.fields(""):
            if name.startswith(ANSWER) and name.removeprefix(ANSWER) not in known:
                self._drafts.put("", name, "")

    def _updated(self, changes: Changes) -> None:
        if self.current in changes.of("conversations").changed or self.current in changes.of("conversations").removed:
            self.refresh()

    # --- answering ----------------------------------------------------------------------------------------------------

    def _count(self) -> None:
        if self.current:
            text = self.field.toPlainText()
            self._drafts.put("", f"{ANSWER}{self.current}", text, at=self._desk.now())
        over = len(self.field.toPlainText().strip().encode()) - ANSWER_BYTES
        self._say(self._desk.words("texts.over", over=over) if over > 0 else "")

    def _say(self, text: str) -> None:
        self.trouble.setText(text)
        repolish(self.trouble, "attention" if text else "")

    def _send(self, text: str) -> None:
        """The words leave the field when the command is on its way; refused, they come back."""
        if not text.strip() or self.conversation is None:
            return
        self.field.clear()  # first: a refusal may be there before `ask` returns
        if self._desk.ask(SendText(conversation=self.current, text=text)) is None:
            self.field.setPlainText(text)

    def _settled(self, pending: Pending, reply: Reply) -> None:
        body = pending.body
        if not isinstance(body, SendText) or reply.refusal is None:
            return
        if body.conversation == self.current and not self.field.toPlainText():
            self.field.setPlainText(body.text)
        elif body.conversation != self.current:
            name = f"{ANSWER}{body.conversation}"
            self._drafts.put("", name, self._drafts.get("", name) or body.text, at=self._desk.now())
        if body.conversation == self.current:
            self._say(sentences.refusal(self._desk.state, reply.refusal, self._desk.words.language))
