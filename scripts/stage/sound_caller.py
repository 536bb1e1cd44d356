"""One caller who is really heard: a small SIP user agent in Python that sends G.711 A-law in packets of 20 ms.

sipp's callers send no sound; this one plays samples to the address in Asterisk's SDP, in real time. Guarded here:
what was sent is known to the packet; a call that is refused or that the centre ends is told by its status.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
from types import TracebackType
from typing import Self

from scripts.stage.progress import StageError
from scripts.stage.tone import FRAME, Samples, alaw, silence

LOOPBACK = "127.0.0.1"
PCMA = 8
PACKET_S = 0.02
RESEND_S = 0.5
PATIENCE_S = 30.0


class SoundCaller:
    """A caller on 127.0.0.1:`port` who dials `dial` at the centre's SIP port, plays `sound` once connected and then
    goes on sending silence (``sends=False``: no packet at all) until somebody hangs up. A bad line: of every ``loses``
    packets one is lost (0 = none), every second one is ``late_s`` late."""

    def __init__(
        self, port: int, centre: int, dial: str, number: str, sound: Samples | None = None, *, sends: bool = True,
        loses: int = 0, late_s: float = 0.0,
    ) -> None:  # fmt: skip
        self._loses, self._late_s = loses, late_s
        self._centre, self._dial, self._number = centre, dial, number
        played = sound if sound is not None else silence(0)
        self._frames = [alaw(played[at : at + FRAME]) for at in range(0, len(played) - FRAME + 1, FRAME)]
        self._quiet = alaw(silence(FRAME / 8000))
        self._sends = sends
        self._sip = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sip.bind((LOOPBACK, port))
        self._sip.settimeout(0.1)
        self._rtp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._rtp.bind((LOOPBACK, 0))
        self._rtp.setblocking(False)
        self._port, self._rtp_port = self._sip.getsockname()[1], self._rtp.getsockname()[1]
        self._id, self._tag = f"{secrets.token_hex(8)}@{LOOPBACK}", secrets.token_hex(4)
        self._to = f"<sip:{dial}@{LOOPBACK}>"
        self._target = f"sip:{dial}@{LOOPBACK}:{centre}"
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()
        self.connected = threading.Event()
        self.over = threading.Event()
        self.status = 0
        self.began_playing = 0.0  # monotonic, of the first packet
        self.packets_sent = 0

    def __enter__(self) -> Self:
        self._begin(self._listen)
        self._invite()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()
        self._closing.set()
        for thread in self._threads:
            thread.join()
        self._sip.close()
        self._rtp.close()

    def wait_connected(self, seconds: float = PATIENCE_S) -> None:
        """Until the centre took the call. StageError where it did not."""
        if not self.connected.wait(seconds):
            raise StageError(f"{self._number} was not connected in {seconds:g} s; last status {self.status}")

    def hang_up(self) -> None:
        """BYE, unless the call is over or was never connected."""
        if self.connected.is_set() and not self.over.is_set():
            for _ in range(4):
                self._send(self._request("BYE", 2))
                if self.over.wait(RESEND_S):
                    return
            self.over.set()
        elif not self.connected.is_set() and not self.over.is_set():
            self._send(self._request("CANCEL", 1))
            self.over.wait(1.0)

    # --- SIP ----------------------------------------------------------------------------------------------------------

    def _begin(self, work: object) -> None:
        thread = threading.Thread(target=work, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _invite(self) -> None:
        for _ in range(round(PATIENCE_S / RESEND_S)):
            self._send(self._request("INVITE", 1, self._sdp()))
            for _ in range(10):
                if self.status or self.over.is_set():
                    return
                time.sleep(RESEND_S / 10)
        raise StageError(f"nobody answers SIP on port {self._centre}")

    def _sdp(self) -> str:
        return (
            f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
            f"m=audio {self._rtp_port} RTP/AVP {PCMA}\r\na=rtpmap:{PCMA} PCMA/8000\r\na=ptime:20\r\na=sendrecv\r\n"
        )

    def _request(self, method: str, number: int, body: str = "") -> str:
        branch = f"z9hG4bK{self._tag}{1 if method in ('INVITE', 'CANCEL') else method}"
        target = self._target if method not in ("INVITE", "CANCEL") else f"sip:{self._dial}@{LOOPBACK}:{self._centre}"
        to = self._to if method != "CANCEL" else f"<sip:{self._dial}@{LOOPBACK}>"
        kind = "Content-Type: application/sdp\r\n" if body else ""
        return (
            f"{method} {target} SIP/2.0\r\nVia: SIP/2.0/UDP {LOOPBACK}:{self._port};branch={branch}\r\n"
            f"From: <sip:{self._number}@{LOOPBACK}>;tag={self._tag}\r\nTo: {to}\r\nCall-ID: {self._id}\r\n"
            f"CSeq: {number} {method}\r\nMax-Forwards: 70\r\nContact: <sip:caller@{LOOPBACK}:{self._port}>\r\n"
            f"{kind}Content-Length: {len(body)}\r\n\r\n{body}"
        )

    def _send(self, text: str) -> None:
        self._sip.sendto(text.encode(), (LOOPBACK, self._centre))

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                text = self._sip.recv(65536).decode("utf-8", "replace")
            except (TimeoutError, OSError):
                continue
            if text.startswith("SIP/2.0 "):
                self._answered(text)
            else:
                self._asked(text)

    def _answered(self, text: str) -> None:
        if self._id not in text:
            return
        status, method = int(text[8:11]), _header(text, "CSeq").split()[-1]
        if method == "BYE":
            self.over.set()
        if method != "INVITE":
            return
        self.status = status
        if status < 200:
            return
        self._to = _header(text, "To")
        contact = re.search(r"<([^>]+)>", _header(text, "Contact"))
        if status < 300 and contact:
            self._target = contact[1]
        self._send(self._request("ACK", 1))
        if status >= 300:
            self.over.set()
        elif not self.connected.is_set():
            media = re.search(r"m=audio (\d+)", text)
            self.connected.set()
            if self._sends and media:
                self._begin(lambda: self._talk(int(media[1])))

    def _asked(self, text: str) -> None:
        """Everything that the centre asks is granted."""
        kept = "".join(f"{line}\r\n" for line in text.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line))
        method = text.split(" ", 1)[0]
        if method == "ACK":
            return
        body = self._sdp() if method in ("INVITE", "UPDATE") else ""
        kind = f"Contact: <sip:caller@{LOOPBACK}:{self._port}>\r\n" + (
            "Content-Type: application/sdp\r\n" if body else ""
        )
        self._send(f"SIP/2.0 200 OK\r\n{kept}{kind}Content-Length: {len(body)}\r\n\r\n{body}")
        if method == "BYE" and self._id in text:
            self.over.set()

    # --- sound --------------------------------------------------------------------------------------------------------

    def _talk(self, port: int) -> None:
        source, stamp = secrets.token_bytes(4), 0
        self.began_playing = time.monotonic()
        while not (self.over.is_set() or self._closing.is_set()):
            number = self.packets_sent
            frame = self._frames[number] if number < len(self._frames) else self._quiet
            head = bytes((0x80, PCMA | (0x80 if number == 0 else 0)))
            packet = head + (number & 0xFFFF).to_bytes(2, "big") + stamp.to_bytes(4, "big") + source + frame
            if self._late_s and number % 2:
                time.sleep(self._late_s)
            try:
                if not self._loses or number % self._loses != self._loses - 1:
                    self._rtp.sendto(packet, (LOOPBACK, port))
                while self._rtp.recv(2048):
                    pass
            except OSError:
                pass  # nothing to take in, or the port has just been closed
            self.packets_sent, stamp = number + 1, (stamp + FRAME) & 0xFFFFFFFF
            time.sleep(max(0.0, self.began_playing + self.packets_sent * PACKET_S - time.monotonic()))


def _header(text: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""
