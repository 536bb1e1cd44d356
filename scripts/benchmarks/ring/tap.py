"""A tap on the wire between the core and Asterisk: passes every byte on at once and notes when an arrival went by.

The moment is taken when the bytes come out of Asterisk's socket, before they are passed on: what the tap itself costs
is on our side of the ratio.
"""

from __future__ import annotations

import re
import socket
import threading
import time

from telephony.dialplan_contexts import CALL_UUID
from telephony.dialplan_events import ARRIVED

CALL = re.compile(rb"ChanVariable: " + CALL_UUID.encode() + rb"=([^\r\n]+)")


class AmiTap:
    """Listens on ``port`` of loopback and connects each client to ``ami``; ``seen`` is call id to monotonic second."""

    def __init__(self, port: int, ami: int) -> None:
        self._ami = ami
        self._server = socket.create_server(("127.0.0.1", port))
        self._open: list[socket.socket] = [self._server]
        self.seen: dict[str, float] = {}
        threading.Thread(target=self._accept, daemon=True, name="ami-tap").start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
                ami = socket.create_connection(("127.0.0.1", self._ami))
            except OSError:
                return
            for one in (client, ami):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [client, ami]
            threading.Thread(target=self._pass, args=(client, ami, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(ami, client, True), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, watch: bool) -> None:
        kept = b""
        while True:
            try:
                data = source.recv(65536)
                at = time.monotonic()
                if data:
                    target.sendall(data)
            except OSError:
                data = b""
            if not data:
                target.close()
                return
            if watch:
                kept = self._note(kept + data, at)

    def _note(self, data: bytes, at: float) -> bytes:
        *whole, rest = data.split(b"\r\n\r\n")
        for message in whole:
            if b"UserEvent: " + ARRIVED.name.encode() in message and (found := CALL.search(message)):
                self.seen.setdefault(found.group(1).decode("ascii", "replace"), at)
        return rest

    def close(self) -> None:
        for one in self._open:
            one.close()
