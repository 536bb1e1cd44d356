"""How large the texts are, and with them rows, columns and bars: one factor for the whole screen.

Widgets ask for it when they are made; whoever changes it makes the window anew (``Session.make_anew``), which holds no
state of its own. No Qt.
"""

from __future__ import annotations

SIZES = {"small": 0.92, "normal": 1.0, "large": 1.15, "larger": 1.3}
"""Name -> factor. Below 0.92 the marks of Vietnamese letters run together; above 1.3 a board on a screen
of 1366 pixels has no room."""

_factor = [1.0]


def choose(name: str) -> None:
    """What is made from now on has this size; an unknown name is the normal one."""
    _factor[0] = SIZES.get(name, 1.0)


def px(pixels: int) -> int:
    """Pixels of the design as pixels on this screen."""
    return round(pixels * _factor[0])
