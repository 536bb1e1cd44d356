"""Which mark the pointer meets: the uppermost one drawn under it, else the nearest within a finger's grace. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

GRACE_PX = 5.0


class Kind(Enum):
    STATION = "station"
    UNIT = "unit"
    UNITS = "units"
    INCIDENT = "incident"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Target:
    """What is drawn around (px, py). A group names its ``members``; ``one_place`` is the world point they share."""

    kind: Kind
    id: str
    px: float
    py: float
    half_width: float
    half_height: float
    members: tuple[str, ...] = ()
    one_place: tuple[float, float] | None = None


def pick(targets: Sequence[Target], px: float, py: float) -> Target | None:
    """``targets`` in the order of drawing, the uppermost last."""
    nearest: Target | None = None
    least = GRACE_PX
    for target in reversed(targets):
        out_x = abs(px - target.px) - target.half_width
        out_y = abs(py - target.py) - target.half_height
        out = max(out_x, out_y)
        if out <= 0:
            return target
        if out < least:
            nearest, least = target, out
    return nearest
