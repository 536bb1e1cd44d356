"""A PostgreSQL that holds the journal: it keeps what was committed and nothing else, and watches while it does.

``Store`` is the server, ``SimulatedJournal`` the port that one core process has of it. Faults: not reachable, slow, a
connection that breaks in COMMIT with the transaction done or undone, a leader's session that ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec

from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import State
from dispatch_core.ports import (
    Batch,
    CommitUnknown,
    Deposed,
    EntryRejected,
    JournalDown,
    Loaded,
    Outcome,
)
from dispatch_core.settings import HEARTBEAT_EVERY_S, WATCHDOG_S
from scripts.simulation.chance import Chance
from scripts.simulation.history import History
from scripts.simulation.invariants import FOLDED, ONCE_ONLY, ONE_EPOCH
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.network import CrashPoints, Way

T = TypeVar("T")

WAY_S = 0.0015
LOCK_LOOK_S = 0.1
RECENT = 10_000

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decoder = msgspec.msgpack.Decoder(Recorded)


class Store:
    """What the database holds, and who leads."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.epoch = 0
        self.epoch_began = 0.0
        self.leader: SimulatedJournal | None = None
        self.states = [State()]  # after each event, so that every prefix of the journal can be compared with
        self.stories: list[bytes] = []  # the events as they are kept
        self.epochs: list[int] = []  # which core wrote each of them
        self.outcomes: dict[str, Outcome] = {}
        self.snapshot_seq = 0
        self.committed: Callable[[State], None] = lambda state: None  # told of the state after each commit
        self.down = False
        self.slowness = 1.0

    @property
    def state(self) -> State:
        return self.states[-1]

    @property
    def seq(self) -> int:
        return len(self.stories)

    def event(self, seq: int) -> Recorded:
        return _decoder.decode(self.stories[seq - 1])

    def deposes(self, epoch: int) -> bool:
        """Whether a core of this epoch may no longer write."""
        return epoch != self.epoch

    def twice(self, batch: Batch) -> list[str]:
        """Command ids of the batch that are in the journal: their column is unique."""
        return [entry.asked.id for entry in batch.entries if entry.asked.id in self.outcomes]

    def commit(self, batch: Batch) -> None:
        """One transaction. Raises what the journal would."""
        if self.deposes(batch.epoch):
            raise Deposed(batch.epoch, self.epoch)
        twice = self.twice(batch)
        if twice:
            raise EntryRejected(f"command {twice[0]} is in the journal already")
        state = self.state
        if self.epochs and batch.epoch < self.epochs[-1]:
            self.history.breaks(ONE_EPOCH, f"epoch {batch.epoch} writes after {self.epochs[-1]}")
        for entry in batch.entries:
            if entry.asked.id in self.outcomes and entry.outcome.refusal is None:
                self.history.breaks(ONCE_ONLY, f"{type(entry.asked.body).__name__} {entry.asked.id[-6:]}")
            for recorded in entry.events:
                kept = _encode(recorded)
                state = evolve(state, _decoder.decode(kept))  # raises on a gap: the transaction is a bug, not a fault
                self.stories.append(kept)
                self.epochs.append(batch.epoch)
                self.states.append(state)
            self.outcomes[entry.asked.id] = entry.outcome
        if state != batch.after:
            self.history.breaks(FOLDED, f"differs at {state.seq}")
        self._tell(batch)
        self.committed(state)

    def _tell(self, batch: Batch) -> None:
        for entry in batch.entries:
            what = type(entry.asked.body).__name__
            who = f"{entry.asked.actor.kind.value}:{entry.asked.actor.name}"
            if entry.outcome.refusal is not None:
                result = f"refused {entry.outcome.refusal.code}"
            else:
                result = ", ".join(f"{one.seq} {type(one.event).__name__}" for one in entry.events)
            self.history.tell("store", f"epoch {batch.epoch} {who} {what} {entry.asked.id[-6:]} -> {result}")


class SimulatedJournal:
    """``ports.Journal`` of one core process."""

    def __init__(self, store: Store, loop: SimulatedLoop, chance: Chance, points: CrashPoints) -> None:
        self._store = store
        self._loop = loop
        self._chance = chance
        self._way = Way(loop, chance, WAY_S, points)
        self._epoch = 0
        self._heard = 0.0
        self._gone = False
        self.unknown = 0.0  # how likely a COMMIT breaks

    async def open(self) -> Loaded:
        while not await self._ask(self._lock):
            await asyncio.sleep(LOCK_LOOK_S)
        loaded = await self._ask(self._load)
        self._epoch, self._heard = loaded.epoch, self._loop.time()
        return loaded

    def _lock(self) -> bool:
        if self._store.leader is not None or self._gone:
            return False
        self._store.leader = self
        return True

    @property
    def leads(self) -> bool:
        """Whether the server said so not longer ago than the watchdog allows."""
        return self._epoch > 0 and self._loop.time() - self._heard <= WATCHDOG_S

    async def keep_leading(self) -> None:
        """Heartbeats until cancelled. Raises Deposed once another core has led."""
        while True:
            sent = self._loop.time()
            with suppress(JournalDown):
                await self._ask(self._regain)
                self._heard = sent
            await asyncio.sleep(HEARTBEAT_EVERY_S)

    def _regain(self) -> None:
        if self._store.epoch != self._epoch:
            raise Deposed(self._epoch, self._store.epoch)
        if self._store.leader is None and not self._gone:
            self._store.leader = self

    def _load(self) -> Loaded:
        store = self._store
        if store.leader is not self:
            raise JournalDown("the session ended")
        store.epoch += 1
        store.epoch_began = self._loop.time()
        state = store.states[store.snapshot_seq]
        for seq in range(store.snapshot_seq + 1, store.seq + 1):
            state = evolve(state, store.event(seq))
        recent = dict(list(store.outcomes.items())[-RECENT:])
        store.history.tell("store", f"epoch {store.epoch} begins at {store.seq}")
        return Loaded(epoch=store.epoch, state=state, recent=recent)

    async def append(self, batch: Batch) -> None:
        broken = self._chance.happens(self.unknown)
        if broken and self._chance.happens(0.5):
            await self._ask(lambda: None)
            raise CommitUnknown("the connection broke, undone")
        lost = CommitUnknown("the connection broke") if broken else None
        await self._ask(lambda: self._store.commit(batch), lost=lost)

    async def outcomes(self, ids: Sequence[str]) -> Mapping[str, Outcome]:
        known = self._store.outcomes
        return await self._ask(lambda: {ident: known[ident] for ident in ids if ident in known})

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        return await self._ask(lambda: [self._store.event(seq) for seq in range(after + 1, until + 1)])

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        def keep() -> None:
            if self._store.deposes(epoch):
                raise Deposed(epoch, self._store.epoch)
            self._store.snapshot_seq = state.seq

        await self._ask(keep)

    async def newest_snapshot(self) -> int:
        return await self._ask(lambda: self._store.snapshot_seq)

    async def close(self) -> None:
        self.gone()

    def gone(self) -> None:
        """The process is dead, and with it every connection of it."""
        self._gone = True
        self.session_ends()

    def session_ends(self) -> None:
        """The server saw the leader's connection go: the next may lead."""
        if self._store.leader is self:
            self._store.leader = None

    async def _ask(self, what: Callable[[], T], *, lost: BaseException | None = None) -> T:
        def at_the_server() -> T:
            if self._store.down:
                raise JournalDown("the server is not there")
            return what()

        return await self._way.ask(at_the_server, slowness=self._store.slowness, lost=lost)


