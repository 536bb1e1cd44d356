"""``TravelTimes`` and ``Roads`` over the city's streets.

One search backwards from the incident ranks every unit of a kind at once. Where no road is near, or none leads there
within ``LIMIT_S``, the straight line answers and says so. Called from worker threads; ``use`` and ``use_speeds``
replace what is answered from in one assignment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dispatch_core.domain.vocabulary import Closure, Instant, Measured, Reach
from dispatch_core.ports import Mover, Point, Reachable, Route
from gis.geodesy import check_place
from gis.map_import.versions import MapVersion
from gis.travel.area import reachable_area, straight_area
from gis.travel.course import course, straight_route
from gis.travel.data import ROADS_FILE, RoadData, read_roads
from gis.travel.driven import LIMIT_S, Driven, Timed, code_one, metres_of, seconds_of
from gis.travel.net import Floats, Ints, RoadNet
from gis.travel.places import Places
from gis.travel.speeds import SpeedTable
from gis.travel.standing import YARD_KMH, Goal, Slot, Stands, Walks, goal, stands, ways_out
from gis.travel.straight import StraightLine
from gis.travel.vehicles import Vehicles, read_vehicles

WALK_TOLD_M = 30.0
"""From the street to the place: less is nothing to speak of."""

ROUTE_LIMIT_S = 3 * 3600.0
AREA_LIMIT_S = 3600.0
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class _InForce:
    """One version of the streets, as each vehicle drives them."""

    net: RoadNet
    walks: Walks
    driven: dict[str, Driven]
    places: dict[str, Places]


class RoadTimes:
    """Answers by the straight line until ``use`` was called."""

    def __init__(
        self, vehicles: Vehicles | None = None, speeds: SpeedTable | None = None, utc_offset_min: int = 420
    ) -> None:
        self.vehicles = vehicles or read_vehicles()
        self._speeds = speeds or SpeedTable.of(self.vehicles)
        self._offset_ms = utc_offset_min * 60_000
        self._straight = StraightLine()
        self._now: _InForce | None = None

    # --- what is answered from ----------------------------------------------------------------------------------------

    def prepare(self, data: RoadData) -> _InForce:
        """All that costs time, for ``use``."""
        net = RoadNet(data)
        profiles = {name: it for name, it in self.vehicles.vehicle.items() if it.drives}
        driven = {name: Driven(net, it, self.vehicles) for name, it in profiles.items()}
        places = {name: Places(net, it) for name, it in driven.items()}
        before = self._now
        for name, known in before.places.items() if before is not None else ():
            places[name].learn_from(known)
        return _InForce(net, Walks(net, self.vehicles.walking), driven, places)

    def use(self, prepared: _InForce | None) -> None:
        self._now = prepared

    def use_speeds(self, speeds: SpeedTable) -> None:
        self._speeds = speeds

    @property
    def in_force(self) -> _InForce | None:
        return self._now

    @property
    def speeds(self) -> SpeedTable:
        return self._speeds

    def open_map(self, version: MapVersion) -> Callable[[], None]:
        """An opener of ``dispatch_core.main.maps``: streets of a version, or none where it was made without."""
        file: Path | None = version.part(ROADS_FILE)
        prepared = self.prepare(read_roads(file)) if file is not None else None
        return lambda: self.use(prepared)

    def _timed(self, now: _InForce, vehicle: str, at: Instant, closures: Sequence[Closure]) -> tuple[Driven, Timed]:
        hour = (at + self._offset_ms) // HOUR_MS % 24
        driven = now.driven[vehicle]
        return driven, driven.timed(self._speeds, int(hour), closures, vehicle)

    def learn_places(self, movers: Iterable[Mover]) -> None:
        """Positions were reported: look for them on the streets now, so that a ranking need not. Raises PlaceError."""
        now = self._now
        groups: dict[str, list[Mover]] = {}
        for mover in movers:
            check_place(mover.lat, mover.lon)
            groups.setdefault(self.vehicles.named(mover.vehicle), []).append(mover)
        for vehicle, group in groups.items():
            if now is not None and vehicle in now.places:
                now.places[vehicle].learn(group)

    # --- who gets there first -----------------------------------------------------------------------------------------

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        now = self._now
        check_place(lat, lon)
        for mover in movers:
            check_place(mover.lat, mover.lon)
        groups: dict[str, list[Mover]] = {}
        for mover in movers:
            groups.setdefault(self.vehicles.named(mover.vehicle), []).append(mover)
        found: list[Reach] = []
        for vehicle, group in groups.items():
            if now is None or vehicle not in now.driven:
                found += self._straight.reaches(lat, lon, group, at)
            else:
                found += self._rank(now, vehicle, lat, lon, group, at, closures)
        return sorted(found, key=lambda it: (it.seconds, it.unit))

    def _rank(
        self, now: _InForce, vehicle: str, lat: float, lon: float, movers: Sequence[Mover], at: Instant,
        closures: Sequence[Closure],
    ) -> list[Reach]:  # fmt: skip
        driven, timed = self._timed(now, vehicle, at, closures)
        x, y = now.net.plane(lat, lon)
        aim = goal(driven, timed, now.walks, float(x), float(y))
        if aim is None:
            return self._by_line(lat, lon, movers, at, "off_road")
        where = now.places[vehicle].of(movers)
        on_foot = aim.piece < 0
        costs, before = timed.towards.search([(it.node, it.cost) for it in aim.slots], LIMIT_S, predecessors=on_foot)
        total, ends = _from_places(driven, timed, aim, where, costs)
        seconds, metres = seconds_of(total), metres_of(total)
        seconds += where.off_m / (YARD_KMH / 3.6) + aim.off_m / (now.walks.walking.kmh / 3.6)
        metres += where.off_m + aim.off_m
        off = aim.off_m if aim.off_m >= WALK_TOLD_M else 0.0
        found, lost, away = [], [], []
        told = (total, np.round(seconds, 1), np.round(metres, 1), where.piece)
        rows = zip(movers, *(it.tolist() for it in told), ends, strict=True)
        for mover, cost, took, far, piece, end in rows:
            if piece < 0:
                away.append(mover)
            elif cost == np.inf:
                lost.append(mover)
            else:
                walk = off + _walk(aim.slots, before, timed.towards.free, end) if on_foot else off
                found.append(
                    Reach(
                        unit=mover.unit,
                        seconds=took,
                        metres=far,
                        measured=Measured.ROAD,
                        age_ms=mover.age_ms,
                        walk_m=round(walk, 1),
                    )
                )
        return [
            *found,
            *self._by_line(lat, lon, lost, at, "beyond", LIMIT_S),
            *self._by_line(lat, lon, away, at, "off_road"),
        ]

    def _by_line(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, note: str, least_s: float = 0.0
    ) -> list[Reach]:
        """The straight line where the roads do not answer. A unit that no road brings there within the limit is never
        ranked before one that is."""
        found = self._straight.reaches(lat, lon, movers, at)
        return [
            Reach(
                unit=it.unit, seconds=max(it.seconds, least_s), metres=it.metres, measured=it.measured,
                age_ms=it.age_ms, note=note,
            )
            for it in found
        ]  # fmt: skip

    # --- ways and areas -----------------------------------------------------------------------------------------------

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        now, name = self._now, self.vehicles.named(vehicle)
        check_place(*start)
        check_place(*end)
        if now is None or name not in now.driven:
            return straight_route(start, end, name, at)
        driven, timed = self._timed(now, name, at, closures)
        x, y = now.net.plane([start[0], end[0]], [start[1], end[1]])
        where = stands(driven, x[:1], y[:1])
        aim = goal(driven, timed, now.walks, float(x[1]), float(y[1]))
        if aim is None or where.piece[0] < 0:
            return straight_route(start, end, name, at)
        slots = [(it.node, it.cost) for it in aim.slots]
        costs, before = timed.towards.search(slots, ROUTE_LIMIT_S, predecessors=True)
        (total,), (node,) = _from_places(driven, timed, aim, where, costs)
        if not np.isfinite(total):
            return None
        seconds = float(seconds_of(np.array(total))) + float(where.off_m[0]) / (YARD_KMH / 3.6)
        seconds += aim.off_m / (now.walks.walking.kmh / 3.6)
        metres = float(metres_of(np.array(total))) + float(where.off_m[0]) + aim.off_m
        return course(driven, timed, where, aim, node, before, start, end, seconds, metres)

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        now, name = self._now, self.vehicles.named(vehicle)
        for place in places:
            check_place(*place)
        seconds = min(seconds, AREA_LIMIT_S)
        if not places or seconds <= 0:
            return Reachable(())
        if now is None or name not in now.driven:
            return straight_area(places, seconds, name)
        driven, timed = self._timed(now, name, at, closures)
        x, y = now.net.plane([it[0] for it in places], [it[1] for it in places])
        where = stands(driven, x, y)
        return reachable_area(driven, timed, where, seconds)


def _from_places(
    driven: Driven, timed: Timed, aim: Goal, where: Stands, costs: Floats
) -> tuple[Floats, list[int]]:
    """The coded cost from each place to the goal, and the node at which the way leaves its piece (-1: never)."""
    net = driven.net
    (on, by_on), (back, by_back) = ways_out(driven, timed, where)
    ends = net.head_of[on], net.head_of[back]
    first, second = by_on + costs[ends[0]], by_back + costs[ends[1]]
    total = np.minimum(first, second)
    nodes = np.where(first <= second, *ends)
    same = np.flatnonzero(where.piece == aim.piece) if aim.piece >= 0 else ()
    for place in same:
        ahead = aim.part - where.part[place]
        way = 2 * aim.piece + (0 if ahead >= 0 else 1)
        if np.isfinite(timed.seconds[way]):
            along = float(timed.seconds[way] * abs(ahead))
            direct = code_one(along, float(net.data.metres[aim.piece] * abs(ahead)))
            if direct <= total[place]:
                total[place], nodes[place] = direct, -1
    return total, nodes.tolist()


def _walk(slots: Sequence[Slot], before: Ints, free: int, node: int) -> float:
    """Metres on foot at the end of the way that leaves from a node."""
    while int(before[node]) != free:
        node = int(before[node])
    return min((it.walk_m for it in slots if it.node == node), default=0.0)
