"""When coverage is reckoned anew: soon after units, stations, zones or streets have changed, never too often, in
threads of its own. The result is a last value for the consoles and never enters the journal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import Batch, Clock

log = logging.getLogger(__name__)

DEBOUNCE_S = 0.7
AGAIN_S = 30.0
"""Without any change: positions that are reported beside the journal move too."""

REST = 4.0
"""After a reckoning so many times its own duration nothing is reckoned: a fifth of one thread at the most."""

KIND = "coverage"


class Reckoner(Protocol):
    """All of them block."""

    def reckon(self, state: State, now: Instant) -> dict[str, dict[str, Any]]: ...

    def unmeasured(self, state: State) -> bool: ...

    def measure(self, state: State, now: Instant, stop: Callable[[], bool]) -> None: ...


class Coverage:
    """A listener of the sequencer (``heard``) and a task (``run``)."""

    def __init__(
        self,
        reckoner: Reckoner,
        state: Callable[[], State],
        show: Callable[[str, str, dict[str, Any]], None],
        clock: Clock,
    ) -> None:
        self._reckoner, self._state, self._show, self._clock = reckoner, state, show, clock
        self._changed = asyncio.Event()
        self._seen: tuple[object, ...] = ()
        self._units: object = None
        self._unit_facts: tuple[object, ...] = ()
        self._streets: tuple[object, ...] = ()
        self._shown: set[str] = set()
        self._stopping = False
        self._stale = False  # the ways are being measured for streets that have changed meanwhile

    def heard(self, batch: Batch) -> None:
        after = batch.after
        if after.units is not self._units:  # thousands of them, at every commit: only where one was touched
            self._units, self._unit_facts = after.units, _units_of(after)
        if (seen := (self._unit_facts, *_streets_of(after))) != self._seen:
            self._seen = seen
            self._changed.set()

    def renew(self) -> None:
        """Zones or streets have been changed beside the journal."""
        self._streets = ()
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        quick, slow = (ThreadPoolExecutor(1, thread_name_prefix=f"coverage-{name}") for name in ("now", "ways"))
        measuring: asyncio.Future[None] | None = None
        try:
            while True:
                streets = _streets_of(self._state())
                idle = measuring is None or measuring.done()
                if streets != self._streets or (idle and self._reckoner.unmeasured(self._state())):
                    self._stale = not idle
                    if not self._stale:
                        self._streets = streets
                        measuring = loop.run_in_executor(
                            slow, self._reckoner.measure, self._state(), self._clock.now(), self._give_up
                        )
                        measuring.add_done_callback(self._measured)
                began = loop.time()
                values = await loop.run_in_executor(quick, self._reckoner.reckon, self._state(), self._clock.now())
                self._tell(values)
                await asyncio.sleep(max(DEBOUNCE_S, REST * (loop.time() - began)))
                try:
                    async with asyncio.timeout(AGAIN_S):
                        await self._changed.wait()
                except TimeoutError:
                    pass
                self._changed.clear()
                await asyncio.sleep(DEBOUNCE_S)
        finally:
            self._stopping = True
            for threads in (quick, slow):
                threads.shutdown(wait=False, cancel_futures=True)

    def _give_up(self) -> bool:
        return self._stopping or self._stale

    def _measured(self, done: asyncio.Future[None]) -> None:
        if not done.cancelled() and (problem := done.exception()) is not None:
            log.error("ways for the coverage: %r", problem, exc_info=problem)
        self._changed.set()

    def _tell(self, values: dict[str, dict[str, Any]]) -> None:
        for key, value in values.items():
            self._show(KIND, key, value)
        for key in self._shown - values.keys():
            self._show(KIND, key, {})
        self._shown = set(values)


def _units_of(state: State) -> tuple[object, ...]:
    """What coverage depends on: equal as long as nothing of it was changed."""
    return tuple(
        (it.call_sign, it.status, it.assignment is None, it.lat, it.lon, it.cover) for it in state.units.values()
    )


def _streets_of(state: State) -> tuple[object, ...]:
    stations = tuple((it.id, it.lat, it.lon) for it in state.stations.values())
    zones = tuple(sorted((ref.service, ref.version) for ref in state.zone_sets.values()))
    return (stations, zones, state.place_rules.covers, state.map, tuple(sorted(state.closures)))
