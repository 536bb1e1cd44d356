"""One core process: the product's own parts, put together as the daemon puts them, on simulated adapters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.effects import FindRoute
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.vocabulary import AskedPlace, Closure, Instant, Reach, Role, Suggestion, ZoneAnswer
from dispatch_core.ports import Mover, Switchboard
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.doorbell import RedisBroadcast
from dispatch_core.runtime.geography import Geography
from dispatch_core.runtime.hands import Hands
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.runtime.timers import run_timers
from scripts.simulation.chance import Chance
from scripts.simulation.clock import SimulatedClock, SimulatedIds
from scripts.simulation.history import History
from scripts.simulation.invariants import NO_SURPRISE
from scripts.simulation.loop import Process, SimulatedLoop
from scripts.simulation.network import CrashPoints
from scripts.simulation.redis_client import CoreClient, RedisTroubles
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.site import NODE, PEOPLE, STATIONS, Positions, start_commands
from scripts.simulation.store import SimulatedJournal, Store

SNAPSHOT_EVERY_S = 7.0
NO_THREADS: Any = None
"""The loop runs in its own thread whatever is given to an executor."""

SECRET = "the core's own"
PASSWORD = "right"


class MakesBoard(Protocol):
    """How a core gets its way to the switch."""

    def __call__(self, core: SimulatedCore, facts: Callable[[Command], None]) -> Switchboard: ...


class Account:
    def __init__(self, user: str, name: str, role: Role) -> None:
        self.user, self.name, self.role = user, name, role


class Accounts:
    def check(self, user: str, password: str) -> Account | None:
        return Account(user, *PEOPLE[user]) if user in PEOPLE and password == PASSWORD else None


class Places:
    """``ports.Locator`` and ``ports.TravelTimes`` of the sample site: one station a service, straight lines."""

    def route(self, place: AskedPlace, services: Sequence[str]) -> Mapping[str, ZoneAnswer]:
        stations = {station.service: station for station in reversed(STATIONS.values())}
        return {
            service: ZoneAnswer(
                service=service, zone_set="sample 1", zone=f"Z-{service}", zone_name="Bến Thành",
                station=stations[service].id, border_m=120.0,
            )
            for service in services
        }  # fmt: skip

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        metres = {it.unit: abs(lat - it.lat) * 111_000 + abs(lon - it.lon) * 109_000 for it in movers}
        found = [Reach(unit=unit, seconds=far / 8.0, metres=far) for unit, far in metres.items()]
        return sorted(found, key=lambda it: (it.seconds, it.unit))

    def suggest(self, text: str, near: tuple[float, float] | None, limit: int) -> Sequence[Suggestion]:
        return ()

    def zones_geojson(self, service: str) -> bytes:
        return b"{}"


class SimulatedCore:
    """Starts at once and runs until its process dies; ``leading`` once it serves."""

    def __init__(
        self,
        name: str,
        loop: SimulatedLoop,
        chance: Chance,
        history: History,
        store: Store,
        redis: RedisServer,
        troubles: RedisTroubles,
        make_board: MakesBoard,
        positions: Positions,
    ) -> None:
        self._positions = positions
        self.name = name
        self.process = Process(loop, name)
        self.points = CrashPoints()  # of its calls to Redis and to the switch
        self.commits = CrashPoints()  # of those to the journal
        self.clock = SimulatedClock(loop)
        self.ids = SimulatedIds(self.clock, chance.of("ids"))
        self.chance = chance
        self.journal = SimulatedJournal(store, loop, chance.of("journal"), self.commits)
        self.leading = False
        self.desk: Desk | None = None
        self.sequencer: Sequencer | None = None
        self.tasks: dict[str, asyncio.Task[Any]] = {}
        self._history = history
        self._client = CoreClient(redis, troubles, loop, chance.of("redis"), self.points)
        self._live = LiveValues(self._client, self.clock)
        self.show = self._live.show
        self._make_board = make_board
        self._start("lead", self._lead())

    def _start(self, name: str, work: Coroutine[Any, Any, Any]) -> None:
        task = self.process.run(work)
        self.tasks[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    def _ended(self, name: str, task: asyncio.Task[Any]) -> None:
        """As in the daemon: half a core is worse than none."""
        problem = None if task.cancelled() else task.exception()
        if problem is None and name == "lead":
            return
        self._history.tell(self.name, f"ends: {name}: {problem!r}")
        if not isinstance(problem, DispatchError):
            self._history.breaks(NO_SURPRISE, f"{self.name} {name}: {problem!r}")
        self.process.kill()

    async def _lead(self) -> None:
        journal, client = self.journal, self._client
        loaded = await journal.open()
        self._history.tell(self.name, f"leads in epoch {loaded.epoch} from {loaded.state.seq}")
        sequencer = self.sequencer = Sequencer(journal, self.clock, loaded)

        def state() -> Any:
            return sequencer.state

        users = RedisUsers(client, SECRET, state)
        desk = Desk(sequencer, Accounts(), users, self.clock, self.ids, "127.0.0.1", 6379)
        board = self._make_board(self, lambda body: self._tell(ActorKind.SWITCH, NODE, body))
        hands = Hands(
            {NODE: board}, sequencer.tell, state, self.ids, self._install, self._use_zones,
            users.end_session, lambda: journal.leads,
        )  # fmt: skip
        hands.learn(FindRoute, Geography(Places(), Places(), NO_THREADS, state, self.clock).find_route)
        publisher = Publisher(
            RedisBroadcast(client), journal, self.clock, self.ids, loaded.epoch, state,
            lambda: sequencer.read_only or not journal.leads,
        )  # fmt: skip
        sequencer.on_commit(publisher.heard)
        sequencer.on_commit(hands.heard)
        self._start("leadership", journal.keep_leading())
        self._start("sequencer", sequencer.run())
        for body in start_commands(self._positions):
            await self._ask_core(body)
        hands.ask_unfinished()
        self._start("publisher", publisher.run())
        self._start("gateway", ConsoleGateway(sequencer, desk, users, client, self.clock).run())
        self._start("live values", self._live.run())
        self._start("timers", run_timers(state, sequencer.tell, self.clock, self.ids))
        self._start("snapshots", self._keep_snapshots(loaded.epoch, state))
        await board.start()
        self.desk, self.leading = desk, True

    async def _keep_snapshots(self, epoch: int, state: Callable[[], Any]) -> None:
        """Far oftener than in a real house, so that starts from a snapshot and a tail happen in a short run."""
        while True:
            await asyncio.sleep(SNAPSHOT_EVERY_S)
            try:
                await self.journal.keep_snapshot(epoch, state())
            except DispatchError as problem:
                if problem.code == "deposed":
                    raise

    async def _ask_core(self, body: Command) -> None:
        assert self.sequencer is not None
        asked = Asked(id=self.ids.new(), actor=Actor(ActorKind.CORE, "start"), body=body)
        outcome = await self.sequencer.ask(asked)
        if outcome.refusal is not None and outcome.refusal.code != "nothing_new":
            raise DispatchError(outcome.refusal.code, outcome.refusal.sentence("vi"), outcome.refusal.sentence("en"))

    def _tell(self, kind: ActorKind, who: str, body: Command) -> None:
        assert self.sequencer is not None
        self.sequencer.tell(Asked(id=self.ids.new(), actor=Actor(kind, who), body=body))

    async def _install(self, position: str, label: str, services: tuple[str, ...]) -> None:
        await asyncio.sleep(self.chance.between(0.1, 1.0))
        if self.chance.happens(0.3):
            raise DispatchError("not_installed", "Tổng đài không nhận.", "The switch did not take it.")
        self._positions[position] = (label, services)

    async def _use_zones(self, service: str, version: int) -> None:
        await asyncio.sleep(0.01)
