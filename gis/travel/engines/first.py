"""The site's engine first, our own roads where it has no answer: whoever asks never waits for more than its time limit
and never goes without."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import shapely

from dispatch_core.domain.vocabulary import Closure, Instant, Reach
from dispatch_core.ports import Mover, Point, Reachable, Roads, Route, TravelTimes
from gis.errors import EngineError, PlaceError
from gis.travel.engines.asking import TIME_LIMIT_S, Asking, Unanswered
from gis.travel.engines.osrm import Osrm
from gis.travel.engines.sound import check_reaches, check_route
from gis.travel.engines.valhalla import Valhalla

log = logging.getLogger(__name__)

KINDS: dict[str, Callable[[Asking], Engine]] = {"valhalla": Valhalla, "osrm": Osrm}
T = TypeVar("T")


class Engine(TravelTimes, Roads, Protocol):
    """Both ports; its answer may be ``Unanswered``."""


@dataclass(frozen=True, slots=True)
class EngineAddress:
    """``kind`` is valhalla or osrm; ``url`` e.g. ``http://10.0.0.5:8002``."""

    kind: str
    url: str


def engine(address: EngineAddress, time_limit_s: float = TIME_LIMIT_S) -> Engine:
    """Raises EngineError for an unknown kind, a malformed or a public address."""
    make = KINDS.get(address.kind)
    if make is None:
        raise EngineError(
            "engine.kind",
            f"Không có loại máy chủ chỉ đường “{address.kind}”; dùng một trong: {', '.join(KINDS)}.",
            f"There is no routing engine “{address.kind}”; use one of: {', '.join(KINDS)}.",
        )
    return make(Asking(address.url, time_limit_s))


class EngineFirst:
    """``TravelTimes`` and ``Roads`` by ``first``, and by ``own`` where that is Unanswered or answers nonsense."""

    def __init__(self, first: Engine, times: TravelTimes, roads: Roads) -> None:
        self._first = first
        self._times = times
        self._roads = roads

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        def first() -> Sequence[Reach]:
            """A unit for which the engine knows no way is measured by our own roads, never left out."""
            found = self._first.reaches(lat, lon, movers, at, closures)
            check_reaches(lat, lon, movers, found)
            known = {it.unit for it in found}
            others = [it for it in movers if it.unit not in known]
            if not others:
                return found
            own = self._times.reaches(lat, lon, others, at, closures)
            return sorted([*found, *own], key=lambda it: (it.seconds, it.unit))

        return _answered(first, lambda: self._times.reaches(lat, lon, movers, at, closures))

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        def first() -> Route | None:
            found = self._first.route(start, end, vehicle, at, closures)
            if found is not None:
                check_route(start, end, found)
            return found

        return _answered(first, lambda: self._roads.route(start, end, vehicle, at, closures))

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        return _answered(
            lambda: self._first.reachable(places, seconds, vehicle, at, closures),
            lambda: self._roads.reachable(places, seconds, vehicle, at, closures),
        )


def _answered(ask: Callable[[], T], else_: Callable[[], T]) -> T:
    try:
        return ask()
    except Unanswered as why:
        log.info("our own roads answer: %s", why)
    # An answer in a form that we do not know makes any of these.
    except (
        KeyError, TypeError, ValueError, IndexError, AttributeError, PlaceError, shapely.errors.ShapelyError,
    ) as error:  # fmt: skip
        log.warning("our own roads answer, the engine's answer is nonsense: %s: %s", type(error).__name__, error)
    return else_()
