"""The board of incidents; Enter or a click opens one in the form."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_panel import Follower
from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.drafts import Drafts
from console_gui.models.incidents import OWNER, IncidentsTable
from console_gui.paced import Paced
from console_gui.theme import Look
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState


class IncidentsPanel(QWidget):
    summary_changed = Signal(str)

    def __init__(
        self, desk: Desk, look: Look, drafts: Drafts | None = None, *, with_owner: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._desk = desk
        self.table = IncidentsTable(desk, self, drafts)
        self.view = BoardView(self.table, look, (36, 48, STRETCH, 76, 150, 66), "empty.incidents", parent=self)
        self.view.setColumnHidden(OWNER, not with_owner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        Follower(desk, self.table, "incidents", ("people", "types"), after=Paced(self._tell_summary, self).call)
        self.view.entered_row.connect(desk.show)
        self.view.clicked.connect(lambda index: desk.show(self.table.ident(index.row())))
        desk.current_changed.connect(self.view.choose)

    def show_only(self, wanted: Callable[[Incident], bool]) -> None:
        self.table.show_only(wanted)
        self.view.choose(self._desk.current)

    def _tell_summary(self) -> None:
        count = sum(it.state is not IncidentState.CLOSED for it in self._desk.state.incidents.values())
        self.summary_changed.emit(f"({count})" if count else "")
