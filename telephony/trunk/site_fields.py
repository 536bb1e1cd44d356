"""A site as a form shows it: every key with its kind, limits and words, made from the types of `site` alone.

Guarded here: what a form takes is what the types take; there is no second description of a key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from telephony.trunk.site import Site
from telephony.trunk.site_errors import not_toml, refuse
from telephony.trunk.site_hints import HINTS
from telephony.trunk.site_sections import Struct, entries_of, plain_type, sections, struct_of
from telephony.trunk.site_words import UNITS, WORDS


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One key of a form. ``kind``: text, number, decimal, yes, choice, list, secret, table. ``key`` "phone.secret_file"
    is inside of another one. ``pattern``: of text, or of each part of a list; a list with ``least`` or ``most`` is one
    of numbers; ``usual``: its value where the line is missing. A ``table`` has its keys as a section of its own
    ("queues.steps") where it is a list of such rows."""

    section: str
    key: str
    kind: str
    vi: str
    en: str
    hint_vi: str
    hint_en: str
    pattern: str = ""
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""
    usual: Any = None
    required: bool = False


def described() -> tuple[Field, ...]:
    """Every key of every section, in the order of the types."""
    return tuple(field for name, about in sections(Site).items() for field in _fields(about.kind, name, ""))


def values(text: str) -> dict[str, Any]:
    """What a text says, as plain data by section; what it does not say has its field's `usual` value. SiteError where
    it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse("site.toml", text, *not_toml(text, str(error))) from error


def _fields(kind: Struct, section: str, before: str) -> Iterator[Field]:
    for field in msgspec.structs.fields(kind):
        key = before + field.encode_name
        if f"{section}.{key}" in sections(Site):
            continue  # [[duty.reasons]]: a section
        rows, one = entries_of(field.type), struct_of(field.type)
        if one is None or plain_type(field.type) is not one:
            usual = None if field.required else _plain(field)
            yield _field(section, key, field.type, usual, field.required)
        if rows:
            yield from _fields(rows, f"{section}.{key}", "")
        elif one:
            yield from _fields(one, section, f"{key}.")


def _plain(field: msgspec.structs.FieldInfo) -> Any:
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    return msgspec.json.decode(msgspec.json.encode(value))


def _field(section: str, key: str, kind: Any, usual: Any, required: bool) -> Field:
    place = f"{section}.{key}"
    vi, en = WORDS.get(place) or WORDS.get(f"*.{key}") or (key, key)
    hint_vi, hint_en = HINTS.get(place, ("", ""))
    name, limits, choices = limits_of(kind)
    return Field(
        section=section,
        key=key,
        kind="secret" if key.endswith("secret_file") else name,
        vi=vi,
        en=en,
        hint_vi=hint_vi,
        hint_en=hint_en,
        pattern=limits.get("pattern", ""),
        choices=choices,
        least=limits.get("ge", limits.get("gt")),
        most=limits.get("le"),
        unit=UNITS.get(place, ""),
        usual=usual,
        required=required,
    )


def limits_of(kind: Any) -> tuple[str, Mapping[str, Any], tuple[str, ...]]:
    """The kind of a value of this type, what limits it (pattern, ge, gt, le), and what there is to choose from."""
    said: dict[str, Any] = {}
    while get_origin(kind) is Annotated:
        kind, *metas = get_args(kind)
        for meta in metas:
            said |= {
                name: value
                for name in ("pattern", "ge", "gt", "le", "min_length", "max_length")
                if (value := getattr(meta, name)) is not None
            }
    origin = get_origin(kind)
    if origin is Literal:
        return "choice", said, tuple(get_args(kind))
    if origin in (Union, UnionType):
        return _either(get_args(kind), said)
    if origin is tuple:
        if entries_of(kind):
            return "table", said, ()
        _, inner, choices = limits_of(get_args(kind)[0])
        return "list", {**said, **inner}, choices
    if origin is dict or struct_of(kind):
        return "table", said, ()
    return {bool: "yes", int: "number", float: "decimal", str: "text"}[kind], said, ()


def _either(members: tuple[Any, ...], said: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], tuple[str, ...]]:
    """One of several: a text that may be empty, a value that may be missing, or a text in place of a table."""
    real = [it for it in members if it is not type(None) and struct_of(it) is None and get_origin(it) is not Literal]
    if not real:
        return "table", said, ()
    name, limits, choices = limits_of(real[0])
    empty = any(get_origin(it) is Literal and "" in get_args(it) for it in members)
    if empty and (pattern := limits.get("pattern")):
        limits = {**limits, "pattern": f"^$|{pattern}"}
    return name, {**said, **limits}, choices


