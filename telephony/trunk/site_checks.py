"""What the entries of a site say about one another: each check is a function from a site to its problems.

Guarded here: every reference names something that exists; no two things share a name, a number or an address;
every service's queue has somebody to ring; the ports that Asterisk will bind do not collide and suffice.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site

RTP_PORTS_PER_CHANNEL = 2  # RTP and RTCP
EVERY_ADDRESS = "0.0.0.0"  # of a machine: says nothing about which machine that is


def first_problem(site: Site) -> Problem | None:
    """The first problem in the order of CHECKS and of the file, or None."""
    return next((problem for check in CHECKS for problem in check(site)), None)


def duplicates(site: Site) -> Iterator[Problem]:
    """A name, id or number that was used before. Carriers and positions share one namespace of endpoints."""
    yield from _repeated([(("site", "nodes"), node) for node in site.site.nodes], "tên máy", "node")
    yield from _repeated([(("nodes", at, "name"), node.name) for at, node in enumerate(site.nodes)], "tên máy", "node")
    yield from _repeated(
        [(("services", at, "code"), service.code) for at, service in enumerate(site.services)],
        "mã lực lượng",
        "service code",
    )
    yield from _repeated(
        [(("queues", at, "service"), queue.service) for at, queue in enumerate(site.queues)],
        "hàng đợi của lực lượng",
        "queue of service",
    )
    yield from _repeated(
        [(("duty", "reasons", at, "code"), reason.code) for at, reason in enumerate(site.duty.reasons)],
        "mã lý do",
        "reason code",
    )
    yield from _repeated(
        [(("offers", "reasons", at, "code"), reason.code) for at, reason in enumerate(site.offers.reasons)],
        "mã lý do",
        "reason code",
    )
    endpoints: list[tuple[Path, str]] = [
        (("carriers", at, "name"), carrier.name) for at, carrier in enumerate(site.carriers)
    ]
    endpoints += [(("positions", at, "id"), position.id) for at, position in enumerate(site.positions)]
    yield from _repeated(endpoints, "tên", "name")


def overlapping_numbers(site: Site) -> Iterator[Problem]:
    """A service number that is, begins or continues another one: what was dialled could not be told."""
    for at, number in enumerate(site.numbers):
        for before in site.numbers[:at]:
            if number.dial.startswith(before.dial) or before.dial.startswith(number.dial):
                yield Problem(
                    "site.overlapping-numbers",
                    ("numbers", at, "dial"),
                    f"đầu số {number.dial} chồng với đầu số {before.dial}",
                    f"service number {number.dial} overlaps service number {before.dial}",
                    "một đầu số không trùng và không mở đầu một đầu số khác",
                    "a number that neither is nor begins another one",
                )


def dangling_services(site: Site) -> Iterator[Problem]:
    """A service that is named and not described, or named twice in one list."""
    known = [service.code for service in site.services]
    lists: list[tuple[Path, Sequence[str]]] = [
        (("numbers", at, "services"), number.services) for at, number in enumerate(site.numbers)
    ]
    lists += [(("queues", at, "service"), (queue.service,)) for at, queue in enumerate(site.queues)]
    lists += [(("positions", at, "services"), position.services) for at, position in enumerate(site.positions)]
    lists.append((("recommending", "radius_km"), tuple(site.recommending.radius_km)))
    for path, named in lists:
        for code in named:
            if code not in known:
                yield Problem(
                    "site.dangling-service",
                    path,
                    f"không có lực lượng nào tên “{code}”",
                    f"there is no service {code!r}",
                    f"một trong: {', '.join(known)}",
                    f"one of: {', '.join(known)}",
                )
        yield from _repeated([(path, code) for code in named], "lực lượng", "service")


def queues_without_anybody(site: Site) -> Iterator[Problem]:
    """A service without a queue, or whose queue no position serves: a caller would wait for nobody."""
    for at, service in enumerate(site.services):
        if not any(queue.service == service.code for queue in site.queues):
            yield Problem(
                "site.no-queue",
                ("services", at, "code"),
                f"lực lượng “{service.code}” chưa có hàng đợi",
                f"service {service.code!r} has no queue",
                f'thêm một phần [[queues]] với service = "{service.code}"',
                f'also a [[queues]] section with service = "{service.code}"',
            )
    for at, queue in enumerate(site.queues):
        if not site.positions_of(queue.service):
            yield Problem(
                "site.queue-without-positions",
                ("queues", at, "service"),
                f"không bàn trực nào phục vụ hàng đợi “{queue.service}”",
                f"no position serves the queue of {queue.service!r}",
                f'"{queue.service}" vào services của ít nhất một bàn trực',
                f'"{queue.service}" into the services of at least one position',
            )


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
        if not _is_address(address):
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
    for key, shared in (("sip", one.sip == other.sip), ("ami", one.ami == other.ami), ("rtp", overlaps)):
        if shared:
            yield Problem(
                "site.shared-port",
                ("nodes", at, key),
                f"{name} và {before} cùng nghe ở {one.listen} mà trùng {key}",
                f"{name} and {before} both listen on {one.listen}, with the same {key}",
                f"{key} riêng cho từng máy, hoặc listen khác nhau",
                f"{key} of its own for each, or another listen",
            )


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


CHECKS: tuple[Callable[[Site], Iterator[Problem]], ...] = (
    duplicates,
    overlapping_numbers,
    dangling_services,
    queues_without_anybody,
    carriers_in_use,
    addresses,
    nodes,
    ports,
)


def _repeated(named: Sequence[tuple[Path, str]], vi: str, en: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in named:
        if name in seen:
            yield Problem(
                "site.duplicate",
                path,
                f"{vi} “{name}” đã có ở trên",
                f"{en} {name!r} stands above already",
                "một tên khác, hoặc bỏ mục này",
                "another one, or leave this entry out",
            )
        seen.add(name)


def _is_address(text: str) -> bool:
    host, _, port = text.rpartition(":")
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return port.isdigit() and 1 <= int(port) <= 65535
