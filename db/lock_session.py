"""The session that holds the leader's lock: a connection whose every wait has an end and can be interrupted.

psycopg2 in its asynchronous mode, because a blocking wait for a frozen server cannot be given up. The server ends the
session by itself when it has been silent for ``LOCK_SESSION_IDLE_MS``, and with it the lock: set before the lock is
waited for, so that there is no moment in which a dead leader holds it.
"""

from __future__ import annotations

import time
from typing import Any

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ

from db.engine import libpq_arguments
from db.errors import words
from db.waiting import Wake
from dispatch_core.ports import JournalDown
from dispatch_core.settings import CONNECT_TIMEOUT_S, LOCK_SESSION_IDLE_MS

LEADER_LOCK = 0x6469_7370_0002

SET_UP = (
    f"SET idle_session_timeout = {LOCK_SESSION_IDLE_MS};"
    f"SET client_connection_check_interval = {LOCK_SESSION_IDLE_MS // 6}"
)
"""The second is for who waits: without it a session whose core has died stays in the queue, and is given the lock."""


class LockSession:
    """One connection. Every method blocks at most its ``seconds``, and raises JournalDown or Stopped."""

    def __init__(self, dsn: str, wake: Wake) -> None:
        self._wake = wake
        positional, named = libpq_arguments(dsn)
        self._connection: Any = None
        try:
            self._connection = psycopg2.connect(*positional, **named, async_=True, application_name="dispatch leader")
            self._wait(CONNECT_TIMEOUT_S)
            self.ask(SET_UP, CONNECT_TIMEOUT_S)
        except psycopg2.Error as problem:
            self.close()
            raise JournalDown(words(problem)) from problem
        except BaseException:
            self.close()
            raise

    def wait_for_lock(self) -> None:
        """Until this session is the only leader, however long that takes."""
        self.ask(f"SELECT pg_advisory_lock({LEADER_LOCK})", None)

    def try_lock(self, seconds: float) -> bool:
        return bool(self.ask(f"SELECT pg_try_advisory_lock({LEADER_LOCK})", seconds)[0])

    def ask(self, statement: str, seconds: float | None, values: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """The first row of the answer, () where there is none. ``seconds`` None waits for ever."""
        try:
            cursor = self._connection.cursor()
            cursor.execute(statement, values)
            self._wait(seconds)
            return (cursor.fetchone() or ()) if cursor.description else ()
        except psycopg2.Error as problem:
            raise JournalDown(words(problem)) from problem

    def close(self) -> None:
        if self._connection is not None and not self._connection.closed:
            self._connection.close()

    def _wait(self, seconds: float | None) -> None:
        deadline = None if seconds is None else time.monotonic() + seconds
        while (state := self._connection.poll()) != POLL_OK:
            left = None if deadline is None else deadline - time.monotonic()
            own = [self._connection.fileno()]
            reads, writes = (own, []) if state == POLL_READ else ([], own)
            if not self._wake.wait(reads, writes, left):
                raise JournalDown(f"no answer within {seconds:g} s")
