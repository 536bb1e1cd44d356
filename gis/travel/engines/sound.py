"""Can an engine's answer be true? One with another city's data answers too, from its own road that is nearest."""

from __future__ import annotations

from collections.abc import Sequence

from dispatch_core.domain.vocabulary import Reach
from dispatch_core.ports import Mover, Point, Route
from gis.travel.engines.asking import Unanswered
from gis.travel.straight import metres_between

NEAREST_ROAD_M = 2_000.0
"""So far from a place the road may begin or end from which an engine reckons."""

SECONDS_MOST = 48 * 3_600.0
METRES_MOST = 5e6


def check_reaches(lat: float, lon: float, movers: Sequence[Mover], found: Sequence[Reach]) -> None:
    """Raises Unanswered for what no way can be: no number, negative, shorter than the straight line."""
    by_unit = {it.unit: it for it in movers}
    for reach in found:
        mover = by_unit[reach.unit]
        _check(reach.seconds, reach.metres)
        _check_length(reach.metres, (lat, lon), (mover.lat, mover.lon))


def check_route(start: Point, end: Point, found: Route) -> None:
    """Raises Unanswered likewise."""
    _check(found.seconds, found.metres)
    _check_length(found.metres, start, end)
    for place, told in ((start, found.line[0]), (end, found.line[-1])):
        if metres_between(*place, [told])[0] > NEAREST_ROAD_M:
            raise Unanswered(f"a way from or to elsewhere: {told}")


def _check(seconds: object, metres: object) -> None:
    for value, most in ((seconds, SECONDS_MOST), (metres, METRES_MOST)):
        if not isinstance(value, int | float) or not 0.0 <= value <= most:
            raise Unanswered(f"no time or length of a way: {value!r:.40}")


def _check_length(metres: float, one: Point, other: Point) -> None:
    straight = float(metres_between(*one, [other])[0])
    if metres < straight - 2 * NEAREST_ROAD_M:
        raise Unanswered(f"a way of {metres:.0f} m between places {straight:.0f} m apart: other ground?")
