"""What the entries of a site say about one another: each check is a function from a site to its problems.

Guarded here: every reference names something that exists; no two things share a name, a number or an address;
every service's queue has somebody to ring; the ports that Asterisk will bind do not collide and suffice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from telephony.trunk.site_checks.carriers import (
    accounts,
    addresses,
    carriers_in_use,
    certificates,
    codecs,
    forms,
    hosts,
    ways,
)
from telephony.trunk.site_checks.centre import announcements, partners, recording_rules, reserved_names, steps
from telephony.trunk.site_checks.common import EVERY_ADDRESS, plain_text, repeated
from telephony.trunk.site_checks.ports import nodes, ports, tcp_ports
from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site


def first_problem(site: Site) -> Problem | None:
    """The first problem in the order of CHECKS and of the file, or None."""
    return next((problem for check in CHECKS for problem in check(site)), None)


def duplicates(site: Site) -> Iterator[Problem]:
    """A name, id or number that was used before. Carriers and positions share one namespace of endpoints."""
    yield from repeated([(("site", "nodes"), node) for node in site.site.nodes], "tên máy", "node")
    yield from repeated([(("nodes", at, "name"), node.name) for at, node in enumerate(site.nodes)], "tên máy", "node")
    yield from repeated(
        [(("services", at, "code"), service.code) for at, service in enumerate(site.services)],
        "mã lực lượng",
        "service code",
    )
    yield from repeated(
        [(("queues", at, "service"), queue.service) for at, queue in enumerate(site.queues)],
        "hàng chờ của lực lượng",
        "queue of service",
    )
    yield from repeated(
        [(("duty", "reasons", at, "code"), reason.code) for at, reason in enumerate(site.duty.reasons)],
        "mã lý do",
        "reason code",
    )
    yield from repeated(
        [(("offers", "reasons", at, "code"), reason.code) for at, reason in enumerate(site.offers.reasons)],
        "mã lý do",
        "reason code",
    )
    endpoints: list[tuple[Path, str]] = [
        (("carriers", at, "name"), carrier.name) for at, carrier in enumerate(site.carriers)
    ]
    endpoints += [(("positions", at, "id"), position.id) for at, position in enumerate(site.positions)]
    yield from repeated(endpoints, "tên", "name")


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
        yield from repeated([(path, code) for code in named], "lực lượng", "service")


def queues_without_anybody(site: Site) -> Iterator[Problem]:
    """A service without a queue, or whose queue no position serves: a caller would wait for nobody."""
    for at, service in enumerate(site.services):
        if not any(queue.service == service.code for queue in site.queues):
            yield Problem(
                "site.no-queue",
                ("services", at, "code"),
                f"lực lượng “{service.code}” chưa có hàng chờ",
                f"service {service.code!r} has no queue",
                f'thêm một phần [[queues]] với service = "{service.code}"',
                f'also a [[queues]] section with service = "{service.code}"',
            )
    for at, queue in enumerate(site.queues):
        if not site.positions_of(queue.service):
            yield Problem(
                "site.queue-without-positions",
                ("queues", at, "service"),
                f"không bàn trực nào phục vụ hàng chờ “{queue.service}”",
                f"no position serves the queue of {queue.service!r}",
                f'"{queue.service}" vào services của ít nhất một bàn trực',
                f'"{queue.service}" into the services of at least one position',
            )


CHECKS: tuple[Callable[[Site], Iterator[Problem]], ...] = (
    plain_text,
    duplicates,
    overlapping_numbers,
    dangling_services,
    queues_without_anybody,
    reserved_names,
    partners,
    announcements,
    steps,
    recording_rules,
    carriers_in_use,
    addresses,
    accounts,
    ways,
    certificates,
    hosts,
    forms,
    codecs,
    nodes,
    tcp_ports,
    ports,
)

__all__ = ["CHECKS", "EVERY_ADDRESS", "first_problem"]
