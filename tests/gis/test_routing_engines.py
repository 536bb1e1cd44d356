"""Whatever a site's routing engine does, the question is answered in time: by it, or by our own roads."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dispatch_core.domain.vocabulary import Closure, ClosureKind, Instant, Measured, Reach
from dispatch_core.ports import Mover, Point, Reachable, Route
from gis.errors import EngineError
from gis.travel.engines import asking
from gis.travel.engines.asking import Asking, Unanswered
from gis.travel.engines.first import EngineAddress, EngineFirst, engine
from gis.travel.straight import StraightLine
from gis.travel.turns import TURNS, said

HERE = (10.7757, 106.7004)
MOVERS = (Mover("A1", 10.78, 106.69, "ambulance"), Mover("F1", 10.79, 106.7, "fire_engine", age_ms=4_000))
CLOSED = Closure(id="k1", kind=ClosureKind.CLOSED, outline=((106.69, 10.77), (106.7, 10.78)))

Play = Callable[[BaseHTTPRequestHandler, bytes], None]


class Own:
    """Our own roads, as far as these tests need them."""

    def reaches(
        self, lat: float, lon: float, movers: Sequence[Mover], at: Instant, closures: Sequence[Closure] = ()
    ) -> Sequence[Reach]:
        return StraightLine().reaches(lat, lon, movers, at)

    def route(
        self, start: Point, end: Point, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Route | None:
        return Route(seconds=1.0, metres=2.0, line=(start, end))

    def reachable(
        self, places: Sequence[Point], seconds: float, vehicle: str, at: Instant, closures: Sequence[Closure] = ()
    ) -> Reachable:
        return Reachable(polygons=())


class Server:
    """On loopback; ``play`` answers each question, and ``asked`` are the questions."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []
        self.play: Play = lambda handler, body: _send(handler, 200, b"{}")
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.asked.append((self.path, json.loads(body) if body else None))
                outer.play(self, body)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    it = Server()
    yield it
    it.close()


def first(server: Server, kind: str = "valhalla", limit: float = 0.2) -> EngineFirst:
    return EngineFirst(engine(EngineAddress(kind, server.url), limit), Own(), Own())


