"""Files at a switch that are not what was applied: a banner while there are any, and what differs in each."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.models.ordered_table import Cell
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.formats import one_line
from console_gui.translations.tables import WORDS
from console_gui.trunk_admin.boards import NAME_LENGTH, TrunkTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.diff_view import DiffView
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW, font
from dispatch_core.wire.trunk import DriftShown

NAMED_MOST = 4
LEFT_WIDTH = 380


class DriftBar(QFrame):
    look_wanted = Signal()

    def __init__(self, desk: Desk, book: TrunkBook, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._book = desk, book
        self.setObjectName("bar")
        self.said = wrapped_label(self, FORM, "attention", strong=True)
        self.button = QPushButton(self)
        self.button.setObjectName("trunk_drift_look")
        self.button.setFont(font(ROW))
        self.button.clicked.connect(self.look_wanted)
        desk.words.put(self.button, "setText", "trunk.drift.look")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(self.said, 1)
        row.addWidget(self.button)
        book.shown_changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        drift = self._book.shown.drift if self._book.shown is not None else ()
        names = [f"{one_line(it.node, 40)}: {one_line(it.file, 60)}" for it in drift[:NAMED_MOST]]
        files = ", ".join([*names, *(["…"] if len(drift) > NAMED_MOST else [])])
        self.said.setText("✕ " + self._desk.words("trunk.drift", count=len(drift), files=files) if drift else "")
        self.setVisible(bool(drift))


class DriftTable(TrunkTable):
    columns = ("column.trunk.node", "column.trunk.file", "column.trunk.state")

    def cell(self, ident: str, value: DriftShown, column: int) -> Cell:
        if column == 0:
            return Cell(one_line(value.node, NAME_LENGTH), dim=True)
        if column == 1:
            return Cell(one_line(value.file, NAME_LENGTH), strong=True)
        key = f"trunk.drift.{value.how}"
        return Cell(self.words(key) if key in WORDS else one_line(value.how, NAME_LENGTH), attention=True)


class DriftPage(Page):
    """``again`` plans the version that is in force: its files in place of those."""

    name = "drift"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        words = desk.words
        self.table = DriftTable(desk, self)
        self.view = BoardView(self.table, look, (90, STRETCH, 90), parent=self)
        self.view.setObjectName("trunk_drift")
        words.put(self.view, "setAccessibleName", "trunk.drift.title")
        self.diff = DiffView(look, self)
        words.put(self.diff, "setAccessibleName", "trunk.drift.title")
        self.again = self._button("trunk.drift.again", "drift_again")
        caption = plain_label(self, ROW, "caption", strong=True)
        words.put(caption, "setText", "trunk.drift.title")
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 12, 6)
        head.addWidget(caption, 1)
        head.addWidget(self.again)
        self.view.setFixedWidth(px(LEFT_WIDTH))
        both = QHBoxLayout()
        both.setSpacing(1)
        both.addWidget(self.view)
        both.addWidget(self.diff, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addLayout(both, 1)
        self.view.current_row.connect(lambda _: self._tell())
        self.again.clicked.connect(self.apply_again)
        book.shown_changed.connect(self.refresh)
        words.changed.connect(self._tell)
        self.refresh()

    @property
    def entrance(self) -> QWidget:
        return self.view

    def refresh(self) -> None:
        shown = self._book.shown
        drift = shown.drift if shown is not None else ()
        self.table.show({f"{it.node}/{it.file}": it for it in drift})
        if drift and not self.view.ident():
            self.view.choose(self.table.ident(0))
        self._tell()

    def _tell(self) -> None:
        value: DriftShown | None = self.table.value(self.view.ident())
        self.diff.show_diff(value.diff if value is not None else "")
        self.again.setVisible(self._book.may_change and bool(self.table.rowCount()))

    def apply_again(self) -> None:
        if self._book.shown is not None:
            self._book.plan(self._book.shown.version)
            self.opened.emit("change")
