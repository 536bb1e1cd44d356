"""The map's own keys while it has the keyboard: each a line of the command line. The layers, the menu beside the map,
the sheet behind F1 and the manuals show them from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt

from dispatch_core.domain.vocabulary import ClosureKind

LAYERS = ("streets", "zones", "units", "incidents", "stations", "hospitals", "closures", "route", "reach", "holes")

K = Qt.Key


@dataclass(frozen=True, slots=True)
class MapKey:
    """``shown`` as screens write it; ``line`` is what it types, ``layer`` the layer that it switches."""

    key: Qt.Key
    shown: str
    line: str
    layer: str = ""


MAP_KEYS: tuple[MapKey, ...] = (
    MapKey(K.Key_S, "S", "lop duong", "streets"),
    MapKey(K.Key_Z, "Z", "lop dia ban", "zones"),
    MapKey(K.Key_U, "U", "lop don vi", "units"),
    MapKey(K.Key_I, "I", "lop vu viec", "incidents"),
    MapKey(K.Key_K, "K", "lop tram", "stations"),
    MapKey(K.Key_Y, "Y", "lop benh vien", "hospitals"),
    MapKey(K.Key_C, "C", "lop cam", "closures"),
    MapKey(K.Key_R, "R", "lop lo trinh", "route"),
    MapKey(K.Key_T, "T", "lop tam", "reach"),
    MapKey(K.Key_H, "H", "lop ho", "holes"),
    MapKey(K.Key_L, "L", "chugiai"),
    MapKey(K.Key_D, "D", "chan"),
    MapKey(K.Key_F, "F", "ngap"),
    MapKey(K.Key_M, "M", "do"),
    MapKey(K.Key_B, "B", "bam"),
    MapKey(K.Key_G, "G", "tim "),
    MapKey(K.Key_X, "X", "ngam"),
    MapKey(K.Key_N, "N", "mo"),
    MapKey(K.Key_P, "P", "ghim"),
    MapKey(K.Key_W, "W", "oday"),
    MapKey(K.Key_Menu, "Menu", "oday"),
    MapKey(K.Key_0, "0", "map"),
)

DRAWN_BY_KEY = {K.Key_D: ClosureKind.CLOSED, K.Key_F: ClosureKind.FLOODED}
LINES_BY_KEY = {
    it.key: it.line for it in MAP_KEYS if it.key in (K.Key_M, K.Key_B, K.Key_G, K.Key_N, K.Key_P, K.Key_W)
}
"""Those that the map itself does not carry out."""

_LAYERS = {it.key: it.layer for it in MAP_KEYS if it.layer}


def layer_of(key: Qt.Key) -> str:
    return _LAYERS.get(key, "")


def key_of_layer(layer: str) -> str:
    return next(it.shown for it in MAP_KEYS if it.layer == layer)


def map_key_of(names: Sequence[str]) -> str:
    """The map's key that types this command, "" for none; the layers' keys stand at the layers."""
    return next((it.shown for it in MAP_KEYS if not it.layer and it.line.strip() in names), "")
