"""Sign-in, the Redis users that go with it, and orders from consoles, on a real Redis over TLS."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
import redis
import redis.asyncio
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import NoPermissionError, ResponseError

from console_gui.redis_door import connect as console_connect
from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import BroadcastDown, Loaded
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.desk import Desk, SignInRefused
from dispatch_core.runtime.doorbell import RedisBroadcast, connect
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import ORDER_BYTES, SIGN_IN_TRIES
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Order, RedisAccess, Reply, SignedIn, decode, encode
from scripts.simulation.core import PASSWORD, Accounts
from scripts.simulation.site import NODE, start_commands
from tests.conftest import RedisAccess as Server
from tests.runtime.conftest import Run
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
        self.gateway = ConsoleGateway(self.sequencer, self.desk, self.users, self.client)
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


@pytest.fixture
def play(redis_server: Server, run: Run) -> Scene:
    def played(what: Callable[[Stage], Coroutine[Any, Any, None]]) -> None:
        async def work() -> None:
            stage = Stage(redis_server)
            try:
                await what(stage)
            finally:
                await stage.close()

        run(work())

    return played


async def until(what: Callable[[], bool], seconds: float = 8.0) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not what():
        assert asyncio.get_running_loop().time() < deadline, "it did not come to pass"
        await asyncio.sleep(0.02)


def note(core: Core, text: str = INCIDENT_NOTE) -> Command:
    return c.AddNote(incident=core.incident, text=text)


# --- sign-in ----------------------------------------------------------------------------------------------------------


def test_signing_in(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        seat = await stage.seat(core)
        signed = seat.signed
        assert (signed.user, signed.role, signed.view) == ("lan", Role.DISPATCHER, "ops")
        assert core.desk.who(signed.session) == core.sequencer.state.people["lan"]
        assert core.desk.is_session("lan", signed.session) and not core.desk.is_session("minh", signed.session)
        assert core.desk.who("") is None and core.desk.who("no such session") is None
        kept = repr(core.journal.batches)
        assert signed.session not in kept and signed.redis.password not in kept
        reply = await seat.give(note(core))
        assert reply.refusal is None and reply.seq == core.sequencer.state.seq
        assert core.notes() == [INCIDENT_NOTE]

    play(scene)


@pytest.mark.parametrize("user", ["lan", "nobody", "*", "a b", "", "x" * 500])
def test_a_wrong_password_and_an_unknown_user_are_told_alike(play: Scene, user: str) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        with pytest.raises(SignInRefused) as refused:
            await core.desk.sign_in(user, "wrong")
        assert (refused.value.status, refused.value.code) == (401, "bad_sign_in")

    play(scene)


def test_guessing_is_slowed_down(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        for _ in range(SIGN_IN_TRIES):
            with pytest.raises(SignInRefused, match="bad_sign_in"):
                await core.desk.sign_in("lan", "wrong")
        with pytest.raises(SignInRefused) as refused:
            await core.desk.sign_in("lan", PASSWORD)
        assert refused.value.status == 429
        await core.desk.sign_in("minh", PASSWORD)

    play(scene)


def test_nobody_signs_in_while_the_journal_is_away(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        stage.journal.down = True
        with pytest.raises(SignInRefused) as refused:
            await core.desk.sign_in("lan", PASSWORD)
        assert refused.value.status == 503
        stage.journal.down = False
        await until(lambda: not core.sequencer.read_only)
        await core.desk.sign_in("lan", PASSWORD)

    play(scene)


# --- what Redis itself denies -----------------------------------------------------------------------------------------


def test_what_a_dispatchers_redis_user_may_and_may_not(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan, minh = await stage.seat(core), await stage.seat(core, "minh")
        it = lan.redis
        ops, tel = names.stream(View.OPERATIONS), names.stream(View.TELEPHONY)
        await until(lambda: core.publisher.generation != "")
        assert await it.get(names.snapshot(View.OPERATIONS))
        for key in (ops, names.beat(View.OPERATIONS), names.LIVE_STREAM, names.replies("lan")):
            await it.xread({key: "0"})
        await it.hgetall(names.LIVE_LAST)
        await it.get(names.GENERATION_KEY)
        await it.ping()
        denied = [
            it.xadd(names.commands("minh"), {"b": b"x"}),
            it.xread({names.commands("lan"): "0"}),
            it.xread({names.commands("minh"): "0"}),
            it.xread({names.replies("minh"): "0"}),
            it.xadd(names.replies("lan"), {"b": b"x"}),
            it.xadd(ops, {"e": b"x"}),
            it.xadd(names.beat(View.OPERATIONS), {"b": b"x"}),
            it.xadd(names.WAKE_STREAM, {"b": b"x"}),
            it.xread({tel: "0"}),
            it.get(names.snapshot(View.TELEPHONY)),
            it.get(names.EPOCH_KEY),
            it.set(names.snapshot(View.OPERATIONS), b"x"),
            it.delete(ops),
            it.keys("*"),
            it.scan(),
            it.flushall(),
            it.config_get("*"),
            it.acl_whoami(),
            it.acl_setuser("console-lan", enabled=True, nopass=True),
            it.execute_command("CLIENT", "LIST"),
            it.execute_command("CLIENT", "KILL", "USER", "console-minh"),
            it.eval("return redis.call('GET', 'st:ops:snapshot')", 0),
            it.publish("channel", "x"),
            it.execute_command("SUBSCRIBE", "channel"),
            it.execute_command("MONITOR"),
            it.execute_command("SHUTDOWN"),
            it.xgroup_create(names.commands("lan"), "mine"),
            it.execute_command("XREADGROUP", "GROUP", "core", "me", "STREAMS", names.commands("lan"), ">"),
            it.xdel(names.commands("lan"), "1-1"),
            it.xtrim(ops, maxlen=0),
            it.xrange(names.commands("minh")),
        ]
        for ask in denied:
            with pytest.raises(NoPermissionError):
                await ask
        assert (await lan.give(note(core))).refusal is None
        assert await minh.replies(seconds=0.3) == []

    play(scene)


def test_an_admin_sees_telephony_and_no_operations(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        await until(lambda: core.publisher.generation != "")
        tuan = await stage.seat(core, "tuan")
        assert tuan.signed.view == "tel"
        assert await tuan.redis.get(names.snapshot(View.TELEPHONY))
        for key in (names.stream(View.OPERATIONS), names.beat(View.OPERATIONS)):
            with pytest.raises(NoPermissionError):
                await tuan.redis.xread({key: "0"})
        with pytest.raises(NoPermissionError):
            await tuan.redis.get(names.snapshot(View.OPERATIONS))

    play(scene)


def test_the_console_s_own_way_in(play: Scene, redis_server: Server) -> None:
    """The console's client needs nothing that its user may not do."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        signed = (await stage.seat(core)).signed
        await until(lambda: core.publisher.generation != "")

        def come_in() -> bool:
            client = console_connect(signed.redis, redis_server.authority)
            try:
                return client.xread({names.beat(View.OPERATIONS): "0"}, block=2_000) != []
            finally:
                client.close()

        assert await asyncio.to_thread(come_in)
        wrong = RedisAccess(
            host=signed.redis.host, port=signed.redis.port, user=signed.redis.user, password="wrong", tls=True
        )
        with pytest.raises(redis.AuthenticationError):
            await asyncio.to_thread(lambda: console_connect(wrong, redis_server.authority).ping())

    play(scene)


