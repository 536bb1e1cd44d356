"""The map's colours by day and by night, out of the console's theme: grey is normal, colour is meaning.

The three known services have the hues that colour-blind eyes tell apart, others the site's own; a hue is made lighter
or darker until it stands out 3:1 from the ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtGui import QColor

from console_gui import theme
from console_gui.theme import Theme, contrast, readable
from dispatch_core.domain.vocabulary import Service

KNOWN_HUES = {"police": "#0072B2", "fire": "#D55E00", "ambulance": "#009E73"}
CONTRAST = 3.0
"""What WCAG 2 asks of a mark that is no text."""

NAME_MOST = 3
INK, PAPER = QColor("#12161c"), QColor("#ffffff")


@dataclass(frozen=True, slots=True)
class Look:
    ground: QColor
    plate: QColor  # behind words
    edge: QColor  # of plates and quiet marks
    zone: QColor
    border: QColor  # of zones, where streets lie beneath
    zone_name: QColor
    text: QColor
    quiet: QColor
    attention: QColor
    late: QColor
    on_late: QColor
    circle: QColor
    way: QColor  # a route, and what is reached
    closed: QColor
    flooded: QColor

    def over_streets(self) -> Look:
        """Where streets lie beneath the outlines of zones."""
        return replace(self, zone=self.border)


def _look(worn: Theme, edge: str, zone: str, border: str, circle: str, way: str, closed: str, flooded: str) -> Look:
    named = (worn.ground, worn.surface, edge, zone, border, worn.dim, worn.text, worn.dim, worn.attention, worn.late)
    return Look(*(QColor(colour) for colour in (*named, worn.on_late, circle, way, closed, flooded)))


NIGHT = _look(theme.NIGHT, "#4a5666", "#323d4a", "#7d6a9c", "#56B4E9", "#b7c7ff", "#ff8a5c", "#56c4e9")
DAY = _look(theme.DAY, "#98a1ad", "#ccd2da", "#8f78b3", "#0072B2", "#3346b8", "#b3400f", "#006a94")


def service_colour(code: str, services: Mapping[str, Service], look: Look) -> QColor:
    told = services[code].hue if code in services else ""
    return readable(KNOWN_HUES.get(code, told), look.ground.name(), CONTRAST)


def service_glyph(code: str, services: Mapping[str, Service]) -> str:
    service = services.get(code)
    return (service.glyph if service is not None and service.glyph else code.upper())[:NAME_MOST]


def text_on(colour: QColor) -> QColor:
    """White or near black, whichever reads better."""
    return PAPER if contrast(PAPER, colour) >= contrast(INK, colour) else INK
