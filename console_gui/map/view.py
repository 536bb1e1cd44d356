"""The map in a hand: what the pointer reads, what a click chooses, the keys that go from incident to incident."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from console_gui.map.picking import Kind, pick
from console_gui.map.shown_map import ShownMap
from console_gui.map.telling import tell

STEPS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


class MapView(ShownMap):
    """``crowd_picked``: a group was clicked; ``menu_wanted``: what can be done at this pixel."""

    incident_picked = Signal(str)
    unit_picked = Signal(str)
    crowd_picked = Signal(object)  # Target
    menu_wanted = Signal(float, float)

    def clicked(self, px: float, py: float) -> None:
        target = pick(self.picture().targets, px, py)
        if target is None:
            self.select_unit("")
        elif target.kind is Kind.UNIT:
            self.select_unit(target.id)
            self.unit_picked.emit(target.id)
        elif target.kind is Kind.INCIDENT:
            self._choose(target.id)
        elif target.kind is not Kind.STATION:
            self.crowd_picked.emit(target)

    def right_clicked(self, px: float, py: float) -> None:
        self.left()
        self.menu_wanted.emit(px, py)

    def pointed(self, px: float, py: float) -> None:
        self._under = pick(self.picture().targets, px, py)
        if self._under is None:
            self.left()
            return
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        told = tell(self._under, self._state, self._language, self._now, self.seen_at)
        self._hover.tell(told, px, py, self.width(), self.height())

    def left(self) -> None:
        self._under = None
        self.unsetCursor()
        self._hover.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            self._step(STEPS[key])
        elif key is Qt.Key.Key_L:
            self.show_legend(not self.legend)
        elif key is Qt.Key.Key_Escape and (self.selected or self.selected_unit):
            self.selected, self.selected_unit = "", ""
            self._renew()
        else:
            super().keyPressEvent(event)

    def _choose(self, incident: str) -> None:
        self.select_incident(incident)
        self.incident_picked.emit(incident)

    def _step(self, by: int) -> None:
        """The next incident in the order of urgency, brought into sight."""
        marks = sorted(self._scene.incidents, key=lambda it: it.rank)
        if not marks:
            return
        at = next((index for index, it in enumerate(marks) if it.id == self.selected), -1 if by > 0 else 0)
        mark = marks[(at + by) % len(marks)]
        px, py = self.viewport.to_screen(mark.x, mark.y)
        if not (0 <= px <= self.width() and 0 <= py <= self.height()):
            self.move_to(self.viewport.centred(mark.x, mark.y))
        self._choose(mark.id)
