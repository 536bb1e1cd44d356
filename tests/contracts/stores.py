"""The two stores that must keep the same promises, behind one small set of levers."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import text

from db.engine import engine
from db.journal import PostgresJournal
from db.schema import upgrade
from dispatch_core.ports import Journal
from dispatch_core.runtime.clock import SystemClock
from tests.contracts.memory_journal import Fault, MemoryJournal, MemoryStore
from tests.contracts.night import CountedIds
from tests.db.cutting_proxy import Cut, CuttingProxy


class Store(Protocol):
    """A store under test. ``lose_commit`` and ``cut_commit`` break the next append in its COMMIT."""

    def journal(self) -> Journal: ...

    def lose_commit(self) -> None: ...

    def cut_commit(self) -> None: ...

    def down(self) -> None: ...

    def up(self) -> None: ...

    def snapshots(self) -> list[int]: ...

    async def close(self) -> None: ...


class InMemory:
    def __init__(self) -> None:
        self.store = MemoryStore()

    def journal(self) -> MemoryJournal:
        return MemoryJournal(self.store)

    def lose_commit(self) -> None:
        self.store.faults.append(Fault.COMMIT_LOST)

    def cut_commit(self) -> None:
        self.store.faults.append(Fault.COMMIT_CUT)

    def down(self) -> None:
        self.store.down = True

    def up(self) -> None:
        self.store.down = False

    def snapshots(self) -> list[int]:
        return sorted(self.store.snapshots)

    async def close(self) -> None:
        self.store.events.clear()


class InPostgres:
    def __init__(self, dsn: str) -> None:
        upgrade(dsn)
        self.dsn = dsn
        self._directory = tempfile.TemporaryDirectory(prefix="cut-", dir="/tmp")
        self.proxy = CuttingProxy(dsn, Path(self._directory.name))
        self._journals: list[PostgresJournal] = []
        self._ids = CountedIds()

    def journal(self) -> PostgresJournal:
        made = PostgresJournal(self.proxy.dsn, SystemClock(), self._ids)
        self._journals.append(made)
        return made

    def lose_commit(self) -> None:
        self.proxy.cut_next = Cut.LOST

    def cut_commit(self) -> None:
        self.proxy.cut_next = Cut.DONE

    def down(self) -> None:
        self.proxy.down()

    def up(self) -> None:
        self.proxy.up()

    def snapshots(self) -> list[int]:
        with engine(self.dsn, "test").connect() as connection:
            return list(connection.execute(text("SELECT seq FROM snapshots ORDER BY seq")).scalars())

    async def close(self) -> None:
        for journal in self._journals:
            await journal.close()
        self.proxy.down()
        self._directory.cleanup()


Scene = Callable[[Store], Coroutine[Any, Any, None]]


def played(make: Callable[[], Store], scene: Scene, within: float = 30.0) -> None:
    """Run ``scene`` on a new store and an event loop of its own."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Store]:
        store = make()
        try:
            yield store
        finally:
            await store.close()

    async def play() -> None:
        async with asyncio.timeout(within), opened() as store:
            await scene(store)

    asyncio.run(play())
