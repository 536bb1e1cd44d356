"""The sheet of a hand-over: who hands sees what he has, who takes sees what he gets; Enter does it.

Guards: it shows the state as it is now, also while it is open; what was taken or closed meanwhile leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from console_gui.asking_dialog import AskingDialog
from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.desks.shift_table import ShiftTable
from console_gui.desks.todo import Handed, handed
from console_gui.labels import plain_label, wrapped_label
from console_gui.theme import Look
from console_gui.translations import sentences
from console_gui.translations.formats import one_line
from console_gui.typefaces import CLOCK, FORM, ROW, font
from dispatch_core.domain.commands import DropShift, HandShift, TakeShift
from dispatch_core.domain.handing import InHand, in_hand, left, named
from dispatch_core.domain.memos import MEMO_LIMIT
from dispatch_core.domain.state import ShiftHandOver
from dispatch_core.domain.vocabulary import Role

WIDE, HIGH = 1_180, 520


class ShiftSheet(AskingDialog):
    """``takes``: whose hand-over is looked at to be taken, "" = one's own is made. ``drafts``: what this person has
    typed and not sent, by incident."""

    def __init__(
        self, desk: Desk, look: Look, takes: str, drafts: Mapping[str, str], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, parent)
        self.takes, self._drafts = takes, drafts
        self._lines: dict[str, Handed] = {}
        words = desk.words
        self.title = plain_label(self, CLOCK, strong=True)
        self.to = QComboBox(self)
        self.to.setFont(font(FORM))
        self.to.setAccessibleName(words("shift.to"))
        self.note = QLineEdit(self)
        self.note.setFont(font(FORM))
        self.note.setMaxLength(MEMO_LIMIT)
        self.note.setPlaceholderText(words("shift.note_hint"))
        self.note.setAccessibleName(words("shift.note"))
        self.said = wrapped_label(self, FORM)
        self.table = ShiftTable(desk, self)
        self.view = BoardView(self.table, look, (28, 84, STRETCH, 150, 430, 64), "shift.nothing", parent=self)
        self.whole = wrapped_label(self, FORM)
        self.how = plain_label(self, ROW, "dim")
        self.do, self.decline, self.later = (QPushButton(self) for _ in range(3))
        self._lay_out()
        self._fill_people()
        self._retell()
        self.refresh()
        for field in (self.view, self.note, self.to):
            field.installEventFilter(self)
        self.view.current_row.connect(self._tell_whole)
        self.do.clicked.connect(self.send)
        self.decline.clicked.connect(self._decline)
        self.later.clicked.connect(self.reject)
        desk.updated.connect(self.refresh)
        desk.ticked.connect(self.refresh)
        self.resize(min(WIDE, parent.width() - 40) if parent is not None else WIDE, HIGH)
        (self.view if takes else self.note).setFocus()
        if self.table.rowCount():
            self.view.setCurrentIndex(self.table.index(0, 0))

    def _lay_out(self) -> None:
        words = self._desk.words
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        if self.takes:
            column.addWidget(self.said)
        else:
            row = QHBoxLayout()
            for key, field, stretch in (("shift.to", self.to, 1), ("shift.note", self.note, 3)):
                label = plain_label(self, FORM, "dim")
                label.setText(words(key))
                row.addWidget(label)
                row.addWidget(field, stretch)
            column.addLayout(row)
        for part in (self.to, self.note):
            part.setVisible(not self.takes)
        self.said.setVisible(bool(self.takes))
        column.addWidget(self.view, 1)
        column.addWidget(self.whole)
        column.addWidget(self.trouble)
        last = QHBoxLayout()
        last.addWidget(self.how, 1)
        for button in (self.later, self.decline, self.do):
            button.setFont(font(FORM))
            button.setAutoDefault(False)
            last.addWidget(button)
        self.decline.setVisible(bool(self.takes))
        column.addLayout(last)

    def _fill_people(self) -> None:
        """Who sits at a desk stands first: he is the one who takes over."""
        state = self._desk.state
        others = (it for it in state.people.values() if it.user != self._desk.user)
        desks = [it for it in others if it.role is not Role.TELEPHONY_ADMIN]
        for it in sorted(desks, key=lambda it: (not it.position, it.since * -1, it.user)):
            self.to.addItem(f"{it.name}  {it.position}".strip(), it.user)

    def _retell(self) -> None:
        words = self._desk.words
        was = sentences.person(self._desk.state, self.takes, words.language)
        title = words("shift.take_title", was=was) if self.takes else words("shift.give_title")
        self.title.setText(title)
        self.setWindowTitle(title)
        do = words("shift.do_take" if self.takes else "shift.do_give")
        self.how.setText(words("shift.how", do=do))
        self.do.setText(f"{do[:1].upper()}{do[1:]}  Enter")
        self.decline.setText(words("shift.decline"))
        self.later.setText(words("shift.later"))
        if not self.takes and not self.to.count():
            self.trouble.setText(words("shift.nobody"))

    # --- what it shows ------------------------------------------------------------------------------------------------

    @property
    def over(self) -> ShiftHandOver | None:
        return self._desk.state.hand_overs.get(self.takes)

    def hand(self) -> InHand:
        state = self._desk.state
        if not self.takes:
            return in_hand(state, self._desk.user)
        return left(state, self.over) if self.over is not None else InHand()

    def refresh(self, *_: object) -> None:
        desk, over = self._desk, self.over
        if self.takes and over is None and self._waiting is None:
            self.reject()  # it is over: taken back, or taken
            return
        drafts = over.drafts if over is not None else self._drafts
        lines = handed(desk.state, self.hand(), drafts if self.takes else self._drafts, desk.now(), desk.words.language)
        self.table.replace_all(lines)
        self._lines = lines
        self._tell_whole()
        self.said.setText(one_line(over.text, MEMO_LIMIT) if over is not None else "")
        self.said.setVisible(bool(self.takes and self.said.text()))
        self.do.setEnabled(bool(lines) and (bool(self.takes) or self.to.currentIndex() >= 0))

    def _tell_whole(self, *_: object) -> None:
        """All that is to be done about the chosen line: a row holds the beginning."""
        line = self._lines.get(self.view.ident())
        self.whole.setText(" · ".join(line.todo) if line is not None else "")

    # --- what it does -------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.send()
                return True
            if event.key() == Qt.Key.Key_Space and watched is self.view:
                self.table.mark(self.view.ident())
                return True
        return super().eventFilter(watched, event)

    def chosen(self) -> tuple[str, ...]:
        """The marked incidents; () where every line is marked, and all of it is meant."""
        every = self.hand()
        if not self.table.unmarked & {*named(every), *every.conversations, *every.missed}:
            return ()
        return tuple(it for it in named(every) if it not in self.table.unmarked)

    def send(self) -> None:
        if not self.do.isEnabled() or self._waiting is not None:
            return
        chosen, every = self.chosen(), self.hand()
        if not chosen and self.table.unmarked & {*named(every), *every.conversations, *every.missed}:
            self.trouble.setText(self._desk.words("shift.none_marked"))
            return
        if self.takes:
            self._ask(TakeShift(user=self.takes, incidents=chosen))
        else:
            wanted = {it: text for it, text in self._drafts.items() if it in named(every)}
            text = self.note.text().strip()
            self._ask(HandShift(to=str(self.to.currentData()), incidents=chosen, text=text, drafts=wanted))

    def _decline(self) -> None:
        self._ask(DropShift(user=self.takes))

    def _ask(self, body: HandShift | TakeShift | DropShift) -> None:
        if not self.ask(body):
            self.trouble.setText(self._desk.words("shift.not_sent"))
