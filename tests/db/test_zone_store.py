"""Zone sets: kept to the byte, versioned, and the one that was published last serves."""

from __future__ import annotations

import threading

import pytest

from db.errors import DatabaseError, ZoneStoreError
from db.zone_store import ZoneStore

GEOJSON = b'{"type":"FeatureCollection","features":[ ]}\n' + "“phường”".encode()


@pytest.fixture
def store(migrated: str) -> ZoneStore:
    return ZoneStore(migrated)


def keep(store: ZoneStore, service: str = "fire", name: str = "phường 2025", at: int = 1) -> int:
    return store.keep(
        service=service, name=name, geojson=GEOJSON, zones=168, report="168 zones, 3 overlaps mended", at=at, by="quan",
        approximate=True, note_vi="gần đúng", note_en="approximate",
    )  # fmt: skip


def test_a_set_comes_back_as_it_was_kept(store: ZoneStore) -> None:
    assert keep(store) == 1
    found = store.load("fire", 1)
    assert found.geojson == GEOJSON
    assert (found.name, found.zones, found.approximate, found.note_vi) == ("phường 2025", 168, True, "gần đúng")
    assert (found.report, found.kept_at, found.kept_by, found.published_at) == (
        "168 zones, 3 overlaps mended", 1, "quan", 0,
    )  # fmt: skip


def test_versions_count_for_each_service(store: ZoneStore) -> None:
    assert [keep(store), keep(store), keep(store, "police"), keep(store)] == [1, 2, 1, 3]
    assert [(it.service, it.version) for it in store.list()] == [("fire", 3), ("fire", 2), ("fire", 1), ("police", 1)]


def test_only_what_was_published_serves(store: ZoneStore) -> None:
    keep(store)
    assert store.newest_versions() == {}
    assert store.load_newest("fire") is None
    keep(store)
    store.mark_published("fire", 1, at=10)
    assert store.newest_versions() == {"fire": 1}
    store.mark_published("fire", 2, at=20)
    assert store.newest_versions() == {"fire": 2}
    store.mark_published("fire", 1, at=30, by="hung")
    assert store.newest_versions() == {"fire": 1}, "an older one may serve again"
    newest = store.load_newest("fire")
    assert newest is not None and newest.published_at == 30


def test_publishing_at_once(store: ZoneStore) -> None:
    for _ in range(2):
        version = store.publish(service="fire", name="n", geojson=GEOJSON, zones=1, report="", at=5)
    assert store.newest_versions() == {"fire": version} == {"fire": 2}, "of one moment, the newer version"


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
        store.mark_published("fire", 7, at=1)
    with pytest.raises(DatabaseError):
        ZoneStore("postgresql://x@/x?host=/nowhere").list()
