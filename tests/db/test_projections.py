"""The rows that people query say what the state says, after every batch and however the batch was cut."""

from __future__ import annotations

import threading
from itertools import pairwise

import psycopg2
import pytest
from msgspec.structs import replace
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from db.engine import engine, libpq_arguments
from db.projections import call_row, incident_row, leg_row, project
from db.queries import Queries
from db.tables import assignments
from dispatch_core.domain import commands as c
from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import EndedBy, UnitStatus
from tests.contracts.night import HUNG, LAN, PLACE, SWITCH, Night
from tests.db.journals import as_superuser, ask, led, run, written


def rows_of(dsn: str, table: str) -> dict[str, dict[str, object]]:
    with engine(dsn, "test").connect() as connection:
        return {row["id"]: dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()}


def agrees(dsn: str, night: Night) -> None:
    """Everything that is in the live state is in the rows, field by field."""
    state = night.state
    incidents, calls = rows_of(dsn, "incidents"), rows_of(dsn, "calls")
    for ident, incident in state.incidents.items():
        assert incidents[ident] == incident_row(incident)
        names = ("service", "state", "zone", "station", "dispatcher")
        kept = ask(dsn, f"SELECT {', '.join(names)} FROM legs WHERE incident = :it ORDER BY 1", it=ident)
        told = [leg_row(ident, leg) for _, leg in sorted(incident.legs.items())]
        assert kept == [tuple(row[name] for name in names) for row in told]
    for ident, call in state.calls.items():
        assert calls[ident] == call_row(call)
    live = {(row.unit, row.incident, row.service, row.assigned_at) for row in Queries(dsn).live_assignments()}
    assert live == {
        (unit.call_sign, unit.assignment.incident, unit.assignment.service, unit.assignment.at)
        for unit in state.units.values()
        if unit.assignment is not None
    }


@pytest.mark.parametrize("size", [1, 7, 10_000], ids=["one by one", "in sevens", "all at once"])
def test_the_rows_say_what_the_state_says(migrated: str, size: int) -> None:
    """The same night in batches of any size gives the same rows."""

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            night = Night().begin()
            night.busy(9)
            whole = night.batch(loaded.epoch)
            state = State()
            for start in range(0, len(whole.entries), size):
                entries = whole.entries[start : start + size]
                for entry in entries:
                    state = fold(state, entry.events)
                await journal.append(type(whole)(epoch=loaded.epoch, entries=entries, after=state))
            assert state == night.state
            agrees(migrated, night)

    run(scene)
    closed = "SELECT count(*) FROM incidents WHERE state = 'closed' AND closed_at IS NOT NULL AND disposition = 'done'"
    assert ask(migrated, closed) == [(6,)]
    assert ask(migrated, "SELECT count(*) FROM calls WHERE state = 'ended' AND ended_by = 'caller'") == [(6,)]
    assert ask(migrated, "SELECT count(*), count(released_at) FROM assignments") == [(18, 18)]
    log = ask(migrated, "SELECT unit, status, incident FROM unit_log ORDER BY seq")
    assert len(log) == 18 * 3
    assert {row[2] for row in log} == set(rows_of(migrated, "incidents")), "each line names its incident"
    assert ask(migrated, "SELECT count(*) FROM incidents WHERE location_label <> 'Ngã tư Hàng Xanh'") == [(0,)]


def test_the_unit_log_knows_the_leg_however_the_batch_is_cut(migrated: str) -> None:
    def shift(night: Night) -> None:
        night.must(LAN, c.ReportStatus(unit="A9", status=UnitStatus.OUT_OF_SERVICE))
        night.must(LAN, c.ReportStatus(unit="A9", status=UnitStatus.AVAILABLE))
        _, incident = night.dispatched("A9")
        night.must(LAN, c.ReportStatus(unit="A9", status=UnitStatus.ON_SCENE))
        night.must(LAN, c.ReleaseUnit(unit="A9"))
        night.must(LAN, c.ReportStatus(unit="A9", status=UnitStatus.OUT_OF_SERVICE))
        night.must(LAN, c.ReportStatus(unit="A9", status=UnitStatus.AVAILABLE))
        night.must(LAN, c.AssignUnits(incident=incident, units=("A9",)))

    def report(night: Night) -> None:
        night.must(LAN, c.ReportStatus(unit="A9", status=UnitStatus.ON_SCENE))

    night = written(migrated, shift, report)
    [incident] = night.state.incidents
    assert Queries(migrated).unit_statuses("A9") == [
        (at, status, on)
        for (at, _, _), (status, on) in zip(
            Queries(migrated).unit_statuses("A9"),
            [
                ("on_scene", incident), ("offered", incident), ("available", ""), ("out_of_service", ""),
                ("available", incident), ("on_scene", incident), ("en_route", incident), ("offered", incident),
                ("available", ""), ("out_of_service", ""),
            ],
            strict=True,
        )
    ]  # fmt: skip
    moments = [at for at, _, _ in Queries(migrated).unit_statuses("A9")]
    assert all(later > earlier for later, earlier in pairwise(moments))


