"""What a command is called where nobody typed it: a key or a button gave it. No Qt."""

from __future__ import annotations

import re

from console_gui.translations.formats import short
from console_gui.translations.tables import WORDS, say
from dispatch_core.domain.commands import Command
from dispatch_core.domain.state import State


def called(state: State, body: Command, language: str) -> str:
    """``điều đơn vị A12 #42``."""
    name = type(body).__name__
    key = f"command.{name}"
    what = say(language, key) if key in WORDS else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    units = getattr(body, "units", None) or getattr(body, "unit", "")
    incident = getattr(body, "incident", "")
    call = state.calls.get(getattr(body, "call", ""))
    parts = [what]
    if units:
        parts.append(units if isinstance(units, str) else " ".join(str(it) for it in units))
    if incident or (call is not None and call.incident):
        parts.append(short(incident or (call.incident if call is not None else "")))
    return " ".join(parts)
