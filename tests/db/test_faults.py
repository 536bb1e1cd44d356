"""PostgreSQL killed, frozen, locked, slow to die: what was acknowledged is there once, and the loop never waits."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from db.audit import verify
from db.engine import engine
from db.journal import PostgresJournal
from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum
from dispatch_core.ports import Batch, CommitUnknown, EntryRejected, JournalDown
from dispatch_core.runtime.clock import SystemClock
from scripts.stage.postgres import PostgresServer
from tests.contracts.night import LAN, CountedIds, Night
from tests.db.cutting_proxy import Cut, CuttingProxy
from tests.db.journals import as_superuser, ask, eventually, led, loaded, longest_gap, run
from tests.lateness import Lateness

BACKEND = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'dispatch journal' AND datname = current_database()"
)
"""The server's process at the other end of the writer's line."""


def test_kill_9_while_writing(postgres: PostgresServer, migrated: str) -> None:
    """Many commits, five crashes: every outcome is settled by its ids, nothing acknowledged is lost or doubled."""
    name = migrated.rsplit("/", 1)[1].split("?")[0]
    postgres.query(f"ALTER DATABASE {name} SET synchronous_commit = off")  # would lose what was acknowledged
    rounds, seed = 5, 20261123
    chance = random.Random(seed)
    unknown = down = 0

    async def scene() -> None:
        nonlocal unknown, down
        async with led(migrated) as (journal, start):
            night = Night().begin()
            committed: list[Batch] = []

            async def commit(batch: Batch) -> None:
                """As the sequencer does it: again where it certainly is not there, else ask what became of it."""
                nonlocal unknown, down
                while True:
                    try:
                        await journal.append(batch)
                        break
                    except JournalDown:
                        down += 1
                        await revived()
                    except CommitUnknown:
                        unknown += 1
                        while True:
                            try:
                                found = await journal.outcomes([entry.asked.id for entry in batch.entries])
                                break
                            except JournalDown:
                                await revived()
                        if found:
                            assert len(found) == len(batch.entries), "a batch is there whole or not at all"
                            break
                committed.append(batch)

            await commit(night.batch(start.epoch))
            for _ in range(rounds):
                killer = threading.Timer(chance.uniform(0.05, 0.25), postgres.kill9)
                killer.start()
                until = time.monotonic() + 0.5
                while time.monotonic() < until or killer.is_alive() or not postgres.alive:
                    night.busy(1)
                    await commit(night.batch(start.epoch))
            ids = [entry.asked.id for batch in committed for entry in batch.entries]
            assert ask(migrated, "SELECT count(*), count(DISTINCT command_id) FROM commands") == [
                (len(ids), len(set(ids)))
            ]
            assert [row[0] for row in ask(migrated, "SELECT command_id FROM commands ORDER BY number")] == ids
            final.append(night)

    async def revived() -> None:
        """Started again here and not by the killer: the server dies with the thread that started it."""
        if postgres.alive:
            await asyncio.sleep(0.02)
        else:
            postgres.start()

    final: list[Night] = []
    run(scene, within=120)
    assert down + unknown >= rounds, f"the server died {rounds} times, and the journal noticed {down} + {unknown}"
    assert verify(migrated).intact
    again = loaded(migrated)
    assert checksum(again.state) == checksum(final[0].state)


@pytest.mark.parametrize(
    "ident", ["a\0b", "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(5_000))], ids=["NUL", "too long"]
)
def test_what_the_database_never_takes_is_rejected(migrated: str, ident: str) -> None:
    """Not "away", or it would be tried for ever with everything behind it; and not an error that ends the core."""

    async def scene() -> None:
        async with led(migrated) as (journal, start):
            night = Night().begin()
            await journal.append(night.batch(start.epoch))
            night.ask(LAN, c.AddNote(incident="none", text="x"), ident)
            with pytest.raises(EntryRejected):
                await journal.append(night.batch(start.epoch))
            night.call()
            await journal.append(night.batch(start.epoch))

    run(scene)


def test_a_commit_still_on_its_way_is_waited_for(migrated: str, short_tmp: Path) -> None:
    """The client is cut off, asks what became of its ids, and only then does the server do the COMMIT."""
    proxy = CuttingProxy(migrated, short_tmp)

    async def scene() -> None:
        async with led(proxy.dsn) as (journal, start):
            night = Night().begin()
            await journal.append(night.batch(start.epoch))
            night.call()
            batch = night.batch(start.epoch)
            proxy.cut_next = Cut.LATE
            began = time.monotonic()
            with pytest.raises(CommitUnknown):
                await journal.append(batch)
            assert time.monotonic() - began < proxy.late_by, "the server did it before it was asked for: no test"
            found = None
            while found is None:
                with suppress(JournalDown):  # after a second of waiting for a lock; then a core asks again
                    found = await journal.outcomes([entry.asked.id for entry in batch.entries])
            assert time.monotonic() - began >= proxy.late_by
            assert len(found) == len(batch.entries)

    try:
        run(scene)
    finally:
        proxy.down()


def test_a_frozen_server_is_given_up_at_the_deadline(migrated: str) -> None:
    async def scene() -> None:
        async with led(migrated, deadline=0.6) as (journal, start):
            night = Night().begin()
            await journal.append(night.batch(start.epoch))
            [(pid,)] = ask(migrated, BACKEND)
            night.call()
            batch = night.batch(start.epoch)
            os.kill(pid, signal.SIGSTOP)
            try:
                machine = ends.enter_context(Lateness())
                began = time.monotonic()
                gap = await longest_gap(expect_down(journal.append(batch)))
                took = time.monotonic() - began
            finally:
                os.kill(pid, signal.SIGCONT)
            assert 0.5 < took < 1.2 + machine.lost
            assert gap < 0.3 + machine.lost, f"the loop stood still for {gap:.3f} s"
            await eventually(lambda: not ask(migrated, f"SELECT 1 FROM pg_stat_activity WHERE pid = {pid}"))
            await journal.append(batch)

    with ExitStack() as ends:
        run(scene)


def test_closing_does_not_wait_for_a_frozen_server(migrated: str) -> None:
    """The one who asked is cancelled, as at a stop; the call that it left behind still has its deadline."""

    async def scene() -> None:
        journal = PostgresJournal(migrated, SystemClock(), CountedIds(), deadline=0.6)
        await journal.open()
        night = Night().begin()
        await journal.append(night.batch(1))
        [(pid,)] = ask(migrated, BACKEND)
        night.call()
        os.kill(pid, signal.SIGSTOP)
        try:
            asked = asyncio.ensure_future(journal.append(night.batch(1)))
            await asyncio.sleep(0.1)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            with Lateness() as machine:
                began = time.monotonic()
                await journal.close()
                assert time.monotonic() - began < 2.0 + machine.lost
        finally:
            os.kill(pid, signal.SIGCONT)

    run(scene)


async def expect_down(work: object) -> None:
    with pytest.raises(JournalDown, match="no answer within"):
        await work  # type: ignore[misc]


def test_a_lock_holder_costs_a_second_not_the_night(migrated: str) -> None:
    async def scene() -> None:
        async with led(migrated) as (journal, start):
            night = Night().begin()
            with engine(migrated, "test").connect() as holder:
                holder.execute(text("LOCK TABLE calls IN EXCLUSIVE MODE"))
                night.call()
                batch = night.batch(start.epoch)
                began = time.monotonic()
                with Lateness() as machine, pytest.raises(JournalDown, match="lock timeout"):
                    await journal.append(batch)
                assert 0.9 < time.monotonic() - began < 2.5 + machine.lost
            await journal.append(batch)

    run(scene)


def test_no_disk_space_is_down_and_not_a_bug(migrated: str) -> None:
    """53100 as PostgreSQL reports a full volume: the board is read-only until there is space."""

    async def scene() -> None:
        async with led(migrated) as (journal, start):
            night = Night().begin()
            batch = night.batch(start.epoch)
            with as_superuser(migrated) as connection:
                connection.execute(
                    text(
                        "CREATE FUNCTION full_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        " RAISE EXCEPTION 'could not extend file: No space left' USING ERRCODE = 'disk_full'; END $$;"
                        "CREATE TRIGGER full_up BEFORE INSERT ON journal EXECUTE FUNCTION full_up()"
                    )
                )
            with pytest.raises(JournalDown, match="No space left"):
                await journal.append(batch)
            with as_superuser(migrated) as connection:
                connection.execute(text("DROP TRIGGER full_up ON journal"))
            await journal.append(batch)

    run(scene)


def test_a_standby_that_takes_no_writes_is_down(postgres: PostgresServer, migrated: str) -> None:
    async def scene() -> None:
        async with led(migrated) as (journal, start):
            name = migrated.rsplit("/", 1)[1].split("?")[0]
            postgres.query(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            night = Night().begin()
            batch = night.batch(start.epoch)
            with pytest.raises(JournalDown, match="read-only"):
                await journal.append(batch)
            postgres.query(f"ALTER DATABASE {name} RESET default_transaction_read_only")
            await journal.append(batch)

    run(scene)


@pytest.mark.parametrize(("set_by_the_site", "used"), [("off", "on"), ("local", "on"), ("remote_apply",) * 2])
def test_commits_wait_for_the_disk_whatever_the_server_says(
    postgres: PostgresServer, migrated: str, set_by_the_site: str, used: str
) -> None:
    name = migrated.rsplit("/", 1)[1].split("?")[0]
    postgres.query(f"ALTER DATABASE {name} SET synchronous_commit = {set_by_the_site}")
    with engine(migrated, "test").connect() as connection:
        assert connection.scalar(text("SHOW synchronous_commit")) == used


def test_a_restart_between_two_calls_is_not_even_noticed(postgres: PostgresServer, migrated: str) -> None:
    async def scene() -> None:
        async with led(migrated) as (journal, start):
            night = Night().begin()
            await journal.append(night.batch(start.epoch))
            await journal.story(0, 1)
            postgres.stop()
            postgres.start()
            night.must(LAN, c.LeavePosition())
            await journal.append(night.batch(start.epoch))
            assert len(await journal.story(0, night.state.seq)) == night.state.seq

    run(scene)
