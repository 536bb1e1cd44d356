"""One core writes. The others wait, take over within two seconds of its death, and it learns that it was replaced."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from db.audit import verify
from db.engine import engine
from db.journal import PostgresJournal
from db.lock_session import LEADER_LOCK
from db.schema import upgrade
from dispatch_core.domain.errors import DispatchError
from dispatch_core.ports import Deposed, JournalDown
from dispatch_core.runtime.clock import SystemClock
from scripts.stage.layout import ROOT
from scripts.stage.postgres import PostgresServer
from tests.contracts.night import CountedIds, Night
from tests.db.cutting_proxy import CuttingProxy
from tests.db.journals import ask, eventually, led, run
from tests.lateness import Lateness


class Rival:
    """``rival_core`` as a child process."""

    def __init__(self, dsn: str, pause: float = 0.0) -> None:
        upgrade(dsn)
        self.child = subprocess.Popen(
            [sys.executable, "-m", "tests.db.rival_core", dsn, str(pause)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        self.said: list[str] = []

    def until(self, word: str) -> str:
        """Read on until a line begins with ``word``; that line."""
        assert self.child.stdout is not None
        for line in self.child.stdout:
            self.said.append(line.strip())
            if line.startswith(word):
                return line.strip()
        raise AssertionError(f"it ended without {word!r}: {self.said[-3:]}")

    def end(self) -> None:
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGCONT)
            self.child.kill()
        self.child.wait()
        assert self.child.stdout is not None
        self.child.stdout.close()


@pytest.fixture
def rival(migrated: str) -> Iterator[Rival]:
    made = Rival(migrated)
    yield made
    made.end()


def epochs_in_order(dsn: str) -> bool:
    """No event of an older epoch after one of a newer: nothing stale was accepted."""
    rows = ask(dsn, "SELECT epoch FROM journal ORDER BY seq")
    return rows == sorted(rows)


def take_over(dsn: str) -> float:
    """Seconds until this process leads and has written in its own epoch."""
    took = []

    async def scene() -> None:
        upgrade(dsn)  # which is not part of it
        began = time.monotonic()
        async with led(dsn) as (journal, loaded):
            took.append(time.monotonic() - began)
            assert loaded.epoch == 2
            night = Night(loaded.state, CountedIds())
            night.ids._count = iter(range(10**6, 10**7))  # type: ignore[assignment]
            night.call()
            await journal.append(night.batch(loaded.epoch))

    run(scene)
    return took[0]


def test_a_killed_leader_is_followed_at_once(migrated: str, rival: Rival) -> None:
    rival.until("wrote")
    os.kill(rival.child.pid, signal.SIGKILL)
    rival.child.wait()
    with Lateness() as machine:
        assert take_over(migrated) < 1.0 + machine.lost
    assert epochs_in_order(migrated)
    assert verify(migrated).intact


def test_a_paused_leader_is_followed_in_two_seconds_and_writes_nothing_when_it_wakes(
    migrated: str, rival: Rival
) -> None:
    rival.until("wrote")
    time.sleep(0.2)
    os.kill(rival.child.pid, signal.SIGSTOP)
    with Lateness() as machine:
        assert take_over(migrated) < 2.0 + machine.lost
    [(before,)] = ask(migrated, "SELECT max(seq) FROM journal WHERE epoch = 1")
    os.kill(rival.child.pid, signal.SIGCONT)
    rival.until("deposed")
    assert rival.child.wait() == 2
    assert ask(migrated, "SELECT max(seq) FROM journal WHERE epoch = 1") == [(before,)]
    assert epochs_in_order(migrated)
    assert verify(migrated).intact


def test_a_leader_whose_lock_session_is_killed_is_deposed_by_the_one_who_waits(
    migrated: str, rival: Rival
) -> None:
    """An advisory lock alone would let it write on: here its next transaction finds another epoch."""
    rival.until("wrote")

    async def scene() -> None:
        second = PostgresJournal(migrated, SystemClock(), CountedIds())
        waiting = asyncio.ensure_future(second.open())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        with engine(migrated, "test").begin() as connection:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
            )
        assert (await waiting).epoch == 2
        await asyncio.to_thread(rival.until, "deposed")
        await second.close()

    run(scene)
    assert rival.child.wait() == 2
    assert epochs_in_order(migrated)


def test_many_take_overs_while_everybody_writes(migrated: str) -> None:
    """Leaders are paused and replaced in turn; each one that wakes tries to write on, and none gets a row in."""
    rivals: list[Rival] = []
    try:
        for _ in range(4):
            rivals.append(Rival(migrated))
            if len(rivals) > 1:
                os.kill(rivals[-2].child.pid, signal.SIGSTOP)
            rivals[-1].until("leading")
            rivals[-1].until("wrote")
        for rival in rivals[:-1]:
            os.kill(rival.child.pid, signal.SIGCONT)
        for rival in rivals[:-1]:
            rival.until("deposed")
            assert rival.child.wait() == 2
    finally:
        for rival in rivals:
            rival.end()
    assert ask(migrated, "SELECT epoch FROM leadership")[0][0] == 4
    assert epochs_in_order(migrated)
    assert verify(migrated).intact


class Told:
    """What the journal told its core, with the moment."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.why: list[DispatchError] = []

    def options(self) -> dict[str, object]:
        return {"on_lost": self.lost, "on_doubt": self.doubt, "on_regained": self.regained}

    def lost(self, why: DispatchError) -> None:
        self.words.append("lost")
        self.why.append(why)

    def doubt(self, why: DispatchError) -> None:
        self.words.append("doubt")
        self.why.append(why)

    def regained(self) -> None:
        self.words.append("regained")


