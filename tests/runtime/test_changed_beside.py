"""What changes beside the running core, and must not end it: zone sets in the store, positions in the site's files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from db.errors import DatabaseError
from dispatch_core.domain.commands import Command, LoadResources, PublishZoneSet
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import AskedPlace
from dispatch_core.main import zone_sets
from dispatch_core.main.zone_sets import ZoneSets
from dispatch_core.runtime.clock import SystemClock
from gis.locator import Locator
from scripts.stage.layout import ROOT
from tests.domain.world import staffed
from tests.runtime.fakes import site_only
from tests.runtime.running import Run

SITE_FILE = ROOT / "scripts" / "demo_data" / "site.toml"


class Store:
    """A store whose newest set cannot be read for a while."""

    def __init__(self) -> None:
        self.serving: Mapping[str, tuple[int, ...]] = {}
        self.away = True
        self.asked = 0

    def in_force(self, at: int) -> Mapping[str, tuple[int, ...]]:
        return self.serving

    def load(self, service: str, version: int) -> Any:
        self.asked += 1
        if self.away:
            raise DatabaseError("as told")
        return None


def test_a_zone_set_that_cannot_be_read_now_is_tried_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_sets, "LOOK_EVERY_S", 0.02)
    store, told = Store(), list[Command]()

    async def scene() -> None:
        with ThreadPoolExecutor(1) as workers:
            sets = ZoneSets(store, Locator(), workers, told.append, SystemClock())  # type: ignore[arg-type]
            monkeypatch.setattr(sets, "_build", lambda service, version: _built(store, service, version))
            await sets.start(State(site=site_only().site))
            store.serving = {"fire": (7,)}
            watching = asyncio.ensure_future(sets.watch())
            before = len(told)
            while store.asked < 3:
                assert not watching.done(), watching.exception()
                await asyncio.sleep(0.01)
            assert len(told) == before
            store.away = False
            while len(told) == before:
                assert not watching.done(), watching.exception()
                await asyncio.sleep(0.01)
            watching.cancel()

    run(scene())


def test_a_start_takes_the_last_set_that_can_be_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set that was damaged in the store must not keep the core from leading, nor leave a service without zones."""
    store, told = Store(), list[Command]()
    store.serving = {"fire": (9, 4, 2), "police": (3,)}

    def built(service: str, version: int) -> Any:
        if version in (9, 3):
            raise DispatchError("zone_set.stored", "hỏng", "damaged")
        return _built(store, service, 0)

    async def scene() -> None:
        with ThreadPoolExecutor(1) as workers:
            sets = ZoneSets(store, Locator(), workers, told.append, SystemClock())  # type: ignore[arg-type]
            monkeypatch.setattr(sets, "_build", built)
            await sets.start(State(site=site_only().site))

    run(scene())
    taken = {command.ref.service: command.ref.version for command in told if isinstance(command, PublishZoneSet)}
    assert (taken["fire"], taken["police"]) == (4, 0)


def test_zones_name_the_stations_of_now(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of stations that is imported beside the running core: no zone keeps one that is no more."""
    monkeypatch.setattr(zone_sets, "LOOK_EVERY_S", 0.02)
    store, locator, world = Store(), Locator(), staffed()
    asked = AskedPlace(lat=10.7769, lon=106.7009)

    async def scene() -> None:
        with ThreadPoolExecutor(1) as workers:
            sets = ZoneSets(store, locator, workers, lambda _: None, SystemClock())  # type: ignore[arg-type]
            await sets.start(world.state)
            assert locator.route(asked, ("police",))["police"].station in world.state.stations
            real = replace(world.state.stations["S-P"], id="REAL1")
            world.core(LoadResources(stations={"REAL1": real}, units=()))
            sets.heard(SimpleNamespace(after=world.state))  # type: ignore[arg-type]
            watching = asyncio.ensure_future(sets.watch())
            async with asyncio.timeout(5):
                while locator.route(asked, ("police",))["police"].station != "REAL1":
                    assert not watching.done(), watching.exception()
                    await asyncio.sleep(0.01)
            watching.cancel()

    run(scene())


def _built(store: Store, service: str, version: int) -> Any:
    if version:
        store.load(service, version)
    return SimpleNamespace(service=service, name="x", version=version, zones=[], approximate=True, label="x")
