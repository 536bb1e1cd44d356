"""All that one core knows of the ground: zones, addresses, streets and their speeds, the lists of places, where units
are, and what they cover.

A part only answers from what is committed: what was noticed beside the core enters the state as a command first.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from db.place_store import PlaceStore
from db.zone_store import ZoneStore
from dispatch_core.domain.commands import Command, LoadPlaceRules
from dispatch_core.domain.effects import FindPremises, FindRoute, ReadPremises, UseMap
from dispatch_core.domain.state import State
from dispatch_core.main import addresses
from dispatch_core.main.configuration import offset_minutes
from dispatch_core.main.coverage import CoverageReckoner
from dispatch_core.main.maps import Maps
from dispatch_core.main.place_lists import PlaceLists
from dispatch_core.main.site_lists import SiteLists, place_rules
from dispatch_core.main.street_tiles import StreetTiles
from dispatch_core.main.streets import Streets
from dispatch_core.main.zone_sets import ZoneSets, zone_rules
from dispatch_core.ports import Clock
from dispatch_core.runtime.coverage import Coverage
from dispatch_core.runtime.desk import Desk
from dispatch_core.runtime.geography import Geography
from dispatch_core.runtime.hands import Hands
from dispatch_core.runtime.http import Subject
from dispatch_core.runtime.http.around import AroundApi
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.places import PlacesApi
from dispatch_core.runtime.http.senders import Senders
from dispatch_core.runtime.http.streets import StreetsApi
from dispatch_core.runtime.http.units import UnitIntake
from dispatch_core.runtime.http.ways import WaysApi
from dispatch_core.runtime.live_values import LiveValues
from dispatch_core.runtime.looking_ahead import LookingAhead
from dispatch_core.runtime.premises import Premises
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.runtime.unit_positions import UnitPositions
from dispatch_core.settings import ASIDE_WORKERS, Settings
from gis.locator import Locator
from gis.map_import.versions import MapVersions
from gis.premises.index import PremiseIndex
from gis.travel.roads import RoadTimes
from gis.travel.vehicles import read_vehicles
from telephony.trunk.site import Site


class SiteGeography:
    """In this order: made, ``serve`` the hands, ``commands`` decided, ``start``, then its ``tasks`` and ``subjects``.

    ``tell`` takes what was noticed beside the core."""

    def __init__(
        self, settings: Settings, site: Site, sequencer: Sequencer, live: LiveValues, workers: Executor, clock: Clock,
        tell: Callable[[Command], None],
    ) -> None:  # fmt: skip
        """Raises DispatchError for files and services of the settings that cannot be used."""
        self._sequencer, self._workers, self._clock, self._tell = sequencer, workers, clock, tell
        self._noting = ThreadPoolExecutor(1, thread_name_prefix="premises")  # never before an emergency's way
        self.locator = Locator(geocoder=addresses.geocoder(settings))
        offset = offset_minutes(site.site.timezone)
        vehicles = read_vehicles(settings.path(settings.vehicles) if settings.vehicles else None)
        roads = RoadTimes(vehicles, utc_offset_min=offset)
        self._maps = Maps(MapVersions(settings.path(settings.map_dir)), workers, tell)
        self._streets = Streets(settings, roads, self._maps, workers, clock, offset)
        self._tiles = StreetTiles()
        self.zone_sets = ZoneSets(
            ZoneStore(settings.database), self.locator, workers, tell, clock, zone_rules(settings)
        )
        self._rules = place_rules(settings, [service.code for service in site.services])
        self._places = PlaceStore(settings.database)
        self._site_lists = SiteLists(settings, self._places, self._rules)

        ahead = LookingAhead(roads.learn_places)
        self.positions = UnitPositions(self._state, live.show, clock, ahead.heard)
        self._coverage = Coverage(
            CoverageReckoner(self.locator, roads, self.positions.mover), self._state, live.show, clock
        )
        sequencer.on_commit(self._coverage.heard)

        self._maps.on_map(addresses.streets(self.locator))
        self._maps.on_map(self._tiles.open)
        self._maps.on_map(lambda _: lambda: ahead.heard(self.positions.movers()))
        self._maps.on_map(lambda _: self._coverage.renew)

    def _state(self) -> State:
        return self._sequencer.state

    def serve(self, hands: Hands) -> None:
        """Answer what decisions ask of the geography."""
        routes = Geography(
            self.locator, self._streets.ways, self._workers, self._state, self._clock, self.positions.mover
        )
        premises = Premises(
            lambda: PremiseIndex(self._site_lists.premises(self._places.serving())), self._places, self._noting,
            self._state, hands.ask, self._clock,
        )  # fmt: skip
        self._place_lists = PlaceLists(
            self._places, self._site_lists, self._workers, self._state, self._tell, premises.renew
        )
        hands.learn(FindRoute, routes.find_route)
        hands.learn(FindPremises, premises.find)
        hands.learn(ReadPremises, premises.read)
        hands.learn(UseMap, self._maps.use)

    async def commands(self) -> list[Command]:
        """What brings the site's rules and lists into the state."""
        return [LoadPlaceRules(rules=self._rules), *await self._place_lists.commands()]

    async def start(self) -> None:
        """Answer from the zones and the map in force."""
        await self.zone_sets.start(self._state())
        self._sequencer.on_commit(self.zone_sets.heard)
        await self._maps.start()

    def tasks(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "positions of units": self.positions.run,
            "zone sets": self.zone_sets.watch,
            "map": self._maps.watch,
            "place lists": self._place_lists.watch,
            "learned speeds": self._streets.watch,
            "coverage": self._coverage.run,
        }

    def subjects(self, desk: Desk, known: Senders) -> list[Subject]:
        """Of the HTTPS side; ``known``: the outside systems that report positions or ask what can be reached."""
        sequencer, ways, clock = self._sequencer, self._streets.ways, self._clock
        aside = Aside(ThreadPoolExecutor(ASIDE_WORKERS, thread_name_prefix="questions"))
        return [
            UnitIntake(self.positions, sequencer, known, clock),
            StreetsApi(desk.who, self._tiles.now, self._workers),
            WaysApi(desk.who, self._state, lambda: ways, aside, clock, self.positions.mover),
            AroundApi(desk.who, self._state, lambda: ways, self.locator, aside, clock),
            PlacesApi(desk, sequencer, ways, aside, clock, known, self.positions.mover),
        ]
