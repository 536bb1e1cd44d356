"""Panels on another monitor: a dock floats there, the map in a window of its own; what stood there last stands there
again after a sign-in, and comes home when the monitor is gone.

The keys of the main window work there too: Qt gives a tool window the shortcuts of the window that it belongs to.
"""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QScreen
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from console_gui.preferences import Preferences
from console_gui.workplace import LAYOUT_VERSION, Workplace

MAP = "map"


class MapWindow(QMainWindow):
    """The map alone, on its own monitor. Closing it brings the map home."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closed.emit()
        event.ignore()


class Monitors(QObject):
    """Moves the panels of one workplace. ``out`` names those that stand elsewhere."""

    changed = Signal()

    def __init__(self, workplace: Workplace, centre: QWidget, name: str, preferences: Preferences) -> None:
        super().__init__(workplace)
        self._workplace, self._centre, self._preferences = workplace, centre, preferences
        self._key = f"monitors/{name}"
        self.window: MapWindow | None = None
        self._stands_in: QWidget | None = None
        self._before, self._stood = QByteArray(), self._standing()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenRemoved.connect(self._screen_gone)

    @property
    def out(self) -> list[str]:
        docks = [name for name, dock in self._docks() if dock.isFloating() and not dock.isHidden()]
        return [*([MAP] if self.window is not None else []), *docks]

    def has(self, name: str) -> bool:
        return name == MAP or f"panel.{name}" in self._workplace.docks

    def restore(self) -> None:
        """As it was when the person was last here; docks come back with their layout."""
        if self._preferences.own(self._key) == MAP and self.other_screen() is not None:
            self.send(MAP)

    def toggle(self, name: str) -> bool:
        """Out, or back where it is out already. Whether it is out now."""
        if name in self.out:
            self.bring(name)
            return False
        self.send(name)
        return True

    def send(self, name: str) -> None:
        screen = self.other_screen()
        place = screen.availableGeometry() if screen is not None else self._aside()
        if name == MAP:
            self._send_map(place, fill=screen is not None)
            return
        dock = self._workplace.docks[f"panel.{name}"]
        dock.show()
        dock.setFloating(True)
        width, height = max(dock.width(), place.width() // 3), max(dock.height(), place.height() // 2)
        at = 40 * (len(self.out) - 1)
        dock.setGeometry(QRect(place.left() + 20 + at, place.top() + 40 + at, width, height))
        dock.raise_()
        self.changed.emit()

    def bring(self, name: str) -> None:
        if name == MAP:
            self._bring_map()
        else:
            self._workplace.docks[f"panel.{name}"].setFloating(False)
        self.changed.emit()

    def bring_all(self) -> list[str]:
        names = self.out
        for name in names:
            self.bring(name)
        return names

    def other_screen(self) -> QScreen | None:
        """A monitor that the main window is not on."""
        here = self._workplace.window().screen()
        return next((screen for screen in QGuiApplication.screens() if screen is not here), None)

    def close(self) -> None:
        """The window ends; where the map stood is remembered."""
        if self.window is not None:
            self.window.hide()

    def _docks(self) -> list[tuple[str, QDockWidget]]:
        return [(key.removeprefix("panel."), dock) for key, dock in self._workplace.docks.items()]

    def _aside(self) -> QRect:
        """With one monitor only: beside the middle of the main window."""
        whole = self._workplace.window().geometry()
        return QRect(whole.left() + whole.width() // 4, whole.top() + 60, whole.width() // 2, whole.height() * 2 // 3)

    def _send_map(self, place: QRect, *, fill: bool) -> None:
        if self.window is not None:
            return
        self._before, self._stood = self._workplace.saveState(LAYOUT_VERSION), self._standing()
        stands_in = QWidget()
        stands_in.setMaximumHeight(0)  # what stands below takes the room, as wide as the map was
        self._workplace.takeCentralWidget()
        self._workplace.setCentralWidget(stands_in)
        self._stands_in = stands_in
        window = self.window = MapWindow(self._workplace.window())
        window.setWindowTitle(self._workplace.window().windowTitle())
        window.setCentralWidget(self._centre)
        window.setGeometry(place)
        window.closed.connect(self._closed)
        self._centre.show()
        window.showMaximized() if fill else window.show()
        self._preferences.keep(self._key, MAP if fill else "")
        self.changed.emit()

    def _bring_map(self) -> None:
        window, self.window = self.window, None
        if window is None:
            return
        window.takeCentralWidget()
        self._workplace.takeCentralWidget()
        self._workplace.setCentralWidget(self._centre)
        self._centre.show()
        self._give_room_back()
        window.hide()
        window.deleteLater()
        if self._stands_in is not None:
            self._stands_in.deleteLater()
            self._stands_in = None
        self._preferences.keep(self._key, "")

    def _give_room_back(self) -> None:
        """The panels took what the map left; without this the map comes home to a slit. What was moved meanwhile
        stays where it is."""
        if self._standing() == self._stood:
            self._workplace.restoreState(self._before, LAYOUT_VERSION)

    def _standing(self) -> list[tuple[str, bool, bool]]:
        return [(name, dock.isFloating(), dock.isHidden()) for name, dock in self._docks()]

    def _closed(self) -> None:
        self.bring(MAP)

    def _screen_gone(self, screen: QScreen) -> None:
        """What stood there must not be out of reach."""
        if len(QGuiApplication.screens()) <= 1:
            self.bring_all()
