"""What has asked for a turn of the loop has had it."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QApplication

from console_gui.turns import at_rest

PATIENCE_S = 20.0


def all_turns_taken() -> None:
    """Raises AssertionError where the work does not end."""
    end = time.monotonic() + PATIENCE_S
    while not at_rest():
        assert time.monotonic() < end, "the line of turns does not get shorter"
        QApplication.processEvents()
