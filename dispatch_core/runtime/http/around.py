"""What a map asks beside its ways: the ward at a place (`GET /v1/here?lat=&lon=`), and how far it is by road along
points (`GET /v1/along?points=LAT,LON|LAT,LON`). Nothing is changed by asking."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TypeVar

from twisted.web.server import Request

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Person, State
from dispatch_core.domain.vocabulary import Closure, Instant, Measured, Role
from dispatch_core.ports import Clock, Locator, Point, Roads
from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, json_answer, number_in, signed_in, text_in
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.settings import ALONG_POINTS_MOST
from dispatch_core.wire.ways import AlongShown, HereShown

NO_PLACE = ("bad_location", "Toạ độ không hợp lệ.", "These are no coordinates.")
POINT_CHARACTERS = 64

T = TypeVar("T")


class AroundApi:
    def __init__(
        self, who: Callable[[str], Person | None], state: Callable[[], State], roads: Callable[[], Roads],
        locator: Locator, aside: Aside, clock: Clock,
    ) -> None:  # fmt: skip
        self._who, self._state, self._roads = who, state, roads
        self._locator, self._aside, self._clock = locator, aside, clock

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("GET", "/v1/here"): self._here, ("GET", "/v1/along"): self._along}

    async def _here(self, request: Request) -> Answer:
        self._may_ask(request)
        lat, lon = number_in(request, b"lat"), number_in(request, b"lon")
        if lat is None or lon is None:
            raise HttpRefusal(400, *NO_PLACE)
        found = await self._proven(self._locator.ward_at, lat, lon)
        return json_answer(HereShown(ward=found.name, former=found.former, approximate=found.approximate))

    async def _along(self, request: Request) -> Answer:
        self._may_ask(request)
        points = read_points(text_in(request, b"points"))
        closures = tuple(self._state().closures.values())
        found = await self._proven(along, self._roads(), points, self._clock.now(), closures)
        if found is None:
            raise HttpRefusal(409, "no_way", "Không có đường xe đi qua các điểm đó.", "No road leads along there.")
        return json_answer(found)

    async def _proven(self, work: Callable[..., T], *given: object) -> T:
        """Off the reactor; what is no place is the asker's mistake."""
        try:
            return await self._aside.run(work, *given)
        except DispatchError as problem:
            raise HttpRefusal(400, problem.code, problem.vi, problem.en) from None

    def _may_ask(self, request: Request) -> None:
        if signed_in(self._who, request).role not in (Role.DISPATCHER, Role.SUPERVISOR):
            raise HttpRefusal(
                403, "not_allowed", "Chỉ điều phối viên và trưởng ca được hỏi bản đồ.",
                "Only dispatchers and supervisors may ask the map.",
            )  # fmt: skip


def read_points(told: str) -> list[Point]:
    """Two or more, ``ALONG_POINTS_MOST`` at most. Raises HttpRefusal."""
    parts = told[: POINT_CHARACTERS * (ALONG_POINTS_MOST + 1)].split("|")
    try:
        points = [(float(lat), float(lon)) for lat, lon in (part.split(",") for part in parts)]
    except ValueError:
        raise HttpRefusal(400, *NO_PLACE) from None
    if not 2 <= len(points) <= ALONG_POINTS_MOST or not all(math.isfinite(it) for point in points for it in point):
        raise HttpRefusal(400, *NO_PLACE)
    return points


def along(roads: Roads, points: list[Point], at: Instant, closures: tuple[Closure, ...]) -> AlongShown | None:
    """As an ordinary car, from each point to the next; straight where one piece of it is only that. None where no road
    leads on."""
    metres = seconds = 0.0
    line: list[Point] = []
    measured = Measured.ROAD
    for start, end in pairwise(points):
        way = roads.route(start, end, "", at, closures)
        if way is None:
            return None
        metres += way.metres
        seconds += way.seconds
        line += way.line
        measured = way.measured if way.measured is Measured.STRAIGHT else measured
    return AlongShown(metres=metres, seconds=seconds, line=tuple(line), measured=measured)
