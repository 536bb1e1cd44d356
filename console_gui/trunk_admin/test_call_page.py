"""A marked call through a chosen carrier to a chosen number, followed to a console step by step."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.notice import Kind, Notice
from console_gui.theme import Look
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.form_field import ValueLine
from console_gui.trunk_admin.job_view import JobView
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW
from dispatch_core.wire.trunk import TestCallWanted

LENGTH = 40


class TestCallPage(Page):
    __test__ = False  # pytest: its name is the thing's
    name = "test"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        words = desk.words
        self.fields = {name: ValueLine(LENGTH, self) for name in ("carrier", "number", "node")}
        self.do = self._button("trunk.test.do", "test_do")
        self.what = wrapped_label(self, ROW, "dim")
        words.put(self.what, "setText", "trunk.test.what")
        self.job = JobView(desk, look, book, ("test_call",), self)
        grid = QGridLayout()
        grid.setContentsMargins(12, 12, 12, 8)
        grid.setSpacing(8)
        for number, (name, field) in enumerate(self.fields.items()):
            label = plain_label(self, FORM, "dim")
            field.setObjectName(f"trunk_test_{name}")
            words.put(label, "setText", f"trunk.test.{name}")
            words.put(field, "setAccessibleName", f"trunk.test.{name}")
            grid.addWidget(label, 0, 2 * number)
            grid.addWidget(field, 0, 2 * number + 1)
            grid.setColumnStretch(2 * number + 1, 1)
            field.returnPressed.connect(self.send)
        words.put(self.fields["number"], "setPlaceholderText", "trunk.test.number_hint")
        words.put(self.fields["node"], "setPlaceholderText", "trunk.test.node_any")
        grid.addWidget(self.do, 0, 6)
        grid.addWidget(self.what, 1, 0, 1, 7)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(self.job, 1)
        column.addStretch(0)
        self.fields["carrier"].turned.connect(lambda step: self._turn("carrier", self.carriers(), step))
        self.fields["node"].turned.connect(lambda step: self._turn("node", self._nodes(), step))
        self.do.clicked.connect(self.send)
        for signal in (book.shown_changed, book.job_changed):
            signal.connect(self._tell)
        words.changed.connect(self._tell)
        self._tell()

    @property
    def entrance(self) -> QWidget:
        return self.fields["carrier"]

    def carriers(self) -> list[str]:
        draft = self._book.draft
        return [draft.name("carriers", it) for it in draft.base.get("carriers", ())]

    def _nodes(self) -> list[str]:
        return list(self._book.shown.nodes) if self._book.shown is not None else []

    def _turn(self, name: str, choices: list[str], step: int) -> None:
        if choices:
            now = self.fields[name].text().strip()
            at = (choices.index(now) + step) % len(choices) if now in choices else 0
            self.fields[name].setText(choices[at])

    def _tell(self) -> None:
        may = self._book.may_change
        first = self.carriers()
        if not self.fields["carrier"].text() and first:
            self.fields["carrier"].setText(first[0])
        for field in self.fields.values():
            field.setReadOnly(not may)
        self.do.setVisible(may)
        self.do.setEnabled(may and not self._book.busy)
        self.fields["carrier"].setPlaceholderText(", ".join(first))

    def ask(self, carrier: str, number: str, node: str = "") -> None:
        """As typed in the command line."""
        for name, text in (("carrier", carrier), ("number", number), ("node", node)):
            self.fields[name].setText(text)
        self.send()

    def send(self) -> None:
        carrier, number, node = (self.fields[name].text().strip() for name in ("carrier", "number", "node"))
        if not self._book.may_change:
            return
        if carrier not in self.carriers():
            self._say("trunk.test.no_carrier", name=carrier, near=", ".join(self.carriers()))
            self.fields["carrier"].setFocus()
        elif not (number.isascii() and number.removeprefix("+").isdecimal()):
            self._say("trunk.test.no_number")
            self.fields["number"].setFocus()
        elif not self._book.start(TestCallWanted(carrier=carrier, number=number, node=node)):
            self._say("trunk.change.busy")

    def _say(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        self._desk.noticed.emit(Notice(Kind.WRONG, "trunk", sentence, "", self._desk.now()))