# --- sessions end -----------------------------------------------------------------------------------------------------


def test_a_session_that_ends_is_ended_in_redis(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        await lan.redis.ping()
        await core.desk.sign_out(core.sequencer.state.people["lan"])
        await core.users.end_session("lan")
        with pytest.raises((redis.ConnectionError, redis.AuthenticationError, NoPermissionError)):
            await lan.redis.ping()
        assert await core.client.exists(names.commands("lan"), names.replies("lan")) == 0
        assert b"console-lan" not in await core.client.execute_command("ACL", "USERS")
        again = await stage.seat(core)
        assert (await again.give(note(core))).refusal is None

    play(scene)


def test_a_second_sign_in_ends_the_first(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        first = await stage.seat(core)
        old_order = first.order(note(core, "cũ"))
        second = await stage.seat(core)
        with pytest.raises((redis.ConnectionError, redis.AuthenticationError)):
            await first.redis.ping()
        await second.send(old_order)  # the old session's order by the new one's connection
        (reply,) = await second.replies()
        assert reply.refusal is not None and reply.refusal.code == "not_signed_in"
        assert (await second.give(note(core))).refusal is None
        assert core.notes() == [INCIDENT_NOTE]

    play(scene)


def test_signing_in_while_the_sign_out_is_carried_out(play: Scene) -> None:
    """The end of the old session comes late and must not take the new one's user away."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        await stage.seat(core)
        await core.desk.sign_out(core.sequencer.state.people["lan"])
        again = await stage.seat(core)
        await core.users.end_session("lan")
        assert (await again.give(note(core))).refusal is None

    play(scene)


def test_a_late_admission_of_an_old_session_changes_nothing(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        await stage.seat(core)
        old = core.sequencer.state.people["lan"]
        newest = await stage.seat(core)
        await core.users.admit(old)
        assert (await newest.give(note(core))).refusal is None

    play(scene)


def test_users_of_sessions_that_ended_while_redis_or_the_core_was_away(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan, minh = await stage.seat(core), await stage.seat(core, "minh")
        await core.desk.sign_out(core.sequencer.state.people["lan"])  # and the core dies before Redis hears of it
        await core.die()
        await lan.redis.ping()
        later = await stage.core()
        await until(lambda: not later.tasks[1].done())
        await asyncio.sleep(0.5)
        with pytest.raises((redis.ConnectionError, redis.AuthenticationError, NoPermissionError)):
            await lan.redis.ping()
        assert (await minh.give(note(later))).refusal is None

    play(scene)


def test_a_session_replaced_while_redis_was_not_told(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        old = await stage.seat(core)
        sign_in = c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="another digest")
        await core.ask(ActorKind.CORE, sign_in)
        await core.users.admit_everybody()
        with pytest.raises((redis.ConnectionError, redis.AuthenticationError)):
            await old.redis.ping()
            await Seat(stage.server, old.signed, core.ids).redis.ping()

    play(scene)


def test_what_talks_to_redis_can_be_stopped_at_any_moment(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()

        async def talk() -> None:
            while True:
                await core.client.set("x", b"y")

        for moment in range(150):
            talking = asyncio.ensure_future(talk())
            for _ in range(moment % 30):
                await asyncio.sleep(0)
            talking.cancel()
            await asyncio.wait({talking}, timeout=1.0)
            assert talking.done()

    play(scene)


# --- orders that are wrong --------------------------------------------------------------------------------------------


def test_orders_that_are_refused(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan, minh = await stage.seat(core), await stage.seat(core, "minh")
        body, committed = note(core), len(stage.journal.committed)
        refused = {
            "wrong_version": lan.order(body, wire=99),
            "not_signed_in": lan.order(body, session=minh.signed.session),
            "malformed": lan.order(body, ident="not an id"),
        }
        for code, data in refused.items():
            await lan.send(data)
            (reply,) = await lan.replies()
            assert reply.refusal is not None and reply.refusal.code == code
        for ident in ("", "A" * 32, "0" * 31, "0" * 33):
            await lan.send(lan.order(body, id=ident))
            (reply,) = await lan.replies()
            assert reply.refusal is not None and reply.refusal.code == "malformed"
        assert len(stage.journal.committed) == committed
        admins_only = c.AddPosition(position="B09", label="", services=("police",))
        switchs_only = c.CallOver(call="c1", at=1, by="caller")  # type: ignore[arg-type]
        for body in (admins_only, switchs_only):
            reply = await lan.give(body)
            assert reply.refusal is not None and reply.refusal.code == "not_allowed"
        assert len(stage.journal.committed) == committed + 2  # attempts are the audit
        assert core.notes() == []

    play(scene)


def test_bytes_that_are_no_order_are_dropped_and_the_next_is_served(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        nested = b"\x91" * 5_000 + b"\xc0"
        for data in (b"", b"\x00", b"garbage", nested, b"\x81\xa4wire\x01", b"x" * (ORDER_BYTES + 1)):
            await lan.send(data)
        await lan.redis.xadd(names.commands("lan"), {"other": b"field"})
        await lan.send(lan.order(note(core, "y" * ORDER_BYTES)))
        reply = await lan.give(note(core))
        assert reply.refusal is None
        assert core.notes() == [INCIDENT_NOTE]
        await until(lambda: not core.gateway._serving)
        assert await core.client.xlen(names.commands("lan")) == 0

    play(scene)


# --- once, whatever dies ----------------------------------------------------------------------------------------------


def test_an_order_that_comes_twice(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        data = lan.order(note(core))
        for _ in range(3):
            await lan.send(data)
        replies = await lan.replies(3)
        assert len(replies) == 3 and len({reply.seq for reply in replies}) == 1
        assert core.notes() == [INCIDENT_NOTE]

    play(scene)


def test_a_persons_orders_keep_their_order(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        texts = [f"dòng {number}" for number in range(450)]
        pipe = lan.redis.pipeline(transaction=False)
        for text in texts:
            pipe.xadd(names.commands("lan"), {names.BODY_FIELD: lan.order(note(core, text))})
        await pipe.execute()
        await until(lambda: len(core.notes()) == len(texts))
        assert core.notes() == texts

    play(scene)


def test_a_crash_between_commit_and_reply(play: Scene) -> None:
    """The order was taken and committed, the core died before it could say so: the next one says it, once more of
    nothing happens. The session that gave it may be gone by then."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        outcome = core.gateway._outcome

        async def and_no_further(user: str, data: bytes) -> Any:
            await outcome(user, data)
            await asyncio.get_running_loop().create_future()

        core.gateway._outcome = and_no_further  # type: ignore[method-assign]
        ident = core.ids.new()
        await lan.send(lan.order(note(core), ident))
        await until(lambda: ident in stage.journal.committed)
        await core.die()
        assert await lan.replies(seconds=0.3) == []
        later = await stage.core()
        (reply,) = await lan.replies()
        assert reply.id == ident and reply.refusal is None and reply.seq
        assert later.notes() == [INCIDENT_NOTE]
        assert stage.journal.committed.count(ident) == 1
        assert await lan.replies(seconds=0.5) == []

    play(scene)


def test_more_orders_left_over_than_one_read_takes(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        stage.journal.gate = asyncio.Event()
        for number in range(450):
            await lan.send(lan.order(note(core, str(number))))
        await until(lambda: len(core.gateway._serving) == 450)
        await core.die()
        stage.journal.gate = None
        later = await stage.core()
        await until(lambda: len(later.notes()) == 450)
        assert later.notes() == [str(number) for number in range(450)]

    play(scene)


def test_an_outcome_that_was_told_before_the_session_ended_stays_true(play: Scene) -> None:
    """The order was carried out; its redelivery after a new sign-in must not be told that it was refused."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        data = lan.order(note(core))
        await lan.send(data)
        (first,) = await lan.replies()
        again = await stage.seat(core)
        again.seen = lan.seen
        await again.send(data)
        (second,) = await again.replies()
        assert second == first
        assert core.notes() == [INCIDENT_NOTE]

    play(scene)


# --- Redis goes and comes ---------------------------------------------------------------------------------------------


def test_redis_is_killed_and_starts_with_nothing(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        await until(lambda: core.publisher.generation != "")
        generation = core.publisher.generation
        stage.server.server.kill9()
        await core.ask(ActorKind.SWITCH, c.CallCame(call="c2", node=NODE, at=2, dialled="114", services=("fire",)))
        with pytest.raises(BroadcastDown):
            await core.users.admit(core.sequencer.state.people["lan"])
        stage.server.server.start()  # in this thread: a server ends with the thread that started it
        back = Seat(stage.server, lan.signed, core.ids)  # the same password as before
        stage.seats.append(back)
        await until(lambda: core.publisher.generation != generation and core.publisher.behind == 0)
        await asyncio.sleep(2.5)
        assert (await back.give(note(core))).refusal is None
        newest = await back.redis.xrevrange(names.stream(View.OPERATIONS), count=1)
        assert names.parse_entry_id(newest[0][0]) == (1, core.sequencer.state.seq)
        assert not any(task.done() for task in core.tasks)

    play(scene)


def test_redis_is_flushed(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        await until(lambda: core.publisher.generation != "")
        generation = core.publisher.generation
        assert (await lan.give(note(core))).refusal is None
        await core.client.flushall()
        lan.seen = "0"
        await until(lambda: core.publisher.generation != generation)
        await asyncio.sleep(1.2)
        assert (await lan.give(note(core, "sau"))).refusal is None
        assert core.notes() == [INCIDENT_NOTE, "sau"]

    play(scene)


def test_redis_stands_still(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        await until(lambda: core.publisher.generation != "")
        generation = core.publisher.generation
        pid = stage.server.server.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            reply = asyncio.ensure_future(lan.give(note(core)))
            await asyncio.sleep(4.0)
            assert not reply.done()
        finally:
            os.kill(pid, signal.SIGCONT)
        assert (await reply).refusal is None
        assert core.notes() == [INCIDENT_NOTE]
        await until(lambda: core.publisher.behind == 0)
        assert core.publisher.generation == generation

    play(scene)


def test_somebody_signs_out_while_orders_are_awaited(play: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """Their stream is deleted under the read that waits on it; the others' orders go on at once."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        await stage.seat(core, "minh")
        lan = await stage.seat(core)
        await core.desk.sign_out(core.sequencer.state.people["minh"])
        await core.users.end_session("minh")
        assert (await lan.give(note(core))).refusal is None

    play(scene)
    assert "orders cannot be read" not in caplog.text


def test_a_stream_that_cannot_take_replies_does_not_lose_the_order(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        await core.client.set(names.replies("lan"), b"not a stream")
        await lan.send(lan.order(note(core)))
        await until(lambda: core.notes() == [INCIDENT_NOTE])
        await core.client.delete(names.replies("lan"))
        (reply,) = await lan.replies(seconds=4.0)
        assert reply.refusal is None
        assert core.notes() == [INCIDENT_NOTE]

    play(scene)


def test_the_wake_stream_does_not_grow(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        for _ in range(30):
            await core.users.admit(core.sequencer.state.people.get("lan") or (await _lan(stage, core)))
        assert await core.client.xlen(names.WAKE_STREAM) <= 10
        with pytest.raises(ResponseError):
            await core.client.xgroup_create(names.WAKE_STREAM, "core", id="$")

    async def _lan(stage: Stage, core: Core) -> Any:
        await stage.seat(core)
        return core.sequencer.state.people["lan"]

    play(scene)
