"""A line of points and how long it is: straight at once, by road when the core has answered. Without Qt.

Guards: an answer belongs to the points it was asked for; with others than those it says nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

from console_gui.map.mercator import to_degrees, to_world
from console_gui.map.words import length, said
from dispatch_core.domain.vocabulary import Measured
from dispatch_core.wire.ways import AlongShown

POINTS_MOST = 20
"""As many as the core measures by road."""

EARTH_M = 6_371_008.8
World = tuple[float, float]


def metres_apart(one: World, other: World) -> float:
    """Along the ground, on a sphere; of two points in world units."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, to_degrees(*it))) for it in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


@dataclass(frozen=True, slots=True)
class Ruler:
    """``points`` in world units."""

    points: tuple[World, ...] = ()
    by_road: AlongShown | None = None
    no_road: bool = False
    """The core found no way along these points, or could not be asked."""

    @staticmethod
    def along(places: list[tuple[float, float]]) -> Ruler:
        """Of latitude-first degrees."""
        return Ruler(tuple(to_world(*it) for it in places[:POINTS_MOST]))

    def more(self, point: World) -> Ruler:
        return Ruler((*self.points, point)) if len(self.points) < POINTS_MOST else self

    def back(self) -> Ruler:
        return Ruler(self.points[:-1])

    def answered(self, asked: tuple[World, ...], found: AlongShown | None) -> Ruler:
        return replace(self, by_road=found, no_road=found is None) if asked == self.points else self

    @property
    def pieces(self) -> list[float]:
        """Metres from each point to the next."""
        return [metres_apart(one, other) for one, other in pairwise(self.points)]

    @property
    def metres(self) -> float:
        return math.fsum(self.pieces)

    def degrees(self) -> list[tuple[float, float]]:
        return [to_degrees(*it) for it in self.points]

    def words(self, language: str) -> str:
        """``thẳng 1,2 km · đường bộ 1,9 km, 4 phút``."""
        if len(self.points) < 2:
            return said("measure.begin", language)
        told = [said("measure.straight", language, length=length(self.metres, language))]
        if self.by_road is not None and self.by_road.measured is not Measured.STRAIGHT:
            minutes = said("minutes", language, count=max(1, round(self.by_road.seconds / 60)))
            told.append(
                said("measure.road", language, length=length(self.by_road.metres, language), minutes=minutes)
            )
        elif self.no_road or self.by_road is not None:
            told.append(said("measure.no_road", language))
        return " · ".join(told)
