"""What the window does for whoever leads: lists behind figures, reassigning, what is dropped, the wall."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from console_gui.carrying.carrier import Carrier
from console_gui.carrying.places import join
from console_gui.command_line.outcomes import Act
from console_gui.command_line.verbs_leading import AskReason, Handing
from console_gui.desk import Desk
from console_gui.notice import Kind, Notice
from console_gui.outbox import Pending
from console_gui.stale_mark import StaleMark
from console_gui.supervising.figures import Figure
from console_gui.supervising.reason_dialog import ReasonDialog, told
from console_gui.supervising.wall import Wall
from console_gui.translations import sentences
from console_gui.translations.tables import say
from dispatch_core.domain.commands import ReassignIncident, ReassignLeg, RedirectUnit
from dispatch_core.domain.decide.redirecting import UNDO_MS
from dispatch_core.domain.state import Incident
from dispatch_core.wire.envelopes import Reply

if TYPE_CHECKING:
    from console_gui.main_window import MainWindow


class LeadingActs(QObject):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._desk, self._panels = window, window.desk, window.panels
        self.carrier = Carrier(window, window.desk.words)
        join(self.carrier, self._desk, self._panels)
        self.carrier.dropped.connect(window.bar.run)
        self.carrier.refused.connect(self._say)
        self.wall: Wall | None = None
        self._hidden: list[QWidget] = []
        self._out = QShortcut(QKeySequence("Esc"), window)
        self._out.setEnabled(False)
        self._out.activated.connect(self.leave_wall)
        self._handing: dict[str, str] = {}
        self._desk.settled.connect(self._settled)
        if self._panels.band is not None:
            self._panels.band.chosen.connect(self._show_list)
        if self._panels.late_calls is not None:
            self._panels.late_calls.done.connect(lambda: self._show_list(None))
        self.acts: dict[Act, Callable[[str], object]] = {
            Act.FIGURE: self._figure,
            Act.ORDER: self._order,
            Act.OF_PERSON: self._of_person,
            Act.WALL: lambda _: self.leave_wall() if self.wall is not None else self.show_wall(),
        }

    # --- lists --------------------------------------------------------------------------------------------------------

    def _figure(self, number: str) -> None:
        band = self._panels.band
        if band is None:
            return
        if not number:
            self._show_list(None)
        elif not band.press_number(int(number)):
            self._say(self._desk.words("figure.none", number=number, count=len(band.shown)))

    def _show_list(self, figure: Figure | None) -> None:
        """Of calls in their own panel, of incidents on their board; of nothing everything again."""
        panels, late, band = self._panels, self._panels.late_calls, self._panels.band
        told_of = partial(band.told, figure) if figure is not None and band is not None else str
        if figure is None and band is not None:
            band.let_go()
        calls = figure is not None and figure.calls is not None
        if late is not None:
            panels.workplace.docks["panel.late_calls"].setVisible(calls)
            if calls and figure is not None:
                panels.workplace.docks["panel.late_calls"].raise_()
                late.show_for(figure, told_of())
        if panels.incidents is not None and not calls:
            wanted = figure.wanted if figure is not None else _everything
            panels.incidents.show_only(wanted, told_of)
        if figure is None:
            self._window.back_to_line()

    def _order(self, order: str) -> None:
        if self._panels.incidents is not None:
            self._panels.incidents.order_by(order)

    def _of_person(self, user: str) -> None:
        """What somebody has in hand: incidents of his, and legs."""
        if self._panels.incidents is None:
            return

        def told() -> str:
            words = self._desk.words
            return words("incidents.of", user=sentences.person(self._desk.state, user, words.language)) if user else ""

        def theirs(incident: Incident) -> bool:
            return not user or user == incident.owner or any(leg.dispatcher == user for leg in incident.legs.values())

        self._panels.incidents.show_only(theirs, told)

    # --- reassigning --------------------------------------------------------------------------------------------------

    def ask_reason(self, wanted: AskReason) -> None:
        if wanted.body is None:
            self._window.reassign()
        else:
            self._window.open_dialog(ReasonDialog(self._desk, wanted.body, self._window))

    def _settled(self, pending: Pending, reply: Reply) -> None:
        """How to take it back, while that is possible."""
        body = pending.body
        if reply.refusal is not None or not isinstance(body, ReassignIncident | ReassignLeg | RedirectUnit):
            return
        sentence = partial(_may_be_undone, self._desk, body)
        handed = Notice(Kind.TOLD, "handed", sentence, "", self._desk.now(), quiet=True, goes_s=UNDO_MS // 1000)
        self._desk.noticed.emit(handed)

    def _say(self, text: str) -> None:
        self._desk.noticed.emit(Notice(Kind.WRONG, "dropped", lambda language: text, "", self._desk.now()))

    # --- the wall -----------------------------------------------------------------------------------------------------

    def show_wall(self) -> None:
        """Instead of everything but the banner that says what is not true any more."""
        window, place = self._window, self._panels.workplace
        if self.wall is not None:
            return
        city = place.takeCentralWidget() if self._panels.map is not None else None
        around = window.centralWidget()
        self.wall = Wall(self._desk, window.look, around)
        StaleMark(self._desk, window.look, self.wall)
        holder = around.layout() if around is not None else None
        self._hidden = [it for it in window.dressing() if it.isVisible()]
        for part in self._hidden:
            part.hide()
        if holder is not None:
            holder.addWidget(self.wall)
        self.wall.show()
        self.wall.take(city)
        self.wall.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._out.setEnabled(True)
        window.setWindowState(window.windowState() | Qt.WindowState.WindowFullScreen)

    def leave_wall(self) -> None:
        wall, self.wall = self.wall, None
        if wall is None:
            return
        city = wall.give_back()
        if city is not None:
            self._panels.workplace.setCentralWidget(city)
            city.show()
        wall.setParent(None)
        wall.deleteLater()
        for part in self._hidden:
            part.show()
        self._out.setEnabled(False)
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowFullScreen)
        self._window.back_to_line()


def _may_be_undone(desk: Desk, body: Handing, language: str) -> str:
    what = f"{told(desk.state, body, language)} ({body.reason})"
    return say(language, "handed.undo", what=what, seconds=UNDO_MS // 1000)


def _everything(_: Incident) -> bool:
    return True
