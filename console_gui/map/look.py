"""The map's colours by day and by night: grey is normal, colour is meaning.

Service hues are the site's own, given as ``#rrggbb`` or as degrees; the three known services have those that
colour-blind eyes tell apart. A hue is brightened at night and darkened by day until it stands out 3:1 from the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from dispatch_core.domain.vocabulary import Service

KNOWN_HUES = {"police": "#0072B2", "fire": "#D55E00", "ambulance": "#009E73"}
CONTRAST = 3.0
NAME_MOST = 3


@dataclass(frozen=True, slots=True)
class Look:
    dark: bool
    ground: QColor
    plate: QColor  # behind words
    edge: QColor  # of plates and quiet marks
    zone: QColor
    zone_name: QColor
    text: QColor
    quiet: QColor
    attention: QColor
    on_attention: QColor
    late: QColor
    on_late: QColor
    circle: QColor
    focus: QColor


def _look(dark: bool, *colours: str) -> Look:
    return Look(dark, *(QColor(colour) for colour in colours))


NIGHT = _look(
    True, "#12161c", "#1a2028", "#4a5666", "#313c49", "#7f8b9a", "#e6eaef", "#a3adba",
    "#F0E442", "#12161c", "#c8281e", "#ffffff", "#56B4E9", "#e6eaef",
)  # fmt: skip
DAY = _look(
    False, "#f5f6f8", "#ffffff", "#9aa3af", "#ccd2da", "#6b7480", "#1a2028", "#4c5561",
    "#B58900", "#12161c", "#b3261e", "#ffffff", "#0072B2", "#1a2028",
)  # fmt: skip


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return (
        0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
    )


def contrast(one: QColor, other: QColor) -> float:
    """As WCAG 2 counts it: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def service_colour(code: str, services: Mapping[str, Service], look: Look) -> QColor:
    service = services.get(code)
    told = str(service.hue) if service is not None else ""
    if code in KNOWN_HUES:
        colour = QColor(KNOWN_HUES[code])
    elif told.isdigit():
        colour = QColor.fromHsl(int(told) % 360, 150, 110)
    else:
        colour = QColor(told) if told.startswith("#") else QColor("#808080")
    if not colour.isValid():
        colour = QColor("#808080")
    for _ in range(12):
        if contrast(colour, look.ground) >= CONTRAST:
            break
        colour = colour.lighter(112) if look.dark else colour.darker(112)
    return colour


def service_glyph(code: str, services: Mapping[str, Service]) -> str:
    service = services.get(code)
    return (service.glyph if service is not None and service.glyph else code.upper())[:NAME_MOST]


def text_on(colour: QColor) -> QColor:
    """White or near black, whichever reads better."""
    dark, light = QColor("#0d1014"), QColor("#ffffff")
    return light if contrast(light, colour) >= contrast(dark, colour) else dark
