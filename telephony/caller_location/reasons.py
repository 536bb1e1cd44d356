"""Why there is no place: a code that is kept with the call and has a sentence on the screen.

empty, too_long, syntax, shape, number, by_reference, dtd, too_deep, too_many, no_body, no_fix, version.
"""

from __future__ import annotations

import math


class NoLocation(ValueError):
    """There is no place in it; the text is the code."""


def number(text: str) -> float:
    """A finite number. NoLocation("number")."""
    try:
        value = float(text)
    except ValueError:
        raise NoLocation("number") from None
    if not math.isfinite(value):
        raise NoLocation("number")
    return value


def metres(text: str) -> float:
    """A length on this planet."""
    value = number(text)
    if not 0.0 <= value <= 20_000_000.0:
        raise NoLocation("number")
    return value


def percent(text: str) -> int:
    """0 to 100; 0 where it is not said or makes no sense."""
    try:
        value = float(text)
    except ValueError:
        return 0
    return round(value) if 0.0 <= value <= 100.0 else 0
