"""Coverage of the site as it stands: its rules, zones, stations and free units brought to the arithmetic."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from dispatch_core.domain.recommending import is_free
from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import Instant, ReachRule, UnitStatus
from dispatch_core.ports import Mover, TravelTimes
from gis.coverage.covering import HOLES_TOLD, Covered, Post, cover
from gis.coverage.demand import demand_of
from gis.coverage.times import Origin, WayTimes
from gis.locator import Locator

CODES_TOLD = 200
REST_S = 0.02
"""Between two searches while ways are measured: the one slow thing here stays in the background."""

Where = Callable[[Unit, Instant], Mover]


def _stands(unit: Unit, _: Instant) -> Mover:
    return Mover(unit.call_sign, unit.lat, unit.lon, unit.vehicle)


class CoverageReckoner:
    """Blocks; for threads of its own. ``where``: from where a unit would go, as it last reported."""

    def __init__(self, locator: Locator, travel: TravelTimes, where: Where = _stands) -> None:
        self._locator, self._travel, self._where = locator, travel, where
        self._times: dict[str, tuple[object, WayTimes]] = {}  # by service, with the zone set that they are for
        self._since: dict[tuple[str, str], Instant] = {}

    def reckon(self, state: State, now: Instant) -> dict[str, dict[str, Any]]:
        """The last value of each rule, by its key."""
        values = {}
        for rule in state.place_rules.covers:
            times = self._times_of(rule.service)
            if times is not None:
                values[f"{rule.service}/{rule.capability}"] = self._value(state, rule, times, now)
        return values

    def unmeasured(self, state: State) -> bool:
        """Whether the ways of some service have never been measured, as after new zones."""
        every = [self._times_of(rule.service) for rule in state.place_rules.covers]
        return any(times is not None and not times.known for times in every)

    def measure(self, state: State, now: Instant, stop: Callable[[], bool]) -> None:
        """Over the roads from every station; slow. Told to stop, what was known before stays."""

        def pause() -> bool:
            time.sleep(REST_S)
            return stop()

        closures = tuple(state.closures.values())
        for service in dict.fromkeys(rule.service for rule in state.place_rules.covers):
            times = self._times_of(service)
            if times is not None:
                times.measure(self._travel, _origins(state, service), now, closures, pause)

    def _times_of(self, service: str) -> WayTimes | None:
        zone_set = self._locator.zone_set(service)
        if zone_set is None or not zone_set.zones:
            return None
        known = self._times.get(service)
        if known is None or known[0] is not zone_set:
            known = self._times[service] = (zone_set, WayTimes(demand_of(zone_set)))
        return known[1]

    def _value(self, state: State, rule: ReachRule, times: WayTimes, now: Instant) -> dict[str, Any]:
        able = [unit for unit in state.units.values() if unit.service == rule.service and _able(unit, rule)]
        free = [unit for unit in able if is_free(unit)]
        usual = Counter(unit.vehicle for unit in able).most_common(1)
        vehicle = usual[0][0] if usual else ""
        stations = [it for it in state.stations.values() if it.service == rule.service]
        found = cover(
            times.demand,
            rule.minutes * 60.0,
            [Post(it.call_sign, times.of(_origin(self._where(it, now)))) for it in free],
            [
                Post(it.call_sign, times.of((home.lat, home.lon, it.vehicle)))
                for it in able
                if it.status is not UnitStatus.OUT_OF_SERVICE and (home := state.stations.get(it.station)) is not None
            ],
            [Post(it.id, times.of((it.lat, it.lon, vehicle))) for it in stations],
            {it.call_sign: it.cover or it.station for it in free},
        )
        return self._told(state, rule, found, len(free), times.over_roads, now)

    def _told(
        self, state: State, rule: ReachRule, found: Covered, free: int, over_roads: bool, now: Instant
    ) -> dict[str, Any]:
        name = f"{rule.service}/{rule.capability}"
        known = {(name, hole.code): self._since.get((name, hole.code), now) for hole in found.holes}
        self._since = {key: at for key, at in self._since.items() if key[0] != name} | known
        return {
            "service": rule.service, "capability": rule.capability, "minutes": rule.minutes, "free": free,
            "share": round(found.share * 100, 1), "full": round(found.full * 100, 1), "road": over_roads,
            "cut": found.cut, "more": max(0, len(found.holes) - HOLES_TOLD),
            "codes": [hole.code for hole in found.holes[:CODES_TOLD]],
            "holes": [
                {
                    "code": hole.code, "ward": hole.ward,
                    "seconds": None if hole.seconds is None else round(hole.seconds), "since": known[name, hole.code],
                }
                for hole in found.holes[:HOLES_TOLD]
            ],
            "moves": [
                {
                    "unit": move.unit, "station": move.station, "home": _standing(state, move.unit),
                    "gained": round(move.gained), "net": round(move.net * 100, 1), "closes": list(move.closes),
                    "opens": list(move.opens),
                }
                for move in found.moves
            ],
        }  # fmt: skip


def _able(unit: Unit, rule: ReachRule) -> bool:
    return not rule.capability or rule.capability in unit.capabilities


def _origin(mover: Mover) -> Origin:
    return (mover.lat, mover.lon, mover.vehicle)


def _standing(state: State, call_sign: str) -> str:
    unit = state.units[call_sign]
    return unit.cover or unit.station


def _origins(state: State, service: str) -> Sequence[Origin]:
    """Every station of the service with every vehicle that it has."""
    vehicles = sorted({unit.vehicle for unit in state.units.values() if unit.service == service})
    places = sorted({(it.lat, it.lon) for it in state.stations.values() if it.service == service})
    return [(lat, lon, vehicle) for lat, lon in places for vehicle in vehicles]
