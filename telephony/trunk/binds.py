"""The ports that a node's switch listens on by itself, and where each stands in the description.

RTP's are not among them: they are bound call by call.
"""

from __future__ import annotations

from dataclasses import dataclass

from telephony.trunk.site import Site
from telephony.trunk.site_errors import Path

AMI_ADDRESS = "127.0.0.1"
_PROTOCOLS = {"sip": "udp", "tcp": "tcp", "tls": "tcp", "ami": "tcp"}


@dataclass(frozen=True)
class Bind:
    """`protocol`: "udp" or "tcp"; `path`: the key of the description that says the port."""

    protocol: str
    address: str
    port: int
    path: Path

    @property
    def place(self) -> tuple[str, str, int]:
        return self.protocol, self.address, self.port


def binds(site: Site, node: str) -> tuple[Bind, ...]:
    """Of one node. ValueError for a node that there is not."""
    ports = site.at(node).ports
    at = next((at for at, one in enumerate(site.nodes) if one.name == node), None)
    found = []
    for key, protocol in _PROTOCOLS.items():
        own = at is not None and getattr(site.nodes[at], key) is not None
        path: Path = ("nodes", at, key) if own and at is not None else ("ports", key)
        found.append(Bind(protocol, AMI_ADDRESS if key == "ami" else ports.listen, getattr(ports, key), path))
    return tuple(bind for bind in found if bind.port)
