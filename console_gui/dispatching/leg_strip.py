"""The legs of the open incident side by side, a line each; all of them are seen whatever is unfolded below them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from console_gui.board_view import STRETCH, BoardView
from console_gui.desk import Desk
from console_gui.dispatching.legs_view import LegsView
from console_gui.models.leg_strip import NEXT, LegStripTable
from console_gui.row_delegate import PAD, ROW_HEIGHT
from console_gui.sizes import px
from console_gui.theme import Look
from console_gui.typefaces import ROW, font
from dispatch_core.domain.commands import OfferStation
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import LegState

WIDE_FROM = 480
NARROW, WIDE = (102, STRETCH, 54, 118), (156, STRETCH, 62, 170)
"""Pixels of service, who is on it, clock, who goes next: what decides is never cut, who else is on it may be."""


class LegStrip(BoardView):
    """↑ ↓ choose a leg, Enter or → goes into what is unfolded of it, + asks its station."""

    inward = Signal()

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        self.legs = LegStripTable(desk)
        super().__init__(self.legs, look, NARROW, header=False, parent=parent)
        self.legs.setParent(self)
        self._desk = desk
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.entered_row.connect(lambda _: self.inward.emit())
        for moved in (self.legs.rowsInserted, self.legs.rowsRemoved):
            moved.connect(self._take_room)
        for changed in (self.legs.rowsInserted, self.legs.rowsRemoved, self.legs.dataChanged):
            changed.connect(lambda *_: self._share_out())
        self._take_room()

    def _take_room(self, *_: object) -> None:
        self.setFixedHeight(max(1, self.legs.rowCount()) * px(ROW_HEIGHT) + 2 * self.frameWidth())
        self.setVisible(self.legs.rowCount() > 0)

    def _share_out(self) -> None:
        self.legs.narrow = self.viewport().width() < px(WIDE_FROM)
        widths = NARROW if self.legs.narrow else WIDE
        for column, width in enumerate(widths):
            if width != STRETCH:
                most = px(width)
                self.horizontalHeader().resizeSection(column, min(most, self._needed()) if column == NEXT else most)

    def _needed(self) -> int:
        """Pixels of who goes next: where nobody does, the room is for what the units do."""
        metrics = QFontMetrics(font(ROW, strong=True))
        said = [str(self.legs.index(row, NEXT).data() or "") for row in range(self.legs.rowCount())]
        return max((metrics.horizontalAdvance(text) for text in said), default=0) + 2 * PAD + 4

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Right and self.ident():
            self.inward.emit()
        else:
            super().keyPressEvent(event)

    def key_typed(self, text: str) -> bool:
        service = self.ident()
        if text != "+" or not service or not self._desk.current:
            return False
        self._desk.ask(OfferStation(incident=self._desk.current, service=service))
        return True


class LegsPart(QWidget):
    """The lines, and under them the leg that is chosen."""

    def __init__(self, desk: Desk, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.strip, self.legs = LegStrip(desk, look, self), LegsView(desk, look, self)
        self._shown = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.setSizeConstraint(QLayout.SizeConstraint.SetMinAndMaxSize)  # no higher than its legs need
        column.addWidget(self.strip)
        column.addWidget(self.legs, 1)
        self.strip.current_row.connect(self._unfold)
        self.strip.inward.connect(self._go_in)
        self.legs.outward.connect(self._go_out)
        self.legs.leg_wanted.connect(self.strip.choose)

    def show_incident(self, incident: Incident | None) -> None:
        ident = incident.id if incident is not None else ""
        other, self._shown = ident != self._shown, ident
        self.strip.legs.show(incident)
        service = "" if other else self.strip.ident()
        if not service or self.strip.legs.row_of(service) < 0:
            service = _wanting(self.strip.legs)
        self.strip.choose(service)
        self.legs.legs.only = service
        self.legs.legs.show(incident)

    @property
    def entrance(self) -> QWidget:
        """Where the keyboard goes: to the lines, and where no leg is open yet to the words that say so."""
        return self.strip if self.strip.legs.rowCount() else self.legs

    def tick(self) -> None:
        self.strip.legs.tick()
        self.legs.legs.tick()

    def go_to(self, service: str) -> None:
        """Choose a leg, "" as it is, and let its keys be heard."""
        if service:
            self.strip.choose(service)
        self.strip.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _unfold(self, service: str) -> None:
        if service:
            self.legs.legs.unfold(service)

    def _go_in(self) -> None:
        self.legs.first(self.strip.ident())
        self.legs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_out(self) -> None:
        self.strip.setFocus(Qt.FocusReason.OtherFocusReason)


def _wanting(table: LegStripTable) -> str:
    """The first leg that still wants somebody, else the first that is open."""
    lines = [(ident, line) for ident in table.idents() if (line := table.value(ident)) is not None]
    still = [ident for ident, line in lines if line.leg.state is LegState.OPEN]
    wanting = [ident for ident, line in lines if ident in still and not line.filled]
    return next(iter([*wanting, *still, *table.idents()]), "")
