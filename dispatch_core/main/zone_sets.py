"""Which zone sets serve: of each service the one that came into force last, or the embedded approximate one where there
is none.

A set published by ``dispatch zones`` beside the running core is noticed within seconds, one that was planned comes into
force by itself at its moment; its reference enters the state as a command, and only when that is committed does the
geography answer from it. A set that cannot be read never takes the place of one that can: at a start the one before it
serves, later the one in force stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor

from db.errors import DatabaseError
from db.zone_store import EMBEDDED, ZoneStore
from dispatch_core.domain.commands import Command, PublishZoneSet
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Station, ZoneSetRef
from dispatch_core.ports import Batch, Clock
from dispatch_core.settings import Settings
from gis.locator import Locator
from gis.zones.defaults import default_zone_set
from gis.zones.geojson import read
from gis.zones.rules import USUAL, ZoneRules, read_rules
from gis.zones.zone import with_nearest_stations
from gis.zones.zone_set import ZoneSet

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0


def zone_rules(settings: Settings) -> ZoneRules:
    """The site's rules for zones. Raises ``ZoneRulesError``."""
    return read_rules(settings.path(settings.zone_rules)) if settings.zone_rules else USUAL


class ZoneSets:
    def __init__(
        self, store: ZoneStore, locator: Locator, workers: Executor, tell: Callable[[Command], None], clock: Clock,
        rules: ZoneRules = USUAL,
    ) -> None:  # fmt: skip
        self._store = store
        self._locator = locator
        self._workers = workers
        self._tell = tell
        self._clock = clock
        self._rules = rules
        self._known: dict[str, int] = {}
        self._told: dict[str, int] = {}  # versions that could not be read
        self._ready: dict[tuple[str, int], ZoneSet] = {}
        self._services: tuple[str, ...] = ()
        self._stations: tuple[Station, ...] = ()
        self._moved = False  # the site's stations are others than the zones were built with

    def heard(self, batch: Batch) -> None:
        """The zones name stations: with other stations the sets in force are built anew."""
        if (stations := tuple(batch.after.stations.values())) != self._stations:
            self._stations = stations
            self._moved = True

    async def start(self, state: State) -> None:
        """Take a set for every service of the site into the geography, and its reference into the state."""
        self._services = tuple(state.site.services)
        self._stations = tuple(state.stations.values())
        in_force = await self._in_force()
        for service in self._services:
            zone_set = await self._first_good(service, in_force.get(service, ()))
            self._locator.use(zone_set)

    async def _first_good(self, service: str, versions: tuple[int, ...]) -> ZoneSet:
        """Of the versions that served, the latest that can be read; the embedded one where none can."""
        for version in versions:
            zone_set = await self._announce_or_tell(service, version)
            if zone_set is not None:
                return zone_set
        return await self._announce(service, EMBEDDED)

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                in_force = await self._in_force()
            except DatabaseError as problem:
                log.warning("zone sets: %s", problem)
                continue
            for service, versions in in_force.items():
                if service in self._services and versions[0] != self._known.get(service):
                    await self._announce_or_tell(service, versions[0])
            if self._moved:
                await self._build_anew()

    async def _build_anew(self) -> None:
        """A set that cannot be read now is tried again; the one before answers until then."""
        self._moved = False
        for service, version in tuple(self._known.items()):
            zone_set = await self._announce_or_tell(service, version)
            if zone_set is None:
                self._moved = True
                continue
            self._ready.pop((service, version), None)  # its reference may be the same: no commit need follow
            self._locator.use(zone_set)
            log.info("%s answers from %s with the stations of now", service, zone_set.label)

    async def _in_force(self) -> dict[str, tuple[int, ...]]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, self._store.in_force, self._clock.now())

    async def _announce_or_tell(self, service: str, version: int) -> ZoneSet | None:
        """The set in force stays where the new one cannot be read: it is tried again, and told once."""
        try:
            return await self._announce(service, version)
        except DispatchError as problem:
            level = logging.DEBUG if self._told.get(service) == version else logging.ERROR
            log.log(level, "zone set %s v%d is not taken: %s", service, version, problem)
            self._told[service] = version
            return None

    async def _announce(self, service: str, version: int) -> ZoneSet:
        """Build the set aside and ask for its reference to enter the state; ``use`` follows with the commit."""
        zone_set = await asyncio.get_running_loop().run_in_executor(self._workers, self._build, service, version)
        self._known[service] = version
        self._ready[(service, version)] = zone_set
        self._tell(
            PublishZoneSet(
                ref=ZoneSetRef(
                    service=service,
                    name=zone_set.name,
                    version=version,
                    zones=len(zone_set.zones),
                    approximate=zone_set.approximate,
                )
            )
        )
        return zone_set

    async def use(self, service: str, version: int) -> None:
        """The reference is committed: answer from this set from now on."""
        zone_set = self._ready.pop((service, version), None)
        if zone_set is not None:
            self._locator.use(zone_set)
            log.info("%s answers from %s", service, zone_set.label)

    def _build(self, service: str, version: int) -> ZoneSet:
        if version == EMBEDDED:
            draft = default_zone_set(service, self._stations)
            return ZoneSet(
                service, draft.name, version, draft.zones, approximate=draft.approximate, rules=self._rules
            )
        stored = self._store.load(service, version)
        found = read(stored.geojson)
        zones = with_nearest_stations(found.zones, service, self._stations)
        return ZoneSet(service, stored.name, version, zones, approximate=found.approximate, rules=self._rules)
