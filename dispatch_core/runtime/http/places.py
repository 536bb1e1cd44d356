"""Questions about places over HTTPS: how long a unit needs to each of the nearest hospitals."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor

from twisted.web.server import Request

from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import Closure, Hospital, Instant, Reach
from dispatch_core.ports import Clock, Mover, TravelTimes
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, json_answer, text_in, token_of

HOSPITALS_MEASURED = 16
"""So many, the nearest by the straight line, are measured over the roads: one search each, in a worker."""


class PlacesApi:
    def __init__(
        self, desk: Desk, state: Callable[[], State], travel: TravelTimes, workers: Executor, clock: Clock
    ) -> None:
        self._desk, self._state, self._travel = desk, state, travel
        self._workers, self._clock = workers, clock

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("GET", "/v1/hospitals"): self._asked_hospitals}

    async def _asked_hospitals(self, request: Request) -> Answer:
        session = token_of(request)
        if not session or self._desk.who(session) is None:
            raise HttpRefusal(401, "not_signed_in", "Bạn chưa đăng nhập.", "You are not signed in.")
        return json_answer(await self.hospitals(text_in(request, b"unit")))

    async def hospitals(self, call_sign: str) -> Sequence[Reach]:
        """How long the unit needs to each, by the hospital's id. Raises HttpRefusal."""
        state = self._state()
        unit = state.units.get(call_sign)
        if unit is None:
            name = call_sign[:40]
            raise HttpRefusal(404, "unknown_unit", f"Không có đơn vị {name}.", f"There is no unit {name}.")
        return await asyncio.get_running_loop().run_in_executor(
            self._workers, ways, self._travel, unit, list(state.hospitals.values()), self._clock.now(),
            tuple(state.closures.values()),
        )  # fmt: skip


def ways(
    travel: TravelTimes, unit: Unit, hospitals: Sequence[Hospital], at: Instant, closures: Sequence[Closure] = ()
) -> list[Reach]:
    """To each of the nearest hospitals, soonest first. One way at a time: a one-way street counts in its direction."""
    nearest = sorted(hospitals, key=lambda it: ((it.lat - unit.lat) ** 2 + (it.lon - unit.lon) ** 2, it.id))
    found: list[Reach] = []
    for hospital in nearest[:HOSPITALS_MEASURED]:
        mover = Mover(hospital.id, unit.lat, unit.lon, unit.vehicle)
        found += travel.reaches(hospital.lat, hospital.lon, [mover], at, closures)
    return sorted(found, key=lambda it: (it.seconds, it.unit))
