"""Bad descriptions: each is refused with the key that is wrong and what to write instead, before anything running is
touched. A table of data: what is wrong, where, and the change of a good description that makes it so."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

from dispatch_core.wire.trunk import Candidate, Mistake
from scripts.acceptance.rows import Scenario, need
from scripts.acceptance.trunk.centre import SECOND, Centre, row
from scripts.stage.ports import LOOPBACK

NEW = "mobi"  # a carrier that the change adds
Change = Callable[[Centre, str], str]


@dataclass(frozen=True)
class Bad:
    """``key``: as the mistake must name it; ``at_line``: whether the line must be told too."""

    name: str
    key: str
    change: Change
    at_line: bool = True
    held: list[socket.socket] = field(default_factory=list)


def swap(*pairs: tuple[str, str]) -> Change:
    """Each text once in place of another."""

    def change(_: Centre, text: str) -> str:
        for old, new in pairs:
            need(old in text, f"the sample site has no {old!r}")
            text = text.replace(old, new, 1)
        return text

    return change


def entry(section: str, *lines: str) -> Change:
    """One more entry at the end."""
    return lambda _, text: "\n".join([text.rstrip(), "", f"[[{section}]]", *lines, ""])


def carrier(*lines: str) -> Change:
    return lambda r, _: r.with_carrier(NEW, r.port(f"carrier-{NEW}"), *lines)


def node(key: str, value: Callable[[Centre], str]) -> Change:
    """Another value of a key of the second node."""

    def change(r: Centre, text: str) -> str:
        head, _, rest = text.partition(f'name = "{SECOND}"')
        need(bool(rest), f"no section of {SECOND}")
        return f'{head}name = "{SECOND}"' + re.sub(rf"(?m)^{key} = .*$", f"{key} = {value(r)}", rest, count=1)

    return change


def _nobody_for_fire(_: Centre, text: str) -> str:
    head, mark, positions = text.partition("# --- Who answers")
    need(bool(mark), "the sample site has no positions")
    for old, new in (('["police", "fire"]', '["police"]'), ('["fire"]', '["police"]'), ('["fire", ', "[")):
        need(old in positions, f"no position with {old}")
        positions = positions.replace(old, new)
    return head + mark + positions


def _no_ambulance_queue(_: Centre, text: str) -> str:
    found = re.search(r'\[\[queues\]\]\nservice = "ambulance"\n(?:[^\[\n].*\n)*', text)
    need(found, "no queue of ambulance")
    assert found is not None
    return text.replace(found[0], "")


_held: list[socket.socket] = []


def _foreign_port(_: Centre) -> str:
    """A port that another program holds while the row plays."""
    other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    other.bind((LOOPBACK, 0))
    _held.append(other)
    return str(other.getsockname()[1])


def _first_ami(r: Centre) -> str:
    return str(r.system.site.site.at(r.system.site.node).ports.ami)


BAD = (
    Bad("a service number that begins another one", "numbers.1134.dial",
        entry("numbers", 'dial = "1134"', 'services = ["police"]')),
    Bad("a queue that no position serves", "queues.fire.service", _nobody_for_fire),
    Bad("a service without a queue", "services.ambulance.code", _no_ambulance_queue),
    Bad("a codec that no phone shares", "carriers.viettel.codecs",
        lambda r, text: swap(('codecs = ["alaw", "ulaw"]', 'codecs = ["gsm"]'))(r, text)
        + '\n[phones]\ncodecs = ["alaw", "ulaw"]\n'),
    Bad("a number for a service that there is not", "numbers.115.services",
        swap(('dial = "115"\nservices = ["ambulance"]', 'dial = "115"\nservices = ["rescue"]'))),
    Bad("a position for a service that there is not", "positions.B01.services",
        swap(('en = "Desk 1"\nservices = ["police"]', 'en = "Desk 1"\nservices = ["polise"]'))),
    Bad("a port that another program holds", f"nodes.{SECOND}.sip", node("sip", _foreign_port)),
    Bad("two nodes on one port", f"nodes.{SECOND}.ami", node("ami", _first_ami)),
    Bad("too few ports for the sound of so many calls", f"nodes.{SECOND}.rtp", node("rtp", lambda _: "[20000, 20099]")),
    Bad("a password whose file is missing", f"carriers.{NEW}.secret_file",
        carrier('auth = "register"', 'user = "centre"', 'secret_file = "secrets/carrier-nowhere"')),
    Bad("an account without its name", f"carriers.{NEW}.user", carrier('auth = "digest"', 'secret_file = "secrets/x"')),
    Bad("keys of enciphered sound in the clear", f"carriers.{NEW}.media", carrier('media = "srtp"')),
    Bad("a transport that no node listens for", f"carriers.{NEW}.transport", carrier('transport = "tls"')),
    Bad("a form of a number that leads nowhere", f"carriers.{NEW}.did", carrier('did = ["02838230000=119"]')),
    Bad("two carriers of one name", "carriers.viettel.name", swap(('name = "vnpt"', 'name = "viettel"'))),
    Bad("two carriers at one address", "carriers.vnpt.peers",
        lambda r, text: text.replace(f"{LOOPBACK}:{r.second_carrier}", f"{LOOPBACK}:{r.system.site.carrier_port}")),
    Bad("no carrier that is enabled", "carriers.viettel.enabled",
        lambda _, text: text.replace("\ncapacity = 120", "\nenabled = false\ncapacity = 120")
        .replace("enabled = true ", "enabled = false ")),
    Bad("a carrier by a name in place of an address", "carriers.viettel.peers",
        lambda r, text: text.replace(f'"{LOOPBACK}:{r.system.site.carrier_port}"', '"sip.carrier.example:5060"')),
    Bad("a key that is misspelt", "carriers.viettel.capacty", swap(("capacity = 120", "capacty = 120"))),
    Bad("words where a number belongs", "carriers.viettel.capacity", swap(("capacity = 120", 'capacity = "nhiều"'))),
    Bad("a value out of its range", "queues.police.ring", swap(("ring = 10 ", "ring = 0 "))),
    Bad("a kind of file that there is not", "recording.format", swap(('format = "wav"', 'format = "mp3"'))),
    Bad("a text that would break out of its line", "positions.B01.vi",
        swap(('vi = "Bàn 1"', r'vi = "Bàn 1\n[from-carrier]"'))),
    Bad("a position that stands twice", "positions.B02.id", swap(('id = "B03"', 'id = "B02"'))),
    Bad("a line that is no TOML", "", swap(('name = "vnpt"', 'name = "vnpt'))),
)  # fmt: skip
COUNT = 25


def refused(bad: Bad, r: Centre) -> str:
    text = bad.change(r, r.base)
    need(text != r.base, "the change changes nothing")
    files, reloads = r.files(), r.reloads()
    try:
        with r.client() as client:
            plan = client.plan(Candidate(text=text))
    finally:
        while _held:
            with closing(_held.pop()):
                pass
    need(plan.mistakes and not plan.ident, "it could have been applied")
    found = next((it for it in plan.mistakes if it.key == bad.key), None)
    need(found, f"told of {[(it.key, it.en) for it in plan.mistakes]}")
    assert found is not None
    need(found.line > 0 or not bad.at_line, f"without its line: {found}")
    need(all((found.vi, found.en)) and _remedy(found), f"without a remedy: {found}")
    now = r.files(), r.reloads()
    need(now == (files, reloads), f"touched: {[it for it in now[0] if now[0][it] != files.get(it)]} {now[1]}")
    more = f" (and {len(plan.mistakes) - 1} more)" if len(plan.mistakes) > 1 else ""
    return f"line {found.line}, {found.key or 'the text'}: {found.en}; write {found.instead_en}{more}"


def _remedy(mistake: Mistake) -> bool:
    return bool(mistake.instead_vi and mistake.instead_en)


assert len(BAD) == COUNT
SCENARIOS: list[Scenario] = [
    row(f"refused: {it.name}", f"named {it.key or 'by its line'}, with a remedy; nothing touched", partial(refused, it))
    for it in BAD
]
