"""Hears the copies of SIP messages that a switch sends (HEP version 3 over UDP), for the locations in INVITEs.

Why at all: no function of Asterisk's dialplan gives the body of an INVITE, and Asterisk's own reader of PIDF-LO can be
made to end the process (`caller_location.pidf_lo`). Copies are sent from a queue of their own, so voice waits for
nobody; one that gets lost is a location that is not known. Guards: a copy counts only with the node's key and only of
a message that came from a carrier's own address; everything is bounded by a datagram.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import logging
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch_core.ports import Clock
from telephony.caller_location.sip_invite import Told, read_invite
from telephony.sip_answers import SipAnswers

log = logging.getLogger(__name__)

TRY_AGAIN_S = 2.0
_CHUNKS_MOST = 32
_ADDRESSES_FROM = (0x0003, 0x0005)  # IPv4, IPv6
_PORT_FROM, _KEY, _PAYLOAD = 0x0007, 0x000E, 0x000F


@dataclass(frozen=True)
class Copy:
    """One SIP message: who sent it ("203.0.113.10:5060"), the key that came with it, its bytes."""

    sender: str
    key: bytes
    packet: bytes


def read_copy(datagram: bytes) -> Copy | None:
    """None where it is no whole HEP packet."""
    if len(datagram) < 6 or not datagram.startswith(b"HEP3"):
        return None
    chunks: dict[int, bytes] = {}
    place = 6
    while place + 6 <= len(datagram) and len(chunks) < _CHUNKS_MOST:
        vendor, kind, length = struct.unpack_from(">HHH", datagram, place)
        if length < 6 or place + length > len(datagram):
            return None
        if vendor == 0:
            chunks.setdefault(kind, datagram[place + 6 : place + length])
        place += length
    address = next((_address(chunks[kind]) for kind in _ADDRESSES_FROM if kind in chunks), "")
    port = int.from_bytes(chunks.get(_PORT_FROM, b"")[:2], "big")
    return Copy(f"{address}:{port}", chunks.get(_KEY, b""), chunks.get(_PAYLOAD, b""))


def _address(data: bytes) -> str:
    try:
        found = ipaddress.ip_address(data)
    except ValueError:
        return ""
    return f"[{found}]" if found.version == 6 else str(found)


class SipCapture(asyncio.DatagramProtocol):
    """`boards`: by the key of its node's copies, where to tell. `peers`: the carriers' addresses, or hosts."""

    def __init__(
        self, boards: Mapping[str, Sequence[Callable[[Told], None]]], peers: Callable[[], frozenset[str]], clock: Clock,
        answers: SipAnswers | None = None,
    ) -> None:  # fmt: skip
        self._boards = {key.encode(): tuple(tell) for key, tell in boards.items()}
        self._peers = peers
        self._clock = clock
        self._answers = answers if answers is not None else SipAnswers()
        self.heard = 0
        self.refused = 0

    def datagram_received(self, data: bytes, addr: Any) -> None:
        try:
            self._hear(data)
        except Exception:  # noqa: BLE001  (a stranger's bytes: a bug here must not end the listening)
            log.exception("a copy of a SIP message")

    def _hear(self, data: bytes) -> None:
        copy = read_copy(data)
        if copy is None or not copy.packet.startswith((b"INVITE ", b"SIP/2.0 ")):
            return
        answer = copy.packet.startswith(b"SIP/2.0 ")
        if answer and not self._answers.wants(copy.sender):
            return
        boards = next((tell for key, tell in self._boards.items() if hmac.compare_digest(key, copy.key)), ())
        if not boards:
            self.refused += 1
            return
        if answer:
            self._answers.heard(copy.sender, copy.packet, self._clock.monotonic())
            return
        if not self._peers() & {copy.sender, copy.sender.rpartition(":")[0]}:
            return  # a stranger's, or our own to a phone
        told = read_invite(copy.packet, self._clock.now())
        if told is None:
            return
        self.heard += 1
        for tell in boards:
            tell(told)

    async def run(self, listen: str) -> None:
        """Until cancelled. A port that somebody holds (the core before this one) is tried again."""
        host, _, port = listen.rpartition(":")
        loop = asyncio.get_running_loop()
        warned = False
        while True:
            try:
                transport, _ = await loop.create_datagram_endpoint(
                    lambda: self, local_addr=(host.strip("[]"), int(port))
                )
                break
            except OSError as problem:
                if not warned:
                    log.error("callers' locations cannot be heard on %s: %s", listen, problem)
                warned = True
                await asyncio.sleep(TRY_AGAIN_S)
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            transport.close()
