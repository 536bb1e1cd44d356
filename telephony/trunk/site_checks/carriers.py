"""What carriers say about one another, and about the rest of the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from telephony.trunk.site_checks.common import is_address
from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site


def carriers_in_use(site: Site) -> Iterator[Problem]:
    """At least one carrier must be enabled."""
    if not any(carrier.enabled for carrier in site.carriers):
        yield Problem(
            "site.no-carrier",
            ("carriers", 0, "enabled"),
            "không nhà mạng nào được bật",
            "no carrier is enabled",
            "enabled = true cho ít nhất một nhà mạng",
            "enabled = true for at least one carrier",
        )


def addresses(site: Site) -> Iterator[Problem]:
    """Each peer and each fixed phone is an address of its own: Asterisk tells them apart by nothing else."""
    taken = {}
    for name in site.node_names:
        own = site.at(name).ports
        taken[f"{own.listen}:{own.sip}"] = "[[nodes]] sip" if site.nodes else "[ports] sip"
    named: list[tuple[Path, str]] = [
        (("carriers", at, "peers"), peer) for at, carrier in enumerate(site.carriers) for peer in carrier.peers
    ]
    named += [
        (("positions", at, "phone"), position.phone.partition("@")[2])
        for at, position in enumerate(site.positions)
        if isinstance(position.phone, str)
    ]
    for path, address in named:
        if not is_address(address):
            yield Problem(
                "site.bad-address",
                path,
                f"“{address}” không phải địa chỉ IP:cổng",
                f"{address!r} is not an IP address and a port",
                'ví dụ "203.0.113.10:5060", cổng từ 1 đến 65535',
                'for instance "203.0.113.10:5060", the port from 1 to 65535',
            )
        elif address in taken:
            yield Problem(
                "site.duplicate-address",
                path,
                f"địa chỉ {address} đã dùng ở {taken[address]}",
                f"address {address} is already used by {taken[address]}",
                "một địa chỉ hoặc cổng riêng",
                "an address or a port of its own",
            )
        taken.setdefault(address, f"{path[0]}[{int(path[1]) + 1}]")
