"""What a carrier's keys say about one another, and about the rest of the site.

Guarded here: nobody who is not the carrier is taken for it; an account is whole; the keys of enciphered sound are
enciphered themselves; each form of a number means one number; two who talk have a codec in common.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from telephony.trunk.site_carriers import Carrier, Tls, host_of
from telephony.trunk.site_checks.common import EVERY_ADDRESS, is_address, repeated
from telephony.trunk.site_errors import Path, Problem

if TYPE_CHECKING:
    from telephony.trunk.site import Site

LOOPBACK = "127.0.0.1"


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
        for key in ("sip", "tcp", "tls"):
            taken[f"{own.listen}:{getattr(own, key)}"] = f"[[nodes]] {key}" if site.nodes else f"[ports] {key}"
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
            yield _no_address(path, address)
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
    for at, carrier in enumerate(site.carriers):
        if carrier.server and not is_address(carrier.server):
            yield _no_address(("carriers", at, "server"), carrier.server)


def _no_address(path: Path, address: str) -> Problem:
    return Problem(
        "site.bad-address",
        path,
        f"“{address}” không phải địa chỉ IP:cổng",
        f"{address!r} is not an IP address and a port",
        'ví dụ "203.0.113.10:5060", cổng từ 1 đến 65535',
        'for instance "203.0.113.10:5060", the port from 1 to 65535',
    )


def hosts(site: Site) -> Iterator[Problem]:
    """A carrier over tcp or tls is known by its host alone: nobody else may be there, least of all we."""
    others: dict[str, list[tuple[str, Path]]] = {}
    for at, carrier in enumerate(site.carriers):
        for peer in carrier.peers:
            others.setdefault(host_of(peer), []).append((carrier.name, ("carriers", at, "peers")))
    for at, position in enumerate(site.positions):
        if isinstance(position.phone, str):
            address = position.phone.partition("@")[2]
            others.setdefault(host_of(address), []).append((position.id, ("positions", at, "phone")))
    for name in site.node_names:
        listen = site.at(name).ports.listen
        others.setdefault(LOOPBACK if listen == EVERY_ADDRESS else listen, []).append((name, ("ports", "listen")))
    for at, carrier in enumerate(site.carriers):
        for host in dict.fromkeys(host_of(peer) for peer in carrier.peers if carrier.transport != "udp"):
            strangers = [who for who, _ in others[host] if who != carrier.name]
            if strangers:
                yield Problem(
                    "site.shared-host",
                    ("carriers", at, "peers"),
                    f"qua {carrier.transport} nhà mạng được nhận ra bằng riêng {host}, mà {strangers[0]} cũng ở đó",
                    f"over {carrier.transport} it is known by {host} alone, and {strangers[0]} is there too",
                    'địa chỉ riêng của nhà mạng, hoặc transport = "udp"',
                    'an address of the carrier\'s own, or transport = "udp"',
                )


_ACCOUNT = ("user", "auth_user", "secret_file", "realm", "from_account", "digest")
_REGISTRATION = ("server", "expiry")
_UNUSED: Mapping[str, Sequence[str]] = {
    "ip": (*_ACCOUNT, *_REGISTRATION),
    "digest": _REGISTRATION,
    "register": ("digest",),
}


def accounts(site: Site) -> Iterator[Problem]:
    """An account is whole where `auth` needs one, and not there where nothing would use it."""
    usual = {field.name: field.default for field in msgspec.structs.fields(Carrier)}
    for at, carrier in enumerate(site.carriers):
        if carrier.auth != "ip":
            for key, vi, en in (("user", "tên tài khoản", "an account"), ("secret_file", "mật khẩu", "a password")):
                if not getattr(carrier, key):
                    yield Problem(
                        "site.account-incomplete",
                        ("carriers", at, key),
                        f"auth = “{carrier.auth}” cần {vi}",
                        f"auth = {carrier.auth!r} needs {en}",
                        f'{key} = "…" trong mục này',
                        f'{key} = "…" in this section',
                    )
        for key in _UNUSED[carrier.auth]:
            if getattr(carrier, key) != usual[key]:
                fits = "register" if key in _REGISTRATION else "digest"
                yield Problem(
                    "site.unused-key",
                    ("carriers", at, key),
                    f"{key} không có tác dụng khi auth = “{carrier.auth}”",
                    f"{key} means nothing with auth = {carrier.auth!r}",
                    f'auth = "{fits}", hoặc bỏ dòng này',
                    f'auth = "{fits}", or leave this line out',
                )


def ways(site: Site) -> Iterator[Problem]:
    """What a carrier comes over is heard at every node, and keys of SRTP cross nothing that can be read."""
    for at, carrier in enumerate(site.carriers):
        if carrier.media == "srtp" and carrier.transport != "tls":
            yield Problem(
                "site.srtp-in-clear",
                ("carriers", at, "media"),
                f"khoá SRTP sẽ đi qua {carrier.transport} mà ai cũng đọc được",
                f"the keys of SRTP would cross {carrier.transport}, where anybody can read them",
                'transport = "tls", hoặc media = "rtp"',
                'transport = "tls", or media = "rtp"',
            )
        deaf = [name for name in site.node_names if not _heard(site, carrier.transport, name)]
        if carrier.enabled and deaf:
            key = carrier.transport
            yield Problem(
                "site.transport-not-heard",
                ("carriers", at, "transport"),
                f"máy tổng đài {deaf[0]} không nghe {key}",
                f"node {deaf[0]} does not listen for {key}",
                f"{key} = 5061 ở [ports]" if key == "tls" else f"{key} = 5060 ở [ports]",
                f"{key} = 5061 in [ports]" if key == "tls" else f"{key} = 5060 in [ports]",
            )


def _heard(site: Site, transport: str, node: str) -> bool:
    return transport == "udp" or bool(getattr(site.at(node).ports, transport))


def certificates(site: Site) -> Iterator[Problem]:
    """Whoever listens for tls has a certificate, and knows who signs those of others where it verifies them."""
    asked: list[Path] = [("ports", "tls")] if site.ports.tls else []
    asked += [("nodes", at, "tls") for at, node in enumerate(site.nodes) if node.tls]
    if not asked:
        return
    verified = site.tls.verify_client or site.tls.verify_server
    for key in ("certificate", "key", *(("authority",) if verified else ())):
        if not getattr(site.tls, key):
            yield Problem(
                "site.no-certificate",
                ("tls", key) if site.tls != Tls() else asked[0],
                f"nghe tls mà thiếu {key}",
                f"tls is listened for, and {key} is missing",
                f'{key} = "/etc/dispatch/tls/….pem" ở [tls]',
                f'{key} = "/etc/dispatch/tls/….pem" in [tls]',
            )


def forms(site: Site) -> Iterator[Problem]:
    """A form of a number means one number, and one that there is."""
    dials = [number.dial for number in site.numbers]
    known = list(dict.fromkeys([*dials, *site.locations.sms_numbers]))
    for at, carrier in enumerate(site.carriers):
        path: Path = ("carriers", at, "did")
        yield from repeated([(path, form) for form in carrier.did], "dạng số", "form")
        for form in carrier.did:
            means = form.partition("=")[2]
            if means and means not in known:
                yield Problem(
                    "site.dangling-number",
                    path,
                    f"“{form}” dẫn đến đầu số {means} không có",
                    f"{form!r} leads to service number {means}, which there is not",
                    f"một trong: {', '.join(known)}",
                    f"one of: {', '.join(known)}",
                )
        yield from _ambiguous(path, carrier, known)


def _ambiguous(path: Path, carrier: Carrier, known: Sequence[str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for dial in known:
        for form in carrier.arrives_as(dial):
            if form in seen:
                yield Problem(
                    "site.ambiguous-number",
                    path,
                    f"{form} có thể là {seen[form]} hoặc {dial}",
                    f"{form} could be {seen[form]} or {dial}",
                    "những dạng mà mỗi số gọi đến chỉ hiểu được một cách",
                    "forms by which each number that arrives means one service number",
                )
            seen.setdefault(form, dial)


def codecs(site: Site) -> Iterator[Problem]:
    """No codec stands twice; a carrier and the phones have one in common."""
    yield from repeated([(("phones", "codecs"), codec) for codec in site.phones.codecs], "codec", "codec")
    for at, carrier in enumerate(site.carriers):
        path: Path = ("carriers", at, "codecs")
        yield from repeated([(path, codec) for codec in carrier.codecs], "codec", "codec")
        spoken = site.phones.codecs
        if spoken and not set(spoken) & set(carrier.codecs):
            yield Problem(
                "site.no-shared-codec",
                path,
                f"máy của bàn trực không có codec nào trong {', '.join(carrier.codecs)}",
                f"the positions' phones speak none of {', '.join(carrier.codecs)}",
                f"ít nhất một trong: {', '.join(spoken)} (mục phones.codecs)",
                f"at least one of: {', '.join(spoken)} (phones.codecs)",
            )
