"""Questions about ways: `GET /v1/route?unit=&incident=` and `GET /v1/reachable?unit=|service=&minutes=`.

Answered in threads of their own, for dispatchers and supervisors; nothing is changed by asking.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from twisted.web.server import Request

from dispatch_core.domain.refusals import refuse
from dispatch_core.domain.state import Person, State, Unit
from dispatch_core.domain.vocabulary import Role, UnitStatus
from dispatch_core.ports import Clock, Point, Roads
from dispatch_core.runtime.geography import Where, at_its_station
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    json_answer,
    number_in,
    signed_in,
    text_in,
)
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.settings import REACHABLE_MOST_S, REACHABLE_PLACES_MOST
from dispatch_core.wire.ways import ReachableShown, RouteShown, StepShown

NAME_LENGTH = 100
SECONDS_DEFAULT = 8 * 60.0


class WaysApi:
    def __init__(
        self, who: Callable[[str], Person | None], state: Callable[[], State], roads: Callable[[], Roads],
        aside: Aside, clock: Clock, where: Where = at_its_station,
    ) -> None:  # fmt: skip
        """``where``: from where a unit would go now, as it last reported."""
        self._who, self._state, self._roads, self._aside, self._clock = who, state, roads, aside, clock
        self._where = where

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("GET", "/v1/route"): self._route, ("GET", "/v1/reachable"): self._reachable}

    async def _route(self, request: Request) -> Answer:
        self._may_ask(request)
        state = self._state()
        unit = self._unit(state, text_in(request, b"unit")[:NAME_LENGTH])
        incident = state.incidents.get(text_in(request, b"incident")[:NAME_LENGTH])
        place = incident.location if incident is not None else None
        if incident is None or place is None or place.lat is None or place.lon is None:
            raise HttpRefusal(
                409, "no_place", "Vụ việc này chưa có vị trí trên bản đồ.", "The incident has no place on the map yet."
            )
        found = await self._aside.run(
            self._roads().route, self._stands(unit), (place.lat, place.lon), unit.vehicle,
            self._clock.now(), tuple(state.closures.values()),
        )  # fmt: skip
        if found is None:
            raise HttpRefusal(
                409, "no_way",
                f"Không có đường cho {unit.call_sign} tới đó.", f"There is no way there for {unit.call_sign}.",
            )
        steps = tuple(StepShown(**dataclasses.asdict(step)) for step in found.steps)
        return json_answer(
            RouteShown(
                unit=unit.call_sign, incident=incident.id, seconds=found.seconds, metres=found.metres, line=found.line,
                steps=steps, measured=found.measured, walk_m=found.walk_m,
            )
        )  # fmt: skip

    async def _reachable(self, request: Request) -> Answer:
        """Of one unit, or of all available units of a service."""
        self._may_ask(request)
        state = self._state()
        service = text_in(request, b"service")[:NAME_LENGTH]
        if service:
            units = [
                it for it in state.units.values() if it.service == service and it.status is UnitStatus.AVAILABLE
            ][:REACHABLE_PLACES_MOST]
        else:
            units = [self._unit(state, text_in(request, b"unit")[:NAME_LENGTH])]
        minutes = number_in(request, b"minutes")
        seconds = SECONDS_DEFAULT if minutes is None else min(max(minutes * 60.0, 60.0), float(REACHABLE_MOST_S))
        if not units:
            raise HttpRefusal(409, "no_units", "Không có đơn vị nào sẵn sàng.", "No unit is available.")
        vehicle = units[0].vehicle if len({it.vehicle for it in units}) == 1 else ""
        found = await self._aside.run(
            self._roads().reachable, [self._stands(it) for it in units], seconds, vehicle,
            self._clock.now(), tuple(state.closures.values()),
        )  # fmt: skip
        return json_answer(
            ReachableShown(
                of=service or units[0].call_sign, seconds=seconds, units=len(units), polygons=found.polygons,
                measured=found.measured,
            )
        )  # fmt: skip

    def _may_ask(self, request: Request) -> None:
        person = signed_in(self._who, request)
        if person.role not in (Role.DISPATCHER, Role.SUPERVISOR):
            raise HttpRefusal(
                403, "not_allowed", "Chỉ điều phối viên và trưởng ca được hỏi đường đi.",
                "Only dispatchers and supervisors may ask for ways.",
            )  # fmt: skip

    def _stands(self, unit: Unit) -> Point:
        mover = self._where(unit, self._clock.now())
        return mover.lat, mover.lon

    @staticmethod
    def _unit(state: State, call_sign: str) -> Unit:
        unit = state.units.get(call_sign)
        if unit is None:
            no = refuse("unknown_unit", unit=call_sign)
            raise HttpRefusal(404, no.code, no.sentence("vi"), no.sentence("en"))
        return unit
