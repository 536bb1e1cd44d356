"""Cores, consoles and their people on a real Redis, for the tests of orders and sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.ports import Loaded
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.doorbell import RedisBroadcast, connect
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Order, Reply, SignedIn, decode, encode
from scripts.simulation.core import PASSWORD, Accounts
from scripts.simulation.site import NODE, start_commands
from tests.conftest import RedisAccess as Server
from tests.runtime.fakes import ToldJournal

INCIDENT_NOTE = "cháy lớn"


class Core:
    """Sequencer, desk, gateway and publisher on the real Redis; the journal does as it is told."""

    def __init__(self, server: Server, journal: ToldJournal, loaded: Loaded) -> None:
        clock = SystemClock()
        self.ids = SystemIds(clock)
        self.journal = journal
        self.client = connect(f"unix://{server.user}@{server.socket}", server.password)
        self.sequencer = Sequencer(journal, clock, loaded)
        self.users = RedisUsers(self.client, "the core's own secret", lambda: self.sequencer.state)
        self.desk = Desk(
            self.sequencer, Accounts(), self.users, clock, self.ids, "127.0.0.1", server.tls_port
        )
        self.gateway = ConsoleGateway(self.sequencer, self.desk, self.users, self.client, clock)
        self.publisher = Publisher(
            RedisBroadcast(self.client), journal, clock, self.ids, loaded.epoch,
            lambda: self.sequencer.state, lambda: self.sequencer.read_only,
        )  # fmt: skip
        self.sequencer.on_commit(self.publisher.heard)
        self.tasks = [
            asyncio.ensure_future(work) for work in (self.sequencer.run(), self.gateway.run(), self.publisher.run())
        ]

    async def begin(self) -> None:
        for body in start_commands({"B01": ("Bàn 1", ("police",))}):
            await self.ask(ActorKind.CORE, body)
        await self.ask(ActorKind.SWITCH, c.CallCame(call="c1", node=NODE, at=1, dialled="113", services=("police",)))

    async def ask(self, kind: ActorKind, body: Command) -> Any:
        return await self.sequencer.ask(c.Asked(id=self.ids.new(), actor=c.Actor(kind, "test"), body=body))

    @property
    def incident(self) -> str:
        return next(iter(self.sequencer.state.incidents))

    def notes(self) -> list[str]:
        return [note.text for note in self.sequencer.state.incidents[self.incident].notes if note.kind == "note"]

    async def die(self) -> None:
        """As a killed process: nothing is finished, the connections close."""
        for task in self.tasks:
            task.cancel()
        for task in self.gateway._tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, *self.gateway._tasks, return_exceptions=True)
        await self.client.aclose()


class Seat:
    """A console's connections under its own Redis user."""

    def __init__(self, server: Server, signed: SignedIn, ids: SystemIds) -> None:
        self.signed, self.ids = signed, ids
        self.redis = redis.asyncio.Redis(
            host=signed.redis.host,
            port=signed.redis.port,
            username=signed.redis.user,
            password=signed.redis.password,
            ssl=True,
            ssl_ca_certs=str(server.authority),
            protocol=2,
            retry=Retry(NoBackoff(), 0),
        )
        self.seen = "0"

    def order(self, body: Command, ident: str = "", **more: Any) -> bytes:
        values: dict[str, Any] = {
            "wire": names.WIRE_VERSION, "id": ident or self.ids.new(), "session": self.signed.session, "body": body
        }  # fmt: skip
        return encode(Order(**(values | more)))

    async def send(self, data: bytes, user: str = "") -> None:
        await self.redis.xadd(names.commands(user or self.signed.user), {names.BODY_FIELD: data})

    async def replies(self, count: int = 1, seconds: float = 5.0) -> list[Reply]:
        found: list[Reply] = []
        deadline = asyncio.get_running_loop().time() + seconds
        while len(found) < count and asyncio.get_running_loop().time() < deadline:
            answer: Any = await self.redis.xread({names.replies(self.signed.user): self.seen}, block=200)
            for _, entries in answer or []:
                self.seen = entries[-1][0].decode()
                found += [decode(fields[names.BODY_FIELD], Reply) for _, fields in entries]
        return found

    async def give(self, body: Command, ident: str = "") -> Reply:
        await self.send(self.order(body, ident))
        (reply,) = await self.replies(seconds=10.0)
        return reply


class Stage:
    """Starts cores on the same journal and Redis, and closes everything at the end."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.journal = ToldJournal()
        self.cores: list[Core] = []
        self.seats: list[Seat] = []

    async def core(self) -> Core:
        recent = {entry.asked.id: entry.outcome for batch in self.journal.batches for entry in batch.entries}
        loaded = Loaded(
            epoch=len(self.cores) + 1,
            state=self.cores[-1].sequencer.state if self.cores else (await self.journal.open()).state,
            recent=recent,
        )
        core = Core(self.server, self.journal, loaded)
        self.cores.append(core)
        return core

    async def first(self) -> Core:
        core = await self.core()
        await core.begin()
        return core

    async def seat(self, core: Core, user: str = "lan") -> Seat:
        seat = Seat(self.server, await core.desk.sign_in(user, PASSWORD), core.ids)
        self.seats.append(seat)
        return seat

    async def close(self) -> None:
        for seat in self.seats:
            await seat.redis.aclose()
        for core in self.cores:
            await core.die()


Scene = Callable[[Callable[[Stage], Coroutine[Any, Any, None]]], None]


async def until(what: Callable[[], bool], seconds: float = 30.0) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not what():
        assert asyncio.get_running_loop().time() < deadline, "it did not come to pass"
        await asyncio.sleep(0.02)


def note(core: Core, text: str = INCIDENT_NOTE) -> Command:
    return c.AddNote(incident=core.incident, text=text)
