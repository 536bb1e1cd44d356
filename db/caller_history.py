"""What a number called for before: from the rows, so that incidents count which have long left the live state.
Read-only; blocks, and raises DatabaseError where PostgreSQL does not answer."""

from __future__ import annotations

from sqlalchemy import func, select

from db.engine import engine, questions
from db.queries import NO_CONTENT
from db.tables import calls, incidents
from dispatch_core.ports import NumberPast, PastIncident

NEWEST = 20
COUNTED = 500
"""Calls of one number that are looked at, the newest: of a number that calls all day no count waits."""


class CallerHistories:
    def __init__(self, dsn: str) -> None:
        self._engine = engine(dsn, "dispatch callers")

    def before(self, number: str, call: str, incident: str) -> NumberPast:
        """Of ``number`` without this call and the incident that it is about."""
        if not number:
            return NumberPast()
        mine = (
            select(calls.c.id, calls.c.incident, calls.c.arrived_at)
            .where(calls.c.number == number, calls.c.direction == "incoming", calls.c.id != call)
            .order_by(calls.c.arrived_at.desc())
            .limit(COUNTED)
            .subquery()
        )
        about = (
            select(mine.c.incident, func.max(mine.c.arrived_at).label("at"))
            .where(mine.c.incident != "", mine.c.incident != incident)
            .group_by(mine.c.incident)
            .subquery()
        )
        known = select(incidents, about.c.at).join(about, about.c.incident == incidents.c.id)
        with questions(self._engine) as connection:
            count = int(connection.execute(select(func.count()).select_from(mine)).scalar_one())
            rows = connection.execute(known.order_by(about.c.at.desc(), incidents.c.id.desc())).all()
        return NumberPast(
            calls=count,
            incidents=len(rows),
            without_content=sum(row.disposition == NO_CONTENT for row in rows),
            newest=tuple(
                PastIncident(
                    incident=row.id, at=row.at, state=row.state, type=row.type, place=row.location_label or "",
                    disposition=row.disposition,
                )
                for row in rows[:NEWEST]
            ),
        )  # fmt: skip
