"""Questions to the geography, answered in worker threads: whose zone is it, how long do the units need.

An answer comes back as a command that names the version of the place that it worked on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from dispatch_core.domain.commands import Command, RouteFound
from dispatch_core.domain.effects import FindRoute
from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import AskedPlace, Instant, Reach
from dispatch_core.ports import Clock, Locator, Mover, TravelTimes

Where = Callable[[Unit, Instant], Mover]
"""From where a unit is measured now; asked in a worker thread."""


def at_its_station(unit: Unit, _: Instant) -> Mover:
    """Where nobody knows more of it."""
    return Mover(unit.call_sign, unit.lat, unit.lon, unit.vehicle)


class Geography:
    """Carries out ``FindRoute`` (``Hands.learn``)."""

    def __init__(
        self, locator: Locator, travel: TravelTimes, workers: Executor, state: Callable[[], State], clock: Clock,
        where: Where = at_its_station,
    ) -> None:  # fmt: skip
        self._locator = locator
        self._travel = travel
        self._workers = workers
        self._state = state
        self._clock = clock
        self._where = where

    async def find_route(self, question: FindRoute) -> Command:
        return await asyncio.get_running_loop().run_in_executor(
            self._workers, answer_route, self._locator, self._travel, self._state(), question, self._clock.now(),
            self._where,
        )


def answer_route(
    locator: Locator, travel: TravelTimes, state: State, question: FindRoute, at: Instant, where: Where
) -> RouteFound:
    """The zones of the services and how long every unit of them needs; pure but for the geography's own tables."""
    closures = tuple(state.closures.values())
    place = AskedPlace(
        lat=question.lat, lon=question.lon, uncertainty_m=question.uncertainty_m, outline=question.outline
    )
    answers = dict(locator.route(place, question.services))
    reaches: dict[str, tuple[Reach, ...]] = {}
    for service in question.services:
        units = sorted((it for it in state.units.values() if it.service == service), key=lambda it: it.call_sign)
        movers = [where(it, at) for it in units]
        reaches[service] = tuple(travel.reaches(question.lat, question.lon, movers, at, closures))
    return RouteFound(
        incident=question.incident,
        location_version=question.location_version,
        answers=answers,
        reaches=reaches,
        asked=place,
        seen=state.seq,
    )
