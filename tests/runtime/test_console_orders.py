"""Orders from consoles, on a real Redis over TLS: wrong ones, and right ones that take effect once."""

from __future__ import annotations

import asyncio
from typing import Any

from dispatch_core.domain import commands as c
from dispatch_core.settings import ORDER_BYTES, ORDER_LIMIT_S
from dispatch_core.wire import names
from tests.runtime.redis_stage import INCIDENT_NOTE, Scene, Stage, note, until

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


# --- too old, and settled ---------------------------------------------------------------------------------------------


def test_an_order_that_lay_too_long_takes_no_effect_in_words(play: Scene) -> None:
    """Given before a long cut and read after it; then, too, when the clock has been put back meanwhile."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        now, limit = core.gateway._clock.now(), ORDER_LIMIT_S * 1000
        data = lan.order(note(core), asked_at=now - limit - 2_000)
        await lan.send(data)
        (reply,) = await lan.replies()
        assert reply.refusal is not None and reply.refusal.code == "too_old"
        assert reply.refusal.details["limit"] == str(ORDER_LIMIT_S)
        core.gateway._limit_s = 10_000
        await lan.send(data)
        (again,) = await lan.replies()
        assert again == reply, "what was told stays true"
        assert core.notes() == []
        for good in (now - limit + 10_000, now + 3_600_000, 0):  # young enough; of a clock that was put back; ageless
            await lan.send(lan.order(note(core, str(good)), asked_at=good))
            (reply,) = await lan.replies()
            assert reply.refusal is None

    play(scene)


def test_the_fate_of_an_order_is_told_and_settled_for_good(play: Scene) -> None:
    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        done, lost = core.ids.new(), core.ids.new()
        first = await lan.give(note(core), done)
        await lan.send(lan.order(note(core), done, settle=True))
        (told,) = await lan.replies()
        assert told == first and core.notes() == [INCIDENT_NOTE]
        await lan.send(lan.order(note(core, "mất"), lost, settle=True))
        (told,) = await lan.replies()
        assert told.refusal is not None and told.refusal.code == "never_came"
        await lan.send(lan.order(note(core, "mất"), lost))  # it comes after all, out of some forgotten queue
        (late,) = await lan.replies()
        assert late == told and core.notes() == [INCIDENT_NOTE]
        await core.die()
        later = await stage.core()
        await lan.send(lan.order(note(later, "mất"), lost))
        (later_told,) = await lan.replies()
        assert later_told == told and later.notes() == [INCIDENT_NOTE], "the next core keeps to it"

    play(scene)


def test_what_cannot_be_looked_up_now_is_not_settled(play: Scene) -> None:
    """With the journal away nobody knows; the next asking, when it is back, does."""

    async def scene(stage: Stage) -> None:
        core = await stage.first()
        lan = await stage.seat(core)
        ident = core.ids.new()
        core.sequencer._down_since = 1.0
        await lan.send(lan.order(note(core), ident, settle=True))
        (told,) = await lan.replies()
        assert told.refusal is not None and told.refusal.code == "unsettled"
        core.sequencer._down_since = None
        await lan.send(lan.order(note(core), ident, settle=True))
        (told,) = await lan.replies()
        assert told.refusal is not None and told.refusal.code == "never_came"

    play(scene)
