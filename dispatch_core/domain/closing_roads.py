"""Closures and floods: how many, how large, and which incidents one of them concerns."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, isfinite, radians

from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import IncidentState, LegState

CLOSURES_MOST = 200
OUTLINE_POINTS_MOST = 100
OUTLINE_ACROSS_MOST_M = 20_000.0
"""From one end of the box around an outline to the other: more is no street but half a city, or a slip of the hand."""

UNTIL_MOST_MS = 30 * 86_400_000
CONCERNED_WITHIN_M = 12_000.0
"""Units come from no further than this: what is closed beyond it changes no ranking."""

CONCERNED_MOST = 50
"""Incidents that are ranked anew because of one closure, the nearest first."""

_METRES_PER_DEGREE = 111_320.0

Outline = Sequence[tuple[float, float]]


def metres_apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Of two points, longitude first; good to a percent within a city."""
    east = (one[0] - other[0]) * cos(radians((one[1] + other[1]) / 2))
    return hypot(east, one[1] - other[1]) * _METRES_PER_DEGREE


def is_outline(outline: Outline) -> bool:
    """Two points or more, on Earth, not all the same, and no larger than a part of a city."""
    if not 2 <= len(outline) <= OUTLINE_POINTS_MOST or len(set(outline)) < 2:
        return False
    if not all(isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in outline):
        return False
    low = min(lon for lon, _ in outline), min(lat for _, lat in outline)
    high = max(lon for lon, _ in outline), max(lat for _, lat in outline)
    return metres_apart(low, high) <= OUTLINE_ACROSS_MOST_M


def incidents_near(state: State, outline: Outline) -> tuple[Incident, ...]:
    """Open incidents with a place and an open leg whose ranking a closure there may change; the nearest first."""
    found = []
    for _, incident in sorted(state.incidents.items()):
        place = incident.location
        if incident.state is IncidentState.CLOSED or place is None or place.lat is None or place.lon is None:
            continue
        if not any(leg.state is LegState.OPEN for leg in incident.legs.values()):
            continue
        here = (place.lon, place.lat)
        metres = min(metres_apart(here, point) for point in outline)
        if metres <= CONCERNED_WITHIN_M:
            found.append((metres, incident))
    found.sort(key=lambda it: (it[0], it[1].id))
    return tuple(incident for _, incident in found[:CONCERNED_MOST])
