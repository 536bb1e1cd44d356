"""The history of the trunk: the same of the one in memory and the one in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import db.trunk_store
from db.trunk_store import TrunkStore
from dispatch_core.ports.trunk_history import Change, ChangedFile, TrunkHistory
from tests.contracts.memory_trunk_history import MemoryHistory

FILES = (ChangedFile("pbx1", "pjsip.conf", "+[vnpt]\n"),)
CHANGE = Change(
    version=0, at=5, by="tuan", kind="apply", why="thêm nhà mạng", outcome="running", text="[site]\n", files=FILES,
    site_diff="+x\n", secret="carrier-vnpt",
)  # fmt: skip


@pytest.fixture(params=["memory", "postgres"])
def history(request: pytest.FixtureRequest) -> TrunkHistory:
    make: dict[str, Callable[[], TrunkHistory]] = {
        "memory": MemoryHistory, "postgres": lambda: TrunkStore(request.getfixturevalue("migrated"))
    }  # fmt: skip
    return make[request.param]()


def test_a_change_is_kept_whole_and_ends_once(history: TrunkHistory) -> None:
    assert history.in_force() is None and not history.unfinished() and history.one(1) is None
    assert history.begin(CHANGE) == 1
    assert history.unfinished() == [replace(CHANGE, version=1)] and history.in_force() is None
    assert history.mark(1, "settling") and history.unfinished()
    assert history.mark(1, "done")
    assert not history.mark(1, "rolled_back", "a", "b"), "it is over"
    assert history.in_force() == history.one(1) == replace(CHANGE, version=1, outcome="done")


def test_what_is_in_force_is_the_newest_that_is_done(history: TrunkHistory) -> None:
    for text, outcome in (("a", "done"), ("b", "done"), ("c", "rolled_back")):
        history.mark(history.begin(replace(CHANGE, text=text)), outcome, "v", "e")
    assert (found := history.in_force()) is not None and (found.version, found.text) == (2, "b")
    assert [(it.version, it.outcome, it.text, it.files, it.vi) for it in history.listed()] == [
        (3, "rolled_back", "", (), "v"), (2, "done", "", (), "v"), (1, "done", "", (), "v"),
    ]  # fmt: skip
    assert [history.knows(text) for text in "abc"] == [1, 2, 0]


def test_the_history_is_bounded_and_keeps_what_is_in_force(migrated: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.trunk_store, "KEPT", 3)
    store = TrunkStore(migrated)
    store.mark(store.begin(CHANGE), "done")
    for _ in range(5):
        store.mark(store.begin(CHANGE), "rolled_back")
    assert [it.version for it in store.listed()] == [6, 5, 4, 1]
