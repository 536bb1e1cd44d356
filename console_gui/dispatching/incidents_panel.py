"""The board of incidents; Enter or a click opens one in the form. Its order is the person's own choice."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.models.incidents import CLOCK, LEGS, ORDERS, OWNER, PRIORITY, WHY, IncidentsTable
from console_gui.paced import Paced
from console_gui.preferences import Preferences
from console_gui.sizes import px
from console_gui.theme import Look
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState

WIDTHS = (36, 48, STRETCH, 76, 150, 66, 150, 66)
ROOM = {OWNER: 800, LEGS: 620, CLOCK: 520, WHY: 420, PRIORITY: 330}
"""Pixels of the board from which each of these columns is shown: where it is narrow, the least needed leave first, and
what a row is about keeps its room."""


class IncidentsPanel(QWidget):
    summary_changed = Signal(str)

    def __init__(
        self, desk: Desk, look: Look, drafts: Drafts | None = None, *, with_owner: bool = False,
        preferences: Preferences | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._desk, self._preferences, self._with_owner = desk, preferences, with_owner
        usual = "late" if with_owner else "priority"
        kept = preferences.get("incidents_order", usual) if preferences is not None else usual
        self._filter: Callable[[], str] = str
        self.table = IncidentsTable(desk, self, drafts, kept if kept in ORDERS else usual)
        self.view = BoardView(self.table, look, WIDTHS, "empty.incidents", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        Follower(
            desk, self.table, "incidents", ("people", "types"), touched=self.table.touched,
            after=Paced(self._tell_summary, self).call,
        )  # fmt: skip
        self.view.entered_row.connect(desk.show)
        self.view.clicked.connect(lambda index: desk.show(self.table.ident(index.row())))
        desk.current_changed.connect(self.view.choose)
        desk.words.changed.connect(self._tell_summary)
        self._fit_columns()

    def show_only(self, wanted: Callable[[Incident], bool], told: Callable[[], str] = str) -> None:
        """``told`` says which are shown, in the language of now; "" = all."""
        self._filter = told
        self.view.say_empty("empty.incidents_of" if told() else "empty.incidents")
        self.table.show_only(wanted)
        self.view.choose(self._desk.current)
        self._tell_summary()

    def order_by(self, order: str = "") -> None:
        """The named order; without one the next."""
        after = ORDERS[(ORDERS.index(self.table.order) + 1) % len(ORDERS)]
        self.table.order_by(order or after)
        if self._preferences is not None:
            self._preferences.put("incidents_order", self.table.order)
        self.view.choose(self._desk.current)
        self._tell_summary()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _fit_columns(self) -> None:
        for column, room in ROOM.items():
            hidden = self.width() < px(room) or (column == OWNER and not self._with_owner)
            self.view.show_column(column, not hidden)

    def _tell_summary(self) -> None:
        words = self._desk.words
        count = sum(it.state is not IncidentState.CLOSED for it in self._desk.state.incidents.values())
        order = words("incidents.by", order=words(f"order.{self.table.order}"))
        parts = [f"({count})" if count else "", self._filter(), order]
        self.summary_changed.emit("   ".join(filter(None, parts)))
