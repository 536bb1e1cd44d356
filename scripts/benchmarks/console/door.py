"""The core's HTTPS side for the measured console: sign-in (argon2, as in the product), zones, the streets of a map."""

from __future__ import annotations

import hashlib
import json
import math
import ssl
import threading
from collections.abc import Callable
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from dispatch_core.wire.envelopes import SignedIn, SignInAsked
from scripts.benchmarks.console.night import CENTRE, SPREAD
from scripts.stage.certificates import Certificate

ZONES_A_SIDE = 13  # 169 zones
VERTICES_A_SIDE = 100  # of each zone's outline: about what the real wards have


def zones() -> bytes:
    """A net of zones as fine as the real ones, as GeoJSON."""
    step = 2 * SPREAD / ZONES_A_SIDE
    south, west = CENTRE[0] - SPREAD, CENTRE[1] - SPREAD

    def at(row: float, column: float) -> list[float]:
        wave = 0.05 * math.sin(7 * row) * math.sin(5 * column)
        return [west + (column + wave) * step, south + (row + wave) * step]

    parts = [n / VERTICES_A_SIDE for n in range(VERTICES_A_SIDE)]
    features = []
    for r in range(ZONES_A_SIDE):
        for col in range(ZONES_A_SIDE):
            ring = [at(r, col + t) for t in parts] + [at(r + t, col + 1) for t in parts]
            ring += [at(r + 1, col + 1 - t) for t in parts] + [at(r + 1 - t, col) for t in parts] + [at(r, col)]
            about = {"code": f"{r}-{col}", "name": f"Phường {r * ZONES_A_SIDE + col}", "station": ""}
            shape = {"type": "Polygon", "coordinates": [ring]}
            features.append({"type": "Feature", "properties": about, "geometry": shape})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


class Door:
    """``admit`` gives what a person who signed in is told; it is called in a thread of this door."""

    def __init__(
        self, port: int, certificate: Certificate, password: str, admit: Callable[[str], SignedIn], streets: Path
    ) -> None:
        self._hash = PasswordHasher().hash(password)
        self._admit, self._streets = admit, streets
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name there)
                pass

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, data, more = outer.answer(urlsplit(self.path).path, body, self.headers.get("Range", ""))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(data)), **more}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _serve  # the server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @cached_property
    def _zones(self) -> bytes:
        return zones()

    @cached_property
    def _archive(self) -> tuple[bytes, str]:
        data = self._streets.read_bytes()
        return data, hashlib.sha256(data).hexdigest()

    def answer(self, path: str, body: bytes, part: str) -> tuple[int, bytes, dict[str, str]]:
        if path == "/v1/sign-in":
            asked = msgspec.json.decode(body, type=SignInAsked)
            try:
                PasswordHasher().verify(self._hash, asked.password)
            except VerificationError:
                return 401, b'{"code":"bad_sign_in","vi":"Sai.","en":"Wrong."}', {}
            return 200, msgspec.json.encode(self._admit(asked.user)), {}
        if path.startswith("/v1/zones/"):
            return 200, self._zones, {"ETag": '"1"'}
        if path.endswith("/streets"):
            data, total = self._archive
            first, _, last = part.removeprefix("bytes=").partition("-")
            piece = data[int(first) : int(last) + 1]
            return 206, piece, {"ETag": f'"{total}"', "Content-Range": f"bytes {first}-{last}/{len(data)}"}
        if path == "/v1/sign-out":
            return 200, b"{}", {}
        return 404, b'{"code":"none","vi":"Kh\xc3\xb4ng c\xc3\xb3.","en":"There is none."}', {}
