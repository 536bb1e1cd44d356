"""A SIP phone for what a sipp scenario cannot play: several dialogs at once, REFER, Replaces, hold, NOTIFY.

It answers OPTIONS, rings, picks up when somebody lifts it (or by itself), dials, holds, transfers. UDP on loopback, one
thread that reads; media goes to a port that forgets it. Guarded here: a request of ours is repeated until it is
answered, and every wait ends with what the phone saw instead.
"""

from __future__ import annotations

import re
import socket
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import quote

from scripts.stage.media_sink import MediaSink
from scripts.stage.ports import LOOPBACK
from scripts.stage.progress import StageError

PATIENCE = 30.0  # seconds
REPEAT = 0.5  # seconds after which a request is sent once more
REPEATS = 8
DATAGRAM = 65_536
ALLOW = "INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER"


@dataclass(frozen=True)
class Packet:
    """One SIP message. `headers`: (name in lower case, value), in order."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def read(cls, data: bytes) -> Packet:
        head, _, body = data.decode("utf-8", "replace").partition("\r\n\r\n")
        first, *lines = head.split("\r\n")
        pairs = (line.partition(":")[::2] for line in lines)
        return cls(first, tuple((name.strip().lower(), value.strip()) for name, value in pairs), body)

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def status(self) -> int:
        """Of a response; 0 for a request."""
        return int(self.first[8:11]) if self.first.startswith("SIP/2.0 ") else 0

    @property
    def method(self) -> str:
        """Of a request, or of the request that a response answers."""
        return self.get("cseq").partition(" ")[2] if self.status else self.first.partition(" ")[0]

    @property
    def number(self) -> int:
        return int(self.get("cseq").partition(" ")[0] or 0)


def _tag(header: str) -> str:
    found = re.search(r";tag=([^;>]+)", header)
    return found[1] if found else ""


@dataclass
class Dialog:
    """One call of the phone. `state`: calling, ringing, lifted (picked up, the centre has not said that it knows), up,
    refused or over. `notified`: status lines of a transfer.
    """

    phone: SoftPhone
    call_id: str
    local: str
    remote: str
    target: str
    state: str = "calling"
    status: int = 0
    cseq: int = 0
    held: bool = False
    refer_status: int = 0
    notified: list[str] = field(default_factory=list)
    hold_status: int = 0
    invited: Packet | None = None  # the INVITE that came, while it is not answered
    offers: int = 0

    def wait(self, *states: str, timeout: float = PATIENCE) -> Self:
        self.phone.wait(lambda: self.state in states, f"{self.state} ({self.status}), not {states}", timeout)
        return self

    def lift(self) -> None:
        """Pick up a call that rings; up when the centre knows it."""
        packet = self.invited
        if packet is None:
            raise StageError(f"{self.phone.name}: nothing rings here")
        self.invited, self.state = None, "lifted"
        self.phone.answer(packet, self, self.phone.media(self))

    def hang_up(self) -> None:
        if self.state == "lifted":
            self._known()  # a BYE that overtakes the answer ends nothing (RFC 3261, 15)
        if self.state == "up":
            self.request("BYE")
        elif self.invited is not None:
            self.phone.respond(self.invited, "486 Busy Here", self)
        self.phone.change(lambda: setattr(self, "state", "over"))

    def _known(self) -> None:
        """Wait until the centre has heard that it was picked up, so long as it is told."""
        with suppress(StageError):  # a centre that is gone has nothing to end
            self.wait("up", "over", timeout=REPEAT * REPEATS)

    def hold(self, on: bool = True) -> None:
        """Put the other end on hold by a re-INVITE, or take it off; waits for the answer."""
        self.held, self.hold_status = on, 0
        self.request("INVITE", "Content-Type: application/sdp\r\n", self.phone.media(self))
        self.phone.wait(lambda: self.hold_status >= 200, "no answer to the re-INVITE")

    def refer(self, to: str, replaces: Dialog | None = None) -> int:
        """Transfer to an extension, or to the far end of another call of ours. The answer's status."""
        uri = f"sip:{to}@{LOOPBACK}:{self.phone.centre}"
        if replaces is not None:
            uri += "?Replaces=" + quote(replaces.replaced(), safe="")
        self.refer_status = 0
        self.request("REFER", f"Refer-To: <{uri}>\r\nReferred-By: <sip:{self.phone.name}@{LOOPBACK}>\r\n")
        self.phone.wait(lambda: self.refer_status >= 200, "no answer to the REFER")
        return self.refer_status

    def replaced(self) -> str:
        """The value of a Replaces header that names this dialog as the centre knows it."""
        return f"{self.call_id};to-tag={_tag(self.remote)};from-tag={_tag(self.local)}"

    def transferred(self, status: str, timeout: float = PATIENCE) -> None:
        """Wait until the centre has told how the transfer went, for instance "200"."""
        self.phone.wait(
            lambda: any(f" {status} " in f"{line} " for line in self.notified), f"told {self.notified}", timeout
        )

    def request(self, method: str, extra: str = "", body: str = "") -> None:
        self.cseq += 1
        self.phone.send_request(method, self.target, self, self.cseq, extra, body)


