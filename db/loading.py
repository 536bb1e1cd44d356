"""From rows back to the live state: the newest snapshot that this program can read, and the journal's tail.

A snapshot is only a short cut. One of another ``EVOLVE_VERSION``, one that cannot be decoded or one that is ahead of
the journal is passed over, and the tail grows; without any, the state is the fold of the whole journal.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Connection, Select, func, select

from db.chain import START, Tip
from db.errors import JournalUnreadable
from db.event_rows import read_outcome, read_recorded
from db.tables import commands, journal, journal_personal, snapshots
from dispatch_core.domain.canonical import decode_state
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.ports import Outcome

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 2_000

EVENTS: Select[tuple[object, ...]] = (
    select(
        journal.c.seq, journal.c.at, journal.c.actor, journal.c.command_id, journal.c.type, journal.c.version,
        journal.c.payload, journal_personal.c.fields,
    )
    .select_from(journal.outerjoin(journal_personal, journal.c.seq == journal_personal.c.seq))
    .order_by(journal.c.seq)
)  # fmt: skip


def tip(connection: Connection) -> Tip:
    """Where the journal ends."""
    row = connection.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
    return START if row is None else Tip(row.seq, bytes(row.hash))


def story(connection: Connection, after: int, until: int) -> Iterator[Recorded]:
    """The events ``after < seq <= until`` in order, read in pieces. Raises JournalUnreadable."""
    rows = connection.execute(
        EVENTS.where(journal.c.seq > after, journal.c.seq <= until), execution_options={"yield_per": ROWS_AT_ONCE}
    )
    for row in rows:
        try:
            yield read_recorded(row)
        except (msgspec.MsgspecError, KeyError) as problem:
            raise JournalUnreadable(row.seq, str(problem)) from problem


def live_state(connection: Connection) -> State:
    """The state after the last event. Raises JournalUnreadable."""
    state, end = start_of(connection)
    return folded(connection, state, end)


def start_of(connection: Connection) -> tuple[State, int]:
    """The newest state that was kept, and the last event."""
    end = tip(connection).seq
    return _newest_state(connection, end), end


def folded(connection: Connection, state: State, until: int) -> State:
    """``state`` with what happened after it, up to the event ``until``. Raises JournalUnreadable."""
    for recorded in story(connection, state.seq, until):
        if recorded.seq != state.seq + 1:
            raise JournalUnreadable(state.seq + 1, "it is missing")
        state = evolve(state, recorded)
    if state.seq != until:
        raise JournalUnreadable(state.seq + 1, "it is missing")
    return state


def newest_snapshot(connection: Connection) -> int:
    """Its event; 0 = there is none that this program can read."""
    kept = select(func.max(snapshots.c.seq)).where(
        snapshots.c.evolve_version == EVOLVE_VERSION,
        snapshots.c.seq <= select(func.max(journal.c.seq)).scalar_subquery(),
    )
    return connection.execute(kept).scalar() or 0


def _newest_state(connection: Connection, end: int) -> State:
    rows = connection.execute(
        select(snapshots.c.seq, snapshots.c.state)
        .where(snapshots.c.evolve_version == EVOLVE_VERSION, snapshots.c.seq <= end)
        .order_by(snapshots.c.seq.desc())
    )
    for row in rows:
        try:
            state = decode_state(bytes(row.state))
        except msgspec.DecodeError as problem:
            log.warning("snapshot %d cannot be read and is passed over: %s", row.seq, problem)
            continue
        if state.seq == row.seq:
            return state
        log.warning("snapshot %d says that it is %d and is passed over", row.seq, state.seq)
    return State()


def recent_outcomes(connection: Connection, count: int) -> dict[str, Outcome]:
    """The outcomes of the newest ``count`` commands, oldest first."""
    newest = (
        select(commands.c.number, commands.c.command_id, commands.c.seq, commands.c.refusal, commands.c.refusal_details)
        .order_by(commands.c.number.desc())
        .limit(count)
    )
    rows = connection.execute(newest).all()
    return {row.command_id: read_outcome(row) for row in reversed(rows)}


def outcomes_of(connection: Connection, ids: Sequence[str]) -> dict[str, Outcome]:
    """The outcomes of those of ``ids`` that are committed."""
    rows = connection.execute(
        select(commands.c.command_id, commands.c.seq, commands.c.refusal, commands.c.refusal_details).where(
            commands.c.command_id == func.any(list(ids))
        )
    )
    return {row.command_id: read_outcome(row) for row in rows}
