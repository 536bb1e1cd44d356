"""The journal in PostgreSQL: ``ports.Journal``.

Invariants guarded here:
- events, commands and the rows that people query are one transaction; the epoch is checked inside it, with a lock
  that a new leader must wait for, so no write of a deposed core is ever accepted;
- each event follows the one before it, in number and in hash;
- a broken call says exactly whether it may be committed, and "not there" is final once ``outcomes`` has said so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sqlalchemy import Connection, delete, lateral, select, text, true
from sqlalchemy.dialects.postgresql import insert

from db import schema
from db.chain import START, Tip
from db.engine import engine
from db.event_rows import rows_of
from db.leadership import Leadership, Standing
from db.line import Line
from db.loading import folded, live_state, newest_snapshot, outcomes_of, recent_outcomes, start_of, story
from db.projections import project
from db.tables import journal, leadership, snapshots
from db.waiting import Stopped
from db.writes import write
from dispatch_core.domain.canonical import encode_state
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.ports import Batch, Clock, CommitUnknown, Deposed, Ids, JournalDown, Loaded, Outcome
from dispatch_core.settings import (
    JOURNAL_DEADLINE_S,
    LOAD_DEADLINE_S,
    LOCK_SESSION_IDLE_MS,
    OUTCOMES_REMEMBERED,
    STORE_SNAPSHOTS_KEPT,
)

log = logging.getLogger(__name__)

_last = lateral(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1))
EPOCH_AND_TIP = (
    select(leadership.c.epoch, _last.c.seq, _last.c.hash)
    .select_from(leadership.outerjoin(_last, true()))
    .with_for_update(read=True, of=leadership)
)
FOLDED_AT_ONCE = 20_000
"""Events of one piece of a start: some seconds, far below the deadline of a piece."""

OLD_TRANSACTION_GONE = text("SELECT epoch FROM leadership FOR UPDATE")
"""Conflicts with the lock of every write transaction: once it is had, none of ours is still on its way."""


def _nothing(*_: object) -> None:
    """Nobody listens."""


class PostgresJournal:
    """``on_lost`` hears that another core leads, for good: end. ``on_doubt`` hears that no heartbeat was answered, so
    that another one may: neither publish nor act until ``on_regained``. All are called on the loop that awaited
    ``open``; ``leads`` says the same at any moment."""

    def __init__(
        self,
        dsn: str,
        clock: Clock,
        ids: Ids,
        *,
        on_lost: Callable[[DispatchError], None] = _nothing,
        on_doubt: Callable[[DispatchError], None] = _nothing,
        on_regained: Callable[[], None] = _nothing,
        deadline: float = JOURNAL_DEADLINE_S,
    ) -> None:
        self._dsn = dsn
        self._clock = clock
        self._ids = ids
        self._told = {Standing.UNSURE: on_doubt, Standing.DEPOSED: on_lost, Standing.LEADING: lambda _: on_regained()}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._leadership: Leadership | None = None
        self._taking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal-lock")
        self._writer = Line(
            engine(dsn, "dispatch journal", idle_in_transaction_ms=LOCK_SESSION_IDLE_MS), "journal-writer", deadline
        )
        long_ms = int(LOAD_DEADLINE_S * 1000)
        self._reader = Line(engine(dsn, "dispatch story", statement_timeout_ms=long_ms), "journal-reader", deadline)
        self._committed: State | None = None
        self._unsettled = False

    @property
    def leads(self) -> bool:
        """Whether this core may publish and act now. False at once after a pause, before anything was told."""
        return self._leadership is not None and self._leadership.standing is Standing.LEADING

    async def open(self) -> Loaded:
        """See ``ports``. Also raises SchemaError and JournalUnreadable, on which trying again is no use."""
        self._loop = asyncio.get_running_loop()
        await self._reader.read(schema.require)
        self._leadership = Leadership(self._dsn, self._clock, self._hear)
        try:
            epoch = await self._loop.run_in_executor(self._taking, self._leadership.take)
            state = await self._load()
            recent = await self._reader.read(partial(recent_outcomes, count=OUTCOMES_REMEMBERED), LOAD_DEADLINE_S)
        except Stopped:
            raise JournalDown("the journal was closed while it waited to lead") from None
        except BaseException:
            await asyncio.shield(self._stop_leading())
            raise
        self._committed = state
        return Loaded(epoch=epoch, state=state, recent=recent)

    async def append(self, batch: Batch) -> None:
        try:
            await self._writer.write(partial(self._append, batch))
        except CommitUnknown:
            self._unsettled = True
            raise
        self._committed = batch.after

    async def outcomes(self, ids: Sequence[str]) -> Mapping[str, Outcome]:
        def look(connection: Connection) -> dict[str, Outcome]:
            if self._unsettled:
                connection.execute(OLD_TRANSACTION_GONE)
            return outcomes_of(connection, ids)

        found = await self._writer.read(look)
        self._unsettled = False
        return found

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        return await self._reader.read(lambda connection: list(story(connection, after, until)), LOAD_DEADLINE_S)

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        row = {"seq": state.seq, "evolve_version": EVOLVE_VERSION, "at": self._clock.now()}
        try:
            await self._reader.write(lambda connection: _keep(connection, epoch, state, row))
        except CommitUnknown as problem:
            raise JournalDown(problem.en) from problem  # kept or not, keeping it again does no harm

    async def newest_snapshot(self) -> int:
        return await self._reader.read(newest_snapshot)

    async def close(self) -> None:
        await self._stop_leading()
        await self._writer.close()
        await self._reader.close()
        self._taking.shutdown(wait=False)

    # --- within -------------------------------------------------------------------------------------------------------

    async def _load(self) -> State:
        """Piece by piece, each with a deadline of its own: without a snapshot a long journal takes long, and a start
        that is cut for that is cut at each try. Nobody else can write meanwhile."""
        state, end = await self._reader.read(start_of, LOAD_DEADLINE_S)
        while state.seq < end:
            until = min(end, state.seq + FOLDED_AT_ONCE)
            state = await self._reader.read(partial(folded, state=state, until=until), LOAD_DEADLINE_S)
            log.info("read up to event %d of %d", until, end)
        return state

    def _append(self, batch: Batch, connection: Connection) -> None:
        tip = _hold_epoch(connection, batch.epoch)
        events = rows_of(batch, tip, self._ids)
        told = [recorded for entry in batch.entries for recorded in entry.events]

        def before() -> State:
            known = self._committed
            return known if known is not None and known.seq == tip.seq else live_state(connection)

        write(connection, events, project(told, batch.after, before))

    def _hear(self, standing: Standing, why: DispatchError | None) -> None:
        """In the leadership's thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told[standing], why)

    async def _stop_leading(self) -> None:
        if self._leadership is not None:
            await asyncio.to_thread(self._leadership.stop)


def _hold_epoch(connection: Connection, mine: int) -> Tip:
    """Where the journal ends, with the epoch held until the transaction ends. Raises Deposed."""
    row = connection.execute(EPOCH_AND_TIP.where(leadership.c.epoch == mine)).first()
    if row is None:
        now = connection.execute(select(leadership.c.epoch)).scalar()
        raise Deposed(mine, now or 0)
    return START if row.seq is None else Tip(row.seq, bytes(row.hash))


def _keep(connection: Connection, epoch: int, state: State, row: dict[str, int]) -> None:
    encoded = encode_state(state)
    tip = _hold_epoch(connection, epoch)
    if state.seq > tip.seq:
        raise ValueError(f"a snapshot of {state.seq}, but the journal ends at {tip.seq}")
    made = insert(snapshots).values(**row, state=encoded)
    keys = list(snapshots.primary_key)
    connection.execute(made.on_conflict_do_update(index_elements=keys, set_={"at": row["at"], "state": encoded}))
    newest = select(snapshots.c.seq).order_by(snapshots.c.seq.desc()).limit(STORE_SNAPSHOTS_KEPT)
    connection.execute(delete(snapshots).where(snapshots.c.seq.not_in(newest)))
