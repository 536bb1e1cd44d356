"""The HTTPS side on a port of its own, and a client of the standard library."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.ssl import DefaultOpenSSLContextFactory
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.web.server import Site

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Role, Suggestion
from dispatch_core.ports import Loaded
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.doorbell import connect
from dispatch_core.runtime.http import Api, ApiResource, Subject
from dispatch_core.runtime.http.evidence import EvidenceApi
from dispatch_core.runtime.http.offers import OffersApi
from dispatch_core.runtime.http.recordings import RecordingsApi, Somebody
from dispatch_core.runtime.http.senders import Senders, only
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.wire import names
from scripts.simulation.core import PASSWORD, Accounts, Places
from scripts.simulation.site import start_commands
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.contracts.memory_recordings import MemoryIndex, MemoryRecordings
from tests.runtime.fakes import ToldJournal
from tests.runtime.running import Run

TOKEN = "the intake's token"
ZONES = '{"type":"FeatureCollection","features":[],"địa bàn":"Bến Thành"}'.encode()


class Geography(Places):
    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[float, float] | None, int]] = []
        self.zones = ZONES

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        self.asked.append((text, near, limit))
        if text == "vỡ":
            raise ZeroDivisionError("planted")
        return [Suggestion(label="Chợ Bến Thành", lat=10.772, lon=106.698, kind="place", score=97.0)]

    def zones_geojson(self, service: str) -> bytes:
        return self.zones


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server:
    """The API on a port of its own; ``ask`` is a client of the standard library in a thread."""

    def __init__(self, access: RedisAccess, certificate: Certificate, senders: Senders | None = None) -> None:
        clock = SystemClock()
        self.ids = SystemIds(clock)
        self.journal = ToldJournal()
        self.geography = Geography()
        self.workers = ThreadPoolExecutor(2)
        self.state = "leading"
        self._authority = certificate.authority
        self._client = connect(f"unix://{access.user}@{access.socket}", access.password)
        sequencer = self.sequencer = Sequencer(self.journal, clock, Loaded(epoch=1, state=State(), recent={}))
        users = RedisUsers(self._client, "secret", lambda: sequencer.state)
        self.desk = Desk(sequencer, Accounts(), users, clock, self.ids, "127.0.0.1", access.tls_port)
        self.senders = senders or Senders([only(TOKEN)])
        api = Api(sequencer, self.desk, self.geography, self.workers, self.senders, self.health)
        self.files, self.index = MemoryRecordings(), MemoryIndex()
        sequencer.on_commit(self.index.heard)
        who = Somebody(self.desk, sequencer, self.ids, self.workers)
        heard = RecordingsApi(who, self.index, self.files, clock)
        evidence = EvidenceApi(who, self.index, self.files, clock, self.ids, lambda: sequencer.state)
        loop = asyncio.get_running_loop()
        reactor = AsyncioSelectorReactor(loop)  # type: ignore[arg-type]
        context = DefaultOpenSSLContextFactory(str(certificate.key), str(certificate.certificate))
        self._subjects: list[Subject] = [api, heard, evidence, OffersApi(sequencer, self.senders)]
        site = self._site = Site(ApiResource(*self._subjects), reactor=reactor)
        secured = TLSMemoryBIOFactory(context, False, site, clock=reactor)
        self._port = reactor.listenTCP(0, secured, interface="127.0.0.1")
        self._running = asyncio.ensure_future(sequencer.run())

    def serve(self, subject: Subject) -> None:
        """One subject more, from now on."""
        self._subjects.append(subject)
        self._site.resource = ApiResource(*self._subjects)

    def health(self) -> dict[str, Any]:
        return {"state": self.state, "seq": self.sequencer.state.seq, "generation": "g", "calls_live": 0}

    async def begin(self) -> None:
        for body in start_commands({"B01": ("Bàn 1", ("police",))}):
            await self.sequencer.ask(c.Asked(id=self.ids.new(), actor=c.Actor(ActorKind.CORE, "start"), body=body))

    async def ask(
        self, method: str, path: str, body: bytes | None = None, session: str = "", **headers: str
    ) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if session:
            given["Authorization"] = f"Bearer {session}"
        return await asyncio.to_thread(self._ask, method, path, body, given)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        context = ssl.create_default_context(cafile=str(self._authority))
        link = http.client.HTTPSConnection("127.0.0.1", self._port.getHost().port, timeout=30.0, context=context)
        try:
            link.request(method, path, body, headers)
            got = link.getresponse()
            return Answer(got.status, got.read(), dict(got.getheaders()))
        finally:
            link.close()

    async def sign_in(self, user: str = "lan", password: str = PASSWORD, **more: Any) -> Answer:
        asked = {"wire": names.WIRE_VERSION, "user": user, "password": password} | more
        return await self.ask("POST", "/v1/sign-in", json.dumps(asked).encode())

    async def session(self) -> str:
        return str((await self.sign_in()).json["session"])

    async def close(self) -> None:
        self._running.cancel()
        self._port.stopListening()
        await asyncio.gather(self._running, return_exceptions=True)
        await self._client.aclose()
        self.workers.shutdown()


Scene = Callable[[Callable[[Server], Coroutine[Any, Any, None]]], None]


def refused(answer: Answer) -> tuple[int, str]:
    """A refusal has a code and a sentence in both languages."""
    assert set(answer.json) == {"code", "vi", "en"} and all(answer.json.values())
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    return answer.status, answer.json["code"]


def on_server(
    redis: RedisAccess,
    certificate: Certificate,
    run: Run,
    senders: Senders | None = None,
    more: Callable[[Server], None] = lambda _: None,
) -> Scene:
    """Plays a scene on a server of its own. ``more``: what it serves beside what every one does."""

    def played(what: Callable[[Server], Coroutine[Any, Any, None]]) -> None:
        async def work() -> None:
            server = Server(redis, certificate, senders)
            more(server)
            try:
                await server.begin()
                await what(server)
            finally:
                await server.close()

        run(work())

    return played


async def told(server: Server, kind: ActorKind, name: str, *bodies: c.Command) -> None:
    for body in bodies:
        outcome = await server.sequencer.ask(c.Asked(id=server.ids.new(), actor=c.Actor(kind, name), body=body))
        assert outcome.refusal is None, outcome.refusal


async def asking(server: Server) -> str:
    """An incident on which A1 and the station S-P are asked."""
    call = c.CallCame(call="c1", node="hcm1", at=1, dialled="115", services=("ambulance",))
    await told(server, ActorKind.SWITCH, "hcm1", c.NodeUp(node="hcm1", booted="1"), call)
    await told(server, ActorKind.CORE, "start", c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="s"))
    incident = server.sequencer.state.calls["c1"].incident
    await told(
        server, ActorKind.PERSON, "lan", c.OfferUnits(incident=incident, units=("A1",)),
        c.OfferStation(incident=incident, station="S-P"),
    )  # fmt: skip
    return incident
