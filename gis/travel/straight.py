"""The straight line: metres from one place to many, and the travel time where no road is known.

Geodesics on WGS84 (pyproj), exact to the millimetre and about 1 µs a pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyproj import Geod

from dispatch_core.domain.vocabulary import Closure, Instant, Measured, Reach
from dispatch_core.ports import Mover
from gis.geodesy import check_place

DETOUR = 1.4
"""Road metres for each straight one in a city's street net: 1.3 to 1.5 in published studies of urban networks."""

KMH = {"motorbike": 30.0, "fire_engine": 22.0}
KMH_ELSE = 25.0
"""By vehicle, door to door in the city's traffic with lights and siren: a guess, and every answer says so."""

_WGS84 = Geod(ellps="WGS84")


def metres_between(lat: float, lon: float, points: Sequence[tuple[float, float]]) -> list[float]:
    """Metres from (lat, lon) to each (lat, lon) of ``points``, in their order. Raises ``PlaceError`` on a bad
    place.
    """
    check_place(lat, lon)
    for point in points:
        check_place(*point)
    if not points:
        return []
    there = np.asarray(points, dtype=np.float64)
    here_lon = np.full(len(points), lon)
    here_lat = np.full(len(points), lat)
    _, _, metres = _WGS84.inv(here_lon, here_lat, there[:, 1], there[:, 0])
    return [float(m) for m in metres]


def nearest(lat: float, lon: float, points: Sequence[tuple[float, float]], limit: int) -> list[tuple[int, float]]:
    """The ``limit`` nearest as (index into ``points``, metres), nearest first; equal distances in the order
    given.
    """
    metres = metres_between(lat, lon, points)
    order = sorted(range(len(points)), key=lambda i: (metres[i], i))
    return [(i, metres[i]) for i in order[:limit]]


class StraightLine:
    """``TravelTimes`` without roads: the straight line with a detour factor, and it says so in every answer. Closures
    change nothing, for no street is known that they lie on."""

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        metres = metres_between(lat, lon, [(it.lat, it.lon) for it in movers])
        found = []
        for mover, straight in zip(movers, metres, strict=True):
            road = DETOUR * straight
            found.append(
                Reach(
                    unit=mover.unit,
                    seconds=round(road / (KMH.get(mover.vehicle, KMH_ELSE) / 3.6), 1),
                    metres=round(road, 1),
                    measured=Measured.STRAIGHT,
                    age_ms=mover.age_ms,
                )
            )
        return sorted(found, key=lambda it: (it.seconds, it.unit))
