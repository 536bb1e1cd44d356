"""The one type family of the console, bundled: it has every Vietnamese letter and figures of one width."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from console_gui.sizes import px

FAMILY = "Inter"
FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf")
FOLDER = Path(__file__).parent / "fonts"

ROW, FORM, CLOCK = 13, 15, 22
"""Pixels of the design for rows, for forms, and for clocks and the caller's number; ``sizes`` makes them larger."""


class FontMissing(RuntimeError):
    pass


def load() -> None:
    """Make the bundled fonts known to Qt. Raises FontMissing where the installation is incomplete."""
    for name in FILES:
        if QFontDatabase.addApplicationFont(str(FOLDER / name)) < 0:
            raise FontMissing(f"the font {FOLDER / name} cannot be loaded; install the console anew")


def font(pixels: int = ROW, *, strong: bool = False) -> QFont:
    made = QFont(FAMILY)
    made.setPixelSize(px(pixels))
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: clocks and columns do not jump
    return made
