"""The past runs of units, read from the journal for whoever learns from them.

Blocks, and may be slow: for a worker or a command. DatabaseError where PostgreSQL does not answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import null, select

from db.engine import engine, questions
from db.event_rows import read_recorded
from db.loading import ROWS_AT_ONCE
from db.tables import journal
from dispatch_core.domain.past_runs import READ, PastRun, PastRuns
from dispatch_core.domain.vocabulary import Instant

READING_MS = 600_000
"""A journal of years is read through; nobody waits for it."""


def past_runs(dsn: str, since: Instant) -> Iterator[PastRun]:
    """Every run that began and ended since then, in the order of arrival."""
    reading = PastRuns()
    types = [kind.__name__ for kind in READ]
    wanted = (
        select(
            journal.c.seq, journal.c.at, journal.c.actor, journal.c.command_id, journal.c.type, journal.c.version,
            journal.c.payload, null().label("fields"),
        )
        .where(journal.c.at >= since, journal.c.type.in_(types))
        .order_by(journal.c.seq)
    )  # fmt: skip
    with questions(engine(dsn, "dispatch past runs", statement_timeout_ms=READING_MS)) as connection:
        for row in connection.execute(wanted, execution_options={"yield_per": ROWS_AT_ONCE}):
            run = reading.feed(read_recorded(row))
            if run is not None:
                yield run
