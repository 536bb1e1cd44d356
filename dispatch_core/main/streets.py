"""How long ways take and where they go: our own roads, the site's routing engine before them where it has one, and what
past runs have taught about each hour.

Every night the core learns by itself; what a person learned or took back beside it is noticed within seconds.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor, ThreadPoolExecutor

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.main.maps import Maps
from dispatch_core.main.speeds import DAY_MS, DAYS, lesson
from dispatch_core.ports import Clock
from dispatch_core.settings import Settings
from gis.travel.engines.first import EngineAddress, EngineFirst, engine
from gis.travel.learned_file import FILE, read_learned, write_learned
from gis.travel.learning import HOUR_MS, Learned, hour_of
from gis.travel.roads import RoadTimes
from gis.travel.speeds import SpeedTable

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0
LEARNS_AT = 4
"""O'clock at the site: when the fewest people call."""


class Streets:
    """``ways`` answers for travel times and ways. ``watch`` keeps the learned speeds in force."""

    def __init__(
        self, settings: Settings, roads: RoadTimes, maps: Maps, workers: Executor, clock: Clock, utc_offset_min: int
    ) -> None:
        """Raises EngineError for an engine that is configured in a way that is not allowed."""
        self._settings = settings
        self._roads = roads
        self._workers = workers
        self._lessons = ThreadPoolExecutor(1, thread_name_prefix="lesson")  # takes minutes: never before a way
        self._clock = clock
        self._offset = utc_offset_min
        self._folder = settings.path(settings.map_dir)
        self._seen: float | None = None
        self._told = ""
        maps.on_map(roads.open_map)
        self.ways: RoadTimes | EngineFirst = roads
        asked = settings.routing
        if asked is not None:
            first = engine(EngineAddress(asked.kind, asked.url), asked.time_limit_s)
            self.ways = EngineFirst(first, roads, roads)
            log.info("ways are asked of %s at %s first", asked.kind, asked.url)

    async def watch(self) -> None:
        learnt = self._clock.now()
        while True:
            await self.look()
            await asyncio.sleep(LOOK_EVERY_S)
            now = self._clock.now()
            if now - learnt > HOUR_MS and hour_of(now, self._offset) == LEARNS_AT:
                learnt = now
                await self._learn(now)

    async def look(self) -> None:
        """Take what was learned into force where it changed; a file that cannot be used leaves what is, told once."""
        try:
            learned = await asyncio.get_running_loop().run_in_executor(self._workers, self._changed)
        except DispatchError as problem:
            if str(problem) != self._told:
                log.error("learned speeds: %s", problem)
            self._told = str(problem)
            return
        self._told = ""
        if learned is not None:
            self._roads.use_speeds(SpeedTable.of(self._roads.vehicles).slowed(learned.now))
            log.info("travel times by hour: %s", "as learned" if learned.periods else "as the vehicles' profiles say")

    def _changed(self) -> Learned | None:
        try:
            seen = (self._folder / FILE).stat().st_mtime
        except OSError:
            seen = 0.0
        if seen == self._seen:
            return None
        learned = read_learned(self._folder)
        self._seen = seen
        return learned

    async def _learn(self, now: Instant) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._lessons, self._lesson, now)
        except DispatchError as problem:
            log.error("nothing could be learned from past runs: %s", problem)

    def _lesson(self, now: Instant) -> None:
        known, new = lesson(self._settings, now - DAYS * DAY_MS, now)
        if new is not known:
            write_learned(self._folder, new)
