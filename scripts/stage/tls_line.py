"""A carrier over TLS, whose callers come over the connections that the centre opened, their sound enciphered by name
only: nothing of it is sent.

It shows its certificate and wants one, answers OPTIONS, and has one call at a time on each connection. Guarded here:
every wait ends.
"""

from __future__ import annotations

import base64
import contextlib
import re
import secrets
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from scripts.stage.certificates import Certificate
from scripts.stage.progress import StageError
from scripts.stage.soft_phone import Packet

PATIENCE_S = 30.0
SRTP_KEY_BYTES = 30


@dataclass
class TlsCall:
    """``status``: the newest answer to its INVITE."""

    line: TlsLine
    way: ssl.SSLSocket
    dial: str
    number: str
    call_id: str
    status: int = 0
    to: str = ""
    target: str = ""
    over: bool = False

    def wait(self, held: Callable[[TlsCall], bool], what: str) -> Self:
        self.line.wait(lambda: held(self), f"{self.number}: {what}; {self.status}")
        return self

    def hang_up(self) -> None:
        self.line.send(self, "BYE", 2)
        self.wait(lambda it: it.over, "no answer to BYE")


class TlsLine:
    """On `host`:`port`. ``ways``: the connections that are open now, by the centre's address and port."""

    def __init__(self, host: str, port: int, certificate: Certificate) -> None:
        self.host, self.port = host, port
        self.ways: dict[tuple[str, int], ssl.SSLSocket] = {}
        self.asked = 0
        self.calls: list[TlsCall] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.certificate, certificate.key)
        self._context.load_verify_locations(certificate.authority)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._listening = socket.create_server((host, port))
        self._changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in (self._listening, *self.ways.values()):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)  # wakes who waits on it, so that the address is free
            end.close()

    def wait(self, held: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
        with self._changed:
            if not self._changed.wait_for(held, seconds):
                raise StageError(f"line {self.host}:{self.port}, after {seconds:g} s: {what}")

    def call(self, way: tuple[str, int], dial: str, number: str) -> TlsCall:
        """A caller over one of the connections."""
        call = TlsCall(self, self.ways[way], dial, number, secrets.token_hex(8), to=f"<sip:{dial}@{way[0]}>")
        call.target = f"sip:{dial}@{way[0]}:{way[1]};transport=tls"
        key = base64.b64encode(secrets.token_bytes(SRTP_KEY_BYTES)).decode()
        self.calls.append(call)
        self.send(
            call, "INVITE", 1,
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\nm=audio 9 RTP/SAVP 8\r\n"
            f"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:{key}\r\n",
        )  # fmt: skip
        return call

    def send(self, call: TlsCall, method: str, number: int, body: str = "") -> None:
        branch = call.call_id + ("" if method == "INVITE" else method)
        kind = "Content-Type: application/sdp\r\n" if body else ""
        call.way.sendall(
            (
                f"{method} {call.target} SIP/2.0\r\nVia: SIP/2.0/TLS {self.host}:{self.port};branch=z9hG4bK{branch}\r\n"
                f"From: <sip:{call.number}@{self.host}>;tag=tls\r\nTo: {call.to}\r\nCall-ID: {call.call_id}\r\n"
                f"CSeq: {number} {method}\r\nMax-Forwards: 70\r\n"
                f"Contact: <sip:carrier@{self.host}:{self.port};transport=tls>\r\n{kind}"
                f"Content-Length: {len(body)}\r\n\r\n{body}"
            ).encode()
        )

    def _accept(self) -> None:
        while True:
            try:
                plain, peer = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain, peer), daemon=True).start()

    def _serve(self, plain: socket.socket, peer: tuple[str, int]) -> None:
        try:
            way = self._context.wrap_socket(plain, server_side=True)
        except OSError:
            return  # whoever shows no certificate, or does not like ours
        with way:
            self.ways[peer] = way
            waiting = b""
            while True:
                try:
                    got = way.recv(65_536)
                except OSError:
                    got = b""
                if not got:
                    self.ways.pop(peer, None)
                    return
                waiting = self._read(way, waiting + got)

    def _read(self, way: ssl.SSLSocket, data: bytes) -> bytes:
        while (end := data.find(b"\r\n\r\n")) >= 0:
            length = re.search(rb"\r\nContent-Length:\s*(\d+)", data[: end + 2], re.IGNORECASE)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(data) < whole:
                break
            packet = Packet.read(data[:whole])
            data = data[whole:].lstrip(b"\r\n")
            with self._changed:
                self._answered(packet) if packet.status else self._asked(way, packet)
                self._changed.notify_all()
        return data

    def _answered(self, packet: Packet) -> None:
        call = next((it for it in self.calls if it.call_id == packet.get("call-id")), None)
        if call is None or packet.status < 200:
            return
        if packet.method == "BYE":
            call.over = True
        elif packet.method == "INVITE":
            contact = re.search(r"<([^>]+)>", packet.get("contact"))
            call.status, call.to = packet.status, packet.get("to")
            call.target = contact[1] if contact and packet.status < 300 else call.target
            self.send(call, "ACK", 1)

    def _asked(self, way: ssl.SSLSocket, packet: Packet) -> None:
        if packet.method == "ACK":
            return
        self.asked += packet.method == "OPTIONS"
        for call in self.calls:
            call.over |= packet.method == "BYE" and call.call_id == packet.get("call-id")
        vias = "".join(f"Via: {via}\r\n" for via in packet.all("via"))
        way.sendall(
            (
                f"SIP/2.0 200 OK\r\n{vias}From: {packet.get('from')}\r\n"
                f"To: {packet.get('to')};tag={secrets.token_hex(4)}\r\nCall-ID: {packet.get('call-id')}\r\n"
                f"CSeq: {packet.get('cseq')}\r\nContent-Length: 0\r\n\r\n"
            ).encode()
        )
