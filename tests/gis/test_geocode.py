"""The site's own geocoder over real HTTP on the loopback: answers, silence, nonsense, and no public service ever."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gis.addresses.gazetteer import Gazetteer
from gis.addresses.geocode import AT_ONCE, Geocoder, GeocodeService
from gis.errors import GeocodeError
from gis.locator import Locator
from tests.lateness import Lateness

NOMINATIM = [{"lat": "10.7626", "lon": "106.6822", "display_name": "227 Nguyễn Văn Cừ, Phường Chợ Quán"}]
FEATURES = {
    "features": [
        {
            "geometry": {"coordinates": [106.6822, 10.7626]},
            "properties": {"name": "227 Nguyễn Văn Cừ", "label": "227 Nguyễn Văn Cừ"},
        }
    ]
}


class Service:
    """A geocoder that answers what a test tells it, and keeps what it was asked."""

    def __init__(self) -> None:
        self.reply: Callable[[BaseHTTPRequestHandler], None] = lambda handler: answer(handler, NOMINATIM)
        self.asked: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                service.asked.append(self.path)
                service.reply(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def answer(handler: BaseHTTPRequestHandler, body: Any, status: int = 200) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json; charset=utf-8")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    yield running
    running.close()


@pytest.mark.parametrize(("kind", "body"), [("nominatim", NOMINATIM), ("photon", FEATURES), ("pelias", FEATURES)])
def test_each_kind_answers(service: Service, kind: str, body: Any) -> None:
    service.reply = lambda handler: answer(handler, body)
    found = Geocoder([GeocodeService(kind, service.url)]).suggest("227 Nguyễn Văn Cừ", (10.77, 106.69), 5)
    assert [(s.lat, s.lon, s.kind) for s in found] == [(10.7626, 106.6822, "geocoder")]
    assert found[0].label.startswith("227 Nguyễn Văn Cừ") and 0.0 < found[0].score < 80.0
    query = parse_qs(urlsplit(service.asked[0]).query)
    assert "227 Nguyễn Văn Cừ" in (query.get("q") or query.get("text") or [""])[0]


def test_what_lies_abroad_is_dropped(service: Service) -> None:
    service.reply = lambda handler: answer(handler, [{"lat": "48.85", "lon": "2.35", "display_name": "Paris"}])
    assert Geocoder([GeocodeService("nominatim", service.url)]).suggest("Paris", None, 5) == []


def test_silence_ends_at_the_time_limit_and_is_left_alone(service: Service) -> None:
    release = threading.Event()
    service.reply = lambda handler: release.wait(30.0) and None
    geocoder = Geocoder([GeocodeService("nominatim", service.url)], time_limit_s=0.2)
    start = time.monotonic()
    with Lateness() as machine:
        assert geocoder.suggest("chợ", None, 5) == []
    assert time.monotonic() - start < 1.0 + machine.lost
    assert geocoder.suggest("chợ", None, 5) == [] and len(service.asked) == 1
    release.set()


def test_a_dripping_service_cannot_hold_the_question(service: Service) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b" ")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    service.reply = drip
    start = time.monotonic()
    with Lateness() as machine:
        assert Geocoder([GeocodeService("photon", service.url)], time_limit_s=0.3).suggest("chợ", None, 5) == []
    assert time.monotonic() - start < 1.0 + machine.lost


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", b"[1, 2]", b'{"a": 1}', b"null", b'[{"lat": "x", "lon": "y", "display_name": "z"}]', b"\xff\xfe"],
)
@pytest.mark.parametrize("kind", ["nominatim", "photon", "pelias"])
def test_nonsense_is_no_answer(service: Service, kind: str, body: bytes) -> None:
    service.reply = lambda handler: answer(handler, body)
    assert Geocoder([GeocodeService(kind, service.url)]).suggest("chợ", None, 5) == []


def test_the_second_service_answers_where_the_first_fails(service: Service) -> None:
    dead = Service()
    dead.close()
    geocoder = Geocoder([GeocodeService("photon", dead.url), GeocodeService("nominatim", service.url)])
    assert len(geocoder.suggest("chợ", None, 5)) == 1


def test_only_so_many_questions_at_once(service: Service) -> None:
    release = threading.Event()
    service.reply = lambda handler: release.wait(30.0) and None
    geocoder = Geocoder([GeocodeService("nominatim", service.url)], time_limit_s=0.6)
    threads = [threading.Thread(target=geocoder.suggest, args=("chợ", None, 5)) for _ in range(AT_ONCE * 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    release.set()
    assert len(service.asked) <= AT_ONCE


@pytest.mark.parametrize(
    "url",
    ["https://nominatim.openstreetmap.org", "https://photon.komoot.io", "https://api.geocode.earth/v1", "http://OPENSTREETMAP.ORG:80"],
)
def test_public_services_are_refused(url: str) -> None:
    with pytest.raises(GeocodeError) as caught:
        Geocoder([GeocodeService("nominatim", url)])
    assert caught.value.code == "geocode.public"


@pytest.mark.parametrize(
    ("kind", "url"), [("google", "http://h"), ("photon", "h:80"), ("photon", "file:///etc/passwd"), ("pelias", "http://")]
)
def test_malformed_services_are_refused(kind: str, url: str) -> None:
    with pytest.raises(GeocodeError) as caught:
        Geocoder([GeocodeService(kind, url)])
    assert caught.value.code == "geocode.service"


def test_the_gazetteer_comes_first(service: Service) -> None:
    locator = Locator(geocoder=Geocoder([GeocodeService("nominatim", service.url)]))
    assert locator.suggest("chợ Bến Thành", None, 3)[0].label == "Chợ Bến Thành"
    assert service.asked == []
    found = locator.suggest("227 xyz", None, 3)
    assert [s.kind for s in found] == ["geocoder"] and len(service.asked) == 1


def test_no_service_without_configuration() -> None:
    assert Geocoder([]).suggest("chợ", None, 5) == []
    assert Locator(Gazetteer(()))._geocoder is None
