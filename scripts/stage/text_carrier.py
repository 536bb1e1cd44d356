"""A carrier for texts alone: SIP MESSAGE both ways over UDP, every byte as it is given and as it came.

It answers OPTIONS, so that Asterisk finds it reachable, and every MESSAGE with `answers`.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from scripts.stage.ports import LOOPBACK

PATIENCE_S = 30.0


@dataclass(frozen=True)
class ReceivedText:
    """A text that the centre sent. `at`: monotonic seconds."""

    to: str
    sender: str
    body: bytes
    call_id: str
    at: float = field(compare=False)


class TextCarrier:
    """Bound to the carrier's address while it is entered. `answers`: the status of every text that the centre sends."""

    def __init__(self, port: int, centre: int, answers: int = 202) -> None:
        self.answers = answers
        self._port, self._centre = port, centre
        self._number = 0
        self._received: list[ReceivedText] = []
        self._statuses: dict[str, int] = {}
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, self._port))
        self._socket.settimeout(0.05)
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._thread.join()
        self._socket.close()

    @property
    def received(self) -> list[ReceivedText]:
        """What the centre sent, each once, in order."""
        return list(self._received)

    def send(self, body: str, number: str, dial: str, call_id: str = "") -> str:
        """A text from `number` to the service number; the centre's status must come. Its Call-ID, which a repeat names:
        a text of the same Call-ID is another transaction and the same message."""
        self._number += 1
        call_id = call_id or f"text-{self._port}-{self._number}-{time.monotonic_ns()}"
        data = body.encode()
        head = (
            f"MESSAGE sip:{dial}@{LOOPBACK}:{self._centre} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {LOOPBACK}:{self._port};branch=z9hG4bK{self._number}{time.monotonic_ns()}\r\n"
            f"From: <sip:{number}@carrier>;tag=t{self._number}\r\nTo: <sip:{dial}@{LOOPBACK}>\r\n"
            f"Call-ID: {call_id}\r\nCSeq: 1 MESSAGE\r\nMax-Forwards: 70\r\n"
            f"Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self._statuses.pop(call_id, None)
        self._socket.sendto(head.encode() + data, (LOOPBACK, self._centre))
        deadline = time.monotonic() + PATIENCE_S
        while call_id not in self._statuses:
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer to the text {call_id}")
            time.sleep(0.01)
        if self._statuses[call_id] != 202:
            raise ValueError(f"the centre answered {self._statuses[call_id]}")
        return call_id

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                packet, sender = self._socket.recvfrom(65536)
            except (TimeoutError, OSError):
                continue
            head, _, body = packet.partition(b"\r\n\r\n")
            text = head.decode("utf-8", "replace")
            if text.startswith("SIP/2.0 "):
                self._statuses[_header(text, "Call-ID")] = int(text[8:11])
                continue
            status = self.answers if text.startswith("MESSAGE ") else 200
            kept = [line for line in text.split("\r\n") if re.match(r"(Via|From|To|Call-ID|CSeq):", line)]
            kept = [f"{line};tag=carrier" if line.startswith("To:") and ";tag=" not in line else line for line in kept]
            answer = "\r\n".join([f"SIP/2.0 {status} X", *kept, "Content-Length: 0", "", ""])
            self._socket.sendto(answer.encode(), sender)
            if text.startswith("MESSAGE "):
                self._take(text, body)

    def _take(self, text: str, body: bytes) -> None:
        call_id = _header(text, "Call-ID")
        if any(it.call_id == call_id for it in self._received):
            return  # sent again because our answer came late
        to = re.match(r"MESSAGE sips?:([^@ ;]*)", text)
        sender = re.search(r"sips?:([^@>;]*)", _header(text, "From"))
        self._received.append(
            ReceivedText(to[1] if to else "", sender[1] if sender else "", body, call_id, time.monotonic())
        )


def _header(text: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r?$", text, re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""
