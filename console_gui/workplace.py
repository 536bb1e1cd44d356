"""The panels of one workplace, in docks that a person may move; the layout is saved the moment it changes."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from console_gui.desk import Desk
from console_gui.limits import LAYOUT_SAVE_S
from console_gui.panel import Dock
from console_gui.preferences import Preferences
from console_gui.sizes import px

LAYOUT_VERSION = 4
"""Raised when the docks of a workplace change, so that an older layout is not forced on them."""

WIDE = 1600
"""A screen of fewer pixels across is narrow: there the middle gives way to the form."""

Area = Qt.DockWidgetArea


class Workplace(QMainWindow):
    """``add`` docks, then ``arrange`` once the window has its size."""

    layout_kept = Signal()

    def __init__(self, desk: Desk, name: str, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._name, self._preferences = desk, name, preferences
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        for corner in (Qt.Corner.TopLeftCorner, Qt.Corner.BottomLeftCorner):
            self.setCorner(corner, Area.LeftDockWidgetArea)
        for corner in (Qt.Corner.TopRightCorner, Qt.Corner.BottomRightCorner):
            self.setCorner(corner, Area.RightDockWidgetArea)
        self.docks: dict[str, Dock] = {}
        self._sizes: list[tuple[str, Qt.Orientation, int]] = []
        self._narrow: dict[str, int] = {}
        self._beside: list[tuple[str, str]] = []
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(int(LAYOUT_SAVE_S * 1000))
        self._save.timeout.connect(self.keep_layout)
        self._arranged = False
        self.centre_name = "panel.map"
        self._preset: QByteArray | None = None

    def add(self, key: str, body: QWidget, area: Area, *, width: int = 0, height: int = 0, narrow: int = 0) -> Dock:
        """``narrow``: its width where the whole workplace is narrower than ``WIDE``."""
        dock = Dock(self._desk.words, key, body, self)
        self.docks[key] = dock
        self.addDockWidget(area, dock)
        if narrow:
            self._narrow[key] = px(narrow)
        if width:
            self._sizes.append((key, Qt.Orientation.Horizontal, px(width)))
        if height:
            self._sizes.append((key, Qt.Orientation.Vertical, px(height)))
        return dock

    def beside(self, first: str, second: str) -> None:
        """Two docks of one area side by side; on a narrow screen as tabs."""
        self._beside.append((first, second))
        self.splitDockWidget(self.docks[first], self.docks[second], Qt.Orientation.Horizontal)

    def tabs(self, first: str, second: str) -> None:
        """Two docks that are tabs on a narrow screen, and stand where they are put on a wide one."""
        self._beside.append((first, second))

    def dock_of(self, widget: QWidget) -> Dock | None:
        """The dock that a widget stands in, None in the middle."""
        return next((dock for dock in self.docks.values() if dock.isAncestorOf(widget)), None)

    def arrange(self) -> None:
        """The person's own layout, else the preset."""
        self._lay_out_preset()
        self._preset = self.saveState(LAYOUT_VERSION)
        kept = self._preferences.layout(self._kept_as())
        if kept is not None:
            self.restoreState(kept, LAYOUT_VERSION)
        for dock in self.docks.values():
            dock.dockLocationChanged.connect(self._changed)
            dock.topLevelChanged.connect(self._changed)
            dock.installEventFilter(self)
        self._arranged = True

    def _lay_out_preset(self) -> None:
        for first, second in self._beside if self.width() < WIDE else ():
            self.tabifyDockWidget(self.docks[first], self.docks[second])
            self.docks[first].raise_()
        for orientation in (Qt.Orientation.Horizontal, Qt.Orientation.Vertical):
            across = orientation is Qt.Orientation.Horizontal and self.width() < WIDE
            chosen = [
                (self.docks[key], self._narrow.get(key, size) if across else size)
                for key, way, size in self._sizes
                if way is orientation
            ]
            docks: list[QDockWidget] = [dock for dock, _ in chosen]
            self.resizeDocks(docks, [size for _, size in chosen], orientation)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._changed()
        return super().eventFilter(watched, event)

    def _changed(self, *_: object) -> None:
        if self._arranged and self.isVisible():
            self._save.start()

    def keep_layout(self, name: str = "") -> None:
        """As the layout of now, or under a name of the person's own."""
        self._save.stop()
        self._preferences.keep_layout(self._kept_as(name), self.saveState(LAYOUT_VERSION))
        self.layout_kept.emit()

    def wear_layout(self, name: str) -> bool:
        """Whether there is one of that name."""
        kept = self._preferences.layout(self._kept_as(name))
        return kept is not None and self.restoreState(kept, LAYOUT_VERSION)

    def layouts(self) -> list[str]:
        return self._preferences.layouts(f"{self._name}/")

    def reset_layout(self) -> None:
        if self._preset is not None:
            self.restoreState(self._preset, LAYOUT_VERSION)
            self._lay_out_preset()

    def _kept_as(self, name: str = "") -> str:
        return f"{self._name}/{name}" if name else self._name
