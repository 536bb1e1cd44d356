"""Sign-in, and what the Redis users that go with it may and may not, on a real Redis over TLS."""

from __future__ import annotations

import asyncio

import pytest
import redis
import redis.asyncio
from redis.exceptions import NoPermissionError

from console_gui.redis_door import connect as console_connect
from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import Role
from dispatch_core.runtime.desk import SignInRefused
from dispatch_core.settings import SIGN_IN_TRIES
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import RedisAccess
from scripts.simulation.core import PASSWORD
from tests.conftest import RedisAccess as Server
from tests.runtime.redis_stage import INCIDENT_NOTE, Scene, Seat, Stage, note, until

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
        for key in (ops, names.beat(View.OPERATIONS), names.LIVE_STREAM, names.UNITS_STREAM, names.replies("lan")):
            await it.xread({key: "0"})
        await it.hgetall(names.LIVE_LAST)
        await it.hgetall(names.UNITS_LAST)
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
