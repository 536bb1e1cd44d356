"""Redis goes and comes: killed, flushed, standing still, changed under a read."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import pytest
from redis.exceptions import ResponseError

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.views import View
from dispatch_core.ports import BroadcastDown
from dispatch_core.wire import names
from scripts.simulation.site import NODE
from tests.runtime.redis_stage import INCIDENT_NOTE, Core, Scene, Seat, Stage, note, until


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
