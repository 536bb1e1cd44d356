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
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from twisted.application.service import MultiService

from db.journal import PostgresJournal
from db.place_store import PlaceStore
from db.recordings import RecordingStore
from db.schema import upgrade
from db.users import UserStore
from db.zone_store import ZoneStore
from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, LoadPlaceRules, RetireNode, SenderKind
from dispatch_core.domain.effects import FindPremises, FindRoute, RateNumbers, ReadPremises, UseMap
from dispatch_core.domain.errors import DispatchError
from dispatch_core.main import addresses, https
from dispatch_core.main.accounts import watch_accounts
from dispatch_core.main.apply import TrunkApplier
from dispatch_core.main.configuration import offset_minutes, site_command
from dispatch_core.main.coverage import CoverageReckoner
from dispatch_core.main.maps import Maps
from dispatch_core.main.nuisance import NumberRater
from dispatch_core.main.place_lists import PlaceLists
from dispatch_core.main.positions import PositionInstaller
from dispatch_core.main.recordings import folders
from dispatch_core.main.response_plans import types_command
from dispatch_core.main.senders import senders
from dispatch_core.main.site_lists import SiteLists, place_rules
from dispatch_core.main.street_tiles import StreetTiles
from dispatch_core.main.streets import Streets
from dispatch_core.main.zone_sets import ZoneSets, zone_rules
from dispatch_core.runtime.clock import SystemClock, SystemIds
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.coverage import Coverage
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.doorbell import RedisBroadcast, connect
from dispatch_core.runtime.geography import Geography
from dispatch_core.runtime.hands import Hands
from dispatch_core.runtime.http import Api, Subject
from dispatch_core.runtime.http.aml import AmlIntake
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.evidence import EvidenceApi
from dispatch_core.runtime.http.offers import OffersApi
from dispatch_core.runtime.http.places import PlacesApi
from dispatch_core.runtime.http.recordings import RecordingsApi, Somebody
from dispatch_core.runtime.http.senders import Sender, Senders
from dispatch_core.runtime.http.streets import StreetsApi
from dispatch_core.runtime.http.units import UnitIntake
from dispatch_core.runtime.http.ways import WaysApi
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.runtime.looking_ahead import LookingAhead
from dispatch_core.runtime.premises import Premises
from dispatch_core.runtime.probes import Probes
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.recordings import RecordingKeeper
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.runtime.services import EndingService, TaskService
from dispatch_core.runtime.snapshots import keep_snapshots
from dispatch_core.runtime.timers import run_timers
from dispatch_core.runtime.unit_positions import UnitPositions
from dispatch_core.settings import ASIDE_WORKERS, LISTENERS, WORKERS, Settings, read_settings
from gis.locator import Locator
from gis.map_import.versions import MapVersions
from gis.premises.index import PremiseIndex
from gis.travel.roads import RoadTimes
from gis.travel.vehicles import read_vehicles
from telephony.caller_location.aml_https import is_signed, read_form
from telephony.caller_location.sip_invite import Told
from telephony.sip_capture import SipCapture
from telephony.switchboard import AsteriskSwitchboard
from telephony.trunk.secrets import capture_key
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
        self._capture: SipCapture | None = None
        self._aml_intake: AmlIntake | None = None
        self._positions: UnitPositions | None = None
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="worker")
        self._noting = ThreadPoolExecutor(1, thread_name_prefix="premises")  # never before an emergency's way
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
        site = load_site(settings.path(settings.site))
        certificate = https.certificate(settings)
        known = senders(settings)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._workers, upgrade, settings.database)
        journal = PostgresJournal(
            settings.database, self._clock, self._ids, on_lost=self.fatal, on_doubt=self._unsure, on_regained=self._sure
        )
        self._child(EndingService("journal", journal.close))
        log.info("waiting to lead")
        loaded = await journal.open()
        log.info("leading in epoch %d from event %d", loaded.epoch, loaded.state.seq)
        sequencer = Sequencer(journal, self._clock, loaded)
        self._sequencer = sequencer

        password = settings.secret(settings.redis_password_file)
        client = connect(settings.redis, password)
        live = LiveValues(client, self._clock)
        locator = Locator(geocoder=addresses.geocoder(settings))
        vehicles = read_vehicles(settings.path(settings.vehicles) if settings.vehicles else None)
        offset = offset_minutes(site.site.timezone)
        maps = Maps(MapVersions(settings.path(settings.map_dir)), self._workers, self._tell_core)
        roads = RoadTimes(vehicles, utc_offset_min=offset)
        streets = Streets(settings, roads, maps, self._workers, self._clock, offset)
        maps.on_map(addresses.streets(locator))
        zone_sets = ZoneSets(
            ZoneStore(settings.database), locator, self._workers, self._tell_core, self._clock, zone_rules(settings)
        )
        tiles = StreetTiles()
        maps.on_map(tiles.open)
        users = RedisUsers(client, password, lambda: sequencer.state)
        accounts = UserStore(settings.database)
        desk = Desk(
            sequencer, accounts, users, self._clock, self._ids,
            settings.redis_public_host, settings.redis_public_port,
        )  # fmt: skip
        boards = self._switchboards(site, live)
        applier = TrunkApplier(settings, boards)
        installer = PositionInstaller(
            settings.path(settings.site), settings.path(settings.redis_password_file).parent, self._ids, applier.apply
        )
        hands = Hands(
            boards, sequencer.tell, lambda: sequencer.state, self._ids,
            installer, zone_sets.use, users.end_session, lambda: journal.leads,
        )  # fmt: skip
        ahead = LookingAhead(roads.learn_places)
        positions = UnitPositions(lambda: sequencer.state, live.show, self._clock, ahead.heard)
        maps.on_map(lambda _: lambda: ahead.heard(positions.movers()))
        await positions.restore(client)
        self._positions = positions
        geography = Geography(
            locator, streets.ways, self._workers, lambda: sequencer.state, self._clock, positions.mover
        )
        hands.learn(FindRoute, geography.find_route)
        hands.learn(UseMap, maps.use)
        rules = place_rules(settings, [service.code for service in site.services])
        places = PlaceStore(settings.database)
        site_lists = SiteLists(settings, places, rules)
        premises = Premises(
            lambda: PremiseIndex(site_lists.premises(places.serving())), places, self._noting,
            lambda: sequencer.state, hands.ask, self._clock,
        )  # fmt: skip
        hands.learn(FindPremises, premises.find)
        hands.learn(ReadPremises, premises.read)
        coverage = Coverage(
            CoverageReckoner(locator, roads, positions.mover), lambda: sequencer.state, live.show, self._clock
        )
        sequencer.on_commit(coverage.heard)
        maps.on_map(lambda _: coverage.renew)
        place_lists = PlaceLists(
            places, site_lists, self._workers, lambda: sequencer.state, self._tell_core, premises.renew
        )
        rater = NumberRater(
            settings.database, self._workers, self._clock, lambda: tuple(sorted(sequencer.state.nuisance))
        )
        hands.learn(RateNumbers, rater.rate)
        publisher = Publisher(
            RedisBroadcast(client), journal, self._clock, self._ids, loaded.epoch,
            lambda: sequencer.state, self._read_only,
        )  # fmt: skip
        self._publisher = publisher
        sequencer.on_commit(publisher.heard)
        sequencer.on_commit(hands.heard)
        index, files = RecordingStore(settings.database), folders(settings)
        keeper = RecordingKeeper(
            files, index, sequencer.ask, lambda: sequencer.state, self._clock, self._ids, self._listeners,
            site.recording.keep_days, site.recording.on,
        )  # fmt: skip
        sequencer.on_commit(keeper.heard)
        gateway = ConsoleGateway(sequencer, desk, users, client)

        self._task("sequencer", sequencer.run)
        await self._configure(site, [LoadPlaceRules(rules=rules), *await place_lists.commands()])
        await zone_sets.start(sequencer.state)
        sequencer.on_commit(zone_sets.heard)
        await maps.start()
        hands.ask_unfinished()
        hands.ask(ReadPremises())
        hands.ask(RateNumbers(()))  # nothing waits for it: the marks of before are in the state and at the switches
        self._task("publisher", publisher.run)
        self._task("gateway", gateway.run)
        self._task("live values", live.run)
        self._task("positions of units", positions.run)
        self._task("timers", lambda: run_timers(lambda: sequencer.state, sequencer.tell, self._clock, self._ids))
        probes = Probes(
            boards, lambda: sequencer.state, sequencer.tell, live.show, self._clock, self._ids, settings.probe_every_s
        )
        self._task("probes", probes.run)
        self._task("zone sets", zone_sets.watch)
        self._task("map", maps.watch)
        self._task("place lists", place_lists.watch)
        self._task("learned speeds", streets.watch)
        self._task("coverage", coverage.run)
        self._task(
            "accounts", lambda: watch_accounts(accounts, self._workers, lambda: sequencer.state, self._tell_core)
        )
        self._task(
            "snapshots", lambda: keep_snapshots(journal, loaded.epoch, lambda: sequencer.state, loaded.state.seq)
        )
        self._task("recordings", keeper.run)
        api = Api(sequencer, desk, locator, self._workers, known, self.health)
        self._listen_to_copies(boards, site.locations.listen)
        who = Somebody(desk, sequencer, self._ids, self._listeners)
        heard = RecordingsApi(who, index, files, self._clock)
        units = UnitIntake(positions, sequencer, known, self._clock)
        evidence = EvidenceApi(who, index, files, self._clock, self._ids, lambda: sequencer.state)
        drawn = StreetsApi(desk.who, tiles.now, self._workers)
        aside = Aside(ThreadPoolExecutor(ASIDE_WORKERS, thread_name_prefix="questions"))
        ways = WaysApi(desk.who, lambda: sequencer.state, lambda: streets.ways, aside, self._clock, positions.mover)
        near = PlacesApi(desk, sequencer, streets.ways, aside, self._clock, known, positions.mover)
        asking = OffersApi(sequencer, known)
        subjects: list[Subject] = [api, heard, evidence, units, drawn, ways, near, asking, *self._aml(known)]
        self._child(https.listen(self._reactor, settings, subjects, certificate))
        for node, board in boards.items():
            await board.start()
            self._child(EndingService(f"switchboard {node}", board.stop))
        self._state = "leading"
        log.info("serving on https://%s:%d", settings.http_host, settings.http_port)

    def _read_only(self) -> bool:
        return self._in_doubt or self._sequencer.read_only

    def _unsure(self, why: DispatchError) -> None:
        self._in_doubt = True
        log.error("the database does not answer; nothing is written until it does: %s", why)

    def _sure(self) -> None:
        self._in_doubt = False
        log.warning("leading again in epoch %d", self._sequencer.epoch)

    def _switchboards(self, site: Site, live: LiveValues) -> dict[str, AsteriskSwitchboard]:
        """One for each node; which nodes there are, the settings and the site must agree."""
        asked, named = sorted(node.name for node in self.settings.nodes), sorted(site.node_names)
        if asked != named:
            raise DispatchError(
                "nodes_differ",
                f"[[nodes]] của cấu hình máy chủ ({', '.join(asked)}) khác các tổng đài của site.toml "
                f"({', '.join(named)}); hãy sửa cho giống nhau.",
                f"[[nodes]] of the core's settings ({', '.join(asked)}) are not the nodes of site.toml "
                f"({', '.join(named)}); make them the same.",
            )
        boards = {}
        for node in self.settings.nodes:
            boards[node.name] = AsteriskSwitchboard.for_site(
                site,
                node=node.name,
                host=node.host,
                port=node.port,
                user=node.user,
                secret=self.settings.secret(node.secret_file),
                facts=partial(self._tell, ActorKind.SWITCH, node.name),
                live=live.show,
                clock=self._clock,
                ids=self._ids,
            )
        return boards

    def _listen_to_copies(self, boards: Mapping[str, AsteriskSwitchboard], at: str) -> None:
        """Of SIP messages, for the locations in them; ``at``: address and port, "" for none."""
        keys: dict[str, list[Callable[[Told], None]]] = {}
        for node in self.settings.nodes:
            key = capture_key(self.settings.secret(node.secret_file))
            keys.setdefault(key, []).append(boards[node.name].heard_place)
        board = boards[self.settings.nodes[0].name]  # all of them know the site that is in force
        self._capture = SipCapture(keys, lambda: board.peers, self._clock)
        if at:
            self._task("locations", lambda: self._capture.run(at))

    def _aml(self, known: Senders) -> list[AmlIntake]:
        if not known.any_of(SenderKind.LOCATION):
            return []

        def tell(sender: Sender, body: Command) -> None:
            self._sequencer.tell(Asked(id=self._ids.new(), actor=sender.actor(), body=body))

        self._aml_intake = AmlIntake(known, read_form, is_signed, tell, self._clock, self._ids)
        return [self._aml_intake]

    async def _configure(self, site: Site, places: list[Command]) -> None:
        """Bring the site's files into the state; a refusal other than "nothing new" is an error of the files."""
        settings = self.settings
        command = site_command(site)
        bodies: list[Command] = [
            command,
            types_command(
                settings.path(settings.types), frozenset(command.site.services),
                settings.path(settings.capabilities) if settings.capabilities else None,
            ),
            *places,
            *(RetireNode(node=node) for node in sorted(self._sequencer.state.nodes) if node not in site.node_names),
        ]
        for body in bodies:
            await self.ask_core("start", body)

    async def ask_core(self, who: str, body: Command) -> None:
        asked = Asked(id=self._ids.new(), actor=Actor(ActorKind.CORE, who), body=body)
        outcome = await self._sequencer.ask(asked)
        if outcome.refusal is not None and outcome.refusal.code != "nothing_new":
            refusal = outcome.refusal
            raise DispatchError(refusal.code, refusal.sentence("vi"), refusal.sentence("en"))

    def _tell(self, kind: ActorKind, who: str, body: Command) -> None:
        self._sequencer.tell(Asked(id=self._ids.new(), actor=Actor(kind, who), body=body))

    def _tell_core(self, body: Command) -> None:
        self._tell(ActorKind.CORE, "watch", body)

    def _positions_taken(self) -> dict[str, int]:
        return self._positions.counts if self._positions is not None else {}

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
            "locations_heard": self._capture.heard if self._capture is not None else 0,
            **{f"positions_{name}": count for name, count in self._positions_taken().items()},
            **{f"aml_{name}": count for name, count in (self._aml_intake.counts if self._aml_intake else {}).items()},
            "nodes_up": sum(node.up for node in state.nodes.values()),
            "nodes_down": sum(not node.up for node in state.nodes.values()),
        }
