"""What reports ask."""

from __future__ import annotations

import pytest

from db.errors import DatabaseError
from db.queries import Queries
from tests.contracts.night import START, Night
from tests.db.journals import written


@pytest.fixture
def night(migrated: str) -> Night:
    def work(night: Night) -> None:
        night.call()
        night.dispatched("A1", "B1")
        call, incident = night.dispatched("A2")
        night.finish(call, incident)
        night.archive(incident)

    return written(migrated, work)


def test_counts(migrated: str, night: Night) -> None:
    ask = Queries(migrated)
    assert ask.calls_by_state() == {"arriving": 1, "answered": 1, "ended": 1}
    assert ask.calls_by_number_dialled() == {"115": 3}
    assert ask.incidents_by_state() == {"receiving": 1, "working": 1, "closed": 1}
    assert ask.calls_by_state(until=START) == ask.incidents_by_state(until=START) == {}
    assert sum(ask.calls_by_number_dialled(since=START, until=night.now + 1).values()) == 3


def test_live_assignments(migrated: str, night: Night) -> None:
    live = Queries(migrated).live_assignments()
    assert [(row.unit, row.service, row.released_at, row.assigned_by) for row in live] == [
        ("A1", "ambulance", 0, "person:lan"), ("B1", "police", 0, "person:lan"),
    ]  # fmt: skip


def test_an_incident_with_all_that_belongs_to_it(migrated: str, night: Night) -> None:
    ask = Queries(migrated)
    [working] = [ident for ident, it in night.state.incidents.items() if it.state == "working"]
    file = ask.incident(working)
    assert file is not None
    assert (file.incident.id, file.incident.type, file.incident.owner) == (working, "crash", "lan")
    assert file.incident.location_label == "Ngã tư Hàng Xanh" and file.incident.closed_at == 0
    assert [(call.state, call.position, call.positions) for call in file.calls] == [("answered", "B01", ("B01",))]
    assert [(leg.service, leg.zone_name, leg.station) for leg in file.legs] == [
        ("ambulance", "Thạnh Mỹ Tây", "S-ambulance"), ("police", "Thạnh Mỹ Tây", "S-police"),
    ]  # fmt: skip
    assert [row.unit for row in file.assignments] == ["A1", "B1"]
    assert ask.incident("20200101-00001") is None


def test_the_story_of_an_incident_that_has_left_the_live_state(migrated: str, night: Night) -> None:
    ask = Queries(migrated)
    [closed] = [row for row in (f"20261123-{n:05d}" for n in range(1, 4)) if row not in night.state.incidents]
    told = [type(recorded.event).__name__ for recorded in ask.story_of(closed)]
    assert told[:2] == ["CallArrived", "IncidentReceived"] and told[-1] == "IncidentArchived"
    assert "NoteAdded" in told and "UnitAssigned" in told and "CallEnded" in told
    assert ask.story_of("20200101-00001") == []


def test_a_database_that_is_away_is_said() -> None:
    with pytest.raises(DatabaseError):
        Queries("postgresql://x@/x?host=/nowhere").calls_by_state()
