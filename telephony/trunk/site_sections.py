"""The sections of a site file as its types give them: which stand several times, and by which key an entry is named.

Guarded here: an entry's name is the first field of its type; nothing is said here that the types do not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from telephony.trunk.site_lines import Path

Struct = type[msgspec.Struct]


@dataclass(frozen=True)
class Section:
    """`name`: "carriers", "duty.reasons". `named_by`: the key that names an entry, "" where there is one alone."""

    name: str
    kind: Struct
    named_by: str


@cache
def sections(site: Struct) -> Mapping[str, Section]:
    """Every section of a site's type by its name."""
    return {section.name: section for section in _sections(site)}


def _sections(site: Struct) -> Iterator[Section]:
    for field in msgspec.structs.fields(site):
        if several := entries_of(field.type):
            yield Section(field.encode_name, several, named_by(several))
        elif one := struct_of(field.type):
            yield Section(field.encode_name, one, "")
            for inner in msgspec.structs.fields(one):
                if several := entries_of(inner.type):
                    yield Section(f"{field.encode_name}.{inner.encode_name}", several, named_by(several))


def named_by(kind: Struct) -> str:
    """The key that names an entry of this type."""
    return msgspec.structs.fields(kind)[0].encode_name


def plain_type(kind: Any) -> Any:
    """The type without what is said about it."""
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def struct_of(kind: Any) -> Struct | None:
    """The struct that a value of this type is, or may be."""
    kind = plain_type(kind)
    if get_origin(kind) in (Union, UnionType):
        return next((found for member in get_args(kind) if (found := struct_of(member))), None)
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def entries_of(kind: Any) -> Struct | None:
    """The struct of which a value of this type is a list."""
    kind = plain_type(kind)
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        return struct_of(get_args(kind)[0])
    return None


def named_path(raw: Mapping[str, Any], site: Struct, path: Path) -> str:
    """`carriers.viettel.peers`: the key as admins say it; an entry without a usable name by its number from 1."""
    parts: list[str] = []
    at: Any = raw
    known = sections(site)
    for part in path:
        at = _inside(at, part)
        if isinstance(part, str):
            parts.append(part)
            continue
        section = known.get(".".join(parts))
        name = at.get(section.named_by) if section is not None and isinstance(at, dict) else None
        if isinstance(name, str) and name and name.isprintable() and len(name) <= 40:
            parts.append(name)
        elif parts:
            parts[-1] += f"[{part + 1}]"
    return ".".join(parts)


def _inside(value: Any, part: str | int) -> Any:
    if isinstance(part, str):
        return value.get(part) if isinstance(value, dict) else None
    return value[part] if isinstance(value, list) and part < len(value) else None
