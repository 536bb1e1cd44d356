"""Following something that moves: the map stays while it is well in sight, and brings it to the middle when it leaves
there. Without Qt."""

from __future__ import annotations

from console_gui.map.mercator import Viewport

INNER = 0.3
"""The share of the map at each side that what is followed does not come into."""


def followed(view: Viewport, x: float, y: float) -> Viewport:
    """The view from which the world point (x, y) is well in sight."""
    px, py = view.to_screen(x, y)
    inside = INNER * view.width <= px <= (1 - INNER) * view.width
    level = INNER * view.height <= py <= (1 - INNER) * view.height
    return view if inside and level else view.centred(x, y)
