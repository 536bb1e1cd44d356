"""Stands between a client and PostgreSQL's unix socket, and cuts the line exactly where a test says.

A COMMIT whose outcome the client cannot know has three forms: it never arrived, it was done and only the answer was
lost, or it is still on its way while the client already asks what became of it.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
import time
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

COMMIT = b"COMMIT\0"


class Cut(Enum):
    LOST = "lost"  # the COMMIT is swallowed
    DONE = "done"  # the COMMIT is done, its answer swallowed
    LATE = "late"  # the client is cut off at once, the COMMIT reaches the server ``late_by`` seconds later


class CuttingProxy:
    """Listens in ``directory`` for the database of ``dsn``. ``cut_next`` takes effect once, at the next COMMIT."""

    def __init__(self, dsn: str, directory: Path) -> None:
        parts = urlsplit(dsn)
        options = parse_qs(parts.query)
        self._upstream = f"{options['host'][0]}/.s.PGSQL.{options['port'][0]}"
        self._path = str(directory / ".s.PGSQL.5432")
        self.dsn = f"postgresql://{parts.username}@{parts.path}?host={directory}&port=5432"
        self.cut_next: Cut | None = None
        self.late_by = 0.8
        self._lines: set[_Line] = set()
        self._listener: socket.socket | None = None
        self.up()

    def up(self) -> None:
        """Take connections (again)."""
        if self._listener is None:
            Path(self._path).unlink(missing_ok=True)
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(self._path)
            self._listener.listen()
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def down(self) -> None:
        """Cut every line and take no new ones."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
            Path(self._path).unlink(missing_ok=True)
        for line in list(self._lines):
            line.cut()

    def freeze(self) -> None:
        """Stop passing anything on, without a word: a silent partition."""
        for line in list(self._lines):
            line.frozen = True

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self._upstream)
            except OSError:
                client.close()
                continue
            line = _Line(self, client, server)
            self._lines.add(line)
            threading.Thread(target=line.serve, daemon=True).start()

    def forget(self, line: _Line) -> None:
        self._lines.discard(line)


class _Line:
    def __init__(self, proxy: CuttingProxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy, self._client, self._server = proxy, client, server
        self._begun = False  # the first message of a connection has no type byte
        self._rest = b""
        self._swallow_answer = False
        self.frozen = False

    def serve(self) -> None:
        with contextlib.suppress(OSError), selectors.DefaultSelector() as ready:
            ready.register(self._client, selectors.EVENT_READ)
            ready.register(self._server, selectors.EVENT_READ)
            while all(self._pass_on(key.fileobj) for key, _ in ready.select()):
                while self.frozen:
                    time.sleep(0.02)
        self.cut()
        self._proxy.forget(self)

    def cut(self) -> None:
        self.frozen = False
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _pass_on(self, source: object) -> bool:
        if source is self._server:
            data = self._server.recv(65536)
            if not data or self._swallow_answer:
                return False
            self._client.sendall(data)
            return True
        data = self._client.recv(65536)
        if not data:
            return False
        cut = self._proxy.cut_next if self._has_commit(data) else None
        if cut is None:
            self._server.sendall(data)
            return True
        self._proxy.cut_next = None
        if cut is Cut.LOST:
            return False
        if cut is Cut.LATE:
            self._client.shutdown(socket.SHUT_RDWR)
            time.sleep(self._proxy.late_by)
        self._swallow_answer = True
        self._server.sendall(data)
        return True

    def _has_commit(self, data: bytes) -> bool:
        """Whether a simple query in ``data`` is COMMIT. Follows the frames, so text in a value is no match."""
        self._rest += data
        found = False
        while True:
            head = 0 if not self._begun else 1
            if len(self._rest) < head + 4:
                return found
            length = head + struct.unpack("!I", self._rest[head : head + 4])[0]
            if len(self._rest) < length:
                return found
            message, self._rest = self._rest[:length], self._rest[length:]
            found = found or (self._begun and message[:1] == b"Q" and message[5:] == COMMIT)
            self._begun = True
