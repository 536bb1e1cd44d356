"""A way in the form in which OSRM tells it, and Valhalla too where it is asked to; its turns in our own words, so that
crews hear the same whoever reckoned."""

from __future__ import annotations

from typing import Any

from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.vocabulary import Measured
from dispatch_core.ports import Point, Route, Step
from gis.travel.straight import metres_between
from gis.travel.turns import said

STREET_MOST = 120


def route_of(routes: Any, end: Point) -> Route:
    """The first of the ways told, to ``end``."""
    way = routes[0]
    line: tuple[Point, ...] = tuple((lat, lon) for lon, lat in way["geometry"]["coordinates"])
    return Route(
        seconds=way["duration"],
        metres=way["distance"],
        line=line,
        steps=tuple(_step(one) for leg in way["legs"] for one in leg["steps"]),
        measured=Measured.ROAD,
        walk_m=round(metres_between(*line[-1], [end])[0], 1),
    )


def _step(one: Any) -> Step:
    maneuver = one["maneuver"]
    turn, street = _turn(maneuver), one_line(str(one.get("name", "")), STREET_MOST)
    vi, en = said(turn, street)
    lon, lat = maneuver["location"]
    return Step(turn=turn, street=street, metres=one["distance"], at=(lat, lon), vi=vi, en=en)


def _turn(maneuver: Any) -> str:
    if maneuver["type"] in ("depart", "arrive"):
        return str(maneuver["type"])
    if maneuver["type"] in ("roundabout", "rotary", "roundabout turn"):
        return "roundabout"
    modifier = str(maneuver.get("modifier", "straight"))
    return {"uturn": "back"}.get(modifier, modifier.replace(" ", "_"))
