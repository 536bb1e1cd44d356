"""In place of the core, for the load: tells the night's decisions with the core's own publisher, live values and users.

`python -m scripts.benchmarks.console.feeder FOLDER`: what it needs to know stands in FOLDER/feeder.json. One command a
line on standard input, one JSON object a line for an answer:

- ``begin``: a new generation of the streams at the night's base;
- ``load SECONDS``: the journal at 500 events a second and every unit's position each 10 s; answers the moment
  (monotonic seconds) at which each event was handed to Redis;
- ``calls N``: on a board that is otherwise quiet, N calls that come, ring for 0.2 s and give up, 0.2 s apart;
- ``bare SECONDS``: 500 entries a second of the same size into a stream of its own, for the bare reader.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from dispatch_core.domain.commands import (
    Actor,
    ActorKind,
    Asked,
    CallCame,
    CallOver,
    CallQueuedAt,
    CallRings,
    Command,
    NodeUp,
)
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.events import CallArrived, Recorded
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import State
from dispatch_core.domain.views import VIEW_OF_ROLE, View
from dispatch_core.domain.vocabulary import EndedBy
from dispatch_core.ports import Batch, Entry, Outcome, StreamEntry
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.doorbell import RedisBroadcast, connect
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.unit_positions import UnitPositions
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import RedisAccess, SignedIn, encode
from scripts.benchmarks.console.door import Door
from scripts.benchmarks.console.night import NODE, RATE, the_night
from scripts.stage.certificates import Certificate

BARE_STREAM = "bench:console-floor"
POSITION_EVERY_S = 10.0
TURN_S = 0.02  # events go out in the small groups that a core commits
CALL_EVERY_S = 0.2


class TimedBroadcast(RedisBroadcast):
    """Notes when each event of the operations view was handed to Redis."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.sent: dict[int, float] = {}

    async def publish(self, stream: str, epoch: int, entries: Sequence[StreamEntry]) -> None:
        at = time.monotonic()
        if stream == names.stream(View.OPERATIONS):
            self.sent.update((entry.seq, at) for entry in entries)
        await super().publish(stream, epoch, entries)


