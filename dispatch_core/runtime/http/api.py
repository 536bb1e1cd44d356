"""Sign-in, questions (addresses, zones), the intake of unit statuses, health and metrics.

Every answer is JSON. Nothing here decides: what changes state goes through the sequencer as a command.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

import msgspec
from twisted.web.http import CACHED
from twisted.web.server import Request

from dispatch_core.domain.commands import ReportStatus, SenderKind
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Person
from dispatch_core.domain.vocabulary import UnitStatus
from dispatch_core.ports import Locator
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.http.answers import (
    JSON,
    Answer,
    Handler,
    HttpRefusal,
    body_of,
    decoded,
    json_answer,
    number_in,
    path_of,
    text_in,
    token_of,
)
from dispatch_core.runtime.http.senders import Senders, tell
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import SUGGEST_CHARACTERS, SUGGEST_LIMIT
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import SignInAsked

GEOJSON = "application/geo+json; charset=utf-8"


class IntakeReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What another system reports of a unit; ``id`` takes effect once."""

    id: str
    unit: str
    status: UnitStatus


def spoken(wire: int) -> None:
    """Raises HttpRefusal for a program of another version."""
    if wire not in names.WIRE_SPOKEN:
        raise HttpRefusal(
            426,
            "wrong_version",
            f"Chương trình này nói phiên bản {wire}, máy chủ nói {names.WIRE_VERSION}; hãy cập nhật.",
            f"This program speaks version {wire}, the core {names.WIRE_VERSION}; update it.",
        )


class Api:
    """The handlers, free of Twisted: each takes what it needs of a request and gives an answer."""

    def __init__(
        self,
        sequencer: Sequencer,
        desk: Desk,
        locator: Locator,
        workers: Executor,
        senders: Senders,
        health: Callable[[], dict[str, Any]],
    ) -> None:
        self._sequencer = sequencer
        self._desk = desk
        self._locator = locator
        self._workers = workers
        self._senders = senders
        self._health = health

    async def sign_in(self, body: bytes, address: str) -> Answer:
        asked = decoded(body, SignInAsked)
        spoken(asked.wire)
        return json_answer(await self._desk.sign_in(asked.user, asked.password, address))

    async def sign_out(self, person: Person) -> Answer:
        await self._desk.sign_out(person)
        return json_answer({})

    async def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Answer:
        if len(text) > SUGGEST_CHARACTERS:
            raise HttpRefusal(
                400,
                "address_too_long",
                f"Địa chỉ dài quá {SUGGEST_CHARACTERS} ký tự; hãy chỉ ghi số nhà, đường, phường.",
                f"The address has more than {SUGGEST_CHARACTERS} characters; give number, street and ward only.",
            )
        try:
            found = await asyncio.get_running_loop().run_in_executor(
                self._workers, self._locator.suggest, text, near, min(limit, SUGGEST_LIMIT)
            )
        except DispatchError as problem:  # a ward that does not exist, and nothing else to go by
            raise HttpRefusal(404, problem.code, problem.vi, problem.en) from None
        return json_answer(list(found))

    async def zones(self, service: str) -> tuple[bytes, bytes]:
        """GeoJSON of the zones in force, and the ETag of exactly these bytes."""
        if service not in self._sequencer.state.site.services:
            service = service[:80]
            raise HttpRefusal(404, "unknown_service", f"Không có lực lượng {service}.", f"No service {service}.")
        return await asyncio.get_running_loop().run_in_executor(self._workers, _zones, self._locator, service)

    async def unit_status(self, body: bytes, token: str) -> Answer:
        sender = self._senders.admit(token, SenderKind.VEHICLE)
        report = decoded(body, IntakeReport)
        return await tell(self._sequencer, sender, report.id, ReportStatus(unit=report.unit, status=report.status))

    def health(self) -> Answer:
        value = self._health()
        return json_answer(value, 200 if value["state"] == "leading" else 503)

    def metrics(self) -> Answer:
        lines = []
        for name, value in self._health().items():
            if isinstance(value, int | float) and not isinstance(value, bool):
                lines.append(f"# TYPE dispatch_{name} gauge\ndispatch_{name} {value}\n")
        return 200, "".join(lines).encode(), "text/plain; version=0.0.4"

    def person(self, session: str) -> Person:
        person = self._desk.who(session) if session else None
        if person is None:
            raise HttpRefusal(401, "not_signed_in", "Bạn chưa đăng nhập.", "You are not signed in.")
        return person

    # --- requests -----------------------------------------------------------------------------------------------------

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("POST", "/v1/sign-in"): self._sign_in,
            ("POST", "/v1/sign-out"): self._sign_out,
            ("GET", "/v1/suggest"): self._suggest,
            ("GET", "/v1/zones/"): self._zones,
            ("POST", "/v1/intake/unit-status"): self._unit_status,
            ("GET", "/health"): self._asked_health,
            ("GET", "/metrics"): self._asked_metrics,
        }

    async def _sign_in(self, request: Request) -> Answer:
        return await self.sign_in(body_of(request), str(getattr(request.getClientAddress(), "host", "")))

    async def _sign_out(self, request: Request) -> Answer:
        return await self.sign_out(self.person(token_of(request)))

    async def _suggest(self, request: Request) -> Answer:
        self.person(token_of(request))
        lat, lon = number_in(request, b"lat"), number_in(request, b"lon")
        near = (lat, lon) if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180 else None
        limit = max(1, int(number_in(request, b"limit") or 8))
        return await self.suggest(text_in(request, b"q"), near, limit)

    async def _zones(self, request: Request) -> Answer:
        self.person(token_of(request))
        data, version = await self.zones(path_of(request).removeprefix("/v1/zones/"))
        return (304, b"", JSON) if request.setETag(version) is CACHED else (200, data, GEOJSON)

    async def _unit_status(self, request: Request) -> Answer:
        return await self.unit_status(body_of(request), token_of(request))

    async def _asked_health(self, _: Request) -> Answer:
        return self.health()

    async def _asked_metrics(self, _: Request) -> Answer:
        return self.metrics()


def _zones(locator: Locator, service: str) -> tuple[bytes, bytes]:
    data = locator.zones_geojson(service)
    return data, b'"' + hashlib.sha256(data).hexdigest()[:32].encode() + b'"'
