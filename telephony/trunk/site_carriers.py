"""The way in: carriers, how they are known and how we are known to them, and the ports on which they are heard."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from telephony.trunk.site_shapes import Address, Codec, Entry, Listen, Name, Port

NoPort = Annotated[int, msgspec.Meta(ge=0, le=65535)]
# An extension of the dialplan is made from it: no pattern, and none of the single letters that mean something there.
Account = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9+][A-Za-z0-9+-]{1,63})?$")]
AccountLogin = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9+][A-Za-z0-9+.@_-]{1,127})?$")]
Realm = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9 .@:_-]{0,127})?$")]
Host = Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)?$")]
FilePath = Annotated[str, msgspec.Meta(pattern=r"^(/[A-Za-z0-9._/-]{1,250})?$")]
SecretFile = Annotated[str, msgspec.Meta(pattern=r"^([^\x00-\x1f\x7f]{1,250})?$")]
# What stands before a service number, or a whole number and the service number that it means.
Form = Annotated[str, msgspec.Meta(pattern=r"^(\+?[0-9]{1,15}|\+?[0-9]{2,20}=[0-9]{2,15}|\+)$")]


class Carrier(Entry, frozen=True):
    """`[[carriers]]`. It is known by the addresses in `peers` and by nothing that it says; `digest` may ask for more.

    `peers`: where it sends from and takes calls; ours go to the first that answers. Over tcp and tls a caller's port is
    any, so there the host alone counts. `capacity`: calls at a time. `auth`: "digest": a password is known to both;
    `digest` says who brings it (calls "in", calls "out", "both"); "register": we say where we are, at `server`, or at
    the first peer. `user`, `secret_file`: the account; `auth_user`: its name for the password where that differs;
    `realm`: "" = whichever it names; `domain`: the host in its name and in ours, never looked up; `from_account`: our
    calls bear the account's name in place of the service number. `expiry`: seconds that a registration lasts.
    `did`: how service numbers arrive besides as they are: "+8428" before them, or "02838230000=113" for one.
    `qualify`: it answers OPTIONS, so that its silence is an alarm.
    """

    name: Name
    peers: Annotated[tuple[Address, ...], msgspec.Meta(min_length=1, max_length=8)]
    capacity: Annotated[int, msgspec.Meta(ge=1, le=5000)]
    auth: Literal["ip", "digest", "register"] = "ip"
    digest: Literal["both", "in", "out"] = "both"
    user: Account = ""
    auth_user: AccountLogin = ""
    secret_file: SecretFile = ""
    realm: Realm = ""
    domain: Host = ""
    server: Address | Literal[""] = ""
    expiry: Annotated[int, msgspec.Meta(ge=60, le=86_400)] = 600
    from_account: bool = False
    transport: Literal["udp", "tcp", "tls"] = "udp"
    media: Literal["rtp", "srtp"] = "rtp"
    codecs: Annotated[tuple[Codec, ...], msgspec.Meta(min_length=1)] = ("alaw", "ulaw")
    did: Annotated[tuple[Form, ...], msgspec.Meta(max_length=50)] = ()
    enabled: bool = True
    qualify: bool = True

    @property
    def registrar(self) -> str:
        """Where it is told where we are: "address:port"."""
        return self.server or self.peers[0]

    @property
    def asks(self) -> bool:
        """Whether its calls must bring the password."""
        return self.auth == "digest" and self.digest != "out"

    @property
    def answers(self) -> bool:
        """Whether we bring the password where it asks."""
        return self.auth == "register" or (self.auth == "digest" and self.digest != "in")

    def arrives_as(self, dial: str) -> tuple[str, ...]:
        """Every form in which a service number arrives here, as it is first."""
        forms = [dial]
        for form in self.did:
            whole, is_whole, means = form.partition("=")
            if not is_whole:
                forms.append(form + dial)
            elif means == dial:
                forms.append(whole)
        return tuple(dict.fromkeys(forms))

    def arrivals(self, numbers: Iterable[str]) -> dict[str, str]:
        """What it may dial, to the service number that is meant."""
        return {form: dial for dial in numbers for form in self.arrives_as(dial)}


def host_of(address: str) -> str:
    """The host of "address:port", without brackets."""
    return address.rpartition(":")[0].removeprefix("[").removesuffix("]")


class Phones(Entry, frozen=True):
    """`[phones]`. `codecs`: what phones speak; none = all that carriers do."""

    codecs: tuple[Codec, ...] = ()


class Tls(Entry, frozen=True):
    """`[tls]`. Absolute paths, at every node. `certificate`, `key`: who we are; `authority`: who signed the carriers'
    certificates. `verify_client`: who calls in must show one; `verify_server`: whom we call must, for its address."""

    certificate: FilePath = ""
    key: FilePath = ""
    authority: FilePath = ""
    verify_client: bool = True
    verify_server: bool = True


class Ports(Entry, frozen=True):
    """`[ports]`. `listen`: the address on which SIP and RTP are taken; AMI is always on 127.0.0.1. `sip` is over UDP;
    `tcp`, `tls`: SIP over those, 0 = not."""

    listen: Listen = "127.0.0.1"
    sip: Port = 5060
    tcp: NoPort = 0
    tls: NoPort = 0
    ami: Port = 5038
    rtp: tuple[Port, Port] = (10000, 10999)


class NodePorts(Entry, frozen=True):
    """`[[nodes]]`. One Asterisk: its systemname, and of `[ports]` what is otherwise for it."""

    name: Name
    listen: Listen | None = None
    sip: Port | None = None
    tcp: NoPort | None = None
    tls: NoPort | None = None
    ami: Port | None = None
    rtp: tuple[Port, Port] | None = None
