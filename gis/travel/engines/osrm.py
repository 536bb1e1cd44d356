"""OSRM: travel times (table) and a way with its turns, said in our own words.

API: project-osrm.org/docs/v5. It has no reachable area, and knows closures only when its data are built: such questions
are Unanswered, and our own roads answer them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dispatch_core.domain.vocabulary import Closure, Instant, Measured, Reach
from dispatch_core.ports import Mover, Point, Reachable, Route
from gis.geodesy import check_place
from gis.travel.engines.asking import Asking, Unanswered
from gis.travel.engines.course import route_of

SOURCES_AT_ONCE = 90
"""Places in one question beside the incident: a stock osrm-routed takes a hundred."""

PROFILE = "driving"
"""In the address; which vehicle it is was decided when the engine's data were built."""


class Osrm:
    """``TravelTimes`` and ``Roads`` by the engine at ``url``; every method raises Unanswered where it gives none."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        _no_closures(closures)
        found: list[Reach] = []
        until = self._asking.until()
        for first in range(0, len(movers), SOURCES_AT_ONCE):
            found += self._table(lat, lon, movers[first : first + SOURCES_AT_ONCE], until)
        return sorted(found, key=lambda it: (it.seconds, it.unit))

    def _table(self, lat: float, lon: float, movers: Sequence[Mover], until: float) -> list[Reach]:
        places = ";".join(_place(*it) for it in ((lat, lon), *((m.lat, m.lon) for m in movers)))
        sources = ";".join(str(number) for number in range(1, len(movers) + 1))
        answer = self._asking.ask(
            f"/table/v1/{PROFILE}/{places}?sources={sources}&destinations=0&annotations=duration,distance",
            until=until,
        )
        durations, distances = _of(answer, "durations"), _of(answer, "distances")
        reaches = []
        for mover, (seconds,), (metres,) in zip(movers, durations, distances, strict=True):
            if seconds is not None:
                reaches.append(
                    Reach(
                        unit=mover.unit, seconds=seconds, metres=metres, measured=Measured.ROAD, age_ms=mover.age_ms
                    )
                )
        return reaches

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        _no_closures(closures)
        answer = self._asking.ask(
            f"/route/v1/{PROFILE}/{_place(*start)};{_place(*end)}?steps=true&geometries=geojson&overview=full"
        )
        return route_of(_of(answer, "routes"), end)

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        raise Unanswered("OSRM has no reachable areas")


def _no_closures(closures: Sequence[Closure]) -> None:
    if closures:
        raise Unanswered("OSRM cannot leave out what is closed now")


def _of(answer: Any, key: str) -> Any:
    if not isinstance(answer, dict) or answer.get("code") != "Ok" or key not in answer:
        raise Unanswered(f"an answer without {key}: {str(answer)[:200]}")
    return answer[key]


def _place(lat: float, lon: float) -> str:
    check_place(lat, lon)
    return f"{lon:.6f},{lat:.6f}"
