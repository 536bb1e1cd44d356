"""What was: the changes of the trunk as they are shown, and the one to go back to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from dispatch_core.main.trunk.planning import shown_files
from dispatch_core.main.trunk.threads import Threads
from dispatch_core.ports.trunk_history import OPEN, Change, TrunkHistory
from dispatch_core.ports.trunk_keeper import TrunkRefused
from dispatch_core.wire.trunk import ChangeShown


class Past:
    """``in_force``: its version and text now; ``running``: the version of the job that runs, 0 = none."""

    def __init__(
        self, history: TrunkHistory, threads: Threads, in_force: Callable[[], tuple[int, str]],
        running: Callable[[], int],
    ) -> None:  # fmt: skip
        self._history, self._threads, self._in_force, self._running = history, threads, in_force, running

    async def listed(self) -> Sequence[ChangeShown]:
        changes: Sequence[Change] = await self._threads.run(self._history.listed)
        return [self._shown(it) for it in changes]

    async def whole(self, version: int) -> ChangeShown:
        found = await self.one(version)
        return msgspec.structs.replace(
            self._shown(found), site_diff=found.site_diff, files=shown_files(found.files), text=found.text
        )

    async def one(self, version: int) -> Change:
        """Raises TrunkRefused where there is none."""
        found: Change | None = await self._threads.run(self._history.one, version)
        if found is None:
            raise _no_version(version)
        return found

    async def to_return_to(self, version: int) -> Change:
        """The change of this version, of 0 the one that was in force before; one that has a text."""
        version = version or await self._threads.run(self._before)
        found = await self.one(version)
        if not found.text:
            raise _no_version(version)
        return found

    def _before(self) -> int:
        """The version with another text that was in force before this one, 0 = none."""
        version, text = self._in_force()
        for change in self._history.listed():
            if change.version < version and change.outcome == "done":
                whole = self._history.one(change.version)
                if whole is not None and whole.text != text:
                    return change.version
        return 0

    def _shown(self, it: Change) -> ChangeShown:
        runs = bool(it.version) and self._running() == it.version
        outcome = it.outcome if it.outcome not in OPEN else "running" if runs else "broken"
        return ChangeShown(
            version=it.version, at=it.at, by=it.by, kind=it.kind, why=it.why, outcome=outcome, reason_vi=it.vi,
            reason_en=it.en, in_force=it.version == self._in_force()[0],
        )  # fmt: skip


def _no_version(version: int) -> TrunkRefused:
    return TrunkRefused(
        "unknown_version", f"Không có bản {version} trong lịch sử.", f"There is no version {version} in the history.",
        missing=True,
    )  # fmt: skip
