"""Questions that reports and acceptance runs ask of the queryable rows. Read-only; each blocks, and may be slow: they
belong in a worker, never on the reactor. DatabaseError where PostgreSQL does not answer.

Moments are milliseconds UTC; a period is ``since <= t < until``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from sqlalchemy import Select, Table, func, select

from db.engine import engine, questions
from db.event_rows import read_recorded
from db.loading import EVENTS
from db.tables import assignments, calls, incidents, journal, legs, unit_log
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.vocabulary import Instant

FOR_EVER = 1 << 62
NO_CONTENT = "no_content"
FEW_CLOSURES = 3
"""Fewer than so many closures without content never put a number behind."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as last written. Times are 0 where it has not happened; number and name are "" once erased."""

    id: str
    incident: str
    state: str
    direction: str
    dialled: str
    services: tuple[str, ...]
    number: str
    name: str
    position: str
    positions: tuple[str, ...]
    arrived_at: Instant
    answered_at: Instant
    ended_at: Instant
    ended_by: str
    recording: str


@dataclass(frozen=True, slots=True)
class LegRow:
    incident: str
    service: str
    state: str
    priority: int
    zone: str
    zone_name: str
    station: str
    dispatcher: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One unit on one leg; ``released_at`` 0 while it is live."""

    seq: int
    unit: str
    incident: str
    service: str
    assigned_at: Instant
    assigned_by: str
    released_at: Instant
    released_by: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    id: str
    state: str
    type: str
    priority: int
    services: tuple[str, ...]
    owner: str
    disposition: str
    received_at: Instant
    closed_at: Instant
    location_label: str


@dataclass(frozen=True, slots=True)
class IncidentFile:
    """One incident with everything that belongs to it."""

    incident: IncidentRow
    calls: tuple[CallRow, ...]
    legs: tuple[LegRow, ...]
    assignments: tuple[AssignmentRow, ...]


@dataclass(slots=True)
class NumberHistory:
    """``closures``: moments, oldest first. ``real_at`` 0 = no real incident."""

    closures: list[Instant] = field(default_factory=list)
    real_at: Instant = 0


class Queries:
    """One connection for each question; nothing is kept between them."""

    def __init__(self, dsn: str) -> None:
        self._engine = engine(dsn, "dispatch queries")

    def calls_by_state(self, since: Instant = 0, until: Instant = FOR_EVER) -> dict[str, int]:
        """How many calls that arrived in the period are in which state."""
        arrived = calls.c.arrived_at
        return self._counts(
            select(calls.c.state, func.count()).where(arrived >= since, arrived < until).group_by(calls.c.state)
        )

    def calls_by_number_dialled(self, since: Instant = 0, until: Instant = FOR_EVER) -> dict[str, int]:
        """How many incoming calls arrived in the period on which service number."""
        arrived = calls.c.arrived_at
        return self._counts(
            select(calls.c.dialled, func.count())
            .where(arrived >= since, arrived < until, calls.c.direction == "incoming")
            .group_by(calls.c.dialled)
        )

    def incidents_by_state(self, since: Instant = 0, until: Instant = FOR_EVER) -> dict[str, int]:
        """How many incidents that were received in the period are in which state."""
        received = incidents.c.received_at
        return self._counts(
            select(incidents.c.state, func.count())
            .where(received >= since, received < until)
            .group_by(incidents.c.state)
        )

    def live_assignments(self) -> Sequence[AssignmentRow]:
        """Every unit at work, in the order in which they were sent."""
        return self._rows(AssignmentRow, assignments, select(assignments).where(assignments.c.released_at.is_(None)))

    def incident(self, ident: str) -> IncidentFile | None:
        """One incident with its calls, legs and assignments; None where there is none."""
        found = self._rows(IncidentRow, incidents, select(incidents).where(incidents.c.id == ident))
        if not found:
            return None
        return IncidentFile(
            incident=found[0],
            calls=tuple(self._rows(CallRow, calls, select(calls).where(calls.c.incident == ident))),
            legs=tuple(self._rows(LegRow, legs, select(legs).where(legs.c.incident == ident))),
            assignments=tuple(
                self._rows(AssignmentRow, assignments, select(assignments).where(assignments.c.incident == ident))
            ),
        )

    def story_of(self, incident: str) -> Sequence[Recorded]:
        """Every event of an incident and of its calls, in order: also of one that has long left the live state."""
        mine = select(calls.c.id).where(calls.c.incident == incident)
        wanted = EVENTS.where((journal.c.incident == incident) | journal.c.call.in_(mine))
        with questions(self._engine) as connection:
            return [read_recorded(row) for row in connection.execute(wanted)]

    def unit_statuses(self, unit: str, limit: int = 100) -> Sequence[tuple[Instant, str, str]]:
        """The newest reports of a unit, newest first: when, which status, on which incident ("" = none)."""
        newest = select(unit_log).where(unit_log.c.unit == unit).order_by(unit_log.c.seq.desc()).limit(limit)
        with questions(self._engine) as connection:
            return [(row.at, row.status, row.incident or "") for row in connection.execute(newest)]

    def without_content(self, numbers: Sequence[str] | None, since: Instant) -> dict[str, NumberHistory]:
        """What the calls of these numbers (None = of every number with at least ``FEW_CLOSURES`` of them) came to: when
        incidents without content were closed since then, and when the newest real one was received."""
        own = select(calls.c.number, incidents).join(incidents, incidents.c.id == calls.c.incident)
        own = own.where(calls.c.direction == "incoming", calls.c.arrived_at >= since, calls.c.number != "")
        empty = incidents.c.disposition == NO_CONTENT
        if numbers is None:
            often = select(calls.c.number).join(incidents, incidents.c.id == calls.c.incident)
            often = often.where(calls.c.arrived_at >= since, empty, calls.c.number != "")
            own = own.where(calls.c.number.in_(often.group_by(calls.c.number).having(func.count() >= FEW_CLOSURES)))
        else:
            own = own.where(calls.c.number.in_(list(numbers)))
        found: dict[str, NumberHistory] = {number: NumberHistory() for number in numbers or ()}
        with questions(self._engine) as connection:
            for row in connection.execute(own.order_by(incidents.c.received_at)):
                history = found.setdefault(row.number, NumberHistory())
                if row.disposition == NO_CONTENT:
                    history.closures.append(row.closed_at)
                elif row.type or row.state == "closed":
                    history.real_at = max(history.real_at, row.received_at)
        return found

    # --- within -------------------------------------------------------------------------------------------------------

    def _counts(self, statement: Select[Any]) -> dict[str, int]:
        with questions(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def _rows(self, kind: type[T], table: Table, statement: Select[Any]) -> list[T]:
        """Rows as values of ``kind``, in the order of the table's key; NULL becomes 0 or ""."""
        wanted = [(column.name, column.type) for column in fields(kind)]  # type: ignore[arg-type]
        with questions(self._engine) as connection:
            rows = connection.execute(statement.order_by(*table.primary_key)).all()
        return [kind(**{name: _plain(getattr(row, name), annotation) for name, annotation in wanted}) for row in rows]


def _plain(value: Any, annotation: object) -> Any:
    if value is None:
        return "" if annotation == "str" else 0
    return tuple(value) if isinstance(value, list) else value