def test_an_incident_that_comes_and_goes_within_a_batch_is_kept(migrated: str) -> None:
    def whole_life(night: Night) -> None:
        call, incident = night.dispatched("A1", "B1")
        night.finish(call, incident)
        night.archive(incident)

    night = written(migrated, lambda night: None, whole_life, whole_life)
    assert not night.state.incidents and not night.state.calls
    rows = rows_of(migrated, "incidents")
    assert len(rows) == 2
    assert {(row["state"], row["type"], row["location_label"]) for row in rows.values()} == {
        ("closed", "crash", "Ngã tư Hàng Xanh")
    }
    calls = rows_of(migrated, "calls")
    assert {(row["state"], row["number"]) for row in calls.values()} == {("ended", "0903123456")}
    assert {row["incident"] for row in calls.values()} == set(rows)
    assert ask(migrated, "SELECT count(*) FROM legs WHERE state = 'closed' AND station <> ''") == [(4,)]


def test_an_archive_after_an_unknown_commit_reads_the_state_again(migrated: str) -> None:
    """The state before a batch is remembered; where the memory is of another moment, the journal is read."""

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            night = Night().begin()
            await journal.append(night.batch(loaded.epoch))
            call, incident = night.dispatched("A1")
            await journal.append(night.batch(loaded.epoch))
            journal._committed = State()
            night.finish(call, incident)
            night.archive(incident)
            await journal.append(night.batch(loaded.epoch))
            assert rows_of(migrated, "incidents")[incident]["state"] == "closed"

    run(scene)


def test_the_state_before_is_asked_for_only_when_something_left(migrated: str) -> None:
    night = Night().begin()
    call, incident = night.dispatched("A1")
    asked = []

    def before() -> State:
        asked.append(True)
        return State()

    def project_all() -> None:
        batch = night.batch(1)
        project([recorded for entry in batch.entries for recorded in entry.events], batch.after, before)

    project_all()
    night.finish(call, incident)
    project_all()
    night.archive(incident)
    project_all()
    assert not asked, "an archive alone touches no row"


def test_text_that_a_column_cannot_hold_is_shown_in_its_place() -> None:
    row = call_row(Call(id="c", node="hcm1", name="An\0h", number="\0", location=replace(PLACE, label="Ngã\0 tư")))
    assert (row["name"], row["number"], row["location_label"]) == ("An\ufffdh", "\ufffd", "Ngã\ufffd tư")


def test_a_call_without_an_incident_has_a_row_too(migrated: str) -> None:
    def call_back(night: Night) -> None:
        night.must(SWITCH, c.CallBackStarted(call="back-1", node="hcm1", at=night.now, number="0903123456"))
        night.must(SWITCH, c.CallOver(call="back-1", at=night.now, by=EndedBy.UNREACHED, cause=19))

    written(migrated, call_back)
    row = rows_of(migrated, "calls")["back-1"]
    assert (row["direction"], row["incident"], row["state"], row["ended_by"], row["cause"]) == (
        "outgoing", "", "ended", "unreached", 19,
    )  # fmt: skip


def test_fifty_at_once_never_get_one_unit_twice(migrated: str) -> None:
    """Straight at the table, past every rule of the core: the index is law."""
    night = written(migrated, lambda night: (night.dispatched(), None)[1])
    [incident] = night.state.incidents
    positional, named = libpq_arguments(migrated)
    start, won, lost, live = threading.Barrier(50), [], [], []
    guard = threading.Lock()

    def send(number: int) -> None:
        connection = psycopg2.connect(*positional, **named)
        cursor = connection.cursor()
        for turn in range(4):
            start.wait()
            try:
                cursor.execute(
                    "INSERT INTO assignments (seq, unit, incident, service, assigned_at, assigned_by)"
                    " VALUES (%s, 'A1', %s, 'ambulance', 1, 'x')",
                    (1_000_000 + 100 * turn + number, incident),
                )
                connection.commit()
                with guard:
                    won.append(number)
            except psycopg2.errors.UniqueViolation:
                connection.rollback()
                with guard:
                    lost.append(number)
            if start.wait() == 0:
                cursor.execute("SELECT count(*) FROM assignments WHERE unit = 'A1' AND released_at IS NULL")
                live.append(cursor.fetchone()[0])
                cursor.execute("UPDATE assignments SET released_at = 2 WHERE released_at IS NULL")
                connection.commit()
        connection.close()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert live == [1, 1, 1, 1]
    assert (len(won), len(lost)) == (4, 196)