def drips(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _number in range(100):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def hangs_up(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.connection.close()


def telling(answer: object, status: int = 200) -> Play:
    return lambda handler, body: _send(handler, status, json.dumps(answer).encode())


TROUBLES: dict[str, Play] = {
    "drips": drips,
    "hangs up": hangs_up,
    "500": telling({"error": "planted"}, 500),
    "no way": telling({"error_code": 442, "error": "No path could be found"}, 400),
    "not JSON": lambda handler, body: _send(handler, 200, b"<html>"),
    "another shape": telling({"sources_to_targets": [[{"time": "soon"}]], "trip": 3, "features": "x", "code": "Ok"}),
    "a list": telling([1, 2]),
    "too few rows": telling({"sources_to_targets": [], "durations": [], "distances": [], "code": "Ok"}),
    "no way for anybody": telling({
        "sources_to_targets": [[{"time": None, "distance": None}]], "durations": [[None], [None]],
        "distances": [[None], [None]], "code": "Ok", "routes": [], "features": [],
    }),
    "before it began": telling({
        "sources_to_targets": [[{"time": -5, "distance": 1}]], "durations": [[-5], [9]], "distances": [[900], [900]],
        "code": "Ok", "routes": [{"duration": -1, "distance": 2, "geometry": {"coordinates": [[106.7004, 10.7757]]},
                                  "legs": []}],
        "features": [{"geometry": {"type": "Circle", "coordinates": [1, 2]}}],
    }),
    "latitude first": telling({
        "code": "Ok", "durations": [["x"], [9]], "distances": [[None], [1]],
        "routes": [{"duration": 1, "distance": 2, "legs": [], "geometry": {"coordinates": [[10.7757, 106.7004]] * 2}}],
    }),
    "arrays without end": lambda handler, body: _send(handler, 200, b"[" * 200_000),
    "NaN": lambda handler, body: _send(handler, 200, b'{"code": "Ok", "durations": [[NaN]]}'),
}


@pytest.mark.parametrize("kind", ["valhalla", "osrm"])
@pytest.mark.parametrize("trouble", TROUBLES)
def test_whatever_goes_wrong_our_own_roads_answer(server: Server, trouble: str, kind: str) -> None:
    server.play = TROUBLES[trouble]
    both = first(server, kind)
    begun = time.monotonic()
    assert both.reaches(*HERE, MOVERS, 0) == StraightLine().reaches(*HERE, MOVERS, 0)
    assert both.route(HERE, (10.78, 106.69), "", 0) == Route(seconds=1.0, metres=2.0, line=(HERE, (10.78, 106.69)))
    assert both.reachable([HERE], 300.0, "", 0) == Reachable(polygons=())
    assert time.monotonic() - begun < 5.0
    assert server.asked


def test_one_that_failed_is_left_alone_and_asked_again_later(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.play = TROUBLES["500"]
    asked = Asking(server.url, 0.5)
    for _ in range(3):
        with pytest.raises(Unanswered):
            asked.ask("/status")
    assert len(server.asked) == 1
    monkeypatch.setattr(asking, "LEFT_ALONE_S", 0.0)
    again = Asking(server.url, 0.5)
    with pytest.raises(Unanswered):
        again.ask("/status")
    server.play = telling({"version": "3"})
    assert again.ask("/status") == {"version": "3"}


def test_one_that_says_that_there_is_no_way_is_not_in_trouble(server: Server) -> None:
    server.play = TROUBLES["no way"]
    asked = Asking(server.url, 0.5)
    for _ in range(2):
        with pytest.raises(Unanswered, match="No path"):
            asked.ask("/route", {})
    assert len(server.asked) == 2


def test_an_engine_that_knows_another_city(server: Server) -> None:
    """It begins and ends at its own nearest road: everybody is there at once."""
    far = (Mover("A1", 10.90, 106.69, "ambulance"), Mover("A2", 10.78, 106.70, "ambulance"))
    server.play = telling({"code": "Ok", "durations": [[0.0], [0.0]], "distances": [[0.0], [0.0]]})
    assert first(server, "osrm").reaches(*HERE, far, 0) == StraightLine().reaches(*HERE, far, 0)


def test_the_limit_holds_for_an_answer_of_many_questions(server: Server) -> None:
    def slowly(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        time.sleep(0.35)
        count = len(json.loads(body)["sources"]) if b"sources" in body else 0
        told = {"sources_to_targets": [[{"time": 9, "distance": 9}]] * count, "features": []}
        _send(handler, 200, json.dumps(told).encode())

    server.play = slowly
    both = first(server, limit=0.5)
    many = [Mover(f"A{n}", 10.78, 106.69, "ambulance") for n in range(200)]
    for ask in (lambda: both.reaches(*HERE, many, 0), lambda: both.reachable([HERE] * 8, 300.0, "", 0)):
        begun = time.monotonic()
        ask()
        assert time.monotonic() - begun < 0.9
    assert len(both.reaches(*HERE, many, 0)) == 200, "what it had left was not a limit of one question"
    assert len(both.reaches(*HERE, many[:1], 0)) == 1 and len(server.asked) >= 5


def test_an_answer_without_end_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MAX_ANSWER_BYTES", 100)
    server.play = telling(["x" * 200])
    with pytest.raises(Unanswered, match="more than 100"):
        Asking(server.url).ask("/status")


def test_what_valhalla_is_asked_and_how_it_is_read(server: Server) -> None:
    server.play = telling({"sources_to_targets": [[{"time": 93, "distance": 1.25}]]})
    one = first(server).reaches(*HERE, MOVERS[1:], 0, [CLOSED])
    fire = Reach(unit="F1", seconds=93, metres=1250, measured=Measured.ROAD, age_ms=4_000)
    assert list(one) == [fire]
    path, question = server.asked[0]
    assert path == "/sources_to_targets" and question["costing"] == "truck"
    assert question["sources"] == [{"lat": 10.79, "lon": 106.7}]
    (ring,) = question["exclude_polygons"]
    assert all(106.689 < lon < 106.701 and 10.769 < lat < 10.781 for lon, lat in ring)
    server.play = telling({"sources_to_targets": [[{"time": None, "distance": None}]]})
    own = StraightLine().reaches(*HERE, MOVERS[1:], 0)
    assert list(first(server).reaches(*HERE, MOVERS[1:], 0)) == list(own), "no way known to it: never left out"
    others_only = Closure(id="k2", kind=ClosureKind.FLOODED, outline=CLOSED.outline, vehicles=("motorbike",))
    first(server).reaches(*HERE, MOVERS[1:], 0, [others_only])
    assert "exclude_polygons" not in server.asked[-1][1]


def test_osrm_is_not_asked_while_a_street_is_closed(server: Server) -> None:
    server.play = telling({"code": "Ok", "durations": [[10.0], [9.0]], "distances": [[100.0], [90.0]]})
    both = first(server, "osrm")
    assert [it.unit for it in both.reaches(*HERE, MOVERS, 0)] == ["F1", "A1"]
    assert server.asked[0][0].startswith("/table/v1/driving/106.700400,10.775700;106.690000,10.780000;")
    assert both.reaches(*HERE, MOVERS, 0, [CLOSED])[0].measured is Measured.STRAIGHT
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("kind", "url", "says"),
    [
        ("google", "http://10.0.0.5:1", "valhalla, osrm"),
        ("osrm", "10.0.0.5:5000", "http(s)://"),
        ("osrm", "ftp://10.0.0.5", "http(s)://"),
        ("valhalla", "http://", "http(s)://"),
        ("valhalla", "https://valhalla1.openstreetmap.de", "of your own"),
        ("osrm", "http://router.project-osrm.org", "of your own"),
    ],
)
def test_what_may_be_configured(kind: str, url: str, says: str) -> None:
    with pytest.raises(EngineError) as told:
        engine(EngineAddress(kind, url))
    assert says in told.value.en and told.value.vi


def test_every_turn_is_said_in_both_languages() -> None:
    for turn in TURNS:
        for street in ("", "Xô Viết Nghệ Tĩnh"):
            vi, en = said(turn, street)
            assert street in vi and street in en and vi != en and "{" not in vi + en
    assert said("left", "Lê Lợi") == ("Rẽ trái vào Lê Lợi", "Turn left into Lê Lợi")
    assert said("somersault") == said("straight")
