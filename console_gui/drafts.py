"""What was typed and not yet sent, kept for each incident, also over a crash of this console. No Qt.

Guards: every change is in the file when ``put`` returns, so that a program killed at the next key has lost nothing; the
file is the person's own (mode 0600) and replaced whole, so that it is never half written; what is sent or belongs to an
incident that is gone is forgotten, because the words of callers do not lie about on disks.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from console_gui.limits import DRAFT_LENGTH
from dispatch_core.domain.vocabulary import Instant

LINE = "line"
"""The field name of the command line, which belongs to no incident."""

ANSWER = "answer:"
"""Begins the field name of an answer by text; the conversation's id ends it."""

NOTE = "note"
"""The field of the narrative: a closed incident still takes a note."""


class Draft(Struct, frozen=True):
    """``seen``: the version of the value that stood there when the typing began; ``at``: of the newest key press."""

    text: str
    seen: str = ""
    at: Instant = 0


Kept = dict[str, dict[str, Draft]]


class Drafts:
    """``path`` None keeps them in memory alone. ``changed`` are called when an incident gets its first or loses its
    last."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._kept: Kept = _read(path) if path is not None else {}
        self._restored = {(incident, field) for incident, fields in self._kept.items() for field in fields}
        self._saved = _encoded(self._kept)
        self.changed: list[Callable[[], None]] = []

    def deaf(self, tell: Callable[[], None], *_: object) -> None:
        """Who listened is gone."""
        if tell in self.changed:
            self.changed.remove(tell)

    def get(self, incident: str, field: str) -> str:
        draft = self.draft(incident, field)
        return draft.text if draft is not None else ""

    def draft(self, incident: str, field: str) -> Draft | None:
        return self._kept.get(incident, {}).get(field)

    def restored(self, incident: str, field: str) -> Draft | None:
        """What an earlier run of the program left there and nobody has touched since."""
        return self.draft(incident, field) if (incident, field) in self._restored else None

    def unsent(self, incident: str) -> str:
        """Everything that was typed about an incident and not sent, the newest first."""
        return " · ".join(it.text.strip() for it in self.fields(incident).values() if it.text.strip())

    def put(self, incident: str, field: str, text: str, *, seen: str = "", at: Instant = 0) -> None:
        """Keep a text; an empty one is forgotten."""
        self._restored.discard((incident, field))
        fields = self._kept.setdefault(incident, {})
        had = bool(fields)
        if text:
            fields[field] = Draft(text[:DRAFT_LENGTH], seen, at)
        else:
            fields.pop(field, None)
        has = bool(fields)
        if not fields:
            del self._kept[incident]
        self._changed(had != has)

    def forget(self, incident: str, *, but: str = "") -> None:
        """All of them, but for one field."""
        fields = self._kept.get(incident, {})
        gone = [field for field in fields if field != but]
        for field in gone:
            del fields[field]
        if incident in self._kept and not fields:
            del self._kept[incident]
        if gone:
            self._changed(told=True)

    def incidents(self) -> list[str]:
        """Those with anything unsent, the newest first."""
        return sorted(filter(None, self._kept), key=lambda it: -max(one.at for one in self._kept[it].values()))

    def fields(self, incident: str) -> dict[str, Draft]:
        """Field -> draft, the newest first."""
        return dict(sorted(self._kept.get(incident, {}).items(), key=lambda it: -it[1].at))

    def save(self) -> None:
        """Write what has changed since the last time. Raises OSError."""
        data = _encoded(self._kept)
        if self._path is None or data == self._saved:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = self._path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        new.replace(self._path)
        self._saved = data

    def _changed(self, told: bool) -> None:
        with contextlib.suppress(OSError):  # the window saves again a moment later, and says that it could not
            self.save()
        if told:
            for tell in self.changed:
                tell()


def _encoded(kept: Kept) -> bytes:
    return msgspec.json.encode(kept)


def _read(path: Path) -> Kept:
    """What an earlier run left; a file that cannot be read counts as none, and is set aside: the next key press would
    write over it."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError):
        with contextlib.suppress(OSError):
            path.replace(path.with_suffix(".unreadable"))
        return {}
    except OSError:
        return {}
