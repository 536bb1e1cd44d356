"""A start gives the state that was there, from any mixture of snapshots and journal, or refuses in words."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from db.audit import verify
from db.engine import engine
from db.errors import JournalUnreadable, SchemaError
from db.journal import PostgresJournal
from dispatch_core.domain.canonical import checksum, decode_state, encode_state
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.runtime.clock import SystemClock
from tests.contracts.night import CountedIds, Night
from tests.db.journals import as_superuser, ask, led, loaded, run


def snapshotted(dsn: str) -> Night:
    """A journal with a snapshot in its middle and a tail after it."""
    night = Night().begin()

    async def scene() -> None:
        async with led(dsn) as (journal, loaded):
            night.busy(4)
            await journal.append(night.batch(loaded.epoch))
            await journal.keep_snapshot(loaded.epoch, night.state)
            night.busy(2)
            await journal.append(night.batch(loaded.epoch))

    run(scene)
    return night


def change_last(dsn: str, night: Night, harm: str) -> None:
    with as_superuser(dsn) as connection:
        connection.execute(text(f"UPDATE journal SET {harm} WHERE seq = :last"), {"last": night.state.seq})


@pytest.mark.parametrize(
    "harm",
    [
        "SELECT 1",
        "DELETE FROM snapshots",
        "UPDATE snapshots SET state = 'rubbish'::bytea",
        f"UPDATE snapshots SET evolve_version = {EVOLVE_VERSION + 1}, state = 'of another evolve'::bytea",
        f"UPDATE snapshots SET evolve_version = {EVOLVE_VERSION - 1}, state = 'of an older evolve'::bytea",
        "UPDATE snapshots SET seq = seq + 100000",
        "UPDATE snapshots SET seq = seq - 1",
    ],
    ids=[
        "as it was", "none", "damaged", "of another version", "of an older one", "ahead of the journal",
        "of another moment",
    ],
)
def test_a_start_gives_the_same_checksum(migrated: str, harm: str) -> None:
    night = snapshotted(migrated)
    with engine(migrated, "test").begin() as connection:
        connection.execute(text(harm))
    again = loaded(migrated)
    assert again.state == night.state
    assert checksum(again.state) == checksum(night.state)


def test_a_snapshot_is_really_used(migrated: str) -> None:
    """With the events before it out of reach, a start still succeeds: it replays the tail alone."""
    night = snapshotted(migrated)
    with as_superuser(migrated) as connection:
        connection.execute(text("DELETE FROM journal WHERE seq < 10"))
    assert loaded(migrated).state == night.state


def test_a_long_journal_is_folded_however_long_it_takes(migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after an erasure or an update that left no snapshot: the whole of it passes the deadline, no piece does."""
    night = snapshotted(migrated)
    with engine(migrated, "test").begin() as connection:
        connection.execute(text("DELETE FROM snapshots"))
    pause = 1.5 / night.state.seq

    def slowly(state: State, recorded: Recorded) -> State:
        time.sleep(pause)
        return evolve(state, recorded)

    monkeypatch.setattr("db.loading.evolve", slowly)
    monkeypatch.setattr("db.journal.LOAD_DEADLINE_S", 1.0)
    monkeypatch.setattr("db.journal.FOLDED_AT_ONCE", 7)
    assert loaded(migrated).state == night.state


@pytest.mark.parametrize(
    "harm", [f"evolve_version = {EVOLVE_VERSION + 1}", f"evolve_version = {EVOLVE_VERSION - 1}", "seq = seq + 100000"]
)
def test_a_snapshot_that_no_start_uses_counts_as_none(migrated: str, harm: str) -> None:
    snapshotted(migrated)

    async def scene() -> None:
        async with led(migrated) as (journal, _):
            assert await journal.newest_snapshot() > 0
            with engine(migrated, "test").begin() as connection:
                connection.execute(text(f"UPDATE snapshots SET {harm}"))
            assert await journal.newest_snapshot() == 0

    run(scene)


