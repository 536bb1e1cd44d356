"""The ports that Asterisk will bind do not collide and suffice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from telephony.trunk.site_checks.common import EVERY_ADDRESS
from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site

RTP_PORTS_PER_CHANNEL = 2  # RTP and RTCP
AMI_ADDRESS = "127.0.0.1"


def nodes(site: Site) -> Iterator[Problem]:
    """Nodes are named in one way, and two that listen on one address share no port."""
    if site.nodes and site.site.nodes:
        yield Problem(
            "site.nodes-twice",
            ("site", "nodes"),
            "các máy tổng đài đã được kể ở [[nodes]]",
            "the nodes are named by [[nodes]] sections already",
            "chỉ một trong hai: bỏ dòng này, hoặc bỏ các phần [[nodes]]",
            "one of the two: leave this line out, or the [[nodes]] sections",
        )
    for at, node in enumerate(site.nodes):
        for before in site.nodes[:at]:
            yield from _shared_ports(site, at, node.name, before.name)


def _shared_ports(site: Site, at: int, name: str, before: str) -> Iterator[Problem]:
    one, other = site.at(name).ports, site.at(before).ports
    if one.listen != other.listen or one.listen == EVERY_ADDRESS or name == before:
        return  # on machines of their own, as far as can be told
    overlaps = max(one.rtp[0], other.rtp[0]) <= min(one.rtp[1], other.rtp[1])
    alike = {key: getattr(one, key) == getattr(other, key) != 0 for key in ("sip", "tcp", "tls", "ami")}
    for key, shared in (*alike.items(), ("rtp", overlaps)):
        if shared:
            yield Problem(
                "site.shared-port",
                ("nodes", at, key),
                f"{name} và {before} cùng nghe ở {one.listen} mà trùng {key}",
                f"{name} and {before} both listen on {one.listen}, with the same {key}",
                f"{key} riêng cho từng máy, hoặc listen khác nhau",
                f"{key} of its own for each, or another listen",
            )


def tcp_ports(site: Site) -> Iterator[Problem]:
    """SIP over tcp, SIP over tls and AMI are three ports."""
    for name in site.node_names:
        own = site.at(name).ports
        at = next((at for at, node in enumerate(site.nodes) if node.name == name), None)
        taken = {own.ami: "ami"} if own.listen in (EVERY_ADDRESS, AMI_ADDRESS) else {}
        for key in ("tcp", "tls"):
            port = getattr(own, key)
            if port and port in taken:
                yield Problem(
                    "site.port-conflict",
                    ("ports", key) if at is None or getattr(site.nodes[at], key) is None else ("nodes", at, key),
                    f"cổng {port} đã dùng cho {taken[port]}",
                    f"port {port} is already used for {taken[port]}",
                    "một cổng khác, hoặc 0 nếu không cần",
                    "another port, or 0 where it is not needed",
                )
            taken.setdefault(port, key)


def ports(site: Site) -> Iterator[Problem]:
    """Every node's RTP range is one, leaves SIP alone, and has room for every carrier's calls and every phone."""
    for at, node in enumerate(site.nodes):
        own = site.at(node.name)
        yield from _ports(own, ("nodes", at, "rtp") if node.rtp is not None else ("ports", "rtp"))
    if not site.nodes:
        yield from _ports(site, ("ports", "rtp"))


def _ports(site: Site, path: Path) -> Iterator[Problem]:
    first, last = site.ports.rtp
    channels = sum(carrier.capacity for carrier in site.carriers if carrier.enabled) + 2 * len(site.positions)
    needed = RTP_PORTS_PER_CHANNEL * channels
    instead = (
        f"một khoảng ít nhất {needed} cổng, không chứa cổng SIP {site.ports.sip}",
        f"a range of at least {needed} ports without the SIP port {site.ports.sip}",
    )
    if first % 2 or last < first or last - first + 1 < needed:
        yield Problem(
            "site.rtp-range",
            path,
            f"khoảng {first}–{last} phải bắt đầu bằng số chẵn và đủ cho {channels} kênh",
            f"the range {first} to {last} must begin with an even port and hold {channels} channels",
            *instead,
        )
    elif first <= site.ports.sip <= last:
        yield Problem(
            "site.port-conflict",
            path,
            f"khoảng RTP chứa cổng SIP {site.ports.sip}",
            f"the RTP range contains the SIP port {site.ports.sip}",
            *instead,
        )
