"""Edits of the text of a site file that leave its comments and order as the admin wrote them.

Guarded here: a refused edit changes nothing. What `edit` returns may still be no good site, so that a form can be
filled in step by step: `site_problems` says what is wrong. What the others return is a site that `parse_site` accepts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import tomlkit
from tomlkit.items import AoT, Table

from telephony.trunk import site_text as texts
from telephony.trunk.site import Ports, Site, SiteError, parse_site
from telephony.trunk.site_errors import not_toml, refuse
from telephony.trunk.site_lines import Path
from telephony.trunk.site_sections import Section, Struct, entries_of, sections

MOST_BYTES = 1_000_000  # of a site's text


def edit(text: str, section: str, entry: str, key: str, value: Any) -> str:
    """The text with one change of a form.

    `section`: "carriers", "duty.reasons"; `entry`: its name ("viettel"; "" for a section that is one). `key` with a
    value sets it, with None takes its line out; "phone.secret_file" is a key inside of another one. Without `key` a
    value (a mapping) adds an entry named `entry`, or replaces the keys of a section that is one; None takes it out.
    SiteError when the text is no TOML, or there is no such section or entry, or the value cannot be written.
    """
    raw = _raw(text)
    known = sections(Site)
    if section not in known:
        raise _refused("site.edit-section", section, f"không có phần “{section}”", f"there is no section {section!r}")
    about = known[section]
    if not _writable(value) or not re.fullmatch(r"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?)?", key):
        raise _refused("site.edit-value", f"{section}.{key}", "giá trị không ghi được", "the value cannot be written")
    value = _said(value)
    if not key:
        changed = _entry_out(text, raw, about, entry) if value is None else _entry_in(text, raw, about, entry, value)
    else:
        path = _place(raw, about, entry)
        changed = _set(text, about, path, tuple(key.split(".")), value)
    _raw(changed)
    return changed


def _entry_in(text: str, raw: Mapping[str, Any], about: Section, entry: str, value: Any) -> str:
    name = about.name
    if not isinstance(value, Mapping):
        raise _refused("site.edit-value", name, "phải là một bảng khoá và giá trị", "expected a table of keys")
    if not about.named_by:
        for key, inner in value.items():
            text = edit(text, name, "", key, inner)
        return text
    value = {about.named_by: entry, **value} if entry else dict(value)
    before = _entries(raw, about)
    own = value.get(about.named_by)
    if any(isinstance(it, dict) and it.get(about.named_by) == own for it in before):
        raise _refused(
            "site.edit-exists", f"{name}.{own}", f"đã có mục “{own}” trong {name}", f"{name} has {own!r} already"
        )
    path: Path = tuple(name.split("."))
    inline = texts.statement_of(text, path)
    if inline is not None:
        return texts.changed(text, inline, (len(before),), value)
    stands = texts.blocks_under(text, path) or texts.blocks_under(text, path[:-1] or path)
    below = {key: inner for key, inner in value.items() if _rows(about.kind, key, inner)}
    lines = [texts.written(key, inner) for key, inner in value.items() if key not in below and inner is not None]
    text = texts.with_block(text, stands, f"[[{name}]]", lines)
    for key, rows in below.items():
        text = _set(text, about, (*path, len(before)), (key,), rows)
    return text


def _entry_out(text: str, raw: Mapping[str, Any], about: Section, entry: str) -> str:
    path = _place(raw, about, entry)
    inline = texts.statement_of(text, path)
    if inline is not None:
        return texts.changed(text, inline, path[len(inline.path) :], None)
    return texts.without_blocks(text, texts.blocks_under(text, path))


def _set(text: str, about: Section, path: Path, keys: tuple[str, ...], value: Any) -> str:
    """`keys`: of the value, the second one inside of what the first one is."""
    place = (*path, *keys)
    line = texts.statement_of(text, place)
    if line is not None and line.path == place and value is None:
        return texts.without(text, line)
    if line is not None:
        stands = _at(tomllib.loads(text), place) is not None
        return texts.changed(text, line, place[len(line.path) :], value) if stands or value is not None else text
    if texts.blocks_under(text, place) or _rows(about.kind, keys[0], value):
        return _set_blocks(text, place, value)
    if value is None:
        return text
    block = texts.block_of(text, place[:-1])
    if block is not None:
        return texts.with_key(text, block, texts.written(keys[-1], value))
    if len(keys) > 1:
        return _set(text, about, path, keys[:1], {keys[1]: value})
    head = ".".join(part for part in path if isinstance(part, str))
    return texts.with_block(text, (), f"[{head}]", [texts.written(keys[0], value)])


def _set_blocks(text: str, place: Path, value: Any) -> str:
    """What stands, or is to stand, in blocks of its own below: rows of `[[queues.steps]]`, or the `[locations.area]`.
    Lines that stay the same keep their comments."""
    standing = texts.blocks_under(text, place)
    one, several = isinstance(value, Mapping), _is_rows(value)
    if value is None or not (one or several) or (standing and one != (standing[0].path == place)):
        text = texts.without_blocks(text, standing)
        block = texts.block_of(text, place[:-1])
        if value is None or block is None:
            return text
        return texts.with_key(text, block, texts.written(str(place[-1]), value))
    head = ".".join(part for part in place if isinstance(part, str))
    if one:
        return _set_rows_keys(text, place, value)
    for at, row in enumerate(value):
        if texts.block_of(text, (*place, at)) is None:
            after = texts.blocks_under(text, place[:-1])
            text = texts.with_block(text, after, f"[[{head}]]", [texts.written(key, it) for key, it in row.items()])
        else:
            text = _set_rows_keys(text, (*place, at), row)
    more = [block for block in texts.blocks_under(text, place) if int(block.path[len(place)]) >= len(value)]
    return texts.without_blocks(text, more)


def _set_rows_keys(text: str, place: Path, row: Mapping[str, Any]) -> str:
    block = texts.block_of(text, place)
    assert block is not None
    for gone in [it for it in block.keys if it.path[len(place)] not in row]:
        line = texts.statement_of(text, gone.path)
        text = texts.without(text, line) if line is not None else text
    now = _at(tomllib.loads(text), place)
    for key, value in row.items():
        if now.get(key) != value:
            line, block = texts.statement_of(text, (*place, key)), texts.block_of(text, place)
            assert block is not None
            new = texts.written(key, value)
            text = texts.changed(text, line, (), value) if line else texts.with_key(text, block, new)
    return text


def _rows(kind: Struct, key: str, value: Any) -> bool:
    """Whether the value of a key is written as blocks of its own: a list of tables."""
    field = next((it for it in msgspec.structs.fields(kind) if it.encode_name == key), None)
    return field is not None and entries_of(field.type) is not None and _is_rows(value)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _said(value: Any) -> Any:
    """A key of a table without a value is not said."""
    if isinstance(value, Mapping):
        return {key: _said(inner) for key, inner in value.items() if inner is not None}
    return [_said(inner) for inner in value] if isinstance(value, list | tuple) else value


def _place(raw: Mapping[str, Any], about: Section, entry: str) -> Path:
    path: Path = tuple(about.name.split("."))
    if not about.named_by:
        return path
    for at, found in enumerate(_entries(raw, about)):
        if isinstance(found, dict) and str(found.get(about.named_by)) == entry:
            return (*path, at)
    raise _refused(
        "site.edit-entry",
        f"{about.name}.{entry}",
        f"không có mục “{entry}” trong {about.name}",
        f"{about.name} has no {entry!r}",
    )


def _entries(raw: Mapping[str, Any], about: Section) -> Sequence[Any]:
    found = _at(raw, tuple(about.name.split(".")))
    return found if isinstance(found, list) else ()


def _at(raw: Any, path: Path) -> Any:
    for part in path:
        try:
            raw = raw[part]
        except (KeyError, IndexError, TypeError):
            return None
    return raw


def _writable(value: Any, depth: int = 4) -> bool:
    if isinstance(value, Mapping):
        return depth > 0 and all(
            isinstance(key, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", key) and _writable(inner, depth - 1)
            for key, inner in value.items()
        )
    if isinstance(value, list | tuple):
        return depth > 0 and all(inner is not None and _writable(inner, depth - 1) for inner in value)
    return value is None or isinstance(value, str | int | float | bool)


def _raw(text: str) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise _refused("site.too-long", "", "tệp quá dài", "the file is too long")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse("site.toml", text, *not_toml(text, str(error))) from error


def _refused(code: str, key: str, vi: str, en: str) -> SiteError:
    return SiteError(code, f"{key}: {vi}.", f"{key}: {en}.", file="site.toml", line=0, key=key)


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