def test_a_partitioned_leader_stops_before_another_may_begin(migrated: str, short_tmp: Path) -> None:
    """No answer and no error either: the watchdog speaks after a second, the server lets go half a second later."""
    proxy = CuttingProxy(migrated, short_tmp)
    told = Told()

    async def scene() -> None:
        async with led(proxy.dsn, **told.options()) as (journal, _):
            assert journal.leads
            machine = ends.enter_context(Lateness())
            await asyncio.sleep(1.2)
            assert journal.leads and not told.words, "heartbeats keep it"
            proxy.freeze()
            began = time.monotonic()
            second = PostgresJournal(migrated, SystemClock(), CountedIds())
            waiting = asyncio.ensure_future(second.open())
            stopped = await eventually(lambda: not journal.leads)
            assert not waiting.done(), "the old leader was still acting when the new one began"
            assert stopped < 1.1 + machine.lost
            await eventually(lambda: "doubt" in told.words)
            assert isinstance(told.why[0], JournalDown)
            assert (await waiting).epoch == 2
            assert time.monotonic() - began < 2.0 + machine.lost
            await eventually(lambda: "lost" in told.words)
            assert isinstance(told.why[-1], Deposed)
            assert told.words == ["doubt", "lost"]
            await second.close()

    with ExitStack() as ends:
        ends.callback(proxy.down)
        run(scene)


class LeapingClock(SystemClock):
    """As a process sees it that was paused: all of a sudden it is later."""

    ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead


def test_a_paused_process_knows_before_it_is_told(migrated: str) -> None:
    """It wakes in the middle of a loop's turn; what it does next must not be publishing."""
    clock, told = LeapingClock(), Told()

    async def scene() -> None:
        journal = PostgresJournal(migrated, clock, CountedIds(), **told.options())  # type: ignore[arg-type]
        await journal.open()
        assert journal.leads
        clock.ahead = 60.0
        assert not journal.leads and not told.words
        await eventually(lambda: told.words == ["doubt", "regained"])
        assert journal.leads
        await journal.close()
        assert not journal.leads

    run(scene)


def test_a_leader_that_nobody_replaced_goes_on(migrated: str, short_tmp: Path) -> None:
    proxy = CuttingProxy(migrated, short_tmp)
    told = Told()

    async def scene() -> None:
        async with led(proxy.dsn, **told.options()) as (journal, loaded):
            night = Night().begin()
            await journal.append(night.batch(loaded.epoch))
            proxy.down()
            await eventually(lambda: told.words == ["doubt"])
            assert not journal.leads
            await asyncio.sleep(0.5)
            proxy.up()
            await eventually(lambda: told.words == ["doubt", "regained"])
            assert journal.leads
            night.call()
            await journal.append(night.batch(loaded.epoch))
            assert ask(migrated, "SELECT epoch FROM leadership") == [(1,)]

    try:
        run(scene)
    finally:
        proxy.down()


def test_a_restarted_server_is_led_on(postgres: PostgresServer, migrated: str) -> None:
    told = Told()

    async def scene() -> None:
        async with led(migrated, **told.options()) as (journal, loaded):
            postgres.kill9()
            await eventually(lambda: told.words == ["doubt"])
            postgres.start()
            await eventually(lambda: told.words == ["doubt", "regained"])
            night = Night().begin()
            await journal.append(night.batch(loaded.epoch))

    run(scene)


def test_waiting_to_lead_can_be_given_up(migrated: str) -> None:
    async def scene() -> None:
        async with led(migrated):
            closed = PostgresJournal(migrated, SystemClock(), CountedIds())
            waiting = asyncio.ensure_future(closed.open())
            await asyncio.sleep(0.2)
            await closed.close()
            with pytest.raises(JournalDown, match="closed"):
                await waiting
            cancelled = PostgresJournal(migrated, SystemClock(), CountedIds())
            waiting = asyncio.ensure_future(cancelled.open())
            await asyncio.sleep(0.2)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await cancelled.close()
            locks = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {LEADER_LOCK & 0xFFFFFFFF}"
            await eventually(lambda: ask(migrated, locks) == [(1,)])

    run(scene)


def test_the_lock_is_free_when_the_leader_ends_in_good_order(migrated: str) -> None:
    async def scene() -> None:
        for epoch in (1, 2, 3):
            upgrade(migrated)  # which is not part of it
            with Lateness() as machine:
                began = time.monotonic()
                async with led(migrated) as (_, loaded):
                    assert loaded.epoch == epoch
                    assert time.monotonic() - began < 1.0 + machine.lost

    run(scene)
