"""The port to the history of the trunk: who changed what, when, why, with what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

RUNNING = "running"
"""Begun and not yet proven: who finds this at a start gives back."""

SETTLING = "settling"
"""Proven good at every node: who finds this at a start brings it to its end."""

DONE = "done"
OPEN = (RUNNING, SETTLING)


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """Unified diff of one rendered file at one node, secrets masked."""

    node: str
    file: str
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the history. ``outcome``: one of the above, or as `wire.trunk.JobState`. ``text``: its whole
    site.toml, ``site_diff`` and ``files`` against what was in force; no secret stands in any of them. ``secret``: the
    file of the secret that it replaced."""

    version: int
    at: int
    by: str
    kind: str
    why: str
    outcome: str
    text: str
    vi: str = ""
    en: str = ""
    site_diff: str = ""
    files: tuple[ChangedFile, ...] = ()
    secret: str = ""


class TrunkHistory(Protocol):
    """Every method blocks; DatabaseError where PostgreSQL does not answer."""

    def begin(self, change: Change) -> int:
        """Keep a new one, whatever its ``version`` says; the version that it has. The oldest are dropped beyond so
        many, never the one in force nor one that is open."""

    def mark(self, version: int, outcome: str, vi: str = "", en: str = "") -> bool:
        """What became of an open one; False where it was not open any more: somebody else leads."""

    def listed(self) -> Sequence[Change]:
        """The newest first; texts, diffs and files are empty."""

    def one(self, version: int) -> Change | None: ...

    def in_force(self) -> Change | None:
        """The newest that is done."""

    def unfinished(self) -> Sequence[Change]:
        """Those that are open, the newest first."""

    def knows(self, text: str) -> int:
        """The newest version that is done with exactly this text, 0 = none."""
