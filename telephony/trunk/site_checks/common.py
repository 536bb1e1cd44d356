"""What several checks share."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site

EVERY_ADDRESS = "0.0.0.0"  # of a machine: says nothing about which machine that is


def plain_text(site: Site) -> Iterator[Problem]:
    """No text holds a line break or another control character: a pattern's end lets one line break pass."""
    for path, text in _texts(msgspec.to_builtins(site), ()):
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            yield Problem(
                "site.bad-value",
                path,
                "có ký tự điều khiển hoặc xuống dòng",
                "there is a line break or a control character in it",
                "giá trị trên một dòng, không có ký tự điều khiển",
                "the value on one line, without control characters",
            )


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _texts(part, (*path, key))
    elif isinstance(value, list | tuple):
        for at, part in enumerate(value):
            yield from _texts(part, (*path, at))


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
    """Whether it is an IP address and a port. Not with a zone behind '%', which may be any text."""
    host, _, port = text.rpartition(":")
    if "%" in host:
        return False
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return port.isdigit() and 1 <= int(port) <= 65535
