"""The daemon: waits to lead, loads the live state, brings the site's files into it, and runs until told to stop.

Order matters and is written once, in ``Core.lead``: state first, then listeners, then sources of commands; at stop the
other way round. Anything that ends by itself ends the process; whoever supervises it starts it again.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from twisted.application.service import MultiService

from db.caller_history import CallerHistories
from db.journal import PostgresJournal
from db.recordings import RecordingStore
from db.schema import upgrade
from db.users import UserStore
from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, DrainNode, RetireNode
from dispatch_core.domain.effects import RateNumbers, ReadPremises
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.main import https
from dispatch_core.main.accounts import watch_accounts
from dispatch_core.main.configuration import site_command
from dispatch_core.main.geography import SiteGeography
from dispatch_core.main.nuisance import NumberRater
from dispatch_core.main.recordings import folders
from dispatch_core.main.response_plans import types_command
from dispatch_core.main.senders import senders
from dispatch_core.main.switches import CallerPlaces, switchboards
from dispatch_core.main.triage_cards import cards_command
from dispatch_core.main.trunk.health import WatchedTrunk
from dispatch_core.main.trunk.test_call import CarrierTester
from dispatch_core.main.trunk.trunk import Trunk, begin
from dispatch_core.ports import Loaded
from dispatch_core.runtime.brief_sessions import BriefSessions
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.doorbell import RedisBroadcast, connect
from dispatch_core.runtime.hands import Hands
from dispatch_core.runtime.http import Api, Subject
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.brief import BriefApi
from dispatch_core.runtime.http.callers import CallersApi
from dispatch_core.runtime.http.evidence import EvidenceApi
from dispatch_core.runtime.http.offers import OffersApi
from dispatch_core.runtime.http.recordings import RecordingsApi, Somebody
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.runtime.probes import Probes
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.recordings import RecordingKeeper
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.runtime.services import EndingService, TaskService
from dispatch_core.runtime.snapshots import keep_snapshots
from dispatch_core.runtime.timers import run_timers
from dispatch_core.settings import LISTENERS, WORKERS, Settings, read_settings
from telephony.trunk.site import Site, load_site

log = logging.getLogger(__name__)


def add_parser(commands: Any) -> None:
    parser = commands.add_parser("core", help="run the core until it is stopped")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """The daemon. Exit status 0 after a stop that was asked for, 1 after a failure, 2 when deposed."""
    settings = read_settings(asked.settings)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    from twisted.internet import asyncioreactor

    asyncioreactor.install(loop)
    from twisted.internet import reactor as installed

    reactor: Any = installed
    core = Core(settings, reactor)
    reactor.callWhenRunning(core.start)
    reactor.run()
    return core.status


class Core:
    """Everything that one core process consists of."""

    def __init__(self, settings: Settings, reactor: Any) -> None:
        self.settings = settings
        self.status = 0
        self._reactor = reactor
        self._clock = SystemClock()
        self._ids = SystemIds(self._clock)
        self._services = MultiService()
        self._state = "starting"
        self._in_doubt = False  # the journal does not answer heartbeats: whoever looks at a board is told
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="worker")
        self._listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="recordings")

    def start(self) -> None:
        self._reactor.addSystemEventTrigger("before", "shutdown", self._stop)
        task = asyncio.ensure_future(self.lead())
        task.add_done_callback(self._led)

    def _led(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (problem := task.exception()) is not None:
            self.fatal(problem)

    def fatal(self, problem: BaseException) -> None:
        """Half a core is worse than none: stop, and say why. What fails after that only fails because we stop."""
        if self._state == "stopping":
            log.info("while stopping: %s", problem)
            return
        self._state = "stopping"
        if isinstance(problem, DispatchError):
            log.critical("%s | %s", problem.vi, problem.en)
            self.status = 2 if problem.code == "deposed" else 1
        else:
            log.critical("stopping: %r", problem, exc_info=problem)
            self.status = 1
        if self._reactor.running:
            self._reactor.stop()

    def _stop(self) -> Any:
        self._state = "stopping"
        return self._services.stopService()

    # --- leading ------------------------------------------------------------------------------------------------------

    async def lead(self) -> None:
        self._services.startService()  # from here on every child starts as it joins, and all stop together
        settings = self.settings
        load_site(settings.path(settings.site))  # one that is no good is told before anybody waits
        certificate = https.certificate(settings)
        known = senders(settings)
        journal, loaded = await self._wait_to_lead()
        beginning = await begin(settings, self._clock, self._ids, self._workers)
        site = beginning.site
        sequencer = self._sequencer = Sequencer(journal, self._clock, loaded)

        password = settings.secret(settings.redis_password_file)
        client = connect(settings.redis, password)
        live = LiveValues(client, self._clock)
        users = RedisUsers(client, password, self._now)
        accounts = UserStore(settings.database)
        desk = Desk(
            sequencer, accounts, users, self._clock, self._ids,
            settings.redis_public_host, settings.redis_public_port,
        )  # fmt: skip
        brief = BriefSessions(desk, self._clock, self._ids)
        watched = WatchedTrunk(live, self._tell_core)
        boards = switchboards(settings, site, self._tell, watched.show, self._clock, self._ids)
        for board in boards.values():
            board.trunks.ring = watched.ring
        trunk = Trunk(
            settings, beginning, boards, self._clock, self._ids, lambda: journal.leads, self.ask_core, self._now
        )
        trunk.keeper.health = watched
        testing = CarrierTester(boards, site, self._now, self._clock, self._ids)
        watched.place = testing.place
        trunk.keeper.on_site(testing.use)
        geography = SiteGeography(settings, site, sequencer, live, self._workers, self._clock, self._tell_core)
        hands = Hands(
            boards, sequencer.tell, self._now, self._ids,
            trunk.install, geography.zone_sets.use, users.end_session, lambda: journal.leads,
        )  # fmt: skip
        await geography.positions.restore(client)
        self._positions = geography.positions
        geography.serve(hands)
        rater = NumberRater(settings.database, self._workers, self._clock, lambda: tuple(sorted(self._now().nuisance)))
        hands.learn(RateNumbers, rater.rate)
        publisher = self._publisher = Publisher(
            RedisBroadcast(client), journal, self._clock, self._ids, loaded.epoch, self._now, self._read_only,
            limit_s := settings.order_limit_s,
        )  # fmt: skip
        sequencer.on_commit(publisher.heard)
        sequencer.on_commit(hands.heard)
        sequencer.on_commit(testing.heard)
        index, files = RecordingStore(settings.database), folders(settings)
        keeper = RecordingKeeper(
            files, index, sequencer.ask, self._now, self._clock, self._ids, self._listeners,
            site.recording.keep_days, site.recording.ever,
        )  # fmt: skip
        sequencer.on_commit(keeper.heard)
        trunk.keeper.on_site(lambda now: keeper.use(now.recording.keep_days, now.recording.ever))

        self._task("sequencer", sequencer.run)
        await self._configure(site, await geography.commands())
        await geography.start()
        hands.ask_unfinished()
        hands.ask(ReadPremises())
        hands.ask(RateNumbers(()))  # nothing waits for it: the marks of before are in the state and at the switches
        probes = Probes(boards, self._now, sequencer.tell, live.show, self._clock, self._ids, settings.probe_every_s)
        for name, work in geography.tasks().items():
            self._task(name, work)
        self._task("publisher", publisher.run)
        self._task("gateway", ConsoleGateway(sequencer, desk, users, client, self._clock, limit_s).run)
        self._task("live values", live.run)
        self._task("timers", lambda: run_timers(self._now, sequencer.tell, self._clock, self._ids))
        self._task("probes", probes.run)
        self._task("accounts", lambda: watch_accounts(accounts, self._workers, self._now, self._tell_core, brief))
        self._task("snapshots", lambda: keep_snapshots(journal, loaded.epoch, self._now))
        self._task("recordings", keeper.run)
        places = self._caller_places = CallerPlaces(
            settings, boards, known, self._tell, self._clock, self._ids, trunk.answers
        )
        if listen := site.locations.listen:
            self._task("locations", lambda: places.run(listen))
        who = Somebody(desk, sequencer, self._ids, self._listeners)
        history = CallerHistories(settings.database)
        subjects: list[Subject] = [
            Api(sequencer, desk, geography.locator, self._workers, known, self.health),
            BriefApi(brief),
            RecordingsApi(who, index, files, self._clock),
            EvidenceApi(who, index, files, self._clock, self._ids, self._now),
            OffersApi(sequencer, known),
            CallersApi(desk.who, lambda: sequencer.state, history.before, Aside(self._listeners)),
            trunk.api(brief.who),
            *geography.subjects(desk, known),
            *places.subjects,
        ]
        self._child(https.listen(self._reactor, settings, subjects, certificate))
        for node, board in boards.items():
            await board.start()
            self._child(EndingService(f"switchboard {node}", board.stop))
        self._task("trunk", trunk.run)
        self._state = "leading"
        log.info("serving on https://%s:%d", settings.http_host, settings.http_port)

    async def _wait_to_lead(self) -> tuple[PostgresJournal, Loaded]:
        settings = self.settings
        await asyncio.get_running_loop().run_in_executor(self._workers, upgrade, settings.database)
        journal = PostgresJournal(
            settings.database, self._clock, self._ids, on_lost=self.fatal, on_doubt=self._unsure, on_regained=self._sure
        )
        self._child(EndingService("journal", journal.close))
        log.info("waiting to lead")
        loaded = await journal.open()
        log.info("leading in epoch %d from event %d", loaded.epoch, loaded.state.seq)
        return journal, loaded

    def _now(self) -> State:
        return self._sequencer.state

    def _read_only(self) -> bool:
        return self._in_doubt or self._sequencer.read_only

    def _unsure(self, why: DispatchError) -> None:
        self._in_doubt = True
        log.error("the database does not answer; nothing is written until it does: %s", why)

    def _sure(self) -> None:
        self._in_doubt = False
        log.warning("leading again in epoch %d", self._sequencer.epoch)

    async def _configure(self, site: Site, places: list[Command]) -> None:
        """Bring the site's files into the state; a refusal other than "nothing new" is an error of the files."""
        settings = self.settings
        command = site_command(site)
        types = types_command(
            settings.path(settings.types), frozenset(command.site.services),
            settings.path(settings.capabilities) if settings.capabilities else None,
        )  # fmt: skip
        bodies: list[Command] = [
            command,
            types,
            cards_command(
                settings.path(settings.triage_cards) if settings.triage_cards else None, command.site.services, types
            ),
            *places,
            *(RetireNode(node=node) for node in sorted(self._sequencer.state.nodes) if node not in site.node_names),
            *(DrainNode(node=node, on=False) for node in sorted(site.node_names)),  # whoever emptied one is gone
        ]
        for body in bodies:
            await self.ask_core("start", body)

    async def ask_core(self, who: str, body: Command) -> None:
        asked = Asked(id=self._ids.new(), actor=Actor(ActorKind.CORE, who), body=body)
        outcome = await self._sequencer.ask(asked)
        if outcome.refusal is not None and outcome.refusal.code != "nothing_new":
            refusal = outcome.refusal
            raise DispatchError(refusal.code, refusal.sentence("vi"), refusal.sentence("en"))

    def _tell(self, actor: Actor, body: Command) -> None:
        self._sequencer.tell(Asked(id=self._ids.new(), actor=actor, body=body))

    def _tell_core(self, body: Command) -> None:
        self._tell(Actor(ActorKind.CORE, "watch"), body)

    # --- the tree -----------------------------------------------------------------------------------------------------

    def _child(self, service: Any) -> None:
        service.setServiceParent(self._services)

    def _task(self, name: str, work: Any) -> None:
        """Start a task now; it is stopped with the tree."""
        self._child(TaskService(name, work, self.fatal))

    def health(self) -> dict[str, Any]:
        """For supervision and metrics; no personal data."""
        if self._state != "leading":
            return {"state": self._state}
        sequencer, state = self._sequencer, self._sequencer.state
        return {
            "state": "read_only" if self._read_only() else "leading",
            "pid": os.getpid(),
            "epoch": sequencer.epoch,
            "seq": state.seq,
            "generation": self._publisher.generation,
            "commands_waiting": sequencer.waiting,
            "events_unpublished": self._publisher.behind,
            "calls_live": sum(call.state.live for call in state.calls.values()),
            "incidents": len(state.incidents),
            "people": len(state.people),
            "alarms": len(state.alarms),
            **{f"positions_{name}": count for name, count in self._positions.counts.items()},
            **self._caller_places.health(),
            "nodes_up": sum(node.up for node in state.nodes.values()),
            "nodes_down": sum(not node.up for node in state.nodes.values()),
        }
