"""What a map asks: the ward at a place, and how far it is by road along points."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Person, State
from dispatch_core.domain.vocabulary import Closure, ClosureKind, Instant, Measured, Role
from dispatch_core.ports import Point, Route, WardThere
from dispatch_core.runtime.http.around import AroundApi
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.settings import ALONG_POINTS_MOST
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.runtime.http_stage import Scene, Server, on_server, refused
from tests.runtime.running import Run

CLOSED = Closure(id="D1", kind=ClosureKind.CLOSED, outline=((106.7, 10.7), (106.71, 10.7)))
STATE = State(closures={"D1": CLOSED})
PEOPLE = {role.value: Person(user=role.value, name="", role=role, session=role.value) for role in Role}


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run)


class Roads:
    """Each piece 1 km in 100 s; beyond 11 degrees there is no road, beyond 12 only the straight line."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        self.asked.append((start, end, tuple(closures)))
        if 11 < end[0] < 12:
            return None
        return Route(100.0, 1_000.0, (start, end), (), Measured.STRAIGHT if end[0] >= 12 else Measured.ROAD)


class Wards:
    def ward_at(self, lat: float, lon: float) -> WardThere:
        if lat > 90:
            raise DispatchError("bad_location", "không", "no")
        return WardThere("Phường Thạnh Mỹ Tây", ("Phường 22, Quận Bình Thạnh",), True)


class Clock:
    def now(self) -> int:
        return 5


def serve(server: Server) -> Roads:
    roads = Roads()
    server.serve(AroundApi(PEOPLE.get, lambda: STATE, lambda: roads, Wards(), Aside(server.workers), Clock()))  # type: ignore[arg-type]
    return roads


def test_the_ward_and_its_former_names(play: Scene) -> None:
    async def scene(server: Server) -> None:
        serve(server)
        got = await server.ask("GET", "/v1/here?lat=10.8&lon=106.7", session="dispatcher")
        assert got.status == 200
        assert got.json == {
            "ward": "Phường Thạnh Mỹ Tây", "former": ["Phường 22, Quận Bình Thạnh"], "approximate": True,
        }  # fmt: skip
        for query in ("lat=x&lon=106.7", "lat=10.8", "lat=99&lon=106.7"):
            assert refused(await server.ask("GET", f"/v1/here?{query}", session="dispatcher")) == (400, "bad_location")
        for session, code in (("", (401, "not_signed_in")), ("telephony_admin", (403, "not_allowed"))):
            assert refused(await server.ask("GET", "/v1/here?lat=10.8&lon=106.7", session=session)) == code

    play(scene)


def test_how_far_it_is_by_road_piece_by_piece(play: Scene) -> None:
    async def scene(server: Server) -> None:
        roads = serve(server)
        got = await server.ask("GET", "/v1/along?points=10.7,106.7|10.8,106.7|10.9,106.7", session="supervisor")
        assert (got.json["metres"], got.json["seconds"], got.json["measured"]) == (2_000.0, 200.0, "road")
        assert roads.asked[0] == ((10.7, 106.7), (10.8, 106.7), (CLOSED,)), "around what is closed"
        got = await server.ask("GET", "/v1/along?points=10.7,106.7|12.5,106.7|10.9,106.7", session="dispatcher")
        assert got.json["measured"] == "straight", "one piece is only the straight line, and that is said of all"
        no = await server.ask("GET", "/v1/along?points=10.7,106.7|11.5,106.7", session="dispatcher")
        assert refused(no) == (409, "no_way")

    play(scene)


def test_points_that_are_none(play: Scene) -> None:
    many = "|".join(["10.7,106.7"] * (ALONG_POINTS_MOST + 1))

    async def scene(server: Server) -> None:
        roads = serve(server)
        for told in ("", "10.7,106.7", "10.7|106.7", "a,b|c,d", "nan,106.7|10.7,106.7", many, "1,2,3|4,5,6"):
            got = await server.ask("GET", f"/v1/along?points={told}", session="dispatcher")
            assert refused(got) == (400, "bad_location"), told
        assert roads.asked == []
        assert refused(await server.ask("GET", "/v1/along?points=1,2|3,4")) == (401, "not_signed_in")

    play(scene)
