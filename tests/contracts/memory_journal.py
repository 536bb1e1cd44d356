"""A journal in memory with the promises of ``ports.Journal``, and faults that a test can order.

It keeps what a database keeps: events as stored fields (they are read back, never handed through), one outcome a
command, one live assignment a unit, the newest three snapshots as bytes. Several journals on one ``MemoryStore`` are
several cores on one database.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

import msgspec

from dispatch_core.domain.canonical import decode_state, encode_state
from dispatch_core.domain.events import Recorded, UnitAssigned, UnitReleased
from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import State
from dispatch_core.domain.upcast import Fields, from_fields, to_fields
from dispatch_core.ports import Batch, CommitUnknown, Deposed, EntryRejected, JournalDown, Loaded, Outcome
from dispatch_core.settings import OUTCOMES_REMEMBERED, STORE_SNAPSHOTS_KEPT


class Fault(Enum):
    """What happens to the next append."""

    DOWN = "down"  # nothing is written, and the core knows it
    COMMIT_LOST = "commit lost"  # nothing is written, and the core does not know
    COMMIT_CUT = "commit cut"  # everything is written, and the core does not know


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as stored."""

    seq: int
    at: int
    by: str
    command: str
    kind: str
    version: int
    public: Fields
    personal: Fields

    def read(self) -> Recorded:
        event = from_fields(self.kind, self.version, self.public, self.personal)
        return Recorded(seq=self.seq, at=self.at, by=self.by, command=self.command, event=event)


@dataclass(slots=True)
class MemoryStore:
    """What survives a core. ``faults`` are used up one by one, by the appends of any journal; ``down`` lasts."""

    epoch: int = 0
    events: list[Kept] = field(default_factory=list)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    live: dict[str, int] = field(default_factory=dict)
    snapshots: dict[int, bytes] = field(default_factory=dict)
    faults: deque[Fault] = field(default_factory=deque)
    down: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class MemoryJournal:
    """One core's way to the store. ``pause`` is awaited inside every call, so that a simulation can put time there."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._leads = False

    async def pause(self) -> None:
        await asyncio.sleep(0)

    async def open(self) -> Loaded:
        await self._reach()
        await self._store.lock.acquire()
        self._leads = True
        self._store.epoch += 1
        state = State()
        if self._store.snapshots:
            state = decode_state(self._store.snapshots[max(self._store.snapshots)])
        state = fold(state, [kept.read() for kept in self._store.events[state.seq :]])
        recent = dict(list(self._store.outcomes.items())[-OUTCOMES_REMEMBERED:])
        return Loaded(epoch=self._store.epoch, state=state, recent=recent)

    async def append(self, batch: Batch) -> None:
        await self._reach()
        self._check_epoch(batch.epoch)
        fault = self._store.faults.popleft() if self._store.faults else None
        if fault is Fault.DOWN:
            raise JournalDown("down, as ordered")
        write = self._prepared(batch)
        if fault is not Fault.COMMIT_LOST:
            self._store.events.extend(write.events)
            self._store.outcomes.update(write.outcomes)
            self._store.live = write.live
        if fault is not None:
            raise CommitUnknown("the connection broke in COMMIT, as ordered")

    async def outcomes(self, ids: Sequence[str]) -> Mapping[str, Outcome]:
        await self._reach()
        return {ident: self._store.outcomes[ident] for ident in ids if ident in self._store.outcomes}

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        await self._reach()
        return [kept.read() for kept in self._store.events[max(0, after) : max(0, until)]]

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        await self._reach()
        self._check_epoch(epoch)
        if state.seq > len(self._store.events):
            raise ValueError(f"a snapshot of {state.seq}, but the journal ends at {len(self._store.events)}")
        self._store.snapshots[state.seq] = encode_state(state)
        for seq in sorted(self._store.snapshots)[:-STORE_SNAPSHOTS_KEPT]:
            del self._store.snapshots[seq]

    async def newest_snapshot(self) -> int:
        await self._reach()
        return max(self._store.snapshots, default=0)

    async def close(self) -> None:
        self.crash()

    def crash(self) -> None:
        """The core is gone; whatever it was doing, the lock is free."""
        if self._leads:
            self._leads = False
            self._store.lock.release()

    # --- within -------------------------------------------------------------------------------------------------------

    async def _reach(self) -> None:
        await self.pause()
        if self._store.down:
            raise JournalDown("down, as ordered")

    def _check_epoch(self, mine: int) -> None:
        if mine != self._store.epoch:
            raise Deposed(mine, self._store.epoch)

    def _prepared(self, batch: Batch) -> _Write:
        write = _Write([], {}, dict(self._store.live))
        seq = len(self._store.events)
        for entry in batch.entries:
            ident = entry.asked.id
            if ident in self._store.outcomes or ident in write.outcomes:
                raise EntryRejected(f"command {ident} is there already")
            write.outcomes[ident] = entry.outcome
            for recorded in entry.events:
                if recorded.seq != seq + 1:
                    raise EntryRejected(f"event {recorded.seq} does not follow {seq}")
                seq = recorded.seq
                write.events.append(_kept(recorded))
                write.assign(recorded)
        if batch.after.seq != seq:
            raise ValueError(f"the state after the batch is at {batch.after.seq}, its last event is {seq}")
        return write


@dataclass(slots=True)
class _Write:
    """A transaction in the making."""

    events: list[Kept]
    outcomes: dict[str, Outcome]
    live: dict[str, int]

    def assign(self, recorded: Recorded) -> None:
        event = recorded.event
        if isinstance(event, UnitAssigned):
            if event.unit in self.live:
                raise EntryRejected(f"unit {event.unit} has a live assignment")
            self.live[event.unit] = recorded.seq
        elif isinstance(event, UnitReleased):
            self.live.pop(event.unit, None)


def _kept(recorded: Recorded) -> Kept:
    """As JSON would hold it. Raises EntryRejected where it does not read back as the same event."""
    event = recorded.event
    try:
        public, personal = msgspec.json.decode(msgspec.json.encode(to_fields(event)))
    except UnicodeError as problem:
        raise EntryRejected(str(problem)) from problem
    kept = Kept(
        recorded.seq, recorded.at, recorded.by, recorded.command, type(event).__name__, type(event).VERSION, public,
        personal,
    )  # fmt: skip
    try:
        same = kept.read() == recorded
    except msgspec.ValidationError:
        same = False
    if not same:
        raise EntryRejected(f"a value in {kept.kind} {kept.seq} cannot be kept: it does not read back as it is")
    return kept
