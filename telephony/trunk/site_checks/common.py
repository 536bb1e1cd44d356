"""What several checks share."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from telephony.trunk.site_errors import Path, Problem

EVERY_ADDRESS = "0.0.0.0"  # of a machine: says nothing about which machine that is


def repeated(named: Sequence[tuple[Path, str]], vi: str, en: str) -> Iterator[Problem]:
    """A problem for each name that stands above already."""
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


def is_address(text: str) -> bool:
    """Whether it is an IP address and a port."""
    host, _, port = text.rpartition(":")
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return port.isdigit() and 1 <= int(port) <= 65535
