"""One run: builds everything from a seed, lets it live through its faults, lets it come to rest, and checks."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dispatch_core.domain.commands import Command
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.views import View
from dispatch_core.ports import Switchboard
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import SignedIn
from scripts.simulation.asterisk import HOST, PORT, SECRET, USER, Asterisk
from scripts.simulation.asterisk_channels import CARRIER
from scripts.simulation.chance import Chance
from scripts.simulation.clock import BEGINS_AT
from scripts.simulation.console import SimulatedConsole
from scripts.simulation.core import PASSWORD, SimulatedCore
from scripts.simulation.exchange import Told
from scripts.simulation.fact_board import FactBoard, LinkTroubles
from scripts.simulation.faults import Faults
from scripts.simulation.history import History, Overheard
from scripts.simulation.invariants import NO_SURPRISE, ONE_EPOCH
from scripts.simulation.loop import PROCESS, SimulatedLoop
from scripts.simulation.person import Person
from scripts.simulation.redis_client import RedisTroubles
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.site import NODE, NUMBERS, PEOPLE, POSITIONS
from scripts.simulation.steered import SteeredExchange
from scripts.simulation.store import Store
from scripts.simulation.watch import Watch
from scripts.simulation.wire import Port
from telephony.switchboard import AsteriskSwitchboard
from telephony.translate import Naming

STEPS = 80
SLOWEST_STEP_S = 0.3
"""Mean time between two steps that a run waits for at most: while nothing can be done, steps do not come."""

USUAL_STEP_S = 0.22
REST_S = 60.0
CLOCKS_AT_REST = 20  # commits waited for after that, one after the other
BY_WIRE = 0.75
"""Part of the runs in which the switch is reached through the real link."""

SIGN_IN_S = 10.0
ON_ITS_WAY_S = 0.05
SEEN_WITHIN_S = 2.0


@dataclass(frozen=True)
class Result:
    """What became of a run. ``broken`` is empty when every invariant held."""

    seed: int
    broken: tuple[str, ...]
    lines: tuple[str, ...]
    events: int
    epochs: int
    rested_after: float

    @property
    def digest(self) -> str:
        """Equal exactly when the histories are."""
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


class World:
    """Call ``run`` once."""

    SESSION_ENDS_S = 1.5

    def __init__(self, seed: int, steps: int = STEPS, only: Sequence[str] = ()) -> None:
        self.seed, self.steps = seed, steps
        self._only = only
        self._taken = 0
        chance = self._chance = Chance(seed, "world")
        self.loop = SimulatedLoop()
        self.history = History(self.loop.time)
        self.positions = dict(POSITIONS)
        self.store = Store(self.history)
        self.redis = RedisServer(lambda: BEGINS_AT + int(self.loop.time() * 1000))
        self.troubles = RedisTroubles()
        self.link = LinkTroubles()
        self.exchange = SteeredExchange(self.loop, chance.of("exchange"), self.history, self.positions)
        self.asterisk = Asterisk(self.exchange, self.loop, chance.of("asterisk"), self.link)
        self.port = Port(self.loop, chance.of("wires"), self.asterisk.accept, lambda: not self.link.cut)
        self.loop.ports[HOST, PORT] = self.port.connect
        self.exchange.on_crash.append(self._switch_died)
        self._by_wire = chance.happens(BY_WIRE)
        self.watch = Watch(self.store, self.exchange, self.history, chance.of("watch"))
        self.redis.watchers.append(self.watch.written)
        self.consoles: dict[str, SimulatedConsole] = {}
        self.working = True
        self._cores: dict[str, SimulatedCore] = {}
        self.exchange.on_order = self._ordered
        self._people = chance.of("people")
        self._hands_of = {user: Person(user, chance.of(user)) for user in PEOPLE}
        self.core: SimulatedCore

    # --- the run ------------------------------------------------------------------------------------------------------

    def run(self) -> Result:
        overheard = Overheard(self.history, self._who)
        loud, root = logging.root.level, logging.getLogger()
        quiet = [handler for handler in root.handlers]
        root.handlers[:] = [overheard]
        asyncio.set_event_loop(self.loop)
        try:
            rested = self.loop.run_until_complete(self._live())
        finally:
            root.handlers[:] = quiet
            root.setLevel(loud)
            asyncio.set_event_loop(None)
            self.loop.finish()
        for what in self.loop.unhandled:
            self.history.breaks(NO_SURPRISE, what)
        history = self.history
        return Result(
            self.seed, tuple(history.broken), tuple(history.lines), self.store.seq, self.store.epoch, rested
        )

    @staticmethod
    def _who() -> str:
        process = PROCESS.get()
        return process.name if process is not None else "world"

    async def _live(self) -> float:
        chance = self._chance
        self.loop.executor_delay = lambda: chance.delay(0.02)
        self.another_core(None)
        self.store.committed = self.watch.committed
        for user in sorted(PEOPLE):
            self._seat(user)
        if not Faults(self, chance.of("faults"), self.steps * USUAL_STEP_S, self._only).plan():
            self.exchange.listeners.append(self._must_be_seen)
        self.loop.later(1.0, self._next_caller)
        while self._taken < self.steps and self.loop.time() < self.steps * SLOWEST_STEP_S:
            await asyncio.sleep(0.5)
        self._heal()
        return await self._rest()

    def _heal(self) -> None:
        """No more faults, no more work; what is under way goes on."""
        self.history.tell("world", "comes to rest")
        self.working = False
        self.exchange.quieten()
        self.troubles.down = self.troubles.silent = self.store.down = self.link.cut = False
        self.troubles.slowness = self.store.slowness = 1.0
        self.troubles.answers_lost = self.link.rude = self.core.journal.unknown = 0.0
        self.core.points.disarm()
        self.core.commits.disarm()

    async def _rest(self) -> float:
        """Until nothing changes any more, or ``REST_S`` are over; then the invariants of rest."""
        began = self.loop.time()
        await asyncio.sleep(6.0)
        while self.loop.time() < began + REST_S and not self._at_rest():
            await asyncio.sleep(1.0)
        await asyncio.sleep(2.0)
        await self._until_published()
        self.watch.at_rest(self.consoles.values())
        return self.loop.time() - began

    async def _until_published(self) -> None:
        """Clocks go on at rest: what one has just committed is given the time to be published."""
        for _ in range(CLOCKS_AT_REST):
            committed = self.store.seq
            await asyncio.sleep(0.5)
            if self.store.seq == committed:
                return

    def _at_rest(self) -> bool:
        consoles = self.consoles.values()
        return (
            not self.exchange.live
            and not any(call.state.live for call in self.store.state.calls.values())
            and all(one.outbox is not None and not one.outbox.pending and not one.stale() for one in consoles)
            and all(one.reading is not None and one.reading.replica.seq == self.store.seq for one in consoles)
        )

    # --- who takes part -----------------------------------------------------------------------------------------------

    def another_core(self, instead_of: SimulatedCore | None) -> None:
        """A start by the supervisor after a death, or a standby that waits to lead."""
        if instead_of is not None and instead_of is not self.core:
            return
        name = f"core{len(self._cores) + 1}"
        core = self.core = self._cores[name] = SimulatedCore(
            name, self.loop, self._chance.of(name), self.history, self.store, self.redis, self.troubles,
            self._make_board, self.positions,
        )  # fmt: skip
        core.process.on_death(lambda: self._core_died(core))

    def _core_died(self, core: SimulatedCore) -> None:
        self.history.tell(core.name, "is dead")
        self.loop.later(self._chance.between(0.01, 0.3), core.journal.gone)
        self.loop.later(self._chance.between(0.2, 3.0), self.another_core, core)

    def _make_board(self, core: SimulatedCore, facts: Callable[[Command], None]) -> Switchboard:
        """The real link over wires that are cut into pieces, or bare facts in ruder conditions."""
        self.port.points[core.process] = core.points
        if self._by_wire:
            naming = Naming(frozenset((CARRIER,)), NUMBERS)
            return AsteriskSwitchboard(
                node=NODE, host=HOST, port=PORT, user=USER, secret=SECRET, naming=naming,
                facts=facts, live=core.show, clock=core.clock, ids=core.ids,
            )  # fmt: skip
        chance = core.chance.of("link")
        return FactBoard(self.exchange, self.link, self.loop, chance, core.points, core.clock, facts)

    def _ordered(self, who: str) -> None:
        """A core that another has replaced acts no more; what it sent before may still be on its way."""
        sequencer = self._cores[who].sequencer
        late = self.loop.time() - self.store.epoch_began > ON_ITS_WAY_S
        if late and sequencer is not None and sequencer.epoch != self.store.epoch:
            self.history.breaks(ONE_EPOCH, f"{who} of epoch {sequencer.epoch} acts in epoch {self.store.epoch}")

    def _must_be_seen(self, told: Told) -> None:
        """Where nothing is wrong a call is on every console soon."""
        if told.what == "queued" and not told.overflow:
            self.loop.later(SEEN_WITHIN_S, self.watch.seen, told.call.id, self.consoles)

    def _switch_died(self) -> None:
        self.asterisk.killed()
        self.port.cut(reset=True)

    def cut_link(self) -> None:
        """The way to the switch: resets that everybody notices, or silence."""
        self.link.cut_now()
        self.port.cut(reset=self._chance.happens(0.5))

    def _seat(self, user: str) -> None:
        console = self.consoles[user] = SimulatedConsole(
            user, self.loop, self._people.of(f"{user}{self.loop.time()}"), self.history, self.redis, self.troubles,
            self._sign_in,
        )  # fmt: skip
        console.process.run(self._work(console))
        console.process.run(self._look(console))

    def restart_console(self, user: str) -> None:
        self.consoles[user].process.kill()
        self._seat(user)

    async def _work(self, console: SimulatedConsole) -> None:
        person, chance = self._hands_of[console.user], self._people.of(f"pace {console.name} {self.loop.time()}")
        while True:
            await asyncio.sleep(chance.between(0.2, 1.6))
            if self.working and console.reading is not None and not console.stale():
                body = person.next(console.reading.replica.state)
                if body is not None:
                    self._taken += 1
                    console.give(body)

    async def _look(self, console: SimulatedConsole) -> None:
        while True:
            await asyncio.sleep(0.5)
            self.watch.console_read(console)

    def _next_caller(self) -> None:
        if self.working:
            self._taken += 1
            self.exchange.caller_rings()
            self.loop.later(self._chance.between(0.3, 4.0), self._next_caller)

    def trim(self, length: int) -> None:
        """Somebody, or a shortage of memory, cuts the streams."""
        for view in View:
            stream = self.redis.keys.get(names.stream(view))
            if stream is not None:
                stream.trim(length)

    # --- the core's HTTPS ---------------------------------------------------------------------------------------------

    def _leading(self) -> list[SimulatedCore]:
        cores = self._cores.values()
        return [core for core in cores if core.leading and core.journal.leads and not core.process.dead]

    async def _sign_in(self, user: str) -> SignedIn | None:
        answer: asyncio.Future[SignedIn | None] = self.loop.create_future()
        core = next(iter(self._leading()), self.core)

        def back(signed: SignedIn | None) -> None:
            self.loop.later(0.002, lambda: None if answer.done() else answer.set_result(signed))

        async def serve() -> None:
            try:
                back(await core.desk.sign_in(user, PASSWORD) if core.desk is not None else None)
            except DispatchError as problem:
                self.history.tell(core.name, f"refuses the sign-in of {user}: {problem.code}")
                back(None)

        self.loop.later(0.002, lambda: core.process.run(serve()) if core.leading else back(None))
        try:
            async with asyncio.timeout(SIGN_IN_S):
                return await answer
        except TimeoutError:
            return None



def simulate(seed: int, steps: int = STEPS, only: Sequence[str] = ()) -> Result:
    """One whole run. ``steps`` are the calls that come in and the commands that people give; ``only`` names the kinds
    of faults that may happen, where not all may."""
    return World(seed, steps, only).run()