class SoftPhone:
    """A phone on 127.0.0.1:`port` (0: any that is free), or on `host`, whose centre is on 127.0.0.1:`centre`.

    `picks_up`: by itself, at once.
    """

    def __init__(self, name: str, port: int, centre: int, picks_up: bool = False, host: str = LOOPBACK) -> None:
        self.host = host
        self.name, self.centre, self.picks_up = name, centre, picks_up
        self.dialogs: list[Dialog] = []
        self._changed = threading.Condition()
        self._answered: set[tuple[str, int, str]] = set()
        self._sink = MediaSink()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self.port: int = self._socket.getsockname()[1]
        self._closing = False
        self._thread = threading.Thread(target=self._listen, name=f"phone-{name}", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Off the line at once, without a word."""
        if self._connected():
            self._closing = True
            self._socket.sendto(b"", (self.host, self.port))  # wakes the reader
            self._thread.join(1.0)
            self._socket.close()
            self._sink.close()

    def dial(self, user: str, extra: str = "", sender: str = "") -> Dialog:
        """Call an extension of the centre. `extra`: further header lines; `sender`: another From than our name."""
        local = f"{sender or f'<sip:{self.name}@{LOOPBACK}>'};tag={uuid.uuid4().hex[:8]}"
        uri = f"sip:{user}@{LOOPBACK}:{self.centre}"
        dialog = Dialog(self, uuid.uuid4().hex, local, f"<{uri}>", uri)
        self.dialogs.append(dialog)
        dialog.request("INVITE", f"{extra}Content-Type: application/sdp\r\n", self.media(dialog))
        return dialog

    def rung(self, timeout: float = PATIENCE) -> Dialog:
        """The call that rings here now."""
        self.wait(lambda: any(it.state == "ringing" for it in self.dialogs), "nothing rings", timeout)
        return next(it for it in self.dialogs if it.state == "ringing")

    def talking(self, timeout: float = PATIENCE) -> Dialog:
        """The newest call that is up."""
        self.wait(lambda: any(it.state == "up" for it in self.dialogs), "nobody talks", timeout)
        return [it for it in self.dialogs if it.state == "up"][-1]

    def wait(self, true: Callable[[], bool], seen: str, timeout: float = PATIENCE) -> None:
        """StageError with `seen` when it does not become true in time."""
        with self._changed:
            if not self._changed.wait_for(true, timeout):
                states = [(it.state, it.status) for it in self.dialogs]
                raise StageError(f"phone {self.name}, after {timeout:g} s: {seen}; its calls: {states}")

    def change(self, act: Callable[[], object]) -> None:
        with self._changed:
            act()
            self._changed.notify_all()

    def media(self, dialog: Dialog) -> str:
        dialog.offers += 1
        way = "sendonly" if dialog.held else "sendrecv"
        return (
            f"v=0\r\no=phone 1 {dialog.offers} IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\n"
            f"m=audio {self._sink.port} RTP/AVP 8 0\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na={way}\r\n"
        )

    # --- the wire -----------------------------------------------------------------------------------------------------

    def send_request(self, method: str, uri: str, dialog: Dialog, number: int, extra: str = "", body: str = "") -> None:
        """Send, and repeat until it is answered (an ACK is not)."""
        packet = (
            f"{method} {uri} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{uuid.uuid4().hex}\r\n"
            f"From: {dialog.local}\r\nTo: {dialog.remote}\r\nCall-ID: {dialog.call_id}\r\nCSeq: {number} {method}\r\n"
            f"Contact: <sip:{self.name}@{self.host}:{self.port}>\r\nMax-Forwards: 70\r\nAllow: {ALLOW}\r\n"
            f"Supported: replaces\r\n{extra}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        ).encode()
        self._send(packet)
        if method != "ACK":
            self._repeat(packet, (dialog.call_id, number, method), REPEATS)

    def _repeat(self, packet: bytes, key: tuple[str, int, str], times: int) -> None:
        def again() -> None:
            if key not in self._answered and self._connected():
                self._send(packet)
                self._repeat(packet, key, times - 1)

        self._later(again, times)

    @staticmethod
    def _later(again: Callable[[], None], times: int) -> None:
        if times:
            timer = threading.Timer(REPEAT, again)
            timer.daemon = True
            timer.start()

    def answer(self, packet: Packet, dialog: Dialog, media: str, times: int = REPEATS) -> None:
        """200 to an INVITE, repeated until the ACK comes."""
        self.respond(packet, "200 OK", dialog, media)

        def again() -> None:
            if dialog.state == "lifted" and self._connected():
                self.answer(packet, dialog, media, times - 1)

        self._later(again, times)

    def respond(self, packet: Packet, status: str, dialog: Dialog | None = None, body: str = "") -> None:
        to = packet.get("to")
        if dialog is not None and not _tag(to):
            to += f";tag={_tag(dialog.local)}"
        lines = [f"SIP/2.0 {status}", *(f"Via: {via}" for via in packet.all("via"))]
        lines += [f"From: {packet.get('from')}", f"To: {to}", f"Call-ID: {packet.get('call-id')}"]
        lines += [f"CSeq: {packet.get('cseq')}", f"Contact: <sip:{self.name}@{self.host}:{self.port}>"]
        lines += [f"Allow: {ALLOW}", *(["Content-Type: application/sdp"] if body else [])]
        lines += [f"Content-Length: {len(body)}", "", body]
        self._send("\r\n".join(lines).encode())

    def _send(self, packet: bytes) -> None:
        try:
            self._socket.sendto(packet, (LOOPBACK, self.centre))
        except OSError:
            return  # the phone is off the line

    def _connected(self) -> bool:
        return not self._closing and self._socket.fileno() >= 0

    def _listen(self) -> None:
        while not self._closing:
            try:
                data = self._socket.recv(DATAGRAM)
            except OSError:
                return
            if not data.strip():
                continue
            packet = Packet.read(data)
            with self._changed:
                if packet.status:
                    self._response(packet)
                else:
                    self._request(packet)
                self._changed.notify_all()

    def _dialog(self, packet: Packet) -> Dialog | None:
        return next((it for it in self.dialogs if it.call_id == packet.get("call-id")), None)

    def _response(self, packet: Packet) -> None:
        self._answered.add((packet.get("call-id"), packet.number, packet.method))
        dialog = self._dialog(packet)
        if dialog is None:
            return
        if packet.method == "REFER":
            dialog.refer_status = packet.status
        if packet.method != "INVITE":
            return
        if packet.status < 200:
            dialog.remote = packet.get("to") if _tag(packet.get("to")) else dialog.remote  # an early dialog
            return
        if packet.status < 300 and dialog.state == "calling":
            contact = re.search(r"<(sip:[^>]+)>", packet.get("contact"))
            dialog.target = contact[1] if contact else dialog.target
            dialog.remote, dialog.state = packet.get("to"), "up"
        elif dialog.state == "calling":
            dialog.state = "refused"
        else:
            dialog.hold_status = packet.status
        dialog.status = packet.status
        target = dialog if packet.status < 300 else Dialog(self, dialog.call_id, dialog.local, packet.get("to"), "")
        self.send_request("ACK", dialog.target, target, packet.number)

    def _request(self, packet: Packet) -> None:
        dialog = self._dialog(packet)
        if packet.method == "ACK":
            if dialog is not None and dialog.state == "lifted":
                dialog.state = "up"
            return
        if packet.method == "INVITE":
            self._invited(packet, dialog)
        elif packet.method == "CANCEL" and dialog is not None:
            self.respond(packet, "200 OK", dialog)
            if dialog.invited is not None:
                self.respond(dialog.invited, "487 Request Terminated", dialog)
                dialog.invited, dialog.state = None, "over"
        elif dialog is None and packet.method != "OPTIONS":
            self.respond(packet, "481 Call/Transaction Does Not Exist")
        else:
            self.respond(packet, "200 OK", dialog)
            if dialog is not None and dialog.state == "lifted":
                dialog.state = "up"  # who says something in the call knows that it was picked up
            if dialog is not None and packet.method == "BYE":
                dialog.state = "over"
            elif dialog is not None and packet.method == "NOTIFY":
                dialog.notified.append(packet.body.strip())
                if " 200 " in packet.body:
                    dialog.hang_up()  # as phones do when the other end has what it was given

    def _invited(self, packet: Packet, dialog: Dialog | None) -> None:
        if dialog is not None:
            if dialog.invited is None:
                self.respond(packet, "200 OK", dialog, self.media(dialog))
            return
        contact = re.search(r"<(sip:[^>]+)>", packet.get("contact"))
        local = f"{packet.get('to')};tag={uuid.uuid4().hex[:8]}"
        target = contact[1] if contact else f"sip:{LOOPBACK}:{self.centre}"
        dialog = Dialog(self, packet.get("call-id"), local, packet.get("from"), target, "ringing", invited=packet)
        self.dialogs.append(dialog)
        self.respond(packet, "180 Ringing", dialog)
        if self.picks_up or "answer-after=0" in packet.get("call-info"):
            dialog.lift()
