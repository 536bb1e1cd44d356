"""A leg of the open incident, unfolded: station, units with their clocks, who could go, zone. A key does each act."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from console_gui.board_view import STRETCH
from console_gui.command_line.verbs_offers import name_of
from console_gui.desk import Desk
from console_gui.dispatching.unit_keys import STATUS_KEYS
from console_gui.dispatching.wrapped_view import WrappedView
from console_gui.models.lines import LegLine, LegsTable, Part
from console_gui.row_delegate import ROW_HEIGHT
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.translations.formats import short
from dispatch_core.domain.commands import (
    AcceptOffer,
    AssignUnits,
    CheckUnit,
    Command,
    OfferStation,
    OfferUnits,
    ReportStatus,
    WithdrawOffer,
)

ROOM_WITHOUT_LEGS = 80
"""Pixels for the words that stand there while no leg is open."""

LEAST_ROWS = 4
"""A leg with who is asked on what clock and who is proposed is seen at once; below that the whole form is scrolled."""

_SERVICE = re.compile(r"[/!?<>~]")
"""What ends a service's code in the ident of a line."""


class LegsView(WrappedView):
    """Enter on the recommended set sends it, a digit there or on the others sends one; Enter on who is passed over
    shows each with why; a digit on a unit reports its status.

    The handshake: + on a leg asks its station, on the suggested units the next crews; on whoever is being asked 1 takes
    down a yes, - begins a no (its reason is typed), > asks the next one; = on a unit is a safety check."""

    line_wanted = Signal(str)  # words to put into the command line
    unit_wanted = Signal(str)  # a unit at work was entered
    leg_wanted = Signal(str)  # a line of another leg than the one that is unfolded
    outward = Signal()  # back to the lines of all legs

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        self.legs = LegsTable(desk)
        super().__init__(self.legs, look, (84, STRETCH, 64), "form.no_legs", parent)
        self.legs.setParent(self)
        self._desk = desk
        self.entered_row.connect(self._entered)
        self.verticalHeader().sectionResized.connect(self._take_room)
        self.legs.rowsInserted.connect(self._take_room)
        self.legs.rowsRemoved.connect(self._take_room)
        self._take_room()

    def _take_room(self, *_: object) -> None:
        """As high as the legs need: the rest of the form belongs to the narrative."""
        whole = max(ROOM_WITHOUT_LEGS, self.verticalHeader().length() + 2 * self.frameWidth())
        self.setMinimumHeight(min(whole, LEAST_ROWS * px(ROW_HEIGHT)))
        self.setMaximumHeight(whole)

    def choose(self, ident: str) -> None:
        """A line of whichever leg: that one is unfolded then."""
        service = _SERVICE.split(ident, maxsplit=1)[0]
        if service != self.legs.only:
            self.leg_wanted.emit(service)
        super().choose(ident)

    def first(self, service: str) -> None:
        """The line at which a person begins who goes into this leg."""
        idents = self.legs.idents()
        sought = (f"{service}!", f"{service}?", *(it for it in idents if it.startswith(f"{service}/")), service)
        self.choose(next((it for it in sought if it in idents), service))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        up = event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0
        if up or event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Escape):
            self.outward.emit()
        else:
            super().keyPressEvent(event)

    def _entered(self, ident: str) -> None:
        line = self.legs.value(ident)
        if line is None:
            return
        match line.part:
            case Part.SET:
                self._ask([it.unit for it in line.candidates[: line.chosen]])
            case Part.CANDIDATES:
                self._send(line, line.chosen + 1)
            case Part.ABOUT:
                self.legs.open_passed(line.leg.service)
            case Part.PASSED:
                self.line_wanted.emit(f"d {line.passed[0].unit} {short(self._desk.current)} vì ")
            case Part.OVERRIDE if line.override is not None:
                self.line_wanted.emit(f"vi {line.override.unit} ")
            case _ if line.unit is not None:
                self.unit_wanted.emit(line.unit.call_sign)

    def _send(self, line: LegLine, digit: int) -> bool:
        """The suggested unit with that digit goes to the open incident."""
        if not 1 <= digit <= len(line.candidates):
            return False
        return self._ask([line.candidates[digit - 1].unit])

    def _ask(self, units: list[str]) -> bool:
        if not self._desk.current or not units:
            return False
        typed = f"d {' '.join(units)} {short(self._desk.current)}"
        return self._desk.ask(AssignUnits(incident=self._desk.current, units=tuple(units)), typed) is not None

    def _handshake(self, line: LegLine, text: str) -> bool:
        """Whether the key was one of asking and answering."""
        service, offer = line.leg.service, line.offer
        body: Command | None = None
        if text == "+" and line.part is Part.LEG:
            body = OfferStation(incident=self._desk.current, service=service)
        elif text == "+" and line.part in (Part.SET, Part.CANDIDATES):
            body = OfferUnits(incident=self._desk.current, service=service)
        elif text == "=" and line.unit is not None:
            body = CheckUnit(unit=line.unit.call_sign)
        elif offer is not None and text == "1":
            body = AcceptOffer(offer=offer.id)
        elif offer is not None and text == ">":
            body = WithdrawOffer(offer=offer.id, skip=True)
        elif offer is not None and text == "-":
            self.line_wanted.emit(f"tc {name_of(offer)} ")
            return True
        return body is not None and self._desk.ask(body) is not None

    def key_typed(self, text: str) -> bool:
        line = self.legs.value(self.ident())
        if line is None:
            return False
        if self._handshake(line, text):
            return True
        if not text.isdecimal():
            return False
        if line.part in (Part.SET, Part.CANDIDATES):
            return self._send(line, int(text))
        if line.unit is None or text not in STATUS_KEYS:
            return False
        self._desk.ask(ReportStatus(unit=line.unit.call_sign, status=STATUS_KEYS[text]))
        return True
