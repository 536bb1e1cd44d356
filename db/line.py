"""One connection, one thread, one call at a time: how the asyncio loop uses a database that may stop answering.

Guards: the loop never waits for the database; a call that passes its deadline has its socket cut, so that the thread
is free again even where the server is frozen; after any trouble the next call begins with a new connection. Whether a
broken call is certainly not committed is told apart exactly: before COMMIT was sent it is, after that it is not known.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError

from db.errors import before_commit, words
from db.waiting import ready
from dispatch_core.ports import CommitUnknown, EntryRejected, JournalDown

T = TypeVar("T")

LATE = "no answer within {seconds:g} s"


class _Call:
    """One call on its way: whether it still may begin, and whether it was cut."""

    def __init__(self) -> None:
        self.late = False
        self.done = False


class Line:
    """Calls run in the order in which they were asked for. ``deadline`` is in seconds, queueing included."""

    def __init__(self, engine: Engine, name: str, deadline: float) -> None:
        self._engine = engine
        self._deadline = deadline
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._connection: Connection | None = None
        self._socket: socket.socket | None = None  # a second handle on the connection's socket, safe to cut with
        self._running: _Call | None = None
        self._guard = threading.Lock()
        self._closed = False

    async def write(self, work: Callable[[Connection], T]) -> T:
        """``work`` in a transaction that is committed. JournalDown, CommitUnknown, EntryRejected, or its own errors."""
        return await self._run(work, self._deadline, keep=True)

    async def read(self, work: Callable[[Connection], T], deadline: float | None = None) -> T:
        """``work`` in a transaction that is rolled back. JournalDown, or its own errors."""
        return await self._run(work, self._deadline if deadline is None else deadline, keep=False)

    async def _run(self, work: Callable[[Connection], T], seconds: float, *, keep: bool) -> T:
        loop = asyncio.get_running_loop()
        call = _Call()
        future = self._thread.submit(self._perform, work, call, seconds, keep)
        alarm = loop.call_later(seconds, self._cut, call)
        try:
            return await asyncio.wrap_future(future)
        finally:
            if future.done():  # who asked may have gone away; the call goes on, and so does its deadline
                alarm.cancel()

    async def close(self) -> None:
        """End the connection, after the calls that were asked for. Further calls raise RuntimeError."""
        if not self._closed:
            self._closed = True
            ended = asyncio.get_running_loop().run_in_executor(self._thread, self._hang_up)
            self._thread.shutdown(wait=False)
            await ended

    # --- in the loop's thread -----------------------------------------------------------------------------------------

    def _cut(self, call: _Call) -> None:
        with self._guard:
            if call.done:
                return
            call.late = True
            if self._running is call and self._socket is not None:
                _shut(self._socket)

    # --- in the line's own thread -------------------------------------------------------------------------------------

    def _perform(self, work: Callable[[Connection], T], call: _Call, seconds: float, keep: bool) -> T:
        late = LATE.format(seconds=seconds)
        with self._guard:
            if call.late:
                raise JournalDown(late)
            self._running = call
        try:
            return self._transact(work, keep)
        except (JournalDown, CommitUnknown) as problem:
            if call.late:
                raise type(problem)(late) from problem
            raise
        finally:
            with self._guard:
                self._running = None
                call.done = True

    def _transact(self, work: Callable[[Connection], T], keep: bool) -> T:
        try:
            connection = self._connected()
            result = work(connection)
        except Exception as problem:
            told = before_commit(problem)
            self._roll_back(broken=isinstance(told, JournalDown))
            if told is None:
                raise
            raise told from problem
        if not keep:
            self._roll_back(broken=False)
            return result
        try:
            connection.commit()
        except IntegrityError as problem:
            self._roll_back(broken=False)
            raise EntryRejected(words(problem)) from problem
        except DBAPIError as problem:
            self._hang_up()
            raise CommitUnknown(words(problem)) from problem
        return result

    def _connected(self) -> Connection:
        if self._socket is not None and ready([self._socket.fileno()], [], 0):
            self._hang_up()  # between calls the server only ever speaks to say goodbye
        if self._connection is None:
            connection = self._engine.connect()
            handle = socket.socket(fileno=os.dup(connection.connection.dbapi_connection.fileno()))  # type: ignore[union-attr]
            with self._guard:
                self._connection, self._socket = connection, handle
                if self._running is not None and self._running.late:
                    _shut(handle)
        return self._connection

    def _roll_back(self, broken: bool) -> None:
        if self._connection is None:
            return
        try:
            self._connection.rollback()
        except DBAPIError:
            broken = True
        if broken:
            self._hang_up()

    def _hang_up(self) -> None:
        with self._guard:
            connection, self._connection = self._connection, None
            handle, self._socket = self._socket, None
        if connection is not None:
            connection.invalidate()
            connection.close()
        if handle is not None:
            handle.close()


def _shut(handle: socket.socket) -> None:
    try:
        handle.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it was closed by the other side already
