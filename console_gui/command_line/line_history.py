"""The lines that a person entered, newest last, kept over a restart. No Qt.

Guards: what callers said does not lie about on disks. On disk are only lines of commands that carry no free words,
places or numbers of callers; this session's own memory has them all.
"""

from __future__ import annotations

import os
from pathlib import Path

from console_gui.command_line.parsing import BY_NAME, read
from console_gui.limits import HISTORY_LINES

PLAIN = frozenset({
    "incident", "number", "unit", "status", "type", "service", "position", "disposition", "closure", "reason", "asked",
    "no", "hospital", "alarm", "priority", "level", "crew", "language", "layer", "theme", "spot", "user", "leg",
})  # fmt: skip
"""Kinds of words that say nothing about a caller."""


class LineHistory:
    """``path`` None keeps it in memory alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.lines: list[str] = _read(path) if path is not None else []

    def remember(self, line: str) -> None:
        if not line or self.lines[-1:] == [line]:
            return
        self.lines = [*self.lines[-HISTORY_LINES + 1 :], line]
        if self._path is not None and is_plain(line):
            self._write(self._path)

    def earlier(self, begun: str, back: int) -> str | None:
        """The line ``back`` steps ago among those that begin so, each once; None beyond the oldest."""
        fits = dict.fromkeys(line for line in reversed(self.lines) if line.startswith(begun) and line != begun)
        return list(fits)[back - 1] if 1 <= back <= len(fits) else None

    def _write(self, path: Path) -> None:
        """A history that cannot be written is no reason to disturb anybody."""
        new = path.with_suffix(".new")
        kept = "".join(f"{line}\n" for line in self.lines if is_plain(line))
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(kept.encode("utf-8", "replace"))
            new.replace(path)
        except OSError:
            pass


def is_plain(line: str) -> bool:
    """Whether the line can say nothing about a caller."""
    parts = read(line)
    verb = BY_NAME.get(parts.verb)
    if verb is None or "\n" in line or (parts.rest and not verb.arguments):
        return False
    return set(verb.arguments) <= PLAIN


def _read(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [line for line in text.splitlines()[-HISTORY_LINES:] if is_plain(line)]
