"""Seconds from where units stand to every point of demand: over the roads from the stations, measured once for a map,
and by the straight line from anywhere else and until that is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dispatch_core.domain.vocabulary import Closure, Instant, Measured
from dispatch_core.ports import Mover, TravelTimes
from gis.coverage.demand import Demand
from gis.travel.straight import DETOUR, KMH, KMH_ELSE

Floats = npt.NDArray[np.float64]
AT_STATION_DEG = 0.003
"""About 300 m: a unit that near its station counts as being there."""

Origin = tuple[float, float, str]
"""Latitude, longitude, travel profile."""


def straight(origin: Origin, demand: Demand) -> Floats:
    """Seconds by the straight line with its detour, to each point."""
    lat, lon, vehicle = origin
    north = (demand.lat - lat) * 111_195.0
    east = (demand.lon - lon) * 111_195.0 * np.cos(np.radians(lat))
    metres_a_second = KMH.get(vehicle, KMH_ELSE) / 3.6
    seconds: Floats = DETOUR * np.hypot(north, east) / metres_a_second
    return seconds


@dataclass
class WayTimes:
    """Measured ways from known places. ``measure`` is slow and runs in a thread of its own; it may be told to stop."""

    demand: Demand
    known: dict[Origin, Floats] = field(default_factory=dict)
    over_roads: bool = False

    def measure(
        self, travel: TravelTimes, origins: Sequence[Origin], at: Instant, closures: Sequence[Closure],
        stop: Callable[[], bool],
    ) -> bool:
        """Whether it came to its end. One search for each point answers all origins at once."""
        found = {origin: np.full(len(self.demand.lat), np.inf) for origin in origins}
        named = {f"{number}": origin for number, origin in enumerate(origins)}
        movers = [Mover(name, lat, lon, vehicle) for name, (lat, lon, vehicle) in named.items()]
        roads = False
        for point in range(len(self.demand.lat)):
            if stop():
                return False
            lat, lon = float(self.demand.lat[point]), float(self.demand.lon[point])
            for reach in travel.reaches(lat, lon, movers, at, closures):
                found[named[reach.unit]][point] = reach.seconds
                roads = roads or reach.measured is Measured.ROAD
        self.known, self.over_roads = found, roads
        return True

    def of(self, origin: Origin) -> Floats:
        lat, lon, vehicle = origin
        for near, seconds in self.known.items():
            if near[2] == vehicle and abs(near[0] - lat) < AT_STATION_DEG and abs(near[1] - lon) < AT_STATION_DEG:
                return seconds
        return straight(origin, self.demand)
