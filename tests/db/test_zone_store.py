"""Zone sets: kept to the byte, versioned, dated; of those whose moment has come, the one that began last serves."""

from __future__ import annotations

import threading

import pytest

from db.errors import DatabaseError, ZoneStoreError
from db.zone_store import EMBEDDED, ZoneStore, before

GEOJSON = b'{"type":"FeatureCollection","features":[ ]}\n' + "“phường”".encode()


@pytest.fixture
def store(migrated: str) -> ZoneStore:
    return ZoneStore(migrated)


def keep(store: ZoneStore, service: str = "fire", name: str = "phường 2025", at: int = 1) -> int:
    return store.keep(
        service=service, name=name, geojson=GEOJSON, zones=168, report="168 zones, 3 overlaps mended", at=at, by="quan",
        approximate=True, note_vi="gần đúng", note_en="approximate",
    )  # fmt: skip


def serving(store: ZoneStore, at: int, service: str = "fire") -> int | None:
    versions = store.in_force(at).get(service)
    return versions[0] if versions else None


def test_a_set_comes_back_as_it_was_kept(store: ZoneStore) -> None:
    assert keep(store) == 1
    found = store.load("fire", 1)
    assert found.geojson == GEOJSON
    assert (found.name, found.zones, found.approximate, found.note_vi) == ("phường 2025", 168, True, "gần đúng")
    assert (found.report, found.kept_at, found.kept_by) == ("168 zones, 3 overlaps mended", 1, "quan")


def test_versions_count_for_each_service(store: ZoneStore) -> None:
    assert [keep(store), keep(store), keep(store, "police"), keep(store)] == [1, 2, 1, 3]
    assert [(it.service, it.version) for it in store.list()] == [("fire", 3), ("fire", 2), ("fire", 1), ("police", 1)]


def test_only_what_was_published_serves(store: ZoneStore) -> None:
    keep(store)
    assert store.in_force(100) == {}
    keep(store)
    store.publish("fire", 1, at=10, by="hung")
    assert store.in_force(9) == {} and store.in_force(10) == {"fire": (1,)}
    store.publish("fire", 2, at=20)
    assert store.in_force(20) == {"fire": (2, 1)}
    store.publish("fire", 1, at=30, rollback=True)
    assert store.in_force(30) == {"fire": (1, 2)}, "an older one may serve again, and the other is still good"
    first, *_, last = store.publications("fire")
    assert (first.published_by, first.valid_from, last.rollback) == ("hung", 10, True)


def test_a_planned_set_comes_into_force_by_itself(store: ZoneStore) -> None:
    for _ in range(3):
        keep(store)
    store.publish("fire", 1, at=10)
    store.publish("fire", 2, at=11, valid_from=1_000)
    assert (serving(store, 999), serving(store, 1_000)) == (1, 2)
    store.publish("fire", 3, at=500)
    assert (serving(store, 999), serving(store, 1_000)) == (3, 2), "what was planned stays planned"
    assert store.withdraw("fire", 2, at=600, by="quan") == 1
    assert serving(store, 1_000) == 3
    with pytest.raises(ZoneStoreError) as refused:
        store.withdraw("fire", 2, at=600)
    assert refused.value.code == "nothing_planned"
    with pytest.raises(ZoneStoreError) as refused:
        store.withdraw("fire", 3, at=600)
    assert refused.value.code == "nothing_planned", "what serves is rolled back, not withdrawn"


def test_the_past_cannot_be_changed(store: ZoneStore) -> None:
    keep(store)
    with pytest.raises(ZoneStoreError) as refused:
        store.publish("fire", 1, at=10, valid_from=9)
    assert refused.value.code == "zones_in_the_past" and store.publications() == []


def test_going_back_goes_further_back_each_time(store: ZoneStore) -> None:
    for _ in range(3):
        keep(store)
    at = 10
    assert before(store.publications("fire"), at) is None
    store.publish("fire", EMBEDDED, at=at)
    for version in (1, 2, 3):
        at += 1
        store.publish("fire", version, at=at)
    store.publish("fire", 1, at=at, valid_from=99)
    way = []
    while (to := before(store.publications("fire"), at)) is not None:
        way.append(to)
        at += 1
        store.publish("fire", to, at=at, rollback=True)
    assert way == [2, 1, 0]
    assert serving(store, at) == EMBEDDED


def test_of_one_moment_the_later_line_serves(store: ZoneStore) -> None:
    for version in (keep(store), keep(store)):
        store.publish("fire", version, at=5)
    assert serving(store, 5) == 2


def test_imports_at_the_same_time_get_a_version_each(store: ZoneStore) -> None:
    versions: list[int] = []
    threads = [threading.Thread(target=lambda: versions.append(keep(store))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == list(range(1, 9))


def test_what_is_not_there_is_said(store: ZoneStore) -> None:
    with pytest.raises(ZoneStoreError) as refused:
        store.load("fire", 7)
    assert refused.value.code == "unknown_zone_set" and "7" in refused.value.vi
    with pytest.raises(ZoneStoreError):
        store.publish("fire", 7, at=1)
    with pytest.raises(DatabaseError):
        ZoneStore("postgresql://x@/x?host=/nowhere").list()
