"""Lists: versioned, served, taken back. Notes: every version kept, undone. What happened near a place."""

from __future__ import annotations

import pytest
from sqlalchemy import func, insert, select

from db.engine import engine
from db.errors import PlaceListError
from db.place_store import NewList, PlaceStore, write_notes
from db.premise_rows import premise_rows
from db.tables import incidents, premise_notes
from dispatch_core.domain.events import Event, PremiseRemoved, PremiseUndone, PremiseWritten, Recorded


@pytest.fixture
def store(migrated: str) -> PlaceStore:
    return PlaceStore(migrated)


def new(kind: str = "stations", data: bytes = b"[]") -> NewList:
    return NewList(kind, "trạm.csv", 2, data)


def test_the_last_one_published_serves_and_can_be_taken_back(store: PlaceStore) -> None:
    assert store.serving() == {}
    assert store.publish([new()], at=10) == {"stations": 1}
    assert store.publish([new(data=b"[1]"), new("units")], at=5) == {"stations": 2, "units": 1}, "a clock behind"
    assert store.serving() == {"stations": 2, "units": 1}
    assert store.data("stations", 2) == b"[1]" and store.data("stations", 1) == b"[]"
    store.take_back(["stations", "units"])
    assert store.serving() == {"stations": 1}
    with pytest.raises(PlaceListError, match="No imported list of units"):
        store.take_back(["stations", "units"])
    assert store.serving() == {"stations": 1}, "all or none"
    store.take_back(["stations"])
    assert store.serving() == {}
    assert [(it.kind, it.version, it.published_at) for it in store.list()] == [
        ("stations", 2, 0), ("stations", 1, 0), ("units", 1, 0),
    ]  # fmt: skip


def written(text: str, premise: str = "P1") -> PremiseWritten:
    return PremiseWritten(
        premise=premise, count=1, kind="gas", lat=10.8, lon=106.7, radius_m=30.0, until=0, label="kho", text=text
    )


def happen(dsn: str, first: int, *events: Event) -> None:
    story = [
        Recorded(seq=first + step, at=1_000 + step, by="person:lan", command="c", event=event)
        for step, event in enumerate(events)
    ]
    with engine(dsn, "test").begin() as connection:
        write_notes(connection, premise_rows(story))


def texts(store: PlaceStore) -> list[tuple[str, str]]:
    return [(it.id, it.text) for it in store.notes()]


def test_notes_are_undone_and_removed_by_versions(migrated: str, store: PlaceStore) -> None:
    happen(migrated, 1, written("một"), written("hai"), written("khác", "P2"))
    assert texts(store) == [("P1", "hai"), ("P2", "khác")]
    happen(migrated, 10, PremiseUndone(premise="P1"))
    assert texts(store)[0] == ("P1", "một")
    happen(migrated, 11, PremiseUndone(premise="P1"), PremiseRemoved(premise="P2"))
    assert texts(store) == [("P1", "hai")], "undone twice it is back"
    happen(migrated, 20, PremiseUndone(premise="P2"))
    assert texts(store) == [("P1", "hai"), ("P2", "khác")], "a removal is undone too"
    happen(migrated, 30, written("mới", "P3"), PremiseUndone(premise="P3"))
    assert ("P3", "mới") not in texts(store), "of what had no version before, the removal"
    happen(migrated, 32, PremiseUndone(premise="P3"), PremiseUndone(premise="P9"), PremiseRemoved(premise="P9"))
    assert ("P3", "mới") in texts(store)
    with engine(migrated, "test").connect() as connection:
        assert connection.execute(select(func.max(premise_notes.c.seq))).scalar_one() == 32, "P9 never was"
    happen(migrated, 40, written("a\0b", "P4"))
    assert ("P4", "a\ufffdb") in texts(store)


def test_what_happened_near_a_place_the_newest_first(migrated: str, store: PlaceStore) -> None:
    def row(ident: str, lat: float | None, at: int) -> dict[str, object]:
        return {
            "id": ident, "state": "closed", "version": 1, "type": "theft", "priority": 3, "services": [], "owner": "",
            "disposition": "done", "received_at": at, "closed_at": at, "location_label": None,
            "location_source": None, "lat": lat, "lon": 106.7 if lat else None, "uncertainty_m": None,
        }  # fmt: skip

    with engine(migrated, "test").begin() as connection:
        for each in (row("a", 10.8, 1), row("b", 10.8005, 2), row("c", 10.81, 3), row("d", None, 4), row("e", 10.8, 5)):
            connection.execute(insert(incidents).values(**each))
    found = store.past_incidents(10.8, 106.7, 100, 5, "e")
    assert [(it.incident, round(it.metres)) for it in found] == [("b", 56), ("a", 0)]
    assert [it.incident for it in store.past_incidents(10.8, 106.7, 100, 1, "")] == ["e"]


def test_the_unit_log_knows_who_covered_where() -> None:
    from db.projections import project
    from dispatch_core.domain import commands as c
    from dispatch_core.domain.state import State
    from tests.domain.world import staffed

    world = staffed()
    world.person("hoa", c.MoveUp(unit="F1", station="S-F2"))
    world.person("hoa", c.SendHome(unit="F1"))
    log = project(world.story, world.state, lambda: State()).unit_log
    assert [(it["unit"], it["status"], it["incident"], it["by"]) for it in log] == [
        ("F1", "covers S-F2", None, "person:hoa"), ("F1", "sent_home", None, "person:hoa"),
    ]  # fmt: skip
