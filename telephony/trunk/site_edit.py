"""Edits of the text of a site file that leave its comments and order as the admin wrote them.

Guarded here: what is returned is a site that `parse_site` accepts; a refused edit changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tomlkit
from tomlkit.items import AoT, Table

from telephony.trunk.site import Ports, parse_site


def add_position(
    text: str, *, id: str, vi: str, en: str, services: Sequence[str], phone: str | Mapping[str, str]
) -> str:
    """The text with one more `[[positions]]` at the end of them.

    `phone`: a fixed contact, or {"secret_file": path}. SiteError when the text or the new entry is refused.
    """
    parse_site(text)
    document = tomlkit.parse(text)
    entry = tomlkit.table()
    entry.add("id", id)
    entry.add("vi", vi)
    entry.add("en", en)
    entry.add("services", tomlkit.item(list(services)))
    if isinstance(phone, str):
        entry.add("phone", phone)
    else:
        inline = tomlkit.inline_table()
        inline.update(phone)
        entry.add("phone", inline)
    positions = document["positions"]
    assert isinstance(positions, AoT)
    positions.append(entry)
    changed = tomlkit.dumps(document)
    parse_site(changed)
    return changed


def with_ports(
    text: str,
    *,
    sip: int | None = None,
    ami: int | None = None,
    rtp: tuple[int, int] | None = None,
    locations: int | None = None,
    carriers: Mapping[str, Sequence[str]] | None = None,
    phones: Mapping[str, int] | None = None,
) -> str:
    """The text with other ports: those given, the rest as they stand.

    `carriers`: carrier name to its peers ("127.0.0.1:5070"); `phones`: position id to the port of its fixed
    contact. SiteError when the text or the result is refused; KeyError for a carrier or position not in it.
    """
    parse_site(text)
    document = tomlkit.parse(text)
    ports = document.setdefault("ports", tomlkit.table())
    for key, value in (("sip", sip), ("ami", ami), ("rtp", list(rtp) if rtp else None)):
        if value is not None:
            ports[key] = value
    if locations is not None:
        heard = document.setdefault("locations", tomlkit.table())
        heard["listen"] = f"127.0.0.1:{locations}"
    for name, peers in (carriers or {}).items():
        _entry(document, "carriers", "name", name)["peers"] = list(peers)
    for position, port in (phones or {}).items():
        entry = _entry(document, "positions", "id", position)
        entry["phone"] = f"{str(entry['phone']).rpartition(':')[0]}:{port}"
    changed = tomlkit.dumps(document)
    parse_site(changed)
    return changed


def with_nodes(text: str, nodes: Mapping[str, Ports]) -> str:
    """The text with a `[[nodes]]` section for each of these, whatever nodes it named before. SiteError as above."""
    parse_site(text)
    document = tomlkit.parse(text)
    centre = document["site"]
    assert isinstance(centre, Table)
    centre.pop("nodes", None)
    document.pop("nodes", None)
    sections = tomlkit.aot()
    for name, ports in nodes.items():
        section = tomlkit.table()
        section.add("name", name)
        for key, value in (
            ("listen", ports.listen), ("sip", ports.sip), ("ami", ports.ami), ("rtp", list(ports.rtp))
        ):  # fmt: skip
            section.add(key, value)
        sections.append(section)
    document.append("nodes", sections)
    changed = tomlkit.dumps(document)
    parse_site(changed)
    return changed


def _entry(document: tomlkit.TOMLDocument, section: str, key: str, name: str) -> Table:
    entries = document[section]
    assert isinstance(entries, AoT)
    for entry in entries:
        if isinstance(entry, Table) and entry[key] == name:
            return entry
    raise KeyError(f"no {section} entry with {key} = {name!r}")