def test_an_assignment_needs_its_leg(migrated: str) -> None:
    row = {"seq": 1, "unit": "A1", "incident": "none", "service": "fire", "assigned_at": 1, "assigned_by": "x"}
    with engine(migrated, "test").begin() as connection, pytest.raises(IntegrityError, match="fkey"):
        connection.execute(insert(assignments), [row])


def test_a_row_that_disagrees_would_be_seen(migrated: str) -> None:
    """The comparison above can fail."""
    night = written(migrated, lambda night: (night.dispatched("A1"), None)[1])
    agrees(migrated, night)
    with as_superuser(migrated) as connection:
        connection.execute(text("UPDATE incidents SET priority = priority + 1"))
    with pytest.raises(AssertionError):
        agrees(migrated, night)


def test_a_missed_line_keeps_its_row_when_it_leaves_the_list(migrated: str) -> None:
    """Also where a line comes and goes within one batch; its number stands in ``calls`` alone."""

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            night = Night().begin()
            call, incident = night.call("0911111111")
            night.must(SWITCH, c.CallOver(call=call, at=night.now, by=EndedBy.CALLER, cause=0))
            await journal.append(night.batch(loaded.epoch))
            kept = rows_of(migrated, "missed")[call]
            assert (kept["ended"], kept["calls"], kept["call_ids"], kept["incident"]) == ("", 1, [call], incident)
            night.must(LAN, c.TakeOffMissed(missed=call, reason="đã gặp"))
            second, _ = night.call("0922222222")
            night.must(SWITCH, c.CallOver(call=second, at=night.now, by=EndedBy.CALLER, cause=0))
            night.must(LAN, c.TakeOffMissed(missed=second, reason="đã gặp"))
            await journal.append(night.batch(loaded.epoch))
            rows = rows_of(migrated, "missed")
            for ident in (call, second):
                left = (rows[ident]["ended"], rows[ident]["ended_by"], rows[ident]["by_call"])
                assert left == ("by_hand", "lan", ident)

    run(scene)


def test_folded_calls_are_in_the_rows_of_the_incident_that_they_are_about(migrated: str) -> None:
    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            night = Night().begin()
            first, into = night.call("0911111111")
            second, source = night.call("0922222222")
            night.must(LAN, c.FoldIncident(incident=source, into=into))
            await journal.append(night.batch(loaded.epoch))
            agrees(migrated, night)
            night.must(LAN, c.UnfoldIncident(incident=source))
            night.must(LAN, c.FoldIncident(incident=into, into=source))
            night.must(LAN, c.SplitCall(call=first))
            await journal.append(night.batch(loaded.epoch))
            agrees(migrated, night)
            assert rows_of(migrated, "calls")[second]["incident"] == source

    run(scene)


def test_a_shift_that_was_taken_and_a_leg_that_came_back_are_in_the_rows(migrated: str) -> None:
    """One batch each: nothing else touches the incident in it."""

    async def scene() -> None:
        async with led(migrated) as (journal, loaded):
            night = Night().begin()
            _, incident = night.dispatched()
            await journal.append(night.batch(loaded.epoch))
            service = next(iter(night.state.incidents[incident].legs))
            reassign = c.ReassignLeg(incident=incident, service=service, dispatcher="hung", reason="lan đang bận")
            night.must(HUNG, reassign)
            await journal.append(night.batch(loaded.epoch))
            agrees(migrated, night)
            night.must(HUNG, c.UndoReassign(incident=incident))
            await journal.append(night.batch(loaded.epoch))
            agrees(migrated, night)
            night.must(LAN, c.HandShift(to="hung"))
            await journal.append(night.batch(loaded.epoch))
            night.must(HUNG, c.TakeShift(user="lan"))
            await journal.append(night.batch(loaded.epoch))
            agrees(migrated, night)
            assert rows_of(migrated, "incidents")[incident]["owner"] == "hung"

    run(scene)
