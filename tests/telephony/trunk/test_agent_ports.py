"""Ports that another program than the switch holds."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from telephony.trunk.agent.held_ports import PORTS_MOST, taken
from telephony.trunk.agent.words import Failed


def held(kind: int, address: str, family: int = socket.AF_INET) -> socket.socket:
    one = socket.socket(family, kind)
    if family == socket.AF_INET6:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    one.bind((address, 0))
    if kind == socket.SOCK_STREAM:
        one.listen(1)
    return one


@pytest.fixture
def ear() -> Iterator[socket.socket]:
    with closing(held(socket.SOCK_STREAM, "127.0.0.1")) as one:
        yield one


@pytest.mark.parametrize(
    ("kind", "holds", "asked", "is_taken"),
    [
        ("udp", "127.0.0.1", "127.0.0.1", True),
        ("tcp", "127.0.0.1", "127.0.0.1", True),
        ("udp", "127.0.0.1", "0.0.0.0", True),
        ("udp", "0.0.0.0", "127.0.0.1", True),
        ("udp", "127.0.0.2", "127.0.0.1", False),
        ("tcp", "127.0.0.2", "127.0.0.1", False),
        ("udp", "::1", "::1", True),
        ("udp", "::1", "127.0.0.1", False),
    ],
)
def test_who_holds_what(kind: str, holds: str, asked: str, is_taken: bool) -> None:
    family = socket.AF_INET6 if ":" in holds else socket.AF_INET
    if family == socket.AF_INET6 and not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("this machine has no IPv6")
    with closing(held(socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM, holds, family)) as one:
        port = (kind, asked, one.getsockname()[1])
        assert taken([port], 0) == ([port] if is_taken else [])
        assert taken([port], os.getpid()) == []  # where the switch itself is the holder
        other = ("tcp" if kind == "udp" else "udp", asked, port[2])
        assert taken([other], 0) == []
    assert taken([port], 0) == []


def test_a_connection_is_no_listener(ear: socket.socket) -> None:
    with closing(socket.create_connection(ear.getsockname())) as line:
        port = ("tcp", "127.0.0.1", line.getsockname()[1])
        assert taken([("udp", *port[1:])], 0) == []


def test_an_address_of_somebody_else() -> None:
    with pytest.raises(Failed) as no:
        taken([("udp", "203.0.113.9", 5060)], 0)
    assert no.value.code == "address_not_here" and "203.0.113.9" in no.value.vi


@pytest.mark.parametrize("port", [("sctp", "127.0.0.1", 5060), ("udp", "127.0.0.1", 0), ("udp", "127.0.0.1", 70000)])
def test_what_is_no_port(port: tuple[str, str, int]) -> None:
    with pytest.raises(Failed) as no:
        taken([port], 0)
    assert no.value.code == "port"


def test_so_many_and_no_more() -> None:
    with pytest.raises(Failed) as no:
        taken([("udp", "127.0.0.1", 5060)] * (PORTS_MOST + 1), 0)
    assert no.value.code == "too_many_ports"
