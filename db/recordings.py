"""What the store knows of recordings: by call, incident or number, past their time, on hold. Read from the rows that
the journal's own transactions write; only sweeps that somebody asks for beside the core are written here.

Every method blocks, and raises DatabaseError where PostgreSQL does not answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Select, and_, func, insert, or_, select, update

from db.engine import engine, questions
from db.tables import calls, incidents, recording_holds, recording_sweeps, recordings
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import KeptRecording, NumberCall

REMOVED = "removed"
_silences = msgspec.json.Decoder(tuple[tuple[int, int], ...])


@dataclass(frozen=True, slots=True)
class Sweep:
    """``done_at`` 0 until the core has done it."""

    asked_at: Instant
    done_at: Instant
    removed: int
    refused: int


_held = (
    select(func.max(recording_holds.c.about))
    .where(
        or_(
            recording_holds.c.about == recordings.c.call,
            and_(calls.c.incident != "", recording_holds.c.about == calls.c.incident),
        )
    )
    .correlate(recordings, calls)
    .scalar_subquery()
)
_KEPT = select(
    recordings, calls.c.incident, calls.c.ended_at, _held.label("held")
).select_from(recordings.outerjoin(calls, calls.c.id == recordings.c.call))
_ORDER = (recordings.c.began_at, recordings.c.call, recordings.c.file)


class RecordingStore:
    """See ``ports.RecordingIndex``."""

    def __init__(self, dsn: str) -> None:
        self._engine = engine(dsn, "dispatch recordings")

    def of_call(self, call: str) -> Sequence[KeptRecording]:
        return self._kept(_KEPT.where(recordings.c.call == call).order_by(*_ORDER))

    def of_incident(self, incident: str) -> Sequence[KeptRecording]:
        return self._kept(_KEPT.where(calls.c.incident == incident).order_by(*_ORDER))

    def of_number(self, number: str, since: Instant = 0) -> Sequence[KeptRecording]:
        wanted = _KEPT.where(calls.c.number == number, calls.c.arrived_at >= since)
        return self._kept(wanted.order_by(*_ORDER))

    def past(self, ended_before: Instant, limit: int) -> Sequence[KeptRecording]:
        """A recording whose call is not known (any more) counts from its own beginning."""
        over = func.coalesce(calls.c.ended_at, recordings.c.began_at)
        wanted = _KEPT.where(over < ended_before, recordings.c.state != REMOVED, recordings.c.file != "")
        return self._kept(wanted.where(_held.is_(None)).order_by(*_ORDER).limit(limit))

    def removed_since(self, at: Instant) -> Sequence[KeptRecording]:
        return self._kept(_KEPT.where(recordings.c.removed_at >= at).order_by(*_ORDER))

    def summed(self, call: str = "") -> Iterator[KeptRecording]:
        """Every file whose checksum is known and that should still be there, of one call or of all."""
        wanted = _KEPT.where(recordings.c.sha256 != "", recordings.c.state != REMOVED).order_by(*_ORDER)
        yield from self._kept(wanted.where(recordings.c.call == call) if call else wanted)

    def calls_of(self, number: str, since: Instant, limit: int) -> Sequence[NumberCall]:
        """The calls from and to a number, oldest first; of more than ``limit``, the newest ones."""
        newest = (
            select(calls, incidents.c.type, incidents.c.disposition, incidents.c.closed_at)
            .select_from(calls.outerjoin(incidents, incidents.c.id == calls.c.incident))
            .where(calls.c.number == number, calls.c.arrived_at >= since)
            .order_by(calls.c.arrived_at.desc(), calls.c.id)
            .limit(limit)
        )
        with questions(self._engine) as connection:
            rows = connection.execute(newest).all()
        return [
            NumberCall(
                id=row.id, node=row.node, direction=row.direction, dialled=row.dialled, number=row.number,
                state=row.state, arrived_at=row.arrived_at, answered_at=row.answered_at or 0,
                ended_at=row.ended_at or 0, ended_by=row.ended_by or "", positions=tuple(row.positions),
                incident=row.incident, type=row.type or "", disposition=row.disposition or "",
                closed_at=row.closed_at or 0,
            )
            for row in reversed(rows)
        ]  # fmt: skip

    def holds(self) -> Sequence[tuple[str, Instant, str, str]]:
        """(incident or call, since when, by whom, why) of every hold that is on, oldest first."""
        wanted = select(recording_holds).order_by(recording_holds.c.held_at, recording_holds.c.about)
        with questions(self._engine) as connection:
            return [(row.about, row.held_at, row.held_by, row.reason) for row in connection.execute(wanted)]

    # --- sweeps that were asked for -----------------------------------------------------------------------------------

    def ask_sweep(self, at: Instant, by: str) -> int:
        """Ask the running core to remove now what is past its time; the number of the sweep."""
        made = insert(recording_sweeps).values(asked_at=at, asked_by=by, removed=0, refused=0)
        with questions(self._engine) as connection:
            return int(connection.execute(made.returning(recording_sweeps.c.id)).scalar_one())

    def sweep(self, number: int) -> Sweep:
        wanted = select(recording_sweeps).where(recording_sweeps.c.id == number)
        with questions(self._engine) as connection:
            row = connection.execute(wanted).one()
        return Sweep(row.asked_at, row.done_at or 0, row.removed, row.refused)

    def sweeps_asked(self) -> Sequence[int]:
        wanted = select(recording_sweeps.c.id).where(recording_sweeps.c.done_at.is_(None))
        with questions(self._engine) as connection:
            return list(connection.execute(wanted.order_by(recording_sweeps.c.id)).scalars())

    def sweep_done(self, number: int, at: Instant, removed: int, refused: int) -> None:
        done = update(recording_sweeps).where(recording_sweeps.c.id == number)
        with questions(self._engine) as connection:
            connection.execute(done.values(done_at=at, removed=removed, refused=refused))

    # --- within -------------------------------------------------------------------------------------------------------

    def _kept(self, wanted: Select[Any]) -> Sequence[KeptRecording]:
        with questions(self._engine) as connection:
            return [_recording(row) for row in connection.execute(wanted)]


def _recording(row: Any) -> KeptRecording:
    return KeptRecording(
        call=row.call, file=row.file, node=row.node, incident=row.incident or "", state=row.state,
        began_at=row.began_at, ended_at=row.ended_at or 0, bytes=row.bytes, ms=row.ms, sha256=row.sha256,
        silences=_silences.decode(row.silences), faults=tuple(row.faults), removed_at=row.removed_at or 0,
        held=row.held or "",
    )  # fmt: skip
