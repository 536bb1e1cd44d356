"""Which ports another program than the switch holds, from /proc/net and by trying to bind."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from telephony.trunk.agent.words import Failed

Port = tuple[str, str, int]
LISTENS = "0A"  # the state of a TCP socket that takes connections
ANY = {"0.0.0.0", "::"}
PORTS_MOST = 5000


@dataclass(frozen=True)
class Held:
    protocol: str
    address: str
    port: int
    inode: str


def taken(ports: Sequence[Port], switch: int) -> list[Port]:
    """Those of `ports` that are held, but not by the process `switch` (0: it does not run)."""
    if len(ports) > PORTS_MOST:
        raise Failed("too_many_ports", f"Quá {PORTS_MOST} cổng.", f"More than {PORTS_MOST} ports.")
    held = list(_held())
    its_own = _sockets_of(switch)
    return [port for port in ports if _is_taken(port, held, its_own)]


def _is_taken(port: Port, held: Sequence[Held], its_own: set[str]) -> bool:
    protocol, address, number = port
    if protocol not in ("udp", "tcp") or not 1 <= number <= 65535:
        raise Failed("port", f"{port!r} không phải cổng.", f"{port!r} is no port.")
    holders = [
        one
        for one in held
        if one.protocol == protocol
        and one.port == number
        and (one.address == address or one.address in ANY or address in ANY)
    ]
    if holders:
        return any(one.inode not in its_own for one in holders)
    return not _can_bind(protocol, address, number)


def _held() -> Iterable[Held]:
    for protocol in ("udp", "tcp"):
        for family in ("", "6"):
            try:
                with open(f"/proc/net/{protocol}{family}", encoding="ascii") as table:
                    lines = table.read().splitlines()[1:]
            except OSError:
                continue  # no such family here; binding will tell
            for line in lines:
                fields = line.split()
                if protocol == "udp" or fields[3] == LISTENS:
                    address, _, port = fields[1].partition(":")
                    yield Held(protocol, _readable(address), int(port, 16), fields[9])


def _readable(address: str) -> str:
    """As /proc/net writes it (four bytes at a time, in the machine's order) to what people write."""
    words = [_in_order(bytes.fromhex(address[at : at + 8])) for at in range(0, len(address), 8)]
    raw = b"".join(words)
    if len(raw) == 4:
        return socket.inet_ntop(socket.AF_INET, raw)
    if raw[:12] == bytes(10) + b"\xff\xff":
        return socket.inet_ntop(socket.AF_INET, raw[12:])
    return socket.inet_ntop(socket.AF_INET6, raw)


def _in_order(word: bytes) -> bytes:
    return word[::-1] if sys.byteorder == "little" else word


def _sockets_of(process: int) -> set[str]:
    found: set[str] = set()
    if not process:
        return found
    folder = f"/proc/{process}/fd"
    try:
        names = os.listdir(folder)
    except OSError:
        return found
    for name in names:
        try:
            link = os.readlink(f"{folder}/{name}")
        except OSError:
            continue  # closed meanwhile
        if link.startswith("socket:["):
            found.add(link[8:-1])
    return found


def _can_bind(protocol: str, address: str, number: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    try:
        with socket.socket(family, kind) as trial:
            if kind == socket.SOCK_STREAM:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what was closed just now holds nothing
            trial.bind((address, number))
            return True
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise Failed(
                "address_not_here",
                f"Máy của tổng đài không có địa chỉ {address}; hãy ghi một địa chỉ của máy đó.",
                f"The switch's machine has no address {address}; write one of that machine's.",
            ) from None
        return error.errno not in (errno.EADDRINUSE,)
