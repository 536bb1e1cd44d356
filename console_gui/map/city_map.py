"""The map of a workplace: streets beneath the zones and marks, layers that are switched, and what a hand has in it:
a closure that is drawn, a ruler, the chosen incident's pin, a crosshair for who has no mouse.

Guards: what is drawn or dragged changes nothing by itself, it is only told; a press that moves the map is never also a
point of a draft; without streets the map is what it was, and says what is missing.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from console_gui.map.crosshair import Crosshair
from console_gui.map.draft import Draft
from console_gui.map.drawing import Drawing
from console_gui.map.keys import DRAWN_BY_KEY, LINES_BY_KEY, layer_of
from console_gui.map.layered_map import LayeredMap
from console_gui.map.listing import Listing
from console_gui.map.measuring import Measuring
from console_gui.map.mercator import to_degrees, to_world
from console_gui.map.picking import Kind, pick
from console_gui.map.pinning import Pinning
from console_gui.map.tool import Tool
from dispatch_core.domain.vocabulary import ClosureKind


class CityMap(LayeredMap):
    """``place_dragged``: an incident and where its pin was put; ``drawn``: a finished Draft; ``closure_picked``: its
    id; ``undo_wanted``: the last place shall come back; ``line_wanted``: a key that is
    a line of the command line; ``moved_by_hand``: another place is in the middle."""

    place_dragged = Signal(str, float, float)
    drawn = Signal(object)
    drawing_changed = Signal()
    closure_picked = Signal(str)
    undo_wanted = Signal()
    draw_wanted = Signal(str)  # a ClosureKind, by key
    line_wanted = Signal(str)
    moved_by_hand = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.drawing, self.measuring, self.cross = Drawing(self), Measuring(self), Crosshair(self)
        self.pinning = Pinning(self, self._pin_held, lambda: bool(self.selected) and self.drawing.draft is None)
        self.tools: tuple[Tool, ...] = (self.pinning, self.drawing, self.measuring, self.cross)
        self.listing = Listing(self)
        self.drawing.done.connect(self.drawn)
        self.drawing.changed.connect(self._tool_changed)
        self.drawing.changed.connect(self.drawing_changed)
        self.measuring.changed.connect(self._tool_changed)
        self.pinning.changed.connect(self._pin_changed)
        self.pinning.dropped.connect(self._drop)
        self.pinning.slipped.connect(self._slipped)
        self.cross.toggled.connect(self._renew)
        self.cross.changed.connect(self.update)
        self.cross.picked.connect(self.clicked)
        self.cross.panned.connect(self._pan)
        self.listing.left.connect(lambda: self.setFocus(Qt.FocusReason.OtherFocusReason))
        self._dress()

    @property
    def draft(self) -> Draft | None:
        return self.drawing.draft

    @property
    def notes(self) -> list[tuple[str, bool]]:
        in_hand = [(note, False) for tool in self.tools if (note := tool.note(self._language))]
        return [*in_hand, *super().notes]

    def _dress(self) -> None:
        super()._dress()
        if hasattr(self, "listing"):
            self.listing.dress(self._look)

    def paint_over_marks(self, painter: QPainter) -> None:
        super().paint_over_marks(painter)
        for tool in self.tools:
            tool.paint(painter, self.viewport, self._look, self._language)

    def zone_at(self, lat: float, lon: float) -> str:
        """The name of the zone there, "" where none is exactly known."""
        return self._ground.zone_at(*to_world(lat, lon))

    def aimed(self) -> tuple[float, float]:
        """(lat, lon) under the crosshair, else in the middle."""
        px, py = self.cross.at or (self.width() / 2, self.height() / 2)
        return to_degrees(*self.viewport.from_screen(px, py))

    # --- what a hand has in it ----------------------------------------------------------------------------------------

    def begin_draft(self, kind: ClosureKind, reason: str = "", at: tuple[float, float] | None = None) -> None:
        """``at``: its first point, latitude first."""
        self.measuring.leave()
        self.drawing.begin(kind, reason, to_world(*at) if at is not None else None)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def clicked(self, px: float, py: float) -> None:
        self.listing.hide()
        self._tell_view()
        if any(tool.clicked(px, py) for tool in self.tools):
            return
        self.picture()
        if self.layers["closures"] and (closure := self.laid.closure_at(px, py)):
            self.closure_picked.emit(closure)
            return
        super().clicked(px, py)

    def pointed(self, px: float, py: float) -> None:
        if any(tool.pointed(px, py) for tool in self.tools):
            self.update()
            return
        super().pointed(px, py)

    def left(self) -> None:
        super().left()
        if self.drawing.draft is not None or (self.measuring.ruler is not None and not self.measuring.fixed):
            self.setCursor(Qt.CursorShape.CrossCursor)

    def resized(self) -> None:
        super().resized()
        self.cross.resized(self.width(), self.height())

    def hand_moved(self) -> None:
        self.moved_by_hand.emit()

    def _pan(self, dx: float, dy: float) -> None:
        self.move_to(self.viewport.panned(dx, dy))
        self.hand_moved()

    def _tell_view(self) -> None:
        self.drawing.view = self.measuring.view = self.viewport

    def _tool_changed(self) -> None:
        self.left()
        self._renew()

    # --- the pin ------------------------------------------------------------------------------------------------------

    def _pin_held(self, px: float, py: float) -> bool:
        if self.drawing.draft is not None or not self.selected:
            return False
        target = pick(self.picture().targets, px, py)
        held = target is not None and target.kind is Kind.INCIDENT and target.id == self.selected
        if held:
            super().left()
        return held

    def _pin_changed(self) -> None:
        if self.pinning.at is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def _drop(self, px: float, py: float) -> None:
        self.place_dragged.emit(self.selected, *to_degrees(*self.viewport.from_screen(px, py)))

    def _slipped(self, px: float, py: float) -> None:
        super().clicked(px, py)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at, shift = event.position(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() is Qt.MouseButton.LeftButton and any(
            tool.pressed(at.x(), at.y(), shift) for tool in self.tools
        ):
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if not any(tool.dragged(at.x(), at.y()) for tool in self.tools):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() is Qt.MouseButton.LeftButton and any(
            tool.released(at.x(), at.y()) for tool in self.tools
        ):
            return
        super().mouseReleaseEvent(event)

    # --- keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        plain = not modifiers & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        self._tell_view()
        if key is Qt.Key.Key_Z and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.undo_wanted.emit()
        elif key is Qt.Key.Key_Menu or (key is Qt.Key.Key_F10 and shift):
            px, py = self.cross.at or (self.width() / 2, self.height() / 2)
            self.menu_wanted.emit(px, py)
        elif event.isAutoRepeat() and plain and (key in LINES_BY_KEY or key in DRAWN_BY_KEY):
            event.accept()  # a key that is held down opens one incident, not thirty a second
        elif plain and any(tool.typed(key, shift) for tool in self.tools):
            self.update()
        elif plain and (layer := layer_of(key)):
            self.show_layer(layer, not self.layers[layer])
        elif plain and key in DRAWN_BY_KEY:
            self.draw_wanted.emit(DRAWN_BY_KEY[key].value)
        elif plain and key in LINES_BY_KEY:
            self.line_wanted.emit(LINES_BY_KEY[key])
        elif key is Qt.Key.Key_Escape and self.laid.found is not None:
            self.show_found(None)
        else:
            super().keyPressEvent(event)
