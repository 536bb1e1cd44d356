"""Hands on a keyboard and a mouse: presses sent as a person's would come, for drills and tests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from console_gui.map.city_map import CityMap
from console_gui.map.mercator import to_world


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
    QTest.mouseClick(city, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, _at(city, lat, lon))


def drag_map(city: CityMap, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Press at one (lat, lon), move, and let go at another."""
    begin, there = _at(city, *start), _at(city, *end)
    QTest.mousePress(city, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, begin)
    for share in (0.3, 0.7, 1.0):
        between = begin + (there - begin) * share
        move = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(between), city.mapToGlobal(QPointF(between)), Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(city, move)
    QTest.mouseRelease(city, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, there)


def _at(city: CityMap, lat: float, lon: float) -> QPoint:
    px, py = city.viewport.to_screen(*to_world(lat, lon))
    return QPoint(round(px), round(py))
