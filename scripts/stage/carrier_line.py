"""A carrier on one port of 127.0.0.1, with any number of callers who are really heard and who hunt: refused or not
answered at one node, a caller goes on to the next, as a carrier's own exchange does.

It answers OPTIONS, REGISTER and our calls to it as it is told to, or not at all. Guarded here: what was sent is known
to the packet, where each caller was asked and how each try ended; the thread that talks keeps the pace of 20 ms.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from scripts.stage.progress import StageError
from scripts.stage.soft_phone import Packet
from scripts.stage.tone import FRAME, Samples, alaw, silence, sine

LOOPBACK = "127.0.0.1"
PCMA = 8
PACKET_S = 0.02
RESEND_S = 0.5
NO_ANSWER_S = 1.6
"""Silence after which a carrier goes on to its next way."""

PATIENCE_S = 30.0
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS"
REASONS = {200: "OK", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 503: "Service Unavailable"}


@dataclass
class LineCall:
    """``tried``: (centre's port, final status; 0 = silence) of each try. ``heard``: packets that came back."""

    line: CarrierLine
    dial: str
    number: str
    frames: list[bytes]
    ways: list[int]
    tag: str = field(default_factory=lambda: secrets.token_hex(4))
    call_id: str = field(default_factory=lambda: f"{secrets.token_hex(8)}@{LOOPBACK}")
    tried: list[tuple[int, int]] = field(default_factory=list)
    centre: int = 0
    status: int = 0
    connected: bool = False
    over: bool = False
    by_centre: bool = False
    given_up: bool = False
    invited: float = 0.0
    sent_last: float = 0.0
    branch: str = ""
    to: str = ""
    target: str = ""
    media: int = 0
    sent: int = 0
    heard: int = 0
    rtp: socket.socket | None = None

    @property
    def node_port(self) -> int:
        """Where it is, or was, connected."""
        return self.centre

    def wait(self, held: Callable[[LineCall], object], what: str, seconds: float = PATIENCE_S) -> Self:
        self.line.wait(lambda: held(self), f"{self.number}: {what}; {self.tried}, {self.status}", seconds)
        return self

    def wait_connected(self, seconds: float = PATIENCE_S) -> Self:
        return self.wait(lambda it: it.connected, "not connected", seconds)

    def hang_up(self) -> None:
        if self.connected and not self.over:
            self.line.send(self.line.request(self, "BYE", 2), self.centre)
            self.wait(lambda it: it.over, "no answer to BYE", 5.0)


class CarrierLine:
    """``centres``: the ports of the nodes in the order in which it tries them. ``options``, ``register``, ``calls``:
    the status with which it answers, 0 = not at all; a register of 401 asks for a password and refuses every one."""

    def __init__(
        self, port: int, centres: Sequence[int], *, options: int = 200, register: int = 200, calls: int = 200
    ) -> None:
        self.port, self.centres = port, list(centres)
        self.options, self.register, self.answers = options, register, calls
        self.calls: list[LineCall] = []
        self.asked: list[tuple[str, str]] = []
        self.taken: list[str] = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, port))
        self._socket.settimeout(0.05)
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.bind((LOOPBACK, 0))
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._talk)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for call in self.calls:
            if call.connected and not call.over:
                self.send(self.request(call, "BYE", 2), call.centre)
            elif not call.over and call.centre:
                self.send(self.request(call, "CANCEL", 1), call.centre)
        deadline = time.monotonic() + 1.0
        while time.monotonic() < deadline and any(it.connected and not it.over for it in self.calls):
            time.sleep(0.02)
        self._closing.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()
        self._sink.close()
        for call in self.calls:
            if call.rtp is not None:
                call.rtp.close()

    def call(self, dial: str, number: str, hertz: float = 0.0, seconds: float = 0.0, first: int = 0) -> LineCall:
        """A caller who plays a tone once connected, then silence. ``first``: the centre that is tried first."""
        played: Samples = sine(hertz, seconds) if hertz else silence(0)
        frames = [alaw(played[at : at + FRAME]) for at in range(0, len(played) - FRAME + 1, FRAME)]
        ways = [first, *(it for it in self.centres if it != first)] if first else list(self.centres)
        call = LineCall(self, dial, number, frames, ways + ways)
        call.rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        call.rtp.bind((LOOPBACK, 0))
        call.rtp.setblocking(False)
        with self._changed:
            self.calls.append(call)
            self._next_way(call)
        return call

    def wait(self, held: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
        with self._changed:
            if not self._changed.wait_for(held, seconds):
                raise StageError(f"line {self.port}, after {seconds:g} s: {what}")

    # --- the wire -----------------------------------------------------------------------------------------------------

    def _next_way(self, call: LineCall) -> None:
        """A new INVITE with the same Call-ID, as exchanges do that hunt."""
        if call.centre:
            call.tried.append((call.centre, call.status))
        if not call.ways:
            call.over = call.given_up = True
            return
        call.centre, call.status = call.ways.pop(0), 0
        call.branch = f"z9hG4bK{secrets.token_hex(6)}"
        call.target = f"sip:{call.dial}@{LOOPBACK}:{call.centre}"
        call.to = f"<sip:{call.dial}@{LOOPBACK}>"
        call.invited = time.monotonic()
        self._invite(call)

    def _invite(self, call: LineCall) -> None:
        call.sent_last = time.monotonic()
        assert call.rtp is not None
        port = call.rtp.getsockname()[1]
        self.send(self.request(call, "INVITE", 1, self._sdp(port)), call.centre)

    def _sdp(self, port: int) -> str:
        return (
            f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
            f"m=audio {port} RTP/AVP {PCMA}\r\na=rtpmap:{PCMA} PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n"
        )

    def request(self, call: LineCall, method: str, number: int, body: str = "") -> str:
        fresh = method in ("INVITE", "CANCEL")
        branch = call.branch if fresh or call.status >= 300 else f"z9hG4bK{secrets.token_hex(6)}"
        target = f"sip:{call.dial}@{LOOPBACK}:{call.centre}" if fresh else call.target
        to = f"<sip:{call.dial}@{LOOPBACK}>" if fresh else call.to
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return (
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {LOOPBACK}:{self.port};branch={branch}\r\n"
            f"From: <sip:{call.number}@{LOOPBACK}>;tag={call.tag}\r\nTo: {to}\r\nCall-ID: {call.call_id}\r\n"
            f"CSeq: {number} {method}\r\nMax-Forwards: 70\r\nContact: <sip:carrier@{LOOPBACK}:{self.port}>\r\n"
            f"Allow: {ALLOW}\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        )

    def send(self, text: str, centre: int) -> None:
        self._socket.sendto(text.encode(), (LOOPBACK, centre))

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                data, (_, sender) = self._socket.recvfrom(65_536)
            except TimeoutError:
                self._look()
                continue
            except OSError:
                continue  # nobody listens at a node that is down: the silence is what counts
            if data.strip():
                packet = Packet.read(data)
                with self._changed:
                    self._answered(packet, sender) if packet.status else self._asked(packet, sender)
                    self._changed.notify_all()
            self._look()

    def _look(self) -> None:
        now = time.monotonic()
        with self._changed:
            for call in self.calls:
                if call.over or call.connected or call.status:
                    continue
                if now - call.invited > NO_ANSWER_S:
                    self._next_way(call)
                elif now - call.sent_last > RESEND_S:
                    self._invite(call)
            self._changed.notify_all()

    def _answered(self, packet: Packet, sender: int) -> None:
        call = next((it for it in self.calls if it.call_id == packet.get("call-id")), None)
        if call is None:
            return
        if packet.method == "BYE":
            call.over = True
        if packet.method != "INVITE" or call.centre != sender or f"branch={call.branch}" not in packet.get("via"):
            return
        if packet.status < 200:
            call.status = packet.status
            return
        call.status, call.to = packet.status, packet.get("to")
        if packet.status >= 300:
            self.send(self.request(call, "ACK", 1), sender)
            if not call.connected and not call.over:
                self._next_way(call)
            return
        contact = re.search(r"<([^>]+)>", packet.get("contact"))
        call.target = contact[1] if contact else call.target
        self.send(self.request(call, "ACK", 1), sender)
        if not call.connected:
            media = re.search(r"m=audio (\d+)", packet.body)
            call.media = int(media[1]) if media else 0
            call.connected = True
            call.tried.append((call.centre, packet.status))

    def _asked(self, packet: Packet, sender: int) -> None:
        method = packet.method
        if method == "ACK":
            return
        self.asked.append((method, packet.get("call-id")))
        call = next((it for it in self.calls if it.call_id == packet.get("call-id")), None)
        status, body, more = 200, "", ""
        if call is not None:
            if method == "BYE":
                call.over = call.by_centre = True
            elif method in ("INVITE", "UPDATE") and call.rtp is not None:
                body = self._sdp(call.rtp.getsockname()[1])
        elif method == "OPTIONS":
            status = self.options
        elif method == "REGISTER":
            status = self.register
            if status == 401:
                more = f'WWW-Authenticate: Digest realm="carrier", nonce="{secrets.token_hex(8)}", algorithm=MD5\r\n'
            elif status == 200:
                more = f"Contact: {packet.get('contact')};expires=600\r\n"
        elif method == "INVITE":
            status, body = self.answers, self._sdp(self._sink.getsockname()[1])
            if status == 200:
                self.taken.append(packet.get("call-id"))
        if status:
            self._respond(packet, status, body if status == 200 else "", more, sender)

    def _respond(self, packet: Packet, status: int, body: str, more: str, sender: int) -> None:
        to = packet.get("to")
        to += "" if ";tag=" in to else f";tag={packet.get('call-id')[:8]}"
        kept = "".join(f"Via: {via}\r\n" for via in packet.all("via"))
        contact = "" if more.startswith("Contact") else f"Contact: <sip:carrier@{LOOPBACK}:{self.port}>\r\n"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        self.send(
            f"SIP/2.0 {status} {REASONS.get(status, 'No')}\r\n{kept}From: {packet.get('from')}\r\nTo: {to}\r\n"
            f"Call-ID: {packet.get('call-id')}\r\nCSeq: {packet.get('cseq')}\r\n{contact}{more}{kind}"
            f"Content-Length: {len(body)}\r\n\r\n{body}",
            sender,
        )

    # --- sound --------------------------------------------------------------------------------------------------------

    def _talk(self) -> None:
        quiet, began, ticks = alaw(silence(FRAME / 8000)), time.monotonic(), 0
        sources: dict[str, bytes] = {}
        while not self._closing.is_set():
            for call in list(self.calls):
                if not call.connected or call.over or not call.media or call.rtp is None:
                    continue
                source = sources.setdefault(call.call_id, secrets.token_bytes(4))
                frame = call.frames[call.sent] if call.sent < len(call.frames) else quiet
                head = bytes((0x80, PCMA | (0x80 if call.sent == 0 else 0))) + (call.sent & 0xFFFF).to_bytes(2, "big")
                packet = head + ((call.sent * FRAME) & 0xFFFFFFFF).to_bytes(4, "big") + source + frame
                try:
                    call.rtp.sendto(packet, (LOOPBACK, call.media))
                    call.sent += 1
                    while call.rtp.recv(2048):
                        call.heard += 1
                except OSError:
                    pass  # nothing to take in, or the port has just been closed
            ticks += 1
            self._closing.wait(max(0.0, began + ticks * PACKET_S - time.monotonic()))
