"""How the store reaches PostgreSQL: one way to read an address, one way to set up a session.

Guards: commits wait for the disk whatever the server's default is; no statement, lock or idle transaction is without
a limit; the driver is psycopg2 whichever name the address carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from db.errors import DatabaseError, is_away, words
from dispatch_core.settings import (
    CONNECT_TIMEOUT_S,
    IDLE_IN_TRANSACTION_MS,
    LOCK_TIMEOUT_MS,
    STATEMENT_TIMEOUT_MS,
)

PAGE = 1_000
"""Rows in one multi-row statement: above the rows of any batch, so that a table is one round trip."""


def address(dsn: str) -> URL:
    """``postgresql://user@host/name`` (with or without a driver's name) as an address for psycopg2. DatabaseError."""
    try:
        url = make_url(dsn)
    except ArgumentError:
        raise DatabaseError("the address must look like postgresql://user@host/name") from None
    if url.get_backend_name() != "postgresql":
        raise DatabaseError(f"the address is for {url.get_backend_name()}, not for postgresql")
    return url.set(drivername="postgresql+psycopg2")


def libpq_arguments(dsn: str) -> tuple[Sequence[Any], Mapping[str, Any]]:
    """What ``psycopg2.connect`` takes for the address."""
    url = address(dsn)
    return url.get_dialect()().create_connect_args(url)


def engine(
    dsn: str,
    name: str,
    *,
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
    lock_timeout_ms: int = LOCK_TIMEOUT_MS,
    idle_in_transaction_ms: int = IDLE_IN_TRANSACTION_MS,
) -> Engine:
    """An engine without a pool: who asks for a connection owns it. ``name`` is shown in ``pg_stat_activity``."""
    made = create_engine(
        address(dsn),
        poolclass=NullPool,
        executemany_mode="values_plus_batch",
        executemany_batch_page_size=PAGE,
        insertmanyvalues_page_size=PAGE,
        connect_args={
            "application_name": name,
            "connect_timeout": CONNECT_TIMEOUT_S,
            "keepalives_idle": 1,
            "keepalives_interval": 1,
            "keepalives_count": 3,
            "tcp_user_timeout": 2_000,
        },
    )
    settings = (
        f"SET statement_timeout = {statement_timeout_ms}; SET lock_timeout = {lock_timeout_ms};"
        f"SET idle_in_transaction_session_timeout = {idle_in_transaction_ms};"
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') <> 'remote_apply'"  # stronger than "on": left alone
    )

    @event.listens_for(made, "connect")
    def set_up(raw: Any, _: Any) -> None:
        raw.autocommit = True
        with raw.cursor() as cursor:
            cursor.execute(settings)
        raw.autocommit = False

    return made


@contextmanager
def questions(engine: Engine) -> Iterator[Connection]:
    """A transaction for a command line or a report; committed at the end. Raises DatabaseError."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as problem:
        if is_away(problem):
            raise DatabaseError(words(problem)) from problem
        raise
