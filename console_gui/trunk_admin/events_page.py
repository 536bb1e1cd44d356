"""What the switches tell, as it comes: filtered by words, frozen while somebody reads; only while it is looked at."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.labels import plain_label, wrapped_label
from console_gui.models.ordered_table import Cell
from console_gui.plain_field import PlainField
from console_gui.theme import Look
from console_gui.translations.formats import one_line
from console_gui.trunk_admin.asking import Poll
from console_gui.trunk_admin.boards import NAME_LENGTH, TEXT_LENGTH, TrunkTable
from console_gui.trunk_admin.book import TrunkBook
from console_gui.trunk_admin.event_log import GAP, EventLog
from console_gui.trunk_admin.page import Page
from console_gui.typefaces import FORM, ROW
from dispatch_core.domain.errors import DispatchError
from dispatch_core.wire.trunk import SwitchEvent, SwitchEvents

EVERY_MS = 1_000
FILTER_LENGTH = 120


class EventsTable(TrunkTable):
    columns = ("column.trunk.at", "column.trunk.node", "column.trunk.name", "column.trunk.about",
               "column.trunk.details")  # fmt: skip
    whole_columns = (0,)

    def cell(self, ident: str, value: SwitchEvent, column: int) -> Cell:
        if value.name == GAP:
            text = self.words("trunk.events.missed", count=value.about) if column == 4 else ""
            return Cell(self.words("trunk.events.gap") if column == 2 else text, attention=True, strong=True)
        if column == 0:
            return Cell(f"{self.clock(value.at)}.{value.at % 1000:03d}", dim=True)
        if column == 1:
            return Cell(one_line(value.node, NAME_LENGTH), dim=True)
        if column == 2:
            return Cell(one_line(value.name, NAME_LENGTH), strong=True)
        if column == 3:
            return Cell(one_line(value.about, NAME_LENGTH))
        return Cell(one_line("  ".join(f"{key}={it}" for key, it in value.details.items()), TEXT_LENGTH), dim=True)


class EventsView(BoardView):
    """A space freezes it, and lets it go on."""

    def __init__(self, page: EventsPage) -> None:
        super().__init__(page.table, page.look, (104, 90, 190, 190, STRETCH), "empty.trunk.events", parent=page)
        self._page = page

    def key_typed(self, text: str) -> bool:
        if text == " ":
            self._page.freeze(not self._page.log.frozen)
        return text == " "


class EventsPage(Page):
    name = "events"

    def __init__(self, desk: Desk, look: Look, book: TrunkBook, parent: QWidget | None = None) -> None:
        super().__init__(desk, look, book, parent)
        self.look = look
        self.log = EventLog()
        self.table = EventsTable(desk, self)
        self.view = EventsView(self)
        self.view.setObjectName("trunk_events")
        desk.words.put(self.view, "setAccessibleName", "trunk.page.events")
        self.filter = PlainField(FILTER_LENGTH, self)
        self.filter.setObjectName("trunk_events_filter")
        for setter in ("setPlaceholderText", "setAccessibleName"):
            desk.words.put(self.filter, setter, "trunk.events.filter")
        self.pause = self._button("trunk.events.pause", "events_pause")
        self.count, self.waits = plain_label(self, ROW, "dim"), plain_label(self, FORM, "attention")
        self.about = wrapped_label(self, ROW)
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 12, 6)
        head.setSpacing(12)
        head.addWidget(self.filter, 1)
        head.addWidget(self.pause)
        head.addWidget(self.waits)
        head.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        self.about.setContentsMargins(12, 4, 12, 8)
        column.addWidget(self.about)
        self.poll = Poll(lambda answer: book.core.events(self.log.after, answer), self._take, EVERY_MS, self)
        self.filter.textChanged.connect(self._filtered)
        self.pause.clicked.connect(lambda: self.freeze(not self.log.frozen))
        self.view.current_row.connect(self._tell_one)
        desk.words.changed.connect(self._tell)
        self._tell()

    @property
    def entrance(self) -> QWidget:
        return self.filter

    def come(self) -> None:
        self.poll.follow(True)

    def go(self) -> None:
        self.poll.follow(False)

    def _take(self, came: SwitchEvents | None, problem: DispatchError | None) -> None:
        if self._book.heard(problem) and came is not None:
            self.log.take(came)
            self._tell()

    def _filtered(self, text: str) -> None:
        self.log.filter(text)
        self._tell()

    def freeze(self, frozen: bool) -> None:
        self.log.freeze(frozen)
        self._tell()

    def show_filter(self, text: str) -> None:
        self.filter.setText(text)

    def _tell(self) -> None:
        words, log = self._desk.words, self.log
        bar = self.view.verticalScrollBar()
        at_end = bar.value() >= bar.maximum()
        shown = log.shown()
        self.table.show({f"{it.number}{GAP if it.name == GAP else ''}": it for it in shown})
        if at_end and not log.frozen and not self.view.hasFocus():
            self.view.scrollToBottom()
        self.pause.setText(words("trunk.events.resume" if log.frozen else "trunk.events.pause"))
        self.count.setText(words("trunk.events.count", shown=len(shown), held=len(log.held)))
        self.waits.setText(words("trunk.events.paused", count=len(log.waiting)) if log.frozen else "")
        self.waits.setVisible(log.frozen)

    def _tell_one(self, ident: str) -> None:
        """The chosen one whole."""
        value: SwitchEvent | None = self.table.value(ident)
        pairs = [] if value is None else [f"{key}={it}" for key, it in value.details.items()]
        self.about.setText(one_line("   ".join(pairs), 1200))
