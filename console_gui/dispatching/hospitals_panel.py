"""Hospitals: opened by the person; for one unit the choice by travel time, where Enter takes the patient there."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.changes import Changes
from console_gui.desk import Desk
from console_gui.labels import plain_label, repolish
from console_gui.models.hospitals import HospitalsTable
from console_gui.theme import Look
from console_gui.typefaces import ROW
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Reach


class HospitalsPanel(QWidget):
    summary_changed = Signal(str)
    run_wanted = Signal(str)
    done = Signal()

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.unit, self._skill = "", ""
        self._problem: DispatchError | None = None
        self.head = plain_label(self, ROW, "dim")
        self.table = HospitalsTable(desk, self)
        self.view = BoardView(self.table, look, (STRETCH, 150, 124, 106), "empty.hospitals", parent=self)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 6)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self.view, 1)
        self.view.entered_row.connect(self._entered)
        desk.updated.connect(self._updated)
        desk.words.changed.connect(self._retell)
        self._retell()

    def show_for(self, asked: str) -> None:
        """``asked``: a unit and a capability that the patient needs, either may be left out."""
        self.unit, _, self._skill = asked.partition(" ")
        self._problem = None
        self.table.measured((), ())
        self._retell(asking=bool(self.unit))
        if self.unit:
            unit = self.unit
            self._desk.questions.ask(
                lambda client: client.hospitals(unit), lambda found, problem: self._measured(unit, found, problem)
            )
        self.view.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes: it stands over the legs of the open incident."""
        if event.key() == Qt.Key.Key_Escape:
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def _measured(self, unit: str, found: tuple[Reach, ...] | None, problem: DispatchError | None) -> None:
        if unit != self.unit:
            return
        self._problem = problem
        self.table.measured(found or (), (self._skill,) if self._skill else ())
        self._retell()
        if self.table.rowCount():
            self.view.choose(self.table.ident(0))
            self.view.scrollToTop()  # the rows have just been ordered: the nearest is what is looked for

    def _retell(self, *, asking: bool = False) -> None:
        words = self._desk.words
        term = self._desk.state.place_rules.skills.get(self._skill)
        skill = f" · {words.pick(term.vi, term.en)}" if term is not None else ""
        if self._problem is not None:
            self.head.setText(words.pick(self._problem.vi, self._problem.en))
        elif asking:
            self.head.setText(words("hospitals.asking"))
        elif self.unit:
            self.head.setText(words("hospitals.for", unit=self.unit, skill=skill))
        else:
            self.head.setText(words("hospitals.all"))
        repolish(self.head, "attention" if self._problem is not None else "dim")
        now = self._desk.now()
        diverting = sum(it.divert is not None and it.divert.holds(now) for it in self._desk.state.hospitals.values())
        self.summary_changed.emit(words("hospitals.diverting", count=diverting) if diverting else "")

    def _updated(self, changes: Changes) -> None:
        if changes.of("hospitals") or changes.site:
            self.table.renew()
            self._retell()

    def _entered(self, ident: str) -> None:
        if self.unit:
            self.run_wanted.emit(f"bv {self.unit} {ident}")
            self.done.emit()
