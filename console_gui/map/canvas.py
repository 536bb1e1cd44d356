"""A widget whose viewport a person moves: drag, wheel, double click, arrow keys, + and -. What it shows is its heir's.

Guards: a press that moves the map is never also a click; once a person has moved the map, ``moved`` says so and new
data leave it where it is.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console_gui.map.mercator import Viewport, to_world

CITY = (10.7769, 106.7009)
CITY_SCALE = 400_000.0
"""Where a map begins, with all of the inner city in sight, until there is something to fit."""

KEY_STEP_PX = 80.0
ZOOM_STEP = 1.5
WHEEL_STEP = 120.0
"""What Qt calls one notch of a wheel; touchpads send parts of it."""

WHEEL_ZOOM = 1.3
DRAG_PX = 5.0

_ARROWS = {
    Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip
_ZOOMS = {
    Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Equal: ZOOM_STEP,
    Qt.Key.Key_Minus: 1 / ZOOM_STEP, Qt.Key.Key_Underscore: 1 / ZOOM_STEP,
}  # fmt: skip


class Canvas(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = Viewport(*to_world(*CITY), CITY_SCALE, 640, 480)
        self.moved = False
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def sizeHint(self) -> QSize:
        return QSize(960, 640)

    # what an heir answers to

    def changed(self) -> None:
        """The viewport is another."""
        self.update()

    def resized(self) -> None:
        """The room is another; the place in the middle stays."""
        self.changed()

    def clicked(self, px: float, py: float) -> None: ...

    def right_clicked(self, px: float, py: float) -> None: ...

    def pointed(self, px: float, py: float) -> None:
        """The pointer rests there, no button down."""

    def left(self) -> None:
        """The pointer is gone, or busy."""

    def fit(self) -> None: ...

    def hand_moved(self) -> None:
        """A hand brought another place to the middle."""

    # moving

    def move_to(self, viewport: Viewport) -> None:
        """A person, or a program for a person, chose this view."""
        self.moved = True
        if viewport != self.viewport:
            self.viewport = viewport
            self.changed()

    def zoom(self, factor: float, px: float, py: float) -> None:
        self.left()
        self.move_to(self.viewport.zoomed(factor, px, py))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.viewport = self.viewport.sized(event.size().width(), event.size().height())
        self.resized()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False
        elif event.button() is Qt.MouseButton.RightButton:
            self.right_clicked(event.position().x(), event.position().y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self.pointed(at.x(), at.y())
            return
        step = at - self._pressed
        if not self._dragging and step.manhattanLength() < DRAG_PX:
            return
        if not self._dragging:
            self._dragging = True
            self.left()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._pressed = at
        self.move_to(self.viewport.panned(step.x(), step.y()))
        self.hand_moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            return
        pressed, self._pressed = self._pressed, None
        if self._dragging:
            self._dragging = False
            self.unsetCursor()
        else:
            self.clicked(pressed.x(), pressed.y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / WHEEL_STEP
        if notches:
            self.zoom(WHEEL_ZOOM**notches, event.position().x(), event.position().y())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            dx, dy = _ARROWS[key]
            self.left()
            self.move_to(self.viewport.panned(dx * KEY_STEP_PX, dy * KEY_STEP_PX))
            self.hand_moved()
        elif key in _ZOOMS:
            self.zoom(_ZOOMS[key], self.viewport.width / 2, self.viewport.height / 2)
        elif key in (Qt.Key.Key_0, Qt.Key.Key_Home):
            self.fit()
        else:
            super().keyPressEvent(event)

    def leaveEvent(self, _: QEvent) -> None:
        self.left()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()
