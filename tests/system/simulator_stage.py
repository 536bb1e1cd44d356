"""A simulated switch on a port of its own, in a thread: what a test does with `Voice`, it can do with this."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from dispatch_core.runtime.clock import SystemClock, SystemIds
from telephony.simulator.server import go_by
from telephony.simulator.shift import PlannedCall
from telephony.simulator.simulation import Settings, Simulation
from telephony.trunk.secrets import AMI_USER
from telephony.trunk.site import Site
from tests.system.patience import PATIENCE
from tests.system.voice_stage import SECRET, Ear

FOR_EVER = 1 << 60


def caller(dial: str, number: str, patience: float = 60.0, talk: float = 60.0, ends: str = "caller") -> PlannedCall:
    return PlannedCall(
        at=0, dial=dial, number=number, name="", patience=patience, talk=talk, ends=ends, content=True, silent=False
    )


class SimulatedVoice:
    """`simulation` runs in real time until the stage is left."""

    def __init__(self, site: Site, speed: float = 1.0) -> None:
        self.site = site
        self.clock = SystemClock()
        ids = SystemIds(self.clock)
        settings = Settings(0, AMI_USER, SECRET, speed)
        self.simulation = Simulation(settings, site.node_names[0], self.clock.now() * 1000, ids)
        self.simulation.plan_shift(site, [], "stage")
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simulator", daemon=True)
        self._ears: list[Ear] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(self.simulation.open(), self._loop).result(PATIENCE)
        self._running = asyncio.run_coroutine_threadsafe(self._run(), self._loop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for ear in self._ears:
            ear.close()
        self._running.cancel()
        asyncio.run_coroutine_threadsafe(self.simulation.close(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def listen(self) -> Ear:
        ear = Ear(self.port)
        self._ears.append(ear)
        return ear

    def do(self, what: Callable[..., Any], *arguments: Any) -> Any:
        """Do it on the simulation's thread."""

        async def now() -> Any:
            return what(*arguments)

        return asyncio.run_coroutine_threadsafe(now(), self._loop).result(PATIENCE)

    def call(self, plan: PlannedCall) -> None:
        assert self.simulation.centre is not None
        self.do(self.simulation.timeline.after, 0.0, self.simulation.centre.arrive, plan)

    def lift(self, position: str) -> bool:
        assert self.simulation.centre is not None
        lifted: bool = self.do(self.simulation.centre.lift, position)
        return lifted

    async def _run(self) -> None:
        while True:
            passed = round(self.simulation.timeline.now / self.simulation.settings.speed)
            self.simulation.teller.begin(self.clock.now() * 1000 - passed)
            await go_by(self.simulation.timeline, self.clock, self.simulation.settings.speed, FOR_EVER)
            await asyncio.sleep(0.005)
