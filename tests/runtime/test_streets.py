"""What past runs taught is in force within seconds; a file that cannot be used changes nothing."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from dispatch_core.main.maps import Maps
from dispatch_core.main.streets import Streets
from dispatch_core.runtime.clock import SystemClock
from dispatch_core.settings import RoutingSettings, Settings
from gis.errors import EngineError
from gis.map_import.versions import MapVersions
from gis.travel.engines.first import EngineFirst
from gis.travel.learned_file import FILE, write_learned
from gis.travel.learning import HOURS, Learned, Period
from gis.travel.roads import RoadTimes

EMPTY = {field.name: "x" for field in msgspec.structs.fields(Settings) if field.required}


def settings(folder: Path, routing: RoutingSettings | None = None) -> Settings:
    given = {**EMPTY, "http_port": 1, "redis_public_port": 1, "nodes": (), "map_dir": str(folder), "routing": routing}
    return Settings(**given)  # type: ignore[arg-type]


def streets(folder: Path, roads: RoadTimes, routing: RoutingSettings | None = None) -> Streets:
    workers = ThreadPoolExecutor(1)
    maps = Maps(MapVersions(folder), workers, lambda body: None)
    return Streets(settings(folder, routing), roads, maps, workers, SystemClock(), 420)


def test_what_was_learned_is_taken_and_taken_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    roads = RoadTimes()
    before = roads.speeds.factor("primary", 17)
    here = streets(tmp_path, roads)
    asyncio.run(here.look())
    assert roads.speeds.factor("primary", 17) == before
    factors = tuple(1.5 if hour == 17 else 1.0 for hour in range(HOURS))
    learned = Learned(periods=(Period(since=1, factors=factors, runs=(9,) * HOURS),))
    write_learned(tmp_path, learned)
    asyncio.run(here.look())
    assert roads.speeds.factor("primary", 17) == pytest.approx(1.5 * before)
    assert roads.speeds.factor("primary", 3) == RoadTimes().speeds.factor("primary", 3)
    (tmp_path / FILE).write_text("half a fi")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            asyncio.run(here.look())
    assert roads.speeds.factor("primary", 17) == pytest.approx(1.5 * before)
    assert caplog.text.count("dispatch speeds learn") == 1  # told once
    (tmp_path / FILE).unlink()
    asyncio.run(here.look())
    assert roads.speeds.factor("primary", 17) == before


def test_the_sites_engine_is_asked_first_where_there_is_one(tmp_path: Path) -> None:
    roads = RoadTimes()
    assert streets(tmp_path, roads).ways is roads
    own = RoutingSettings(kind="valhalla", url="http://10.0.0.5:8002")
    assert isinstance(streets(tmp_path, roads, own).ways, EngineFirst)
    with pytest.raises(EngineError):
        streets(tmp_path, roads, RoutingSettings(kind="osrm", url="https://router.project-osrm.org"))


def test_a_lesson_that_cannot_be_written_ends_nothing_and_holds_up_no_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def lesson(*_: object) -> tuple[Learned, Learned]:
        threads.append(threading.current_thread().name)
        return Learned(), Learned()

    monkeypatch.setattr("dispatch_core.main.streets.lesson", lesson)
    occupied = tmp_path / "map"
    here = streets(occupied, RoadTimes())
    occupied.write_text("no folder")
    with caplog.at_level(logging.ERROR):
        asyncio.run(here._learn(10))
    assert "cannot be written" in caplog.text and threads[0].startswith("lesson")
