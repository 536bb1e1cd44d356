"""The way in: carriers, and the ports on which they are heard."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from telephony.trunk.site_shapes import Address, Codec, Entry, Listen, Name, Port


class Carrier(Entry, frozen=True):
    """`[[carriers]]`. `peers`: the addresses it sends from and takes calls at. `capacity`: calls at a time.

    `auth`: how it is recognised; by its address and port, the one way there is today. `qualify`: it answers OPTIONS, so
    that its silence is an alarm.
    """

    name: Name
    peers: Annotated[tuple[Address, ...], msgspec.Meta(min_length=1)]
    capacity: Annotated[int, msgspec.Meta(ge=1, le=5000)]
    auth: Literal["ip"] = "ip"
    codecs: Annotated[tuple[Codec, ...], msgspec.Meta(min_length=1)] = ("alaw", "ulaw")
    enabled: bool = True
    qualify: bool = True


class Ports(Entry, frozen=True):
    """`[ports]`. `listen`: the address on which SIP and RTP are taken; AMI is always on 127.0.0.1."""

    listen: Listen = "127.0.0.1"
    sip: Port = 5060
    ami: Port = 5038
    rtp: tuple[Port, Port] = (10000, 10999)


class NodePorts(Entry, frozen=True):
    """`[[nodes]]`. One Asterisk: its systemname, and of `[ports]` what is otherwise for it."""

    name: Name
    listen: Listen | None = None
    sip: Port | None = None
    ami: Port | None = None
    rtp: tuple[Port, Port] | None = None