def test_a_gap_is_refused_and_named(migrated: str) -> None:
    night = snapshotted(migrated)
    with as_superuser(migrated) as connection:
        connection.execute(text("DELETE FROM journal WHERE seq = :last"), {"last": night.state.seq - 2})
    with pytest.raises(JournalUnreadable) as refused:
        loaded(migrated)
    assert refused.value.details["seq"] == night.state.seq - 2
    assert str(night.state.seq - 2) in refused.value.vi


@pytest.mark.parametrize(
    "harm", ["type = 'FromTheFuture'", "version = 99", "payload = '{\"call\": 7}'", "payload = '[]'"]
)
def test_an_event_that_this_program_does_not_know_is_refused_and_named(migrated: str, harm: str) -> None:
    night = snapshotted(migrated)
    change_last(migrated, night, harm)
    with pytest.raises(JournalUnreadable) as refused:
        loaded(migrated)
    assert refused.value.details["seq"] == night.state.seq


def test_a_refused_start_leaves_the_lock_free(migrated: str) -> None:
    night = snapshotted(migrated)
    change_last(migrated, night, "version = version + 90")
    with pytest.raises(JournalUnreadable):
        loaded(migrated)
    change_last(migrated, night, "version = version - 90")
    assert loaded(migrated).state == night.state


def test_a_database_without_tables_is_refused_in_words(fresh_database: str) -> None:
    async def scene() -> None:
        journal = PostgresJournal(fresh_database, SystemClock(), CountedIds())
        try:
            with pytest.raises(SchemaError) as refused:
                await journal.open()
            assert refused.value.code == "schema_missing"
        finally:
            await journal.close()

    run(scene)


def test_only_the_newest_outcomes_are_loaded(migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.journal.OUTCOMES_REMEMBERED", 5)
    snapshotted(migrated)
    newest = [row[0] for row in ask(migrated, "SELECT command_id FROM commands ORDER BY number DESC LIMIT 5")]
    assert list(loaded(migrated).recent) == newest[::-1]


@pytest.mark.parametrize("seq", [2**31 - 3, 2**53 - 3], ids=["2^31", "2^53"])
def test_counters_go_on_past_the_small_limits(migrated: str, seq: int) -> None:
    """A journal that has come this far: a snapshot and one event stand for all that was before."""
    first = State(seq=seq)
    with engine(migrated, "test").begin() as connection:
        connection.execute(text("UPDATE leadership SET epoch = :epoch"), {"epoch": seq})
        connection.execute(
            text(
                "INSERT INTO journal (seq, epoch, at, actor, command_id, type, version, payload, prev_hash, hash)"
                " VALUES (:seq, :seq, 1, 'core:x', 'x', 'AlarmHandled', 1, '{\"key\":\"k\"}', '', '')"
            ),
            {"seq": seq},
        )
        connection.execute(
            text("INSERT INTO snapshots VALUES (:seq, :version, 1, :state)"),
            {"seq": seq, "version": EVOLVE_VERSION, "state": encode_state(first)},
        )
        connection.execute(text("ALTER TABLE commands ALTER COLUMN number RESTART WITH 2147483640"))
    night = Night(first)

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            assert (loaded.epoch, loaded.state) == (seq + 1, first)
            night.begin()
            night.busy(4)
            await journal.append(night.batch(loaded.epoch))
            await journal.keep_snapshot(loaded.epoch, night.state)

    run(scene)
    assert night.state.seq > seq + 5
    assert loaded(migrated).state == night.state
    findings = verify(migrated).findings
    assert {(finding.seq, finding.kind) for finding in findings} == {
        (1, "missing"), (seq, "altered"), (seq, "unasked"),
    }, "the row that was made up, and nothing after it"  # fmt: skip


def test_the_state_survives_its_canonical_form() -> None:
    night = Night().begin()
    night.busy(3)
    assert decode_state(encode_state(night.state)) == night.state
