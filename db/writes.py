"""The statements of one batch, each sent once for all of its rows. Built at import so that only values vary."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql

from db.errors import words
from db.event_rows import EventRows
from db.place_store import write_notes
from db.projections import Projected
from db.recording_rows import RecordingRows
from db.tables import (
    assignments,
    calls,
    commands,
    incidents,
    journal,
    journal_personal,
    legs,
    missed,
    recording_holds,
    recordings,
    unit_log,
)
from dispatch_core.ports import EntryRejected


def _upsert(table: Table, keep: tuple[str, ...] = ()) -> Executable:
    made = postgresql.insert(table)
    keys = [column.name for column in table.primary_key]
    own = (*keys, *keep)
    new = {column.name: made.excluded[column.name] for column in table.columns if column.name not in own}
    return made.on_conflict_do_update(index_elements=keys, set_=new)


COMMANDS = insert(commands)
JOURNAL = insert(journal)
PERSONAL = insert(journal_personal)
INCIDENTS = _upsert(incidents)
LEGS = _upsert(legs)
CALLS = _upsert(calls)
ASSIGNED = insert(assignments)
UNIT_LOG = insert(unit_log)
RELEASED = (
    update(assignments)
    .where(assignments.c.unit == bindparam("of_unit"), assignments.c.released_at.is_(None))
    .values(released_at=bindparam("at"), released_by=bindparam("by"))
)

MISSED = _upsert(missed)
RECORDINGS_BEGUN = postgresql.insert(recordings).on_conflict_do_nothing()
RECORDINGS_SUMMED = _upsert(recordings, keep=("began_at",))
RECORDINGS_REMOVED = (
    update(recordings)
    .where(recordings.c.call == bindparam("of_call"), recordings.c.file == bindparam("of_file"))
    .values(state="removed", removed_at=bindparam("at"))
)
HELD = _upsert(recording_holds)
HOLD_RELEASED = delete(recording_holds).where(recording_holds.c.about == bindparam("of"))


def write(connection: Connection, events: EventRows, projected: Projected) -> None:
    """Everything that one batch writes. A unit is released before it is assigned again: the index sees each state."""
    _send(connection, COMMANDS, events.commands)
    _send(connection, JOURNAL, events.journal)
    _send(connection, PERSONAL, events.personal)
    _send(connection, INCIDENTS, projected.incidents)
    _send(connection, LEGS, projected.legs)
    _send(connection, CALLS, projected.calls)
    _send(connection, RELEASED, projected.released)
    _send(connection, ASSIGNED, projected.assigned)
    _send(connection, UNIT_LOG, projected.unit_log)
    _recordings(connection, projected.recordings)
    _send(connection, MISSED, projected.missed)
    write_notes(connection, projected.premises)


def _recordings(connection: Connection, rows: RecordingRows) -> None:
    _send(connection, RECORDINGS_BEGUN, rows.begun)
    _send(connection, RECORDINGS_SUMMED, rows.summed)
    _send(connection, RECORDINGS_REMOVED, rows.removed)
    _send(connection, HOLD_RELEASED, rows.released)
    _send(connection, HELD, rows.held)


def _send(connection: Connection, statement: Executable, rows: list[dict[str, Any]]) -> None:
    """Raises EntryRejected for a value that the driver cannot even send (NUL in a text)."""
    if rows:
        try:
            connection.execute(statement, rows)
        except ValueError as problem:
            raise EntryRejected(words(problem)) from problem
