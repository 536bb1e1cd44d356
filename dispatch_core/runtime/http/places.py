"""Hospitals over HTTPS: how long a unit needs to each of the nearest, and what their own systems tell of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from twisted.web.server import Request

from dispatch_core.domain.commands import SenderKind, SetBeds, SetDivert
from dispatch_core.domain.state import Unit
from dispatch_core.domain.vocabulary import Closure, Hospital, Instant, Reach, Role
from dispatch_core.ports import Clock, Mover, TravelTimes
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    body_of,
    decoded,
    json_answer,
    signed_in,
    text_in,
    token_of,
)
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.senders import Senders, tell
from dispatch_core.runtime.sequencer import Sequencer

HOSPITALS_MEASURED = 16
"""So many, the nearest by the straight line, are measured over the roads: one search each, in a worker."""


class BedsReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Free beds as a hospital's own system counts them; ``id`` takes effect once."""

    id: str
    hospital: str
    kind: str
    free: int


class DivertReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``minutes`` 0: until it is taken back."""

    id: str
    hospital: str
    on: bool
    reason: str = ""
    minutes: int = 0


class PlacesApi:
    def __init__(
        self,
        desk: Desk,
        sequencer: Sequencer,
        travel: TravelTimes,
        aside: Aside,
        clock: Clock,
        senders: Senders | None = None,
        where: Callable[[Unit, Instant], Mover] | None = None,
    ) -> None:
        """``where``: from where a unit would go, as it last reported; without it, from its station."""
        self._desk, self._sequencer, self._travel = desk, sequencer, travel
        self._aside, self._clock, self._senders = aside, clock, senders or Senders()
        self._where = where

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("GET", "/v1/hospitals"): self._asked_hospitals,
            ("POST", "/v1/intake/beds"): self._told_beds,
            ("POST", "/v1/intake/divert"): self._told_divert,
        }

    async def _told_beds(self, request: Request) -> Answer:
        return await self.beds(body_of(request), token_of(request))

    async def _told_divert(self, request: Request) -> Answer:
        return await self.divert(body_of(request), token_of(request))

    async def beds(self, body: bytes, token: str) -> Answer:
        sender = self._senders.admit(token, SenderKind.HOSPITAL)
        report = decoded(body, BedsReport)
        beds = SetBeds(hospital=report.hospital, kind=report.kind, free=report.free)
        return await tell(self._sequencer, sender, report.id, beds)

    async def divert(self, body: bytes, token: str) -> Answer:
        sender = self._senders.admit(token, SenderKind.HOSPITAL)
        report = decoded(body, DivertReport)
        wanted = SetDivert(
            hospital=report.hospital, on=report.on, reason=report.reason, minutes=report.minutes
        )
        return await tell(self._sequencer, sender, report.id, wanted)

    async def _asked_hospitals(self, request: Request) -> Answer:
        if signed_in(self._desk.who, request).role not in (Role.DISPATCHER, Role.SUPERVISOR):
            raise HttpRefusal(
                403, "not_allowed", "Chỉ điều phối viên và trưởng ca được hỏi đường đi.",
                "Only dispatchers and supervisors may ask for ways.",
            )  # fmt: skip
        return json_answer(await self.hospitals(text_in(request, b"unit")))

    def _start_of(self, unit: Unit) -> Mover:
        if self._where is not None:
            return self._where(unit, self._clock.now())
        return Mover(unit.call_sign, unit.lat, unit.lon, unit.vehicle)

    async def hospitals(self, call_sign: str) -> Sequence[Reach]:
        """How long the unit needs to each, by the hospital's id. Raises HttpRefusal."""
        state = self._sequencer.state
        unit = state.units.get(call_sign)
        if unit is None:
            name = call_sign[:40]
            raise HttpRefusal(404, "unknown_unit", f"Không có đơn vị {name}.", f"There is no unit {name}.")
        return await self._aside.run(
            ways, self._travel, self._start_of(unit), list(state.hospitals.values()), self._clock.now(),
            tuple(state.closures.values()),
        )  # fmt: skip


def ways(
    travel: TravelTimes, start: Mover, hospitals: Sequence[Hospital], at: Instant, closures: Sequence[Closure] = ()
) -> list[Reach]:
    """To each of the nearest hospitals, soonest first. One way at a time: a one-way street counts in its direction."""
    nearest = sorted(hospitals, key=lambda it: ((it.lat - start.lat) ** 2 + (it.lon - start.lon) ** 2, it.id))
    found: list[Reach] = []
    for hospital in nearest[:HOSPITALS_MEASURED]:
        mover = Mover(hospital.id, start.lat, start.lon, start.vehicle, start.age_ms)
        found += travel.reaches(hospital.lat, hospital.lon, [mover], at, closures)
    return sorted(found, key=lambda it: (it.seconds, it.unit))
