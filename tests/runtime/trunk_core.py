"""A small real HTTPS server that answers what `dispatch trunk` asks, as a test says."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec

from dispatch_core.wire.trunk import JobShown
from scripts.stage.certificates import Certificate

PASSWORD = "for-this-test-only"
SETTINGS = """\
database = ""
redis = ""
redis_password_file = ""
site = "site.toml"
types = ""
stations = ""
units = ""
http_host = "127.0.0.1"
http_port = {port}
tls_certificate = "{certificate}"
tls_key = ""
redis_public_host = ""
redis_public_port = 1
nodes = []
"""

Answer = tuple[int, Any]


class TrunkCore:
    """``answers``: path to what is answered, or to what makes it of the body. ``asked``: (method, path, body, session)
    of all that came. ``jobs``: what a job says of itself, look after look; the last one stays."""

    def __init__(self, certificate: Certificate, home: Path) -> None:
        self.answers: dict[str, Any | Callable[[Any], Any]] = {}
        self.asked: list[tuple[str, str, Any, str]] = []
        self.jobs: list[JobShown] = []
        self.role = "telephony_admin"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body leave together

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name there)
                pass

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                session = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
                status, value = outer.answer(self.command, self.path, json.loads(body) if body else None, session)
                data = msgspec.json.encode(value)
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _serve  # the server's names

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate, certificate.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.settings = home / "dispatch.toml"
        self.port = self._server.server_address[1]
        self.settings.write_text(SETTINGS.format(port=self.port, certificate=certificate.certificate), "utf-8")
        self.password_file = home / "password"
        self.password_file.write_text(PASSWORD + "\n", "utf-8")
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def told(self, path: str) -> Any:
        """The newest body that came there."""
        return next(body for _, at, body, _ in reversed(self.asked) if at == path)

    def answer(self, method: str, path: str, body: Any, session: str) -> Answer:
        self.asked.append((method, path, body, session))
        if path == "/v1/sign-in/brief":
            if body["password"] != PASSWORD:
                return 401, {"code": "bad_sign_in", "vi": "Sai mật khẩu.", "en": "Wrong password."}
            return 200, {"session": "s", "user": body["user"], "name": "Hùng", "role": self.role, "idle_s": 900}
        if path in self.answers:
            found = self.answers[path]
            found = found(body) if callable(found) else found
            return found if isinstance(found, tuple) else (200, found)
        if path.startswith("/v1/trunk/jobs/") and method == "GET":
            return 200, self.jobs.pop(0) if len(self.jobs) > 1 else self.jobs[0]
        if path == "/v1/sign-out/brief" or path.endswith("/stop"):
            return 200, {}
        return 404, {"code": "unknown_path", "vi": f"Không có {path}.", "en": f"There is no {path}."}
