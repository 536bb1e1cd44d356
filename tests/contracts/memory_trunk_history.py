"""The history of the trunk in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dispatch_core.ports.trunk_history import DONE, OPEN, Change


class MemoryHistory:
    def __init__(self) -> None:
        self.changes: dict[int, Change] = {}

    def begin(self, change: Change) -> int:
        version = max(self.changes, default=0) + 1
        self.changes[version] = replace(change, version=version)
        return version

    def mark(self, version: int, outcome: str, vi: str = "", en: str = "") -> bool:
        change = self.changes.get(version)
        if change is None or change.outcome not in OPEN:
            return False
        self.changes[version] = replace(change, outcome=outcome, vi=vi, en=en)
        return True

    def listed(self) -> Sequence[Change]:
        return [replace(self.changes[it], text="", site_diff="", files=()) for it in sorted(self.changes, reverse=True)]

    def one(self, version: int) -> Change | None:
        return self.changes.get(version)

    def in_force(self) -> Change | None:
        done = [it for it in self.changes.values() if it.outcome == DONE]
        return max(done, key=lambda it: it.version, default=None)

    def unfinished(self) -> Sequence[Change]:
        found = [it for it in self.changes.values() if it.outcome in OPEN]
        return sorted(found, key=lambda it: -it.version)

    def knows(self, text: str) -> int:
        return max((it.version for it in self.changes.values() if it.text == text and it.outcome == DONE), default=0)
