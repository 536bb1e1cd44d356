"""Hands on a keyboard and a mouse: presses sent as a person's would come, for drills and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from console_gui.map.mercator import to_world

if TYPE_CHECKING:
    from console_gui.map.city_map import CityMap


def type_into(field: QLineEdit, text: str) -> None:
    """Key by key, over what stood there; the field has the focus as it would have for a person."""
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    press(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(field, Qt.Key.Key_Delete)
    write(field, text)


def write(field: QWidget, text: str) -> None:
    """Key by key, to what stands there."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def press(field: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, key, modifiers))


def click_map(city: CityMap, lat: float, lon: float) -> None:
    """The left button at this place, which must be in sight."""
    at = _at(city, lat, lon)
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        _mouse(city, kind, at)


def drag_map(city: CityMap, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at one (lat, lon), move, and let go at another."""
    begin, there = _at(city, *start), _at(city, *end)
    _mouse(city, QEvent.Type.MouseButtonPress, begin)
    for share in (0.3, 0.7, 1.0):
        _mouse(city, QEvent.Type.MouseMove, begin + (there - begin) * share)
    _mouse(city, QEvent.Type.MouseButtonRelease, there)


def _mouse(city: CityMap, kind: QEvent.Type, at: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind is QEvent.Type.MouseMove else left
    held = none if kind is QEvent.Type.MouseButtonRelease else left
    place, globally = QPointF(at), city.mapToGlobal(QPointF(at))
    event = QMouseEvent(kind, place, globally, button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(city, event)


def _at(city: CityMap, lat: float, lon: float) -> QPoint:
    px, py = city.viewport.to_screen(*to_world(lat, lon))
    return QPoint(round(px), round(py))
