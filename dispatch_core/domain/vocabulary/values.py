"""Moments, numbers and names that every word of the trade uses."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import force_setattr

Instant = int

SIMULATED = "sim-"
"""How the name of every simulated switch begins, and what is told of its start: nobody may take it for a real one."""


def as_floats(value: Struct, *names: str) -> None:
    """Make these fields floats, and -0.0 plain zero: equal values then have equal bytes, and so equal checksums."""
    for name in names:
        number = getattr(value, name)
        if number is not None and (type(number) is not float or not number):
            force_setattr(value, name, float(number) + 0.0)
