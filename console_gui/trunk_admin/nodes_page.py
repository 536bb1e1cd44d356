"""The switches: whether each is up, its calls, and its restart, which waits until nobody is on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.notice import Kind, Notice
from console_gui.plain_field import PlainField
from console_gui.theme import Look
from console_gui.translations.formats import one_line
from console_gui.translations.tables import sentence_of
from console_gui.trunk_admin.boards import NodesTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.job_view import JobView
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.wire.trunk import RestartWanted

PATIENCE_MIN, PATIENCE_MOST_MIN = 60, 1_440
NAME_LENGTH = 60


class NodesPage(Page):
    name = "nodes"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        words = desk.words
        self.table = NodesTable(desk, self)
        self.view = BoardView(self.table, look, (200, 200, 90, STRETCH), "empty.trunk.nodes", parent=self)
        self.view.setObjectName("trunk_nodes")
        words.put(self.view, "setAccessibleName", "trunk.page.nodes")
        self.title = wrapped_label(self, FORM, strong=True)
        self.what = wrapped_label(self, ROW, "dim")
        self.names: list[QWidget] = []
        self.confirm = PlainField(NAME_LENGTH, self)
        self.patience = PlainField(4, self)
        self.why = PlainField(REASON_LIMIT, self)
        self.patience.setText(str(PATIENCE_MIN))
        for field, name in ((self.confirm, "confirm"), (self.patience, "patience"), (self.why, "why")):
            field.setObjectName(f"trunk_node_{name}")
            field.returnPressed.connect(self.send)
        self.do = self._button("trunk.node.do", "node_do")
        self.job = JobView(desk, look, book, ("restart",), self)
        self._lay_out()
        self.view.current_row.connect(lambda _: self._tell())
        self.view.entered_row.connect(lambda _: self.confirm.setFocus())
        self.confirm.textChanged.connect(lambda _: self._tell())
        self.do.clicked.connect(self.send)
        for signal in (book.status_changed, book.shown_changed):
            signal.connect(self.refresh)
        book.job_changed.connect(self._tell)
        words.changed.connect(self._tell)
        self.refresh()

    def _lay_out(self) -> None:
        words = self._desk.words
        grid = QGridLayout()
        grid.setContentsMargins(12, 8, 12, 8)
        grid.setSpacing(8)
        grid.addWidget(self.title, 0, 0, 1, 7)
        pairs = (("node.confirm", self.confirm), ("node.patience", self.patience), ("change.why", self.why))
        for number, (key, field) in enumerate(pairs):
            name = plain_label(self, FORM, "dim")
            words.put(name, "setText", f"trunk.{key}")
            words.put(field, "setAccessibleName", f"trunk.{key}")
            self.names.append(name)
            grid.addWidget(name, 1, 2 * number)
            grid.addWidget(field, 1, 2 * number + 1)
        grid.addWidget(self.do, 1, 6)
        grid.addWidget(self.what, 2, 0, 1, 7)
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(5, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        column.addLayout(grid)
        column.addWidget(self.job, 1)

    @property
    def entrance(self) -> QWidget:
        return self.view

    def come(self) -> None:
        self._book.status_poll.follow(True)

    def go(self) -> None:
        self._book.status_poll.follow(False)

    def refresh(self) -> None:
        self.table.show(self._known())
        if not self.view.ident() and self.table.rowCount():
            self.view.choose(self.table.ident(0))
        self._tell()

    def _known(self) -> dict[str, Mapping[str, Any]]:
        """As the core tells them, and those of the description that it tells nothing of."""
        shown, status = self._book.shown, self._book.status
        told = dict(status.nodes) if status is not None else {}
        return {**{name: {} for name in (shown.nodes if shown is not None else ())}, **told}

    def _tell(self) -> None:
        node, words = self.view.ident(), self._desk.words
        may = self._book.may_change and bool(node)
        self.title.setText(words("trunk.node.restart", node=one_line(node, 60)) if may else words("trunk.node.choose"))
        self.what.setText(words("trunk.node.what", node=one_line(node, 60)) if may else "")
        for part in (*self.names, self.confirm, self.patience, self.why, self.do, self.what):
            part.setVisible(may)
        self.do.setEnabled(may and self.confirm.text().strip() == node and not self._book.busy)

    def ask(self, node: str, why: str = "") -> None:
        """As typed in the command line: its name is to be typed again, as on the page."""
        self.view.choose(node)
        self.why.setText(why)
        self.confirm.setFocus()

    def send(self) -> None:
        node = self.view.ident()
        minutes = self.patience.text().strip()
        if not self._book.may_change or not node:
            return
        if self.confirm.text().strip() != node:
            self._say("trunk.change.confirm_wrong", word=node)
            self.confirm.setFocus()
        elif not (minutes.isascii() and minutes.isdecimal() and 1 <= int(minutes) <= PATIENCE_MOST_MIN):
            self._say("trunk.node.patience_wrong")
            self.patience.setFocus()
        elif self._book.busy:
            self._say("trunk.change.busy")
        else:
            why = self.why.text().strip()
            wanted = RestartWanted(node=node, why=why, patience_s=60 * int(minutes), confirm=node)
            self._book.start(wanted)
            self.confirm.clear()

    def _say(self, key: str, **values: object) -> None:
        sentence = sentence_of(key, **values)
        self._desk.noticed.emit(Notice(Kind.WRONG, "trunk", sentence, "", self._desk.now()))
