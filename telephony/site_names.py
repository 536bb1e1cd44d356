"""What the rest of telephony knows of a site: whose endpoints and numbers they are, and where carriers send from."""

from __future__ import annotations

from telephony.translate import Naming
from telephony.trunk.site import Site
from telephony.trunk_health import Line


def naming_of(site: Site) -> Naming:
    """Whose endpoints and numbers these are."""
    return Naming(
        frozenset(carrier.name for carrier in site.carriers),
        {number.dial: tuple(number.services) for number in site.numbers},
        {partner.dial: partner.carrier for partner in site.partners if partner.carrier},
    )


def peers_of(site: Site) -> frozenset[str]:
    """Where its carriers send from: "address:port", and the host alone of those whose port is any (tcp, tls)."""
    return frozenset(
        peer if carrier.transport == "udp" else peer.rpartition(":")[0]
        for carrier in site.carriers
        if carrier.enabled
        for peer in carrier.peers
    )


def lines_of(site: Site) -> dict[str, Line]:
    """What is watched of each carrier that is in use."""
    return {
        carrier.name: Line(carrier.capacity, carrier.auth == "register", carrier.qualify)
        for carrier in site.carriers
        if carrier.enabled
    }
