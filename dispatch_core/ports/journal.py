"""The truth: where events are kept, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from dispatch_core.domain.commands import Asked
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


class Deposed(DispatchError):
    """Another core took over: nothing of this one may be written any more; the process ends."""

    def __init__(self, mine: int, now: int) -> None:
        super().__init__(
            "deposed",
            f"Nhiệm kỳ {mine} đã bị thay bằng {now}; tiến trình này dừng.",
            f"Epoch {mine} was replaced by {now}; this process stops.",
        )


class JournalDown(DispatchError):
    """The batch was certainly not committed; try again when the database answers."""

    def __init__(self, why: str) -> None:
        super().__init__("journal_down", f"Cơ sở dữ liệu không ghi được: {why}", f"The database cannot write: {why}")


class CommitUnknown(DispatchError):
    """The connection broke in COMMIT: look the command ids up (``Journal.outcomes``) before anything else."""

    def __init__(self, why: str) -> None:
        super().__init__("commit_unknown", f"Không rõ đã ghi hay chưa: {why}", f"Commit outcome unknown: {why}")


class EntryRejected(DispatchError):
    """The database refused the batch itself (a constraint): the commands are decided again one by one."""

    def __init__(self, why: str) -> None:
        super().__init__("entry_rejected", f"Cơ sở dữ liệu từ chối: {why}", f"The database refused it: {why}")


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of a command: the last sequence number of its events (0 = refused or nothing), or the refusal."""

    seq: int
    refusal: Refusal | None = None


class Entry(Struct, frozen=True, kw_only=True):
    """One command of a batch with its outcome and events. Refusals are entries too: they are the audit."""

    asked: Asked
    at: Instant
    outcome: Outcome
    events: tuple[Recorded, ...]


class Batch(Struct, frozen=True, kw_only=True):
    """What one transaction writes: the entries in order, and the state after all of them (for the queryable rows)."""

    epoch: int
    entries: tuple[Entry, ...]
    after: State


class Loaded(Struct, frozen=True, kw_only=True):
    """What a new leader starts from. ``recent`` are the outcomes of the newest commands, by id, oldest first."""

    epoch: int
    state: State
    recent: dict[str, Outcome]


class Journal(Protocol):
    """The truth: ordered events, and in the same transaction the rows that people query."""

    async def open(self) -> Loaded:
        """Become the leader (waits for the lock; epoch + 1) and load the live state: snapshot and tail."""
        ...

    async def append(self, batch: Batch) -> None:
        """Commit or raise Deposed, JournalDown, CommitUnknown or EntryRejected."""
        ...

    async def outcomes(self, ids: Sequence[str]) -> Mapping[str, Outcome]:
        """Which of these commands are committed. Raises JournalDown."""
        ...

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        """The events ``after < seq <= until`` in order. Raises JournalDown."""
        ...

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        """Store a state to start from. Raises Deposed or JournalDown."""
        ...

    async def newest_snapshot(self) -> int:
        """The event after which the newest state that this program can start from was kept; 0 = there is none, also
        where an erasure took it. Raises JournalDown."""
        ...

    async def close(self) -> None: ...
