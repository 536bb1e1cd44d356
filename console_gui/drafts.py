"""What was typed and not yet sent, kept for each incident, also over a crash of this console. No Qt.

Guards: the file is the person's own (mode 0600) and replaced whole, so that it is never half written; what is sent or
belongs to a closed incident is forgotten, because the words of callers do not lie about on disks.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from console_gui.limits import DRAFT_LENGTH

LINE = "line"
"""The field name of the command line, which belongs to no incident."""


class Drafts:
    """``path`` None keeps them in memory alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._texts: dict[str, dict[str, str]] = _read(path) if path is not None else {}
        self._saved = _encoded(self._texts)

    def get(self, incident: str, field: str) -> str:
        return self._texts.get(incident, {}).get(field, "")

    def put(self, incident: str, field: str, text: str) -> None:
        """Keep a text; an empty one is forgotten."""
        fields = self._texts.setdefault(incident, {})
        if text:
            fields[field] = text[:DRAFT_LENGTH]
        else:
            fields.pop(field, None)
        if not fields:
            del self._texts[incident]

    def forget(self, incident: str) -> None:
        self._texts.pop(incident, None)

    def incidents(self) -> list[str]:
        return [incident for incident in self._texts if incident]

    def save(self) -> None:
        """Write what has changed since the last time. Raises OSError."""
        data = _encoded(self._texts)
        if self._path is None or data == self._saved:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        new.replace(self._path)
        self._saved = data


def _encoded(texts: dict[str, dict[str, str]]) -> bytes:
    return msgspec.json.encode(texts)


def _read(path: Path) -> dict[str, dict[str, str]]:
    """What an earlier run left; a file that cannot be read counts as none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, dict[str, str]])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
