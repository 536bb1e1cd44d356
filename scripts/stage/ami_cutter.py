"""Stands between a client and Asterisk's AMI port: counts what is asked, and cuts the line at a chosen message.

A cut comes exactly behind the chosen message, or in its middle; the client still gets every byte before it. What the
client says after that reaches nobody. Later connections pass, until the next cut is set.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable

from telephony.simulator.framing import END, Action, ActionReader

LOOPBACK = "127.0.0.1"
Asked = tuple[str, tuple[tuple[str, str], ...]]
"""An action's name and its headers but the ActionID, in order of name."""


class AmiCutter:
    """Listens on `port` of loopback for the switch at `ami`.

    `messages`: how many were passed to the client since `arm`; `cuts`: how often the line was cut; `asked`: every
    action that reached the switch, with its content, counted.
    """

    def __init__(self, ami: int) -> None:
        self._ami = ami
        self._server = socket.create_server((LOOPBACK, 0))
        self.port: int = self._server.getsockname()[1]
        self.messages = 0
        self.cuts = 0
        self.asked: Counter[Asked] = Counter()
        self.cut_at = ""  # what the message was at which it was cut
        self._at = 0  # cut behind this one, 0 = never
        self._middle = False
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True, name="ami-cutter").start()

    def arm(self, at: int, *, middle: bool = False) -> None:
        """Count from now, and cut once: behind message `at` (1, 2, …; 0 = never), or in its middle."""
        with self._lock:
            self.messages, self._at, self._middle = 0, at, middle

    def close(self) -> None:
        for one in [self._server, *self._open]:
            one.close()

    def count(self, *names: str) -> Counter[Asked]:
        """Of the actions with these names."""
        return Counter({what: times for what, times in self.asked.items() if what[0] in names})

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
                ami = socket.create_connection((LOOPBACK, self._ami))
            except OSError:
                return
            for one in (client, ami):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [client, ami]
            line = _Line(client, ami)
            threading.Thread(target=self._up, args=(line,), daemon=True).start()
            threading.Thread(target=self._down, args=(line,), daemon=True).start()

    def _up(self, line: _Line) -> None:
        """From the client to the switch."""
        reader = ActionReader()
        line.carry(line.client, line.ami, lambda data: self._note(line, reader.feed(data), data))

    def _note(self, line: _Line, actions: list[Action], data: bytes) -> bytes:
        with self._lock:
            if line.cut:
                return b""
            for action in actions:
                content = {name: value for name, value in action.headers.items() if name not in ("action", "actionid")}
                if action.variables:
                    content["variable"] = "\n".join(action.variables)
                self.asked[action.name, tuple(sorted(content.items()))] += 1
        return data

    def _down(self, line: _Line) -> None:
        """From the switch to the client, message by message."""
        rest = b""

        def passed(data: bytes) -> bytes:
            nonlocal rest
            *whole, rest = (rest + data).split(END)
            out = b""
            for raw in whole:
                with self._lock:
                    self.messages += 1
                    due = self._at and self.messages == self._at
                    if due:
                        line.cut, self._at = True, 0
                        self.cuts += 1
                        self.cut_at = raw.partition(b"\r\n")[0].decode("utf-8", "replace")
                if due and self._middle:
                    return out + raw[: len(raw) // 2]
                out += raw + END
                if due:
                    break
            return out

        line.carry(line.ami, line.client, passed)


class _Line:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, ami: socket.socket) -> None:
        self.client, self.ami = client, ami
        self.cut = False

    def carry(self, source: socket.socket, target: socket.socket, passed: Callable[[bytes], bytes]) -> None:
        """Until one side closes, or the line is cut: then the client has all that it was to get."""
        while True:
            try:
                data = source.recv(65536)
                out = passed(data) if data else b""
                if out:
                    target.sendall(out)
            except OSError:
                data = b""
            if not data or self.cut:
                break
        for one, how in ((self.client, socket.SHUT_WR), (self.ami, socket.SHUT_RDWR)):
            try:
                one.shutdown(how)
            except OSError:
                continue
