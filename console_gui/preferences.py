"""What a person likes and where their panels stand, kept under XDG's config folder, written when it changes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

ORGANISATION, PROGRAM = "dispatch", "console"


def _safe(user: str) -> str:
    """A name that can be part of a key or of a file name."""
    return re.sub(r"[^\w.-]", "_", user)[:64] or "_"


class Preferences:
    """``user`` "" is before anybody has signed in: the last language and theme of this machine."""

    def __init__(self, user: str = "", settings: QSettings | None = None) -> None:
        self._user = _safe(user) if user else ""
        self._settings = settings or QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, PROGRAM
        )

    def of(self, user: str) -> Preferences:
        return Preferences(user, self._settings)

    def get(self, name: str, default: str) -> str:
        """The person's own choice, else the machine's last one."""
        for key in (f"{self._user}/{name}" if self._user else "", f"last/{name}"):
            value = self._settings.value(key) if key else None
            if isinstance(value, str):
                return value
        return default

    def put(self, name: str, value: str) -> None:
        if self._user:
            self._settings.setValue(f"{self._user}/{name}", value)
        self._settings.setValue(f"last/{name}", value)
        self._settings.sync()

    def own(self, name: str) -> str:
        """What this person alone keeps, "" where nothing is kept."""
        value = self._settings.value(f"{self._user}/{name}")
        return value if isinstance(value, str) else ""

    def keep(self, name: str, value: str) -> None:
        self._settings.setValue(f"{self._user}/{name}", value)
        self._settings.sync()

    def layout(self, name: str) -> QByteArray | None:
        value = self._settings.value(f"{self._user}/layout/{name}")
        return value if isinstance(value, QByteArray) else None

    def layouts(self, begun: str) -> list[str]:
        """The names of kept layouts, without ``begun``."""
        first = f"{self._user}/layout/{begun}"
        return sorted(key.removeprefix(first) for key in self._settings.allKeys() if key.startswith(first))

    def keep_layout(self, name: str, value: QByteArray) -> None:
        self._settings.setValue(f"{self._user}/layout/{name}", value)
        self._settings.sync()


def maps_folder() -> Path:
    """Where the streets that the core gave are kept; they can be fetched again."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(cache) / "dispatch-console" / "maps"


def state_folder() -> Path:
    """Where what must outlive this program is kept."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "dispatch-console"


def drafts_file(user: str) -> Path:
    """Where a person's unsent words are kept."""
    return state_folder() / f"drafts-{_safe(user)}.json"


def waiting_file(user: str) -> Path:
    """Where a person's commands without a reply are kept."""
    return state_folder() / f"waiting-{_safe(user)}.bin"


def history_file(user: str) -> Path:
    """Where the lines that a person entered are kept."""
    return drafts_file(user).with_name(f"history-{_safe(user)}.txt")


def paper_folder(user: str) -> Path:
    """Where the board prints itself to."""
    return state_folder() / f"paper-{_safe(user)}"
