"""Which map serves: the version that ``dispatch map`` put in force, each of its parts opened by who needs it.

A version put in force beside the running core is noticed within seconds. Every part of it is opened aside; its
reference enters the state as a command, and only when that is committed do all parts answer from it together. Where one
part cannot be opened, the version before stays in force as a whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import ParamSpec, TypeVar

from dispatch_core.domain.commands import Command, PublishMap
from dispatch_core.domain.effects import UseMap
from dispatch_core.domain.errors import DispatchError
from gis.map_import.versions import MapVersion, MapVersions

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0

P = ParamSpec("P")
R = TypeVar("R")

Take = Callable[[], None]
"""Lets a part that was opened answer from now on; called on the reactor, so it only assigns."""

Opener = Callable[[MapVersion], Take]
"""Opens its part of a version aside; called in a worker thread. Raises DispatchError where it cannot."""


class Maps:
    """``on_map`` before ``start``; ``use`` carries out ``UseMap`` (``Hands.learn``)."""

    def __init__(self, versions: MapVersions, workers: Executor, tell: Callable[[Command], None]) -> None:
        self._versions = versions
        self._workers = workers
        self._tell = tell
        self._openers: list[Opener] = []
        self._known = 0
        self._told = 0  # a version that could not be opened
        self._ready: dict[int, tuple[Take, ...]] = {}

    def on_map(self, opener: Opener) -> None:
        self._openers.append(opener)

    async def start(self) -> None:
        """Serve the version in force, or the newest that can be opened; a site without a map goes on without."""
        for number in await self._in_worker(self._to_try):
            try:
                version, takes = await self._in_worker(self._open, number)
            except DispatchError as problem:
                log.error("map %d: %s", number, problem)
                self._told = self._told or number
                continue
            self._known = number
            for take in takes:
                take()
            self._tell(PublishMap(ref=version.ref))
            log.info("map %s v%d", version.manifest.name, number)
            return

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await self.look()

    async def look(self) -> None:
        """Notice another version once; one that cannot be opened is tried again, and told once."""
        number = 0
        try:
            number = await self._in_worker(self._versions.current)
            if number in (0, self._known):
                return
            version, takes = await self._in_worker(self._open, number)
        except DispatchError as problem:
            log.log(logging.DEBUG if self._told == number else logging.ERROR, "map %d: %s", number, problem)
            self._told = number
            return
        self._known = number
        self._ready = {number: takes}
        self._tell(PublishMap(ref=version.ref))

    async def use(self, effect: UseMap) -> None:
        """The reference is committed: all parts answer from this version from now on."""
        for take in self._ready.pop(effect.version, ()):
            take()
            self._told = 0
        log.info("the map is v%d", effect.version)

    async def _in_worker(self, work: Callable[P, R], *arguments: P.args, **_: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._workers, lambda: work(*arguments, **_))

    def _to_try(self) -> list[int]:
        numbers = self._versions.numbers()
        try:
            current = self._versions.current()
        except DispatchError as problem:
            log.error("map: %s", problem)
            current = 0
        return [current, *(it for it in reversed(numbers) if it != current)] if current in numbers else numbers[::-1]

    def _open(self, number: int) -> tuple[MapVersion, tuple[Take, ...]]:
        version = self._versions.load(number)
        return version, tuple(opener(version) for opener in self._openers)