class Feeder:
    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self.night = the_night(Path(told["night"]))
        self.state: State = self.night.base
        self._story = {it.seq: it for it in (self.night.last, *self.night.story)}
        self._client = connect(told["redis"], told["redis_password"])
        clock = SystemClock()
        self._clock = clock
        self.broadcast = TimedBroadcast(self._client)
        self.publisher = Publisher(
            self.broadcast, self, clock, SystemIds(clock), told["epoch"],  # type: ignore[arg-type]
            lambda: self.state, lambda: False,
        )  # fmt: skip
        self.values = LiveValues(self._client, clock)
        self.positions = UnitPositions(lambda: self.state, self.values.show, clock)
        self.users = RedisUsers(self._client, told["redis_password"], lambda: self.state)
        self._chance = random.Random(7)

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        """The ``Journal`` of the publisher."""
        return [self._story[seq] for seq in range(after + 1, until + 1)]

    def admit(self, user: str, loop: asyncio.AbstractEventLoop) -> SignedIn:
        person = self.state.people[user]
        asyncio.run_coroutine_threadsafe(self.users.admit(person), loop).result(10)
        access = RedisAccess(
            host="127.0.0.1", port=self._told["tls_port"], user=self.users.name(user),
            password=self.users.password(person), tls=True,
        )  # fmt: skip
        return SignedIn(
            wire=names.WIRE_VERSION, session="bench", user=user, name=person.name, role=person.role,
            view=VIEW_OF_ROLE[person.role].value, redis=access,
        )  # fmt: skip

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        await self._client.delete(names.EPOCH_KEY, names.GENERATION_KEY)
        told = self._told
        certificate = Certificate(*(Path(told["certificate"][it]) for it in ("certificate", "key", "authority")))
        Door(told["https_port"], certificate, told["password"], lambda user: self.admit(user, loop),
             Path(told["streets"]))  # fmt: skip
        work = [asyncio.create_task(it) for it in (self.publisher.run(), self.values.run(), self.positions.run())]
        await self._begun()
        self._move(1.0)
        self._say(ready=True)
        commands = asyncio.StreamReader(limit=1 << 20)
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        while line := await commands.readline():
            word, _, rest = line.decode().strip().partition(" ")
            acts = {"begin": self._begin, "load": self._load, "calls": self._calls, "bare": self._bare}
            await acts[word](float(rest or 0))
        for it in work:
            it.cancel()

    def _say(self, **values: Any) -> None:
        print(json.dumps(values), flush=True)

    # --- what is asked ------------------------------------------------------------------------------------------------

    async def _begun(self) -> None:
        while not self.publisher.generation:
            await asyncio.sleep(0.01)

    async def _begin(self, _: float) -> None:
        """The streams are emptied, as by a Redis that was started anew, and begin again at the base."""
        before = self.publisher.generation
        self.state = self.night.base
        await self._client.delete(names.GENERATION_KEY)
        while self.publisher.generation == before:
            await asyncio.sleep(0.01)
        self._say(begun=self.state.seq)

    def _happens(self, story: Sequence[Recorded]) -> None:
        if not story:
            return
        for recorded in story:
            self.state = evolve(self.state, recorded)
        body = NodeUp(node=NODE, booted="1")  # whatever was asked: the publisher looks at events alone
        asked = Asked(id=story[0].command, actor=Actor(ActorKind.CORE, "bench"), body=body)
        entry = Entry(asked=asked, at=story[0].at, outcome=Outcome(seq=story[-1].seq), events=tuple(story))
        self.publisher.heard(Batch(epoch=self._told["epoch"], entries=(entry,), after=self.state))

    def _move(self, share: float) -> None:
        """Positions of so many of the units, as their gateway sends them."""
        units = list(self.state.units.values())
        moved = self._chance.sample(units, round(len(units) * share))
        at, step = self._clock.now(), self._chance.gauss
        reports = [
            {"unit": u.call_sign, "lat": u.lat + step(0, 0.002), "lon": u.lon + step(0, 0.002), "at": at}
            for u in moved
        ]
        for first in range(0, len(reports), 500):
            self.positions.take(msgspec.json.encode(reports[first : first + 500]))

    async def _load(self, seconds: float) -> None:
        self.broadcast.sent.clear()
        began, done, moved = time.monotonic(), 0, 0.0
        story = [it for it in self.night.story if it.seq > self.state.seq]
        while (passed := time.monotonic() - began) < seconds:
            due = min(len(story), int(passed * RATE))
            self._happens(story[done:due])
            done = due
            if passed - moved >= 0.1:
                self._move((passed - moved) / POSITION_EVERY_S)
                moved = passed
            await asyncio.sleep(TURN_S)
        await asyncio.sleep(0.3)
        calls = {it.seq: it.event.call for it in story[:done] if isinstance(it.event, CallArrived)}
        self._say(sent=self.broadcast.sent, calls=calls, events=done)

    async def _calls(self, count: float) -> None:
        self.broadcast.sent.clear()
        calls = {}
        for _ in range(int(count)):
            seq, call = self.state.seq + 1, f"quiet-{self.state.seq}"
            calls[seq] = call
            self._decide(
                call,
                CallCame(call=call, node=NODE, at=self._clock.now(), dialled="115", services=("ambulance",),
                         number=f"0907{seq % 1_000_000:06d}"),
                CallQueuedAt(call=call, queue="q-ambulance", at=self._clock.now()),
                CallRings(call=call, position="B01"),
            )  # fmt: skip
            await asyncio.sleep(CALL_EVERY_S * self._chance.uniform(0.7, 1.3))
            self._decide(call, CallOver(call=call, at=self._clock.now(), by=EndedBy.CALLER, cause=16))
            await asyncio.sleep(CALL_EVERY_S * self._chance.uniform(0.7, 1.3))
        await asyncio.sleep(0.5)
        self._say(sent=self.broadcast.sent, calls=calls)

    def _decide(self, call: str, *bodies: Command) -> None:
        """What the domain makes of these happens."""
        state, now = self.state, self._clock.now()
        story: list[Recorded] = []
        for body in bodies:
            asked = Asked(id=f"{call}-{state.seq}", actor=Actor(ActorKind.SWITCH, NODE), body=body)
            done = decide(state, asked, now)
            if isinstance(done, Decision):
                state = done.state
                story += done.events
        self._story.update((it.seq, it) for it in story)
        self._happens(story)

    async def _bare(self, seconds: float) -> None:
        sizes = [len(encode(it)) for it in self.night.story[:500]]
        sent: dict[int, float] = {}
        began, done = time.monotonic(), 0
        while (passed := time.monotonic() - began) < seconds:
            pipe = self._client.pipeline(transaction=False)
            at, due = time.monotonic(), int(passed * RATE)
            for number in range(done, due):
                pipe.xadd(BARE_STREAM, {b"n": number, b"e": b"x" * sizes[number % len(sizes)]}, maxlen=10_000)
                sent[number] = at
            if due > done:
                await pipe.execute()
            done = due
            await asyncio.sleep(TURN_S)
        await asyncio.sleep(0.3)
        self._say(sent=sent)


if __name__ == "__main__":
    asyncio.run(Feeder(json.loads((Path(sys.argv[1]) / "feeder.json").read_text("utf-8"))).run())
