"""SIP written by hand, for what no SIP stack would send."""

from __future__ import annotations

import re
import socket
import time
from types import TracebackType
from typing import Self

from scripts.stage.ports import LOOPBACK
from tests.system.patience import PATIENCE

SILENCE = 0.7  # seconds without any answer to a request, once the centre is known to have read on


def _unique(call_id: str) -> str:
    """The part of a RawLine's Call-ID that makes it unique."""
    return re.match(r"[a-z0-9-]*", call_id)[0]  # type: ignore[index]


class RawLine:
    """SIP written by hand over UDP from `port` (0: any). Every value goes out exactly as it is given; a lone
    surrogate (`"\\udcff"`) as that byte. `host`: the loopback address from which it is sent.
    """

    def __init__(self, port: int, centre: int, host: str = LOOPBACK) -> None:
        self._host = host
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, port))
        self._port, self._centre, self._number = self._socket.getsockname()[1], centre, 0
        self._socket.settimeout(0.05)
        self.took = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def invite(
        self,
        user: str = "115",
        sender: str = "<sip:0912345678@carrier>",
        extra: str = "",
        to: str = f"<sip:115@{LOOPBACK}>",
        call_id: str = "",
        talk: float = 0.1,
        body: str = "",
        answered: bool = True,
    ) -> int:
        """Call, hang up `talk` s after connected (below 0: never). The final status code, 0 when nothing comes back.

        `call_id`: behind what makes it unique. `body`: in place of the SDP, with its content type among the `extra`
        headers. `took` is then what the answer took. `answered`: whether an answer is waited for at all.
        """
        sdp = f"v=0\r\no=- 1 1 IN IP4 {LOOPBACK}\r\ns=-\r\nc=IN IP4 {LOOPBACK}\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n"
        extra += "" if body else "Content-Type: application/sdp\r\n"
        began = time.monotonic()
        if not answered:
            self._number += 1
            call_id = f"raw-{self._port}-{self._number}-{time.monotonic_ns()}{call_id}"
            self._send("INVITE", user, sender, call_id, 1, b"", extra, body or sdp, to)
            return 0
        status, answer, call_id = self._request("INVITE", user, sender, extra, body or sdp, to, call_id)
        self.took = time.monotonic() - began
        if status:
            self._send("ACK", user, sender, call_id, 1, answer, to=to)
        if status == 200 and talk >= 0:
            time.sleep(talk)
            self._send("BYE", user, sender, call_id, 2, answer, to=to)
            self._answer(call_id, rb"CSeq: 2 BYE")
        return status

    def message(self, body: str, user: str = "115", sender: str = "<sip:0912345678@carrier>") -> int:
        """A text message. Returns the final status code, 0 when nothing comes back."""
        return self._request("MESSAGE", user, sender, "Content-Type: text/plain;charset=UTF-8\r\n", body)[0]

    def _request(
        self,
        method: str,
        user: str,
        sender: str,
        extra: str,
        body: str,
        to: str = f"<sip:115@{LOOPBACK}>",
        more: str = "",
    ) -> tuple[int, bytes, str]:
        self._number += 1
        call_id = f"raw-{self._port}-{self._number}-{time.monotonic_ns()}{more}"
        self._send(method, user, sender, call_id, 1, b"", extra, body, to)
        answer = self._answer(call_id, b"CSeq: 1 ")
        return int(answer[8:11] or 0), answer, call_id

    def _answer(self, call_id: str, wanted: bytes) -> bytes:
        """The final answer within this call; empty when none comes.

        Nothing is taken for silence before the centre has answered what was sent after it.
        """
        mark = self._mark()
        begun = False
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                got = self._socket.recv(8192)
            except TimeoutError:
                continue
            if not got.startswith(b"SIP/2.0 "):
                continue
            if _unique(call_id).encode() in got and wanted in got:
                if got[8:9] >= b"2":
                    return got
                begun, deadline = True, time.monotonic() + PATIENCE
            elif mark in got and not begun:
                deadline = min(deadline, time.monotonic() + SILENCE)
        return b""

    def _mark(self) -> bytes:
        """Ask for something that is always answered. What its answer carries."""
        self._number += 1
        mark = f"mark-{self._port}-{self._number}-{time.monotonic_ns()}"
        self._send("OPTIONS", "", "<sip:mark@carrier>", mark, 1, b"")
        return mark.encode()

    def _send(
        self,
        method: str,
        user: str,
        sender: str,
        call_id: str,
        number: int,
        answer: bytes,
        extra: str = "",
        body: str = "",
        to: str = f"<sip:115@{LOOPBACK}>",
    ) -> None:
        tag = re.search(rb"\r\nTo:.*?;tag=([^\r;]+)", answer)
        to_tag = f";tag={tag[1].decode()}" if tag else ""
        contact = "" if "\r\nContact:" in f"\r\n{extra}" else f"Contact: <sip:raw@{self._host}:{self._port}>\r\n"
        unique = _unique(call_id)
        branch = unique if method in ("INVITE", "MESSAGE", "ACK", "OPTIONS") else f"{unique}-{method}"
        packet = (
            f"{method} sip:{user}{'@' if user else ''}{LOOPBACK}:{self._centre} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self._host}:{self._port};branch=z9hG4bK{branch}\r\n"
            f"From: {sender};tag=raw\r\nTo: {to}{to_tag}\r\n"
            f"Call-ID: {call_id}\r\nCSeq: {number} {method}\r\nMax-Forwards: 70\r\n"
            f"{contact}{extra}Content-Length: {len(body.encode())}\r\n\r\n{body}"
        )
        self._socket.sendto(packet.encode("utf-8", "surrogateescape"), (LOOPBACK, self._centre))
