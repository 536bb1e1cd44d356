"""What every ``Broadcast`` promises: asked of the product's own on a real Redis, and on the one of the simulation.

The simulation's Redis stands in for the server, so the product's adapter itself runs in both.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import pytest

from dispatch_core.domain.views import View
from dispatch_core.ports import Broadcast, BroadcastDown, Deposed, StreamEntry
from dispatch_core.runtime.doorbell import RedisBroadcast, connect
from dispatch_core.settings import SHORT_STREAM_LENGTH
from dispatch_core.wire import names
from scripts.simulation.chance import Chance
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.network import CrashPoints
from scripts.simulation.redis_client import CoreClient, RedisTroubles
from scripts.simulation.redis_server import RedisServer

STREAM = names.stream(View.OPERATIONS)
SNAPSHOT = names.snapshot(View.OPERATIONS)
BEAT = names.beat(View.OPERATIONS)


@dataclass
class Kind:
    """One implementation: ``check`` runs a coroutine on (broadcast, client); ``stop`` takes the server away."""

    check: Callable[[Callable[[Broadcast, Any], Coroutine[Any, Any, None]]], None]
    stop: Callable[[], None]


def real(request: pytest.FixtureRequest) -> Kind:
    access = request.getfixturevalue("redis_server")

    def check(what: Callable[[Broadcast, Any], Coroutine[Any, Any, None]]) -> None:
        async def work() -> None:
            client = connect(f"unix://{access.user}@{access.socket}", access.password)
            try:
                await asyncio.wait_for(what(RedisBroadcast(client), client), 20.0)
            finally:
                await client.aclose()

        asyncio.run(work())

    return Kind(check, access.server.kill9)


def simulated(request: pytest.FixtureRequest) -> Kind:
    loop = SimulatedLoop()
    request.addfinalizer(loop.finish)
    server, troubles = RedisServer(lambda: 1_795_000_000_000 + int(loop.time() * 1000)), RedisTroubles()

    def check(what: Callable[[Broadcast, Any], Coroutine[Any, Any, None]]) -> None:
        client = CoreClient(server, troubles, loop, Chance(1, "redis"), CrashPoints())
        loop.run_until_complete(what(RedisBroadcast(client), client))

    return Kind(check, lambda: setattr(troubles, "down", True))


@pytest.fixture(params=[real, simulated], ids=["redis", "simulated"])
def kind(request: pytest.FixtureRequest) -> Kind:
    made: Kind = request.param(request)
    return made


def entries(*seqs: int) -> list[StreamEntry]:
    return [StreamEntry(seq, b"payload %d" % seq) for seq in seqs]


def test_an_empty_one(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        assert await it.generation() == ""
        assert await it.last_seq(STREAM) == 0

    kind.check(work)


def test_a_generation_and_its_events(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.begin_generation(3, "first")
        assert await it.generation() == "first"
        await it.publish(STREAM, 3, entries(7, 8))
        await it.publish(STREAM, 4, entries(9))
        assert await it.last_seq(STREAM) == 9
        newest = await client.xrevrange(STREAM, count=10)
        assert newest == [
            (b"4-9", {names.EVENT_FIELD: b"payload 9"}),
            (b"3-8", {names.EVENT_FIELD: b"payload 8"}),
            (b"3-7", {names.EVENT_FIELD: b"payload 7"}),
        ]

    kind.check(work)


def test_an_empty_payload_is_an_entry(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.publish(STREAM, 1, [StreamEntry(5, b"")])
        assert await client.xrevrange(STREAM, count=1) == [(b"1-5", {names.EVENT_FIELD: b""})]

    kind.check(work)


def test_a_new_generation_starts_with_nothing(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.begin_generation(1, "first")
        for view in View:
            await it.publish(names.stream(view), 1, entries(5))
            await it.put(names.snapshot(view), 1, b"state")
            await it.pulse(names.beat(view), 1, b"beat")
        await it.begin_generation(1, "second")
        assert await it.generation() == "second"
        for view in View:
            assert await it.last_seq(names.stream(view)) == 0
            assert await client.get(names.snapshot(view)) is None
            assert await client.xrevrange(names.beat(view), count=1) == []
        await it.publish(STREAM, 1, entries(2))
        assert await it.last_seq(STREAM) == 2

    kind.check(work)


@pytest.mark.parametrize("seqs", [(8,), (7,), (7, 8, 9)])
def test_what_does_not_follow_is_refused(kind: Kind, seqs: tuple[int, ...]) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.publish(STREAM, 3, entries(7, 8))
        with pytest.raises(BroadcastDown):
            await it.publish(STREAM, 3, entries(*seqs))
        assert await it.last_seq(STREAM) == max(8, *seqs)

    kind.check(work)


def test_a_value_is_put_and_replaced(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.put(SNAPSHOT, 1, b"\x00\xff first")
        await it.put(SNAPSHOT, 1, b"second")
        assert await client.get(SNAPSHOT) == b"second"

    kind.check(work)


def test_pulses_are_in_order_and_only_the_newest_stay(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        for number in range(SHORT_STREAM_LENGTH + 150):
            await it.pulse(BEAT, 1, b"%d" % number)
        kept = [int(fields[names.BODY_FIELD]) for _, fields in await client.xrevrange(BEAT, count=1_000)]
        assert kept == sorted(kept, reverse=True)
        assert kept[0] == SHORT_STREAM_LENGTH + 149
        assert SHORT_STREAM_LENGTH <= len(kept) < SHORT_STREAM_LENGTH + 101

    kind.check(work)


def test_an_older_epoch_writes_nothing_more(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.begin_generation(1, "first")
        await it.publish(STREAM, 1, entries(1))
        await it.put(SNAPSHOT, 1, b"old")
        await it.put(SNAPSHOT, 2, b"new")
        await it.publish(STREAM, 2, entries(2))
        for write in (
            it.put(SNAPSHOT, 1, b"older"),
            it.pulse(BEAT, 1, b"older"),
            it.begin_generation(1, "older"),
            it.publish(STREAM, 1, entries(3)),
        ):
            with pytest.raises(Deposed):
                await write
        assert await client.get(SNAPSHOT) == b"new"
        assert await it.generation() == "first"
        assert await it.last_seq(STREAM) == 2
        assert await client.xrevrange(BEAT, count=1) == []

    kind.check(work)


def test_what_is_not_ours_counts_as_nothing(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await client.set(STREAM, b"text")
        await client.xadd(names.GENERATION_KEY, {b"a": b"b"})
        assert await it.last_seq(STREAM) == 0
        assert await it.generation() == ""
        await it.begin_generation(1, "ours")
        await it.publish(STREAM, 1, entries(1))
        assert (await it.generation(), await it.last_seq(STREAM)) == ("ours", 1)

    kind.check(work)


def test_a_server_that_is_gone(kind: Kind) -> None:
    async def work(it: Broadcast, client: Any) -> None:
        await it.put(SNAPSHOT, 1, b"state")
        kind.stop()
        for ask in (
            it.generation(),
            it.begin_generation(1, "x"),
            it.last_seq(STREAM),
            it.publish(STREAM, 1, entries(1)),
            it.put(SNAPSHOT, 1, b"state"),
            it.pulse(BEAT, 1, b"beat"),
        ):
            with pytest.raises(BroadcastDown):
                await ask

    kind.check(work)
