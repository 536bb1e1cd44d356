"""What units and their gateways send: positions (`POST /v1/positions`, a list) and crews (`POST /v1/intake/crew`)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from twisted.web.server import Request

from dispatch_core.domain.commands import SenderKind, SetCrew
from dispatch_core.domain.vocabulary import CrewState
from dispatch_core.ports import Clock
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    body_of,
    decoded,
    json_answer,
    token_of,
)
from dispatch_core.runtime.http.senders import Senders, tell
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.runtime.unit_positions import UnitPositions, UnreadablePositions
from dispatch_core.settings import (
    POSITIONS_AT_ONCE,
    POSITIONS_BODY_LIMIT,
    POSITIONS_BURST,
    POSITIONS_PER_S,
)


class IntakeCrew(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a roster system says of a unit's crew; ``id`` takes effect once."""

    id: str
    unit: str
    crew: CrewState
    rest_min: int = 0


class UnitIntake:
    def __init__(self, positions: UnitPositions, sequencer: Sequencer, senders: Senders, clock: Clock) -> None:
        self._positions, self._sequencer, self._senders, self._clock = positions, sequencer, senders, clock
        self._room, self._filled_at = float(POSITIONS_BURST), clock.monotonic()

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("POST", "/v1/positions"): self._post_positions, ("POST", "/v1/intake/crew"): self._post_crew}

    async def _post_positions(self, request: Request) -> Answer:
        body = bytes(request.content.read(POSITIONS_BODY_LIMIT + 1)) if request.content is not None else b""
        return self.take(body, token_of(request))

    async def _post_crew(self, request: Request) -> Answer:
        return await self.crew(body_of(request), token_of(request))

    def take(self, body: bytes, token: str) -> Answer:
        """200 with how many were taken, older, refused, and which were refused and why; HttpRefusal where the whole
        list cannot be taken."""
        self._senders.admit(token, SenderKind.VEHICLE)
        if len(body) > POSITIONS_BODY_LIMIT:
            raise _too_many()
        self._check_room(max(1, body.count(b"{")))
        try:
            return json_answer(self._positions.take(body))
        except UnreadablePositions as problem:
            if ">" in str(problem):
                raise _too_many() from None
            raise HttpRefusal(
                400,
                "malformed",
                f"Cần một danh sách JSON [{{unit, lat, lon, at}}, …]: {problem}",
                f"A JSON list [{{unit, lat, lon, at}}, …] is needed: {problem}",
            ) from None

    async def crew(self, body: bytes, token: str) -> Answer:
        sender = self._senders.admit(token, SenderKind.ROSTER)
        report = decoded(body, IntakeCrew)
        told = SetCrew(unit=report.unit, crew=report.crew, rest_min=report.rest_min)
        return await tell(self._sequencer, sender, report.id, told, "crew")

    def _check_room(self, count: int) -> None:
        """A bucket that fills with time."""
        now = self._clock.monotonic()
        self._room = min(float(POSITIONS_BURST), self._room + (now - self._filled_at) * POSITIONS_PER_S)
        self._filled_at = now
        if self._room < count:
            raise HttpRefusal(
                429,
                "too_many",
                f"Nhiều hơn {POSITIONS_PER_S} vị trí mỗi giây; gửi chậm lại.",
                f"More than {POSITIONS_PER_S} positions a second; send fewer.",
            )
        self._room -= count


def _too_many() -> HttpRefusal:
    return HttpRefusal(
        413,
        "too_large",
        f"Mỗi lần nhiều nhất {POSITIONS_AT_ONCE} vị trí; chia nhỏ danh sách.",
        f"At most {POSITIONS_AT_ONCE} positions at once; split the list.",
    )
