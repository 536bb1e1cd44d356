"""The map's layers as a menu: each with its key, ticked while it is shown; remembered for each person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from console_gui.desk import Desk
from console_gui.map.city_map import CityMap
from console_gui.map.keys import key_of_layer
from console_gui.preferences import Preferences
from console_gui.typefaces import ROW, font
from dispatch_core.domain.vocabulary import ClosureKind

KEPT = "map_layers_off"


class Layers(QPushButton):
    draw_wanted = Signal(str)  # a ClosureKind

    def __init__(self, desk: Desk, city: CityMap, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._map = desk, city
        self.setFont(font(ROW))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        menu = QMenu(self)
        self._actions: dict[str, QAction] = {}
        for layer in city.layers:
            action = self._actions[layer] = menu.addAction("")
            action.setCheckable(True)
            action.toggled.connect(lambda shown, layer=layer: self._toggled(layer, shown))
        menu.addSeparator()
        self._draws = {kind: menu.addAction("") for kind in ClosureKind}
        for kind, action in self._draws.items():
            action.triggered.connect(lambda _=False, kind=kind: self.draw_wanted.emit(kind.value))
        self.setMenu(menu)
        city.layers_changed.connect(self.refresh)
        desk.words.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        words = self._desk.words
        self.setText(words("map.layers"))
        for layer, action in self._actions.items():
            action.setText(f"{words(f'map.layer.{layer}')}\t{key_of_layer(layer)}")
            action.setChecked(self._map.layers[layer])
        for kind, key in ((ClosureKind.CLOSED, "D"), (ClosureKind.FLOODED, "F")):
            self._draws[kind].setText(f"{words(f'map.draw_{kind.value}')}\t{key}")

    def _toggled(self, layer: str, shown: bool) -> None:
        if self._map.layers[layer] != shown:
            self._map.show_layer(layer, shown)

    def remember(self, preferences: Preferences) -> None:
        """The layers as this person had them, and as they switch them from now on."""
        off = preferences.get(KEPT, "").split()
        for layer in self._map.layers:
            self._map.show_layer(layer, layer not in off)
        self._map.layers_changed.connect(lambda: self._keep(preferences))

    def _keep(self, preferences: Preferences) -> None:
        preferences.put(KEPT, " ".join(layer for layer, shown in self._map.layers.items() if not shown))
