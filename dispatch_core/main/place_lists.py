"""Lists and notes that were imported beside the running core: noticed within seconds, taken whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from functools import partial
from typing import TypeVar

from db.errors import DatabaseError
from db.place_store import PlaceStore
from dispatch_core.domain.commands import Command
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.main.site_lists import HOSPITALS, STATIONS, UNITS, SiteLists

log = logging.getLogger(__name__)

LOOK_EVERY_S = 2.0
T = TypeVar("T")


class PlaceLists:
    """``renew`` reads the premise notes anew."""

    def __init__(
        self,
        store: PlaceStore,
        lists: SiteLists,
        workers: Executor,
        state: Callable[[], State],
        tell: Callable[[Command], None],
        renew: Callable[[], Awaitable[None]],
    ) -> None:
        self._store, self._lists, self._workers = store, lists, workers
        self._state, self._tell, self._renew = state, tell, renew
        self._known: dict[str, int] = {}
        self._listed: frozenset[str] = frozenset()  # units of the list in force
        self._told: dict[str, int] = {}  # versions that could not be taken, told once

    async def commands(self) -> list[Command]:
        """At start: what brings the lists in force into the state. Raises DispatchError."""
        return await asyncio.get_running_loop().run_in_executor(self._workers, self._all)

    def _all(self) -> list[Command]:
        self._known = self._store.serving()
        resources = self._lists.resources(self._known)
        self._listed = frozenset(unit.call_sign for unit in resources.units)
        return [resources, self._lists.hospitals(self._known)]

    async def watch(self) -> None:
        """Until cancelled. A list that cannot be read leaves the one before in force."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                serving = await self._in_worker(self._store.serving)
                if serving != self._known:
                    await self._take(serving)
                elif self._left_over():
                    self._tell(await self._in_worker(partial(self._lists.resources, serving)))
            except DatabaseError as problem:
                log.warning("lists of places: %s", problem)
            except DispatchError as problem:
                log.log(logging.DEBUG if self._told == serving else logging.ERROR, "lists of places: %s", problem)
                self._told = serving

    def _left_over(self) -> bool:
        """Whether a unit that the list no longer has has become free: then it goes."""
        units = self._state().units.items()
        return any(unit.assignment is None and sign not in self._listed for sign, unit in units)

    async def _take(self, serving: dict[str, int]) -> None:
        other = {kind for kind in self._known.keys() | serving.keys() if self._known.get(kind) != serving.get(kind)}
        bodies: list[Command] = []
        if other & {STATIONS, UNITS}:
            resources = await self._in_worker(lambda: self._lists.resources(serving))
            self._listed = frozenset(unit.call_sign for unit in resources.units)
            bodies.append(resources)
        if HOSPITALS in other:
            bodies.append(await self._in_worker(lambda: self._lists.hospitals(serving)))
        if other - {STATIONS, UNITS, HOSPITALS}:
            await self._renew()
        self._known = serving
        for body in bodies:
            self._tell(body)
        log.info("lists in force: %s", ", ".join(f"{kind} v{version}" for kind, version in sorted(serving.items())))

    async def _in_worker(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)
