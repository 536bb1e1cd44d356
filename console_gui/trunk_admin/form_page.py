"""The form of the site: entries at the left, the fields of one in the middle, and at the right what will change."""

from __future__ import annotations

import difflib
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH
from console_gui.desk import Desk
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.labels import plain_label, wrapped_label
from console_gui.notice import Kind, Notice
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.boards import MistakesTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.diff_view import DiffView
from console_gui.trunk_admin.entries import EntriesTable, EntriesView, of_field, section_word
from console_gui.trunk_admin.fields_column import FieldsColumn
from console_gui.trunk_admin.form_field import FormField
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW

LIST_WIDTH, RIGHT_WIDTH = 344, 410
MISTAKES_HIGH = 150
CARRIERS = "carriers"
VERBS = {"add": "themmuc", "undo": "hoanlai", "plan": "xemtruoc"}


class FormPage(Page):
    name = "form"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        self._at: tuple[str, int] = ("", -1)
        self._filling = False
        self.column = FieldsColumn(desk, self)
        self.table = EntriesTable(desk, self)
        self.entries = EntriesView(self.table, look, self, desk)
        self.entries.setFixedWidth(px(LIST_WIDTH))
        self.title = plain_label(self, FORM, strong=True)
        self.choose = wrapped_label(self, ROW, "dim")
        desk.words.put(self.choose, "setText", "trunk.form.choose")
        self.mistakes = MistakesTable(desk, self)
        self.mistakes_view = WrappedView(self.mistakes, look, (STRETCH,), "trunk.form.good", self, wrapped=0)
        self.mistakes_view.setObjectName("trunk_mistakes")
        desk.words.put(self.mistakes_view, "setAccessibleName", "trunk.form.mistakes")
        self.diff = DiffView(look, self)
        self.diff.setObjectName("trunk_form_diff")
        desk.words.put(self.diff, "setAccessibleName", "trunk.form.diff")
        self.buttons: dict[str, QPushButton] = {
            name: self._button(f"trunk.form.{name}", f"form_{name}", VERBS.get(name, ""))
            for name in ("add", "copy", "remove", "undo", "drop", "plan")
        }
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(4)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 12, 0)
        head.addWidget(self.title, 1)
        for name in ("add", "copy", "remove"):
            head.addWidget(self.buttons[name])
        middle.addLayout(head)
        self.choose.setContentsMargins(12, 0, 12, 4)
        middle.addWidget(self.choose)
        middle.addWidget(self.column, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 8)
        foot.addWidget(self.buttons["undo"])
        foot.addWidget(self.buttons["drop"])
        foot.addStretch(1)
        foot.addWidget(self.buttons["plan"])
        middle.addLayout(foot)
        right = QWidget(self)
        right.setFixedWidth(px(RIGHT_WIDTH))
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(2)
        for key, part in (("trunk.form.mistakes", self.mistakes_view), ("trunk.form.diff", self.diff)):
            caption = plain_label(right, ROW, "caption", strong=True)
            caption.setContentsMargins(8, 2, 8, 2)
            self._desk.words.put(caption, "setText", key)
            column.addWidget(caption)
            column.addWidget(part, 1 if part is self.diff else 0)
        self.mistakes_view.setFixedHeight(px(MISTAKES_HIGH))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.entries)
        row.addLayout(middle, 1)
        row.addWidget(right)

    def _connect(self) -> None:
        book, words = self._book, self._desk.words
        self.entries.current_row.connect(self._chosen)
        self.entries.entered_row.connect(self._enter)
        self.entries.wanted.connect(self.do)
        self.mistakes_view.entered_row.connect(self._to_mistake)
        self.column.typed.connect(self._typed)
        self.column.left.connect(self._left)
        self.column.finished.connect(self.buttons["plan"].setFocus)
        for name, button in self.buttons.items():
            button.clicked.connect(partial(self.do, name))
        book.form_changed.connect(self.refresh)
        book.draft_changed.connect(self._tell)
        book.checked_changed.connect(self._tell)
        book.shown_changed.connect(self._tell)
        words.changed.connect(self._retell)

    @property
    def section(self) -> str:
        """Of what is open."""
        return self._at[0] or "carriers"

    @property
    def entrance(self) -> QWidget:
        return self.entries

    # --- what is shown ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Another description, or an entry more or less."""
        self._tell_entries()
        if self._book.draft.entry(*self._at) is None:
            first = self.table.idents()
            self._at = _place(first[0]) if first else ("", -1)
        self._build()
        self._tell(anew=True)
        self.entries.choose(f"{self._at[0]}/{self._at[1]}")

    def _retell(self) -> None:
        self.column.retell()
        self._tell(anew=True)

    def _tell_entries(self) -> None:
        self._filling = True  # rows that come and go move the choice; it is put where it belongs afterwards
        self.table.take(self._book.draft, self._book.mistakes, may_add=self._book.may_change)
        self._filling = False

    def _build(self) -> None:
        """The fields of the section."""
        draft = self._book.draft
        after: list[QWidget] = [self.buttons[name] for name in ("undo", "drop", "plan")]
        self.column.build(draft.fields_of(self._at[0]), draft, self.entries, after)

    def _tell(self, *, anew: bool = False) -> None:
        """What stands in the fields, and what is wrong. ``anew``: also in the field where somebody types."""
        book = self._book
        section, at = self._at
        entry = book.draft.entry(section, at)
        language = self._desk.words.language
        named = book.draft.name(section, entry) if entry is not None else ""
        self.title.setText(" ".join(filter(None, (section_word(language, section) if section else "", named))))
        self.column.tell(book.draft, self._at, book.mistakes, anew=anew)
        self.column.bar(not book.may_change or entry is None)
        self._tell_entries()
        self.mistakes.take(book.mistakes)
        self._tell_diff()
        several = bool(section) and bool(book.draft.ident(section))
        for name, button in self.buttons.items():
            button.setVisible(book.may_change)
            if name in ("add", "copy", "remove"):
                button.setEnabled(name == "add" or (several and entry is not None))
        self.buttons["drop"].setEnabled(book.draft.changed)

    def _tell_diff(self) -> None:
        book = self._book
        same = self._desk.words("trunk.form.same")
        if book.shown is None or book.checked is None:
            self.diff.show_diff("", same)
            return
        lines = difflib.unified_diff(book.shown.text.splitlines(), book.checked.text.splitlines(), lineterm="", n=2)
        self.diff.show_diff("\n".join(lines), same)

    # --- what is done -------------------------------------------------------------------------------------------------

    def _chosen(self, ident: str) -> None:
        if ident and not self._filling and _place(ident) != self._at:
            self._at = _place(ident)
            self._build()
            self._tell(anew=True)
            self.column.to_top()

    def _enter(self, ident: str) -> None:
        self._chosen(ident)
        if self._at[1] < 0:
            self.do("add")
        else:
            self.column.focus()

    def _typed(self, it: FormField, text: str) -> None:
        section, at = self._at
        if self._book.may_change:
            self._book.change(self._book.draft.typed(section, at, it.told, text), f"{section}/{at}/{it.told.key}")

    def _left(self, it: FormField) -> None:
        """The text stands there as values are shown; nothing that counts has changed."""
        section, at = self._at
        self._book.draft = self._book.draft.tidied(section, at, it.told)
        entry = self._book.draft.entry(section, at)
        if entry is not None and it in self.column.fields:
            it.put(self._book.draft.text(it.told, entry))

    def do(self, what: str) -> None:
        """add, copy, remove, toggle, undo, drop, plan."""
        book, (section, at) = self._book, self._at
        if what == "plan":
            self.plan()
        elif not book.may_change:
            return
        elif what == "undo":
            self._undo()
        elif what == "drop":
            book.drop()
        elif what == "add":
            self.add(section if book.draft.ident(section) else CARRIERS)  # of what there is one, there is no second
        elif what == "copy":
            self.add(section, at)
        elif what == "remove":
            self._at = (section, max(0, at - 1))
            book.change(book.draft.remove(section, at), form=True)
        elif what == "toggle":
            self._toggle(section, at)

    def _undo(self) -> None:
        """With what comes back in sight."""
        before = self._book.draft
        if not self._book.undo():
            self._say("trunk.nothing_to_undo")
            return
        place = self._book.draft.differs(before)
        if place is not None and place != self._at:
            self._at = place
            self.refresh()

    def add(self, section: str, like: int = -1, name: str = "") -> None:
        """One more of the section, with the keyboard on its name."""
        book = self._book
        draft = book.draft.add(section, like)
        if draft is book.draft:
            return
        at = len(draft.now[section]) - 1
        told = draft.fields_of(section)[0]
        self._at = (section, at)
        book.change(draft.typed(section, at, told, name) if name else draft, form=True)
        self.column.focus()

    def _toggle(self, section: str, at: int) -> None:
        told = next((it for it in self._book.draft.fields_of(section) if it.key == "enabled"), None)
        entry = self._book.draft.entry(section, at)
        if told is not None and entry is not None:
            on = entry.values.get("enabled", told.usual) is not False
            self._book.change(self._book.draft.typed(section, at, told, "false" if on else "true"), form=True)

    def plan(self) -> None:
        """What cannot be read as a value is mended first."""
        slips = self._book.draft.slips()
        if slips:
            section, at, told, _ = slips[0]
            name = self._desk.words.pick(told.vi, told.en)
            self._say("trunk.slips_first", count=len(slips), field=f"{section} · {name}")
            self.opened.emit("form")
            self.go_to(section, at, told.key)
            return
        self._book.plan()
        self.opened.emit("change")

    def go_to(self, section: str, at: int, key: str = "") -> None:
        self.entries.choose(f"{section}/{at}")
        self._chosen(f"{section}/{at}")
        self.column.focus(key)

    def _to_mistake(self, ident: str) -> None:
        mistake = self.mistakes.value(ident)
        if mistake is None:
            return
        draft = self._book.draft
        for section, entries in draft.now.items():
            for at in range(len(entries)):
                for told in draft.fields_of(section):
                    if mistake in of_field(draft, section, at, told.key, [mistake]):
                        self.go_to(section, at, told.key)
                        return

    def _say(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        self._desk.noticed.emit(Notice(Kind.WRONG, "trunk", sentence, "", self._desk.now()))


def _place(ident: str) -> tuple[str, int]:
    section, _, at = ident.rpartition("/")
    return section, int(at)
