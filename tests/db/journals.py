"""What the tests of the real journal share: one that is open, a look at the tables, a way to tamper with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy import Connection, text

from db.engine import engine
from db.journal import PostgresJournal
from db.schema import upgrade
from dispatch_core.ports import Batch, Loaded
from dispatch_core.runtime.clock import SystemClock
from tests.contracts.night import CountedIds, Night


@asynccontextmanager
async def led(dsn: str, **options: Any) -> AsyncIterator[tuple[PostgresJournal, Loaded]]:
    """A journal that leads; closed at the end."""
    upgrade(dsn)
    journal = PostgresJournal(dsn, SystemClock(), CountedIds(), **options)
    try:
        yield journal, await journal.open()
    finally:
        await journal.close()


def run(scene: Callable[[], Coroutine[Any, Any, None]], within: float = 60.0) -> None:
    async def limited() -> None:
        async with asyncio.timeout(within):
            await scene()

    asyncio.run(limited())


def written(dsn: str, *nights: Callable[[Night], None]) -> Night:
    """A journal with the work of ``nights``, each its own batch, closed again."""
    night = Night().begin()

    async def scene() -> None:
        async with led(dsn) as (journal, loaded):
            night.state = loaded.state if loaded.state.seq else night.state
            for work in nights:
                work(night)
                await journal.append(night.batch(loaded.epoch))

    run(scene)
    return night


def loaded(dsn: str) -> Loaded:
    """What the next leader finds."""
    found: list[Loaded] = []

    async def scene() -> None:
        async with led(dsn) as (_, loaded):
            found.append(loaded)

    run(scene)
    return found[0]


def ask(dsn: str, statement: str, **values: object) -> list[tuple[Any, ...]]:
    with engine(dsn, "test").connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


@contextmanager
def as_superuser(dsn: str) -> Iterator[Connection]:
    """Past every trigger and foreign key: how somebody with the keys to the database would tamper."""
    with engine(dsn, "test").begin() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        yield connection


async def eventually(true: Callable[[], bool], within: float = 30.0) -> float:
    """Seconds until ``true``. Raises TimeoutError."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.timeout(within):
        while not true():
            await asyncio.sleep(0.005)
    return loop.time() - begun


async def longest_gap(work: Awaitable[Any]) -> float:
    """The longest time in seconds that the loop was kept from anything else while ``work`` ran, or raised."""
    loop = asyncio.get_running_loop()
    worst = 0.0
    task = asyncio.ensure_future(work)
    while not task.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        worst = max(worst, loop.time() - before - 0.005)
    await asyncio.gather(task, return_exceptions=True)
    return worst


def split(batch: Batch) -> list[str]:
    return [entry.asked.id for entry in batch.entries]
