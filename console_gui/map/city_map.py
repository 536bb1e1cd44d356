"""The map of a workplace: streets beneath the zones and marks; closures, a way and a reachable area as layers; a draft
that a person draws; the chosen incident's pin, which may be dragged to where it really is.

Guards: what is drawn or dragged changes nothing by itself, it is only told; a press that moves the map is never also a
point of a draft; without streets the map is what it was, and says what is missing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from console_gui import typefaces
from console_gui.map.draft import Draft
from console_gui.map.furniture import BAR_MOST_PX, EDGE_PX, Box
from console_gui.map.holes import paint_holes, paint_hydrants
from console_gui.map.look import NIGHT, Look
from console_gui.map.mercator import to_degrees, to_world
from console_gui.map.overlays import (
    Badge,
    paint_closures,
    paint_draft,
    paint_pin,
    paint_reachable,
    paint_reachable_words,
    paint_route,
    paint_route_words,
)
from console_gui.map.picking import Kind, pick
from console_gui.map.picture import Picture
from console_gui.map.sizes import LABEL_PX
from console_gui.map.streets.layer import Streets
from console_gui.map.view import MapView
from console_gui.map.words import said
from dispatch_core.domain.vocabulary import Closure, ClosureKind
from dispatch_core.wire.ways import ReachableShown, RouteShown

LAYERS = ("streets", "zones", "closures", "route", "reach", "holes")
LAYER_KEYS = {Qt.Key.Key_S: "streets", Qt.Key.Key_Z: "zones", Qt.Key.Key_C: "closures", Qt.Key.Key_R: "route",
              Qt.Key.Key_T: "reach", Qt.Key.Key_H: "holes"}  # fmt: skip
PIN_PX = 10.0
"""A pin that is moved by less stays where it is: a slip of the hand."""

CREDIT = "© OpenStreetMap"
CREDIT_PX, CREDIT_HIGH_PX = 10, 14.0
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CityMap(MapView):
    """``place_dragged``: an incident and where its pin was put; ``drawn``: a finished Draft; ``closure_picked``: its
    id; ``layers_changed`` after a key; ``undo_wanted``: the last place shall come back."""

    place_dragged = Signal(str, float, float)
    drawn = Signal(object)
    drawing_changed = Signal()
    closure_picked = Signal(str)
    layers_changed = Signal()
    undo_wanted = Signal()
    draw_wanted = Signal(str)  # a ClosureKind, by key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.streets = Streets(self)
        self.streets.changed.connect(self.update)
        self.layers = dict.fromkeys(LAYERS, True)
        self.hint: tuple[str, bool] | None = None
        """What is to be said of the streets; the flag marks what went wrong."""
        self.draft: Draft | None = None
        self.chosen_closure = ""
        self._closures: tuple[Closure, ...] = ()
        self._badges: list[Badge] = []
        self._holes: dict[str, frozenset[str]] = {}
        self._hydrants: tuple[tuple[float, float], ...] = ()
        self._route: RouteShown | None = None
        self._reach: ReachableShown | None = None
        self._pin: tuple[float, float] | None = None
        self._pin_from = (0.0, 0.0)
        self._pointer: tuple[float, float] | None = None
        self._bordered = self._look.over_streets()

    def zone_at(self, lat: float, lon: float) -> str:
        """The name of the zone there, "" where none is exactly known."""
        return self._ground.zone_at(*to_world(lat, lon))

    # --- what to show -------------------------------------------------------------------------------------------------

    def show_layer(self, layer: str, shown: bool) -> None:
        self.layers[layer] = shown
        if layer == "streets":
            self.streets.show(shown)
        self._renew()
        self.layers_changed.emit()

    def show_closures(self, closures: Sequence[Closure]) -> None:
        self._closures = tuple(closures)
        self.update()

    def show_holes(self, holes: dict[str, frozenset[str]]) -> None:
        """By service, the codes of its zones that nobody reaches in time."""
        if holes != self._holes:
            self._holes = holes
            self.update()

    def show_hydrants(self, places: tuple[tuple[float, float], ...]) -> None:
        if places != self._hydrants:
            self._hydrants = places
            self.update()

    def choose_closure(self, ident: str) -> None:
        self.chosen_closure = ident
        self.update()

    def show_route(self, route: RouteShown | None) -> None:
        self._route = route
        self.update()

    def show_reach(self, reach: ReachableShown | None) -> None:
        self._reach = reach
        self.update()

    @property
    def closures(self) -> tuple[Closure, ...]:
        return self._closures

    @property
    def route(self) -> RouteShown | None:
        return self._route

    @property
    def reach(self) -> ReachableShown | None:
        return self._reach

    def show_hint(self, hint: tuple[str, bool] | None) -> None:
        if hint != self.hint:
            self.hint = hint
            self._renew()

    @property
    def notes(self) -> list[tuple[str, bool]]:
        told = [self.hint] if self.hint is not None and self.layers["streets"] else []
        if self.draft is not None:
            told.insert(0, (self._draft_words(self.draft), False))
        return [*told, *super().notes]

    def _draft_words(self, draft: Draft) -> str:
        shape = said("draft.area" if draft.area else "draft.line", self._language)
        kind = said(f"closure.{draft.kind.value}", self._language)
        return said("draft.keys", self._language, kind=kind, shape=shape, points=len(draft.points))

    # --- drawing by hand ----------------------------------------------------------------------------------------------

    def begin_draft(self, kind: ClosureKind, reason: str = "") -> None:
        self._set_draft(Draft(kind, reason))
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_draft(self, draft: Draft | None) -> None:
        self.draft = draft
        if draft is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self._renew()
        self.drawing_changed.emit()

    def clicked(self, px: float, py: float) -> None:
        if self.draft is not None:
            self._set_draft(self.draft.clicked(self.viewport, px, py))
            return
        badge = self._badge_at(px, py)
        if badge is not None:
            self.closure_picked.emit(badge.closure)
            return
        super().clicked(px, py)

    def _badge_at(self, px: float, py: float) -> Badge | None:
        if not self.layers["closures"]:
            return None
        return next(
            (it for it in reversed(self._badges)
             if abs(px - it.px) <= it.width / 2 and abs(py - it.py) <= it.height / 2), None,
        )  # fmt: skip

    def pointed(self, px: float, py: float) -> None:
        if self.draft is not None:
            self._pointer = (px, py)
            self.update()
            return
        super().pointed(px, py)

    def left(self) -> None:
        self._pointer = None
        super().left()
        if self.draft is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)

    # --- the pin ------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if event.button() is Qt.MouseButton.LeftButton and self.draft is None and self.selected:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._drop(at.x(), at.y())
                return
            target = pick(self.picture().targets, at.x(), at.y())
            if target is not None and target.kind is Kind.INCIDENT and target.id == self.selected:
                super().left()
                self._pin = self._pin_from = (at.x(), at.y())
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pin is None:
            super().mouseMoveEvent(event)
            return
        self._pin = (event.position().x(), event.position().y())
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pin is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        pin, self._pin = self._pin, None
        self.unsetCursor()
        self.update()
        if math.dist(pin, self._pin_from) >= PIN_PX:
            self._drop(*pin)
        else:
            super().clicked(*pin)

    def _drop(self, px: float, py: float) -> None:
        self.place_dragged.emit(self.selected, *to_degrees(*self.viewport.from_screen(px, py)))

    # --- keys ---------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if self._pin is not None and key is Qt.Key.Key_Escape:
            self._pin = None
            self.unsetCursor()
            self.update()
        elif self.draft is not None and self._draft_key(self.draft, key):
            return
        elif key is Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.undo_wanted.emit()
        elif plain and key in LAYER_KEYS:
            layer = LAYER_KEYS[key]
            self.show_layer(layer, not self.layers[layer])
        elif plain and key in (Qt.Key.Key_D, Qt.Key.Key_F):
            self.draw_wanted.emit((ClosureKind.CLOSED if key is Qt.Key.Key_D else ClosureKind.FLOODED).value)
        else:
            super().keyPressEvent(event)

    def _draft_key(self, draft: Draft, key: Qt.Key) -> bool:
        if key in ENTER:
            if draft.done:
                self._set_draft(None)
                self.drawn.emit(draft)
        elif key is Qt.Key.Key_Escape:
            self._set_draft(None)
        elif key is Qt.Key.Key_Backspace:
            self._set_draft(draft.back())
        elif key is Qt.Key.Key_A:
            self._set_draft(draft.turned())
        else:
            return False
        return True

    # --- painting -----------------------------------------------------------------------------------------------------

    def ground_look(self) -> Look:
        """Streets are grey lines too: beneath them the borders of zones have a hue of their own."""
        return self._bordered if self.streets.drawn else self._look

    def set_look(self, dark: bool) -> None:
        super().set_look(dark)
        self._bordered = self._look.over_streets()

    def _zones_of(self) -> frozenset[str] | None:
        return self._services if self.layers["zones"] else frozenset()

    def paint_backdrop(self, painter: QPainter, ratio: float) -> None:
        if not self.streets.drawn:
            super().paint_backdrop(painter, ratio)
        else:
            self.streets.paint_ground(painter, self.viewport, ratio, self._look is NIGHT)

    def paint_under_marks(self, painter: QPainter, picture: Picture) -> None:
        view, look = self.viewport, self._look
        if self._holes and self.layers["holes"]:
            hue = self._made_sprites().hue
            paint_holes(painter, view, self._ground.by_service(), self._holes, self._services, hue)
        if self._reach is not None and self.layers["reach"]:
            paint_reachable(painter, self._reach, view, look)
        if self._route is not None and self.layers["route"]:
            paint_route(painter, self._route, view, look)
        if self.streets.drawn:
            self.streets.avoid(*_standing(picture))
            self.streets.paint_names(painter, view)
        if self._reach is not None and self.layers["reach"]:
            paint_reachable_words(painter, self._reach, view, look, self._language, self._of(self._reach.of))
        if self._route is not None and self.layers["route"]:
            paint_route_words(painter, self._route, view, look, self._language)
        self._badges = []
        if self.layers["closures"]:
            self._badges = paint_closures(painter, self._closures, view, look, self._language, self.chosen_closure)

    def _of(self, of: str) -> str:
        """A unit's call sign as it is, a service by its name."""
        service = self._state.site.services.get(of)
        return of if service is None else service.en if self._language == "en" else service.vi

    def paint_over_marks(self, painter: QPainter) -> None:
        paint_hydrants(painter, self.viewport, self._hydrants, self._look)
        if self.draft is not None:
            paint_draft(painter, self.draft, self._pointer, self.viewport, self._look)
        if self._pin is not None:
            paint_pin(painter, self._pin_from, self._pin, self._look)
        if self.streets.drawn:
            self._credit(painter)

    def more_corners(self) -> list[Box]:
        """Whose data it is, small beside the scale."""
        wide = QFontMetricsF(typefaces.font(CREDIT_PX)).horizontalAdvance(CREDIT)
        left = EDGE_PX + BAR_MOST_PX + 22
        return [(left, self.height() - EDGE_PX - CREDIT_HIGH_PX, wide, CREDIT_HIGH_PX)] if self.streets.drawn else []

    def _credit(self, painter: QPainter) -> None:
        left, top, _, high = self.more_corners()[0]
        painter.setFont(typefaces.font(CREDIT_PX))
        painter.setPen(self._look.quiet)
        painter.drawText(QPointF(left, top + high - 3), CREDIT)


def _standing(picture: Picture) -> tuple[frozenset[str], tuple[Box, ...]]:
    """What stands on the map by its name, and the boxes of it with its words."""
    names = frozenset([it.text for it in picture.names] + [f"{it.kind.value} {it.id}" for it in picture.targets])
    boxes = [(it.x, it.y, it.width, LABEL_PX) for it in (*picture.names, *picture.labels)]
    boxes += [
        (it.px - it.half_width, it.py - it.half_height, 2 * it.half_width, 2 * it.half_height) for it in picture.targets
    ]
    return names, tuple(boxes)
