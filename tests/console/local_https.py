"""The core's HTTPS side for the console's own tests: sign-in, suggestions, zones, over real TLS."""

from __future__ import annotations

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from dispatch_core.domain.views import VIEW_OF_ROLE
from dispatch_core.wire.envelopes import RedisAccess, SignedIn, SignInAsked
from scripts.stage.certificates import Certificate
from tests.console.local_desk import SUGGESTIONS
from tests.console.scenario import Night

PASSWORD = "for-this-test-only"

ZONES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": "1", "name": "Phường Bến Thành", "station": "", "approximate": True},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[106.6, 10.7], [106.8, 10.7], [106.8, 10.9], [106.6, 10.9], [106.6, 10.7]]],
                },
            }
        ],
    }
).encode()


class LocalHttps:
    """Serves until ``stop``. ``answers`` maps a path to what is answered instead of the usual: (status, bytes)."""

    def __init__(self, night: Night, certificate: Certificate, redis_port: int) -> None:
        self.night, self.redis_port = night, redis_port
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.seen: list[tuple[str, str, str]] = []
        self.wire = 1
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name there)
                pass

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                outer.seen.append((self.command, self.path, self.headers.get("Authorization", "")))
                status, data, tag = outer.answer(self.command, self.path, body, self.headers.get("If-None-Match", ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                if tag:
                    self.send_header("ETag", tag)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _serve  # the server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, method: str, path: str, body: bytes, tag: str) -> tuple[int, bytes, str]:
        parts = urlsplit(path)
        if parts.path in self.answers:
            return (*self.answers[parts.path], "")
        if parts.path == "/v1/sign-in":
            return (*self._sign_in(msgspec.json.decode(body, type=SignInAsked)), "")
        if parts.path == "/v1/suggest":
            asked = parse_qs(parts.query)["q"][0]
            found = [it for it in SUGGESTIONS if asked.casefold() in it.label.casefold()]
            return 200, msgspec.json.encode(found), ""
        if parts.path.startswith("/v1/zones/"):
            return (304, b"", "1") if tag == '"1"' else (200, ZONES, '"1"')
        return 200, b"{}", ""

    def _sign_in(self, asked: SignInAsked) -> tuple[int, bytes]:
        person = self.night.state.people.get(asked.user)
        if person is None or asked.password != PASSWORD:
            no = {"code": "bad_sign_in", "vi": "Tên đăng nhập hoặc mật khẩu không đúng.", "en": "Wrong."}
            return 401, msgspec.json.encode(no)
        view = VIEW_OF_ROLE[person.role].value
        redis = RedisAccess(host="127.0.0.1", port=self.redis_port, user=asked.user, password=PASSWORD, tls=True)
        signed_in = SignedIn(
            wire=self.wire, session="s", user=person.user, name=person.name, role=person.role, view=view, redis=redis
        )
        return 200, msgspec.json.encode(signed_in)
