"""The core's HTTPS side: sign-in, questions (addresses, zones), the intake for other systems, health and metrics.

Every answer is JSON; every refusal has a code and a sentence in both languages. Nothing here decides: what changes
state goes through the sequencer as a command.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Any

import msgspec
from twisted.web.http import CACHED
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from dispatch_core.domain.commands import Actor, ActorKind, Asked, ReportStatus
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Person
from dispatch_core.domain.vocabulary import UnitStatus
from dispatch_core.ports import Locator
from dispatch_core.runtime.desk import Desk, SignInRefused
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import HTTP_BODY_LIMIT, SUGGEST_CHARACTERS, SUGGEST_LIMIT
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import SignInAsked

log = logging.getLogger(__name__)

Answer = tuple[int, bytes, str]
JSON = "application/json; charset=utf-8"
GEOJSON = "application/geo+json; charset=utf-8"

TRY_AGAIN = ("read_only", "overloaded")
"""Refusals that say nothing of the command: the same one may be taken later."""


class IntakeReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What another system reports of a unit; ``id`` takes effect once."""

    id: str
    unit: str
    status: UnitStatus


class HttpRefusal(DispatchError):
    def __init__(self, status: int, code: str, vi: str, en: str) -> None:
        super().__init__(code, vi, en)
        self.status = status


def json_answer(value: Any, status: int = 200) -> Answer:
    return status, msgspec.json.encode(value), JSON


def refusal_answer(status: int, problem: DispatchError) -> Answer:
    return json_answer({"code": problem.code, "vi": problem.vi, "en": problem.en}, status)


class Api:
    """The handlers, free of Twisted: each takes what it needs of a request and gives an answer."""

    def __init__(
        self,
        sequencer: Sequencer,
        desk: Desk,
        locator: Locator,
        workers: Executor,
        intake_token: str,
        health: Callable[[], dict[str, Any]],
    ) -> None:
        self._sequencer = sequencer
        self._desk = desk
        self._locator = locator
        self._workers = workers
        self._intake_token = intake_token
        self._health = health

    async def sign_in(self, body: bytes, address: str) -> Answer:
        asked = _decoded(body, SignInAsked)
        if asked.wire not in names.WIRE_SPOKEN:
            raise HttpRefusal(
                426,
                "wrong_version",
                f"Chương trình này nói phiên bản {asked.wire}, máy chủ nói {names.WIRE_VERSION}; hãy cập nhật.",
                f"This program speaks version {asked.wire}, the core {names.WIRE_VERSION}; update it.",
            )
        return json_answer(await self._desk.sign_in(asked.user, asked.password, address))

    async def sign_out(self, person: Person) -> Answer:
        await self._desk.sign_out(person)
        return json_answer({})

    async def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Answer:
        found = await asyncio.get_running_loop().run_in_executor(
            self._workers, self._locator.suggest, text[:SUGGEST_CHARACTERS], near, min(limit, SUGGEST_LIMIT)
        )
        return json_answer(list(found))

    async def zones(self, service: str) -> tuple[bytes, bytes]:
        """GeoJSON of the zones in force, and the ETag of exactly these bytes."""
        if service not in self._sequencer.state.site.services:
            service = service[:80]
            raise HttpRefusal(404, "unknown_service", f"Không có lực lượng {service}.", f"No service {service}.")
        return await asyncio.get_running_loop().run_in_executor(self._workers, _zones, self._locator, service)

    async def unit_status(self, body: bytes, token: str) -> Answer:
        if not self._intake_token or not hmac.compare_digest(token.encode(), self._intake_token.encode()):
            raise HttpRefusal(401, "bad_token", "Mã truy cập không đúng.", "The token is wrong.")
        report = _decoded(body, IntakeReport)
        if not (1 <= len(report.id) <= 100 and report.id.isprintable()):
            raise HttpRefusal(
                400, "malformed", "id phải gồm 1 đến 100 ký tự in được.", "id must have 1 to 100 printable characters."
            )
        asked = Asked(
            id=f"intake-{report.id}",
            actor=Actor(ActorKind.INTAKE, "intake"),
            body=ReportStatus(unit=report.unit, status=report.status),
        )
        outcome = await self._sequencer.ask(asked)
        if outcome.refusal is not None:
            sentence = outcome.refusal.sentence
            status = 503 if outcome.refusal.code in TRY_AGAIN else 409
            return json_answer({"code": outcome.refusal.code, "vi": sentence("vi"), "en": sentence("en")}, status)
        return json_answer({"seq": outcome.seq})

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


