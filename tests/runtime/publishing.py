"""A house whose commits are published to a simulated Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from console_gui.replica import Replica
from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.state import State
from dispatch_core.domain.views import View
from dispatch_core.domain.vocabulary import Role
from dispatch_core.runtime.doorbell import RedisBroadcast
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Beat, Snapshot, decode
from scripts.simulation.chance import Chance
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.network import CrashPoints
from scripts.simulation.redis_client import CoreClient, RedisTroubles
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.site import NODE
from tests.runtime.fakes import House


class Publishing:
    """A house whose commits are published to a simulated Redis."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.house = House(loop)
        self.redis = RedisServer(lambda: int(loop.time() * 1000))
        self.troubles = RedisTroubles()
        client = CoreClient(self.redis, self.troubles, loop, Chance(1, "redis"), CrashPoints())
        self.broadcast = RedisBroadcast(client)
        self.publisher = self.another(epoch=1)
        self.house.sequencer.on_commit(self.publisher.heard)
        self.running: asyncio.Task[None] | None = None

    def another(self, epoch: int, state: Callable[[], State] | None = None) -> Publisher:
        house = self.house
        return Publisher(
            self.broadcast, house.journal, house.clock, house.ids, epoch,
            state or (lambda: house.sequencer.state), lambda: house.sequencer.read_only,
        )  # fmt: skip

    async def begin(self) -> None:
        await self.house.begin()
        sign_in = c.SignIn(user="lan", name="Lan", role=Role.DISPATCHER, session="digest")
        await self.house.ask(ActorKind.CORE, "desk", sign_in)
        self.running = asyncio.ensure_future(self.publisher.run())
        await asyncio.sleep(0.5)

    async def call(self, ident: str) -> None:
        self.house.fact(c.CallCame(call=ident, node=NODE, at=1, dialled="113", services=("police",), number="0901"))
        await asyncio.sleep(0.05)

    def entries(self, view: View = View.OPERATIONS) -> list[tuple[int, int]]:
        stream = self.redis.stream(names.stream(view))
        return [] if stream is None else list(stream.entries)

    def beats(self, view: View = View.OPERATIONS) -> list[Beat]:
        stream = self.redis.stream(names.beat(view))
        return [] if stream is None else [decode(one[names.BODY_FIELD], Beat) for one in stream.entries.values()]

    def snapshot(self, view: View = View.OPERATIONS) -> Snapshot:
        return decode(self.redis.get(names.snapshot(view)) or b"", Snapshot)

    def epochs_written(self) -> list[int]:
        """From now on, whose pulses and snapshots reach Redis."""
        epochs: list[int] = []

        def written(command: str, key: str, value: Any) -> None:
            if key.endswith(":beat"):
                epochs.append(decode(value[1][names.BODY_FIELD], Beat).epoch)
            elif key.endswith(":snapshot"):
                epochs.append(decode(value, Snapshot).epoch)

        self.redis.watchers.append(written)
        return epochs

    def replica(self, view: View = View.OPERATIONS) -> Replica:
        """A console that comes now: snapshot, the events after it, then every pulse."""
        made = Replica()
        assert made.take_snapshot(self.redis.get(names.snapshot(view)) or b"")
        stream = self.redis.stream(names.stream(view))
        assert stream is not None
        for (_, seq), fields in stream.entries.items():
            made.take_event(seq, fields[names.EVENT_FIELD])
        for beat in stream and self.redis.stream(names.beat(view)).entries.values():  # type: ignore[union-attr]
            made.take_beat(beat[names.BODY_FIELD], 0.0)
            made.prove()
        made.settle()
        return made
