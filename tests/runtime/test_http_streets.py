"""The streets' tiles by HTTPS: a part at a time, for who is signed in, of the version in force, and no other file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from dispatch_core.domain.state import Incident, Person, State, Unit
from dispatch_core.domain.vocabulary import Closure, Instant, Location, LocationSource, Measured, Role, UnitStatus
from dispatch_core.main.street_tiles import StreetTiles
from dispatch_core.ports import MapFile, Mover, Point, Reachable, Route, Step
from dispatch_core.runtime.geography import Where, at_its_station
from dispatch_core.runtime.http import ApiResource
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.runtime.http.streets import StreetsApi
from dispatch_core.runtime.http.ways import WaysApi
from dispatch_core.settings import MAP_PART_BYTES
from gis.map_import.versions import FileSum, Manifest, MapVersion
from gis.tiles.build import ARCHIVE
from scripts.stage.certificates import Certificate
from tests.conftest import RedisAccess
from tests.runtime.http_stage import Scene, Server, on_server, refused
from tests.runtime.running import Run

DATA = bytes(range(256)) * 8_192  # 2 MB
SUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def play(redis_server: RedisAccess, certificate: Certificate, run: Run) -> Scene:
    return on_server(redis_server, certificate, run)


@pytest.fixture
def tiles(tmp_path: Path) -> MapFile:
    (tmp_path / "secret.txt").write_text("not for consoles")
    file = tmp_path / "streets.pmtiles"
    file.write_bytes(DATA)
    return MapFile(7, file, len(DATA), SUM)


def use(server: Server, file: MapFile | None) -> None:
    server.serve(StreetsApi(server.desk.who, lambda: file, server.workers))


def test_a_part_comes_with_the_whole_files_sum(play: Scene, tiles: MapFile) -> None:
    async def scene(server: Server) -> None:
        use(server, tiles)
        session = await server.session()
        part = await server.ask("GET", "/v1/map/7/streets", session=session, Range="bytes=1000-1999")
        assert part.status == 206 and part.body == DATA[1000:2000]
        assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(DATA)}"
        assert part.headers["ETag"] == f'"{SUM}"' and part.headers["Content-Type"] == "application/vnd.pmtiles"
        for asked in ({}, {"Range": "bytes=0-"}, {"Range": "bytes=nonsense"}):
            most = await server.ask("GET", "/v1/map/7/streets", session=session, **asked)
            assert most.status == 206 and most.body == DATA[:MAP_PART_BYTES]
        last = await server.ask("GET", "/v1/map/7/streets", session=session, Range=f"bytes={len(DATA) - 5}-")
        assert last.body == DATA[-5:]

    play(scene)


def test_nobody_gets_any_without_signing_in(play: Scene, tiles: MapFile) -> None:
    async def scene(server: Server) -> None:
        use(server, tiles)
        assert refused(await server.ask("GET", "/v1/map/7/streets")) == (401, "not_signed_in")
        assert refused(await server.ask("GET", "/v1/map/7/streets", session="x" * 40)) == (401, "not_signed_in")

    play(scene)


def test_no_other_file_can_be_named(play: Scene, tiles: MapFile) -> None:
    async def scene(server: Server) -> None:
        use(server, tiles)
        session = await server.session()
        for path in (
            "/v1/map/8/streets", "/v1/map/7/secret.txt", "/v1/map/7/../secret.txt", "/v1/map/../7/streets",
            "/v1/map/%2e%2e/streets", "/v1/map/7%2fstreets", "/v1/map/", "/v1/map/-7/streets", "/v1/map/7/streets/",
            "/v1/map/7/streets%00", "/v1/map/99999999999999999999/streets", "/v1/map/%D9%A7/streets",
        ):  # fmt: skip
            got = await server.ask("GET", path, session=session)
            assert got.status in (400, 404) and b"not for consoles" not in got.body, path

    play(scene)


def test_beyond_the_end_without_a_map_and_with_a_file_that_is_gone(play: Scene, tiles: MapFile) -> None:
    async def scene(server: Server) -> None:
        use(server, tiles)
        session = await server.session()
        beyond = await server.ask("GET", "/v1/map/7/streets", session=session, Range=f"bytes={len(DATA)}-")
        assert refused(beyond) == (416, "nothing_there")
        tiles.path.unlink()
        assert refused(await server.ask("GET", "/v1/map/7/streets", session=session)) == (503, "map_unreadable")

    play(scene)

    async def none(server: Server) -> None:
        use(server, None)
        assert refused(await server.ask("GET", "/v1/map/7/streets", session=await server.session()))[0] == 404

    play(none)


def test_the_tiles_of_the_version_in_force_are_served(tmp_path: Path) -> None:
    shelf = StreetTiles()
    assert shelf.now() is None
    (tmp_path / ARCHIVE).write_bytes(b"tiles")
    files = {ARCHIVE: FileSum(5, "a" * 64)}
    manifest = Manifest(
        version=3, name="n", source="s", sha256="", dated=0, made_at=0, bounds=(0, 0, 0, 0), files=files
    )
    take = shelf.open(MapVersion(tmp_path, manifest))
    assert shelf.now() is None, "the version is not in force yet"
    take()
    assert shelf.now() == MapFile(3, tmp_path / ARCHIVE, 5, "a" * 64)
    shelf.open(MapVersion(tmp_path, Manifest(
        version=4, name="n", source="s", sha256="", dated=0, made_at=0, bounds=(0, 0, 0, 0)
    )))()  # fmt: skip
    assert shelf.now() is None, "a map without tiles has none to serve"


# --- ways -------------------------------------------------------------------------------------------------------------


class Roads:
    """What was asked; one way and one square as the answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.none = False

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        self.asked.append((start, end, vehicle, tuple(closures)))
        step = Step("left", "Lê Lợi", 300.0, end, "rẽ trái vào Lê Lợi", "left into Lê Lợi")
        return None if self.none else Route(61.0, 300.0, (start, end), (step,), Measured.ROAD, 12.0)

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        self.asked.append((tuple(places), seconds, vehicle))
        return Reachable(((((106.0, 10.0), (106.1, 10.0), (106.1, 10.1), (106.0, 10.0)),),), Measured.ROAD)