def _zones(locator: Locator, service: str) -> tuple[bytes, bytes]:
    data = locator.zones_geojson(service)
    return data, b'"' + hashlib.sha256(data).hexdigest()[:32].encode() + b'"'


def _decoded(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        why = str(problem)[:200]
        raise HttpRefusal(400, "malformed", f"Nội dung không đúng dạng: {why}", f"Malformed body: {why}") from None


def _number(request: Request, name: bytes) -> float | None:
    text = (request.args or {}).get(name, [b""])[0].decode("ascii", "replace")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


class ApiResource(Resource):
    """Routes requests to the ``Api`` and turns every failure into an answer."""

    isLeaf = True

    def __init__(self, api: Api) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._api = api

    def render(self, request: Request) -> int:
        task = asyncio.ensure_future(self._serve(request))
        gone = request.notifyFinish()
        gone.addErrback(lambda _: task.cancel())
        return NOT_DONE_YET

    async def _serve(self, request: Request) -> None:
        try:
            status, data, kind = await self._answer(request)
        except (HttpRefusal, SignInRefused) as problem:
            status, data, kind = refusal_answer(problem.status, problem)
        except DispatchError as problem:  # a server of ours does not answer
            log.error("request %s: %s", request.path, problem)
            status, data, kind = refusal_answer(503, problem)
        except asyncio.CancelledError:
            return
        except Exception:  # noqa: BLE001  (the last door: a bug answers 500 and is seen in the log)
            log.exception("request %s", request.path)
            status, data, kind = json_answer({"code": "internal", "vi": "Lỗi máy chủ.", "en": "Server error."}, 500)
        request.setResponseCode(status)
        request.setHeader(b"content-type", kind.encode())
        request.setHeader(b"cache-control", b"no-store")
        request.write(data)
        request.finish()

    def _answer(self, request: Request) -> Awaitable[Answer]:
        method, path = request.method.decode(), request.path.decode("ascii", "replace")
        routes: dict[tuple[str, str], Callable[[Request], Awaitable[Answer]]] = {
            ("POST", "/v1/sign-in"): self._sign_in,
            ("POST", "/v1/sign-out"): self._sign_out,
            ("GET", "/v1/suggest"): self._suggest,
            ("POST", "/v1/intake/unit-status"): self._unit_status,
            ("GET", "/health"): self._health,
            ("GET", "/metrics"): self._metrics,
        }
        handler = routes.get((method, path))
        if handler is None and method == "GET" and path.startswith("/v1/zones/"):
            handler = self._zones
        if handler is None:
            raise HttpRefusal(404, "unknown_path", f"Không có {path[:80]}.", f"There is no {path[:80]}.")
        return handler(request)

    @staticmethod
    def _body(request: Request) -> bytes:
        data = request.content.read(HTTP_BODY_LIMIT + 1) if request.content is not None else b""
        if len(data) > HTTP_BODY_LIMIT:
            raise HttpRefusal(413, "too_large", "Nội dung quá dài.", "The body is too large.")
        return bytes(data)

    @staticmethod
    def _token(request: Request) -> str:
        told = (request.getHeader(b"authorization") or b"").decode("ascii", "replace")  # as bytes: any may come
        kind, _, token = told.partition(" ")
        return token.strip() if kind.lower() == "bearer" else ""

    async def _sign_in(self, request: Request) -> Answer:
        return await self._api.sign_in(self._body(request), str(getattr(request.getClientAddress(), "host", "")))

    async def _sign_out(self, request: Request) -> Answer:
        return await self._api.sign_out(self._api.person(self._token(request)))

    async def _suggest(self, request: Request) -> Answer:
        self._api.person(self._token(request))
        text = (request.args or {}).get(b"q", [b""])[0].decode("utf-8", "replace")
        lat, lon = _number(request, b"lat"), _number(request, b"lon")
        near = (lat, lon) if lat is not None and lon is not None and abs(lat) <= 90 and abs(lon) <= 180 else None
        limit = max(1, int(_number(request, b"limit") or 8))
        return await self._api.suggest(text, near, limit)

    async def _zones(self, request: Request) -> Answer:
        self._api.person(self._token(request))
        service = request.path.decode("ascii", "replace").removeprefix("/v1/zones/")
        data, version = await self._api.zones(service)
        return (304, b"", JSON) if request.setETag(version) is CACHED else (200, data, GEOJSON)

    async def _unit_status(self, request: Request) -> Answer:
        return await self._api.unit_status(self._body(request), self._token(request))

    async def _health(self, _: Request) -> Answer:
        return self._api.health()

    async def _metrics(self, _: Request) -> Answer:
        return self._api.metrics()