def unit(sign: str, status: UnitStatus = UnitStatus.AVAILABLE, vehicle: str = "ambulance") -> Unit:
    return Unit(call_sign=sign, service="ambulance", station="S", lat=10.7, lon=106.7, status=status, vehicle=vehicle)


PLACE = Location(label="chợ", source=LocationSource.GAZETTEER, lat=10.77, lon=106.69)
STATE = State(
    units={"A1": unit("A1"), "A2": unit("A2", UnitStatus.EN_ROUTE), "A3": unit("A3", vehicle="motorbike")},
    incidents={"i1": Incident(id="i1", location=PLACE), "i2": Incident(id="i2")},
)
PEOPLE = {
    role.value: Person(user=role.value, name="", role=role, session=role.value) for role in Role
}  # fmt: skip


def ways(server: Server, roads: Roads, where: Where = at_its_station) -> None:
    class Clock:
        def now(self) -> int:
            return 5

    server.serve(WaysApi(PEOPLE.get, lambda: STATE, lambda: roads, Aside(server.workers), Clock(), where))  # type: ignore[arg-type]


def test_the_way_of_a_unit_to_an_incident(play: Scene) -> None:
    async def scene(server: Server) -> None:
        roads = Roads()
        ways(server, roads)
        got = await server.ask("GET", "/v1/route?unit=A1&incident=i1", session="dispatcher")
        assert got.status == 200 and got.json["measured"] == "road" and got.json["walk_m"] == 12.0
        assert got.json["line"] == [[10.7, 106.7], [10.77, 106.69]] and got.json["steps"][0]["vi"].startswith("rẽ trái")
        assert roads.asked == [((10.7, 106.7), (10.77, 106.69), "ambulance", ())]
        for query, code in (
            ("unit=A9&incident=i1", (404, "unknown_unit")),
            ("unit=A1&incident=i2", (409, "no_place")),
            ("unit=A1&incident=zz", (409, "no_place")),
            ("", (404, "unknown_unit")),
        ):
            assert refused(await server.ask("GET", f"/v1/route?{query}", session="supervisor")) == code
        roads.none = True
        told = await server.ask("GET", "/v1/route?unit=A1&incident=i1", session="dispatcher")
        assert refused(told) == (409, "no_way")
        assert refused(await server.ask("GET", "/v1/route?unit=A1&incident=i1")) == (401, "not_signed_in")
        told = await server.ask("GET", "/v1/route?unit=A1&incident=i1", session="telephony_admin")
        assert refused(told) == (403, "not_allowed")

    play(scene)


def test_what_is_reached_in_some_minutes(play: Scene) -> None:
    async def scene(server: Server) -> None:
        roads = Roads()
        ways(server, roads)
        got = await server.ask("GET", "/v1/reachable?unit=A1&minutes=5", session="dispatcher")
        assert got.status == 200 and got.json["seconds"] == 300.0 and got.json["units"] == 1
        got = await server.ask("GET", "/v1/reachable?service=ambulance&minutes=9999", session="dispatcher")
        assert got.json["units"] == 2 and got.json["of"] == "ambulance"
        assert roads.asked[0] == (((10.7, 106.7),), 300.0, "ambulance")
        assert roads.asked[1][1:] == (3_600.0, ""), "of several vehicles: as an ordinary car"
        none = await server.ask("GET", "/v1/reachable?service=police&minutes=nan", session="dispatcher")
        assert refused(none) == (409, "no_units")

    play(scene)


def test_a_unit_goes_from_where_it_last_reported(play: Scene) -> None:
    def where(unit: Unit, now: Instant) -> Mover:
        assert now == 5
        return Mover(unit.call_sign, 10.8, 106.6, unit.vehicle, 1_000)

    async def scene(server: Server) -> None:
        roads = Roads()
        ways(server, roads, where)
        await server.ask("GET", "/v1/route?unit=A1&incident=i1", session="dispatcher")
        await server.ask("GET", "/v1/reachable?unit=A3", session="dispatcher")
        assert roads.asked[0][0] == (10.8, 106.6) and roads.asked[1][0] == ((10.8, 106.6),)

    play(scene)


def test_two_subjects_never_answer_for_one_path(tiles: MapFile) -> None:
    one = StreetsApi(PEOPLE.get, lambda: tiles, None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="two handlers"):
        ApiResource(one, one)
