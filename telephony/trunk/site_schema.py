"""The JSON Schema of a site file, for editors: what stands in each key, in both languages, while it is being written.

Made from the types of `site` and the words of the form; Draft 2020-12, without references, so that simple editors
follow it (taplo and Even Better TOML: `#:schema site.schema.json` as the file's first line). Guarded here: what it
takes, the types take, and the other way round; what entries say about one another is beyond it.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from telephony.trunk.site import Site
from telephony.trunk.site_hints import HINTS
from telephony.trunk.site_sections import Struct, entries_of, struct_of
from telephony.trunk.site_words import SECTIONS, UNITS, WORDS

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILE = "site.schema.json"
_LIMITS = {
    "pattern": "pattern", "ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum",
}  # fmt: skip
_UNITS = {
    "s": ("giây", "seconds"), "ms": ("mili giây", "milliseconds"), "min": ("phút", "minutes"), "h": ("giờ", "hours"),
    "d": ("ngày", "days"), "km": ("km", "km"), "m": ("mét", "metres"),
}  # fmt: skip

Schema = dict[str, Any]


def schema() -> Schema:
    """The schema as plain data."""
    return {
        "$schema": DRAFT,
        "$id": FILE,
        "title": "site.toml",
        "description": "Một trung tâm: nhà mạng, đầu số, hàng chờ, bàn trực.\n\nOne centre: carriers, numbers, queues, "
        "positions.",
        **_table(Site, ""),
    }


def as_text() -> str:
    """The schema as the text of a file."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


def _table(kind: Struct, place: str) -> Schema:
    fields = msgspec.structs.fields(kind)
    properties = {it.encode_name: _key(it, f"{place}.{it.encode_name}".lstrip(".")) for it in fields}
    required = [it.encode_name for it in fields if it.required]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _key(field: msgspec.structs.FieldInfo, place: str) -> Schema:
    key = place.rpartition(".")[2]
    words = SECTIONS.get(place) or WORDS.get(place) or WORDS.get(f"*.{key}") or (key, key)
    hint = HINTS.get(place)
    unit = _UNITS.get(UNITS.get(place, ""))
    told = [
        f"{words[at]}{f' ({unit[at]})' if unit else ''}{f': {hint[at]}' if hint else ''}" for at in (0, 1)
    ]
    found: Schema = {"title": " / ".join(dict.fromkeys(words)), "description": "\n\n".join(told)}
    if not field.required and struct_of(field.type) is None and entries_of(field.type) is None:
        value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
        if value is not None:
            found["default"] = msgspec.json.decode(msgspec.json.encode(value))
    return {**found, **_value(field.type, place)}


def _value(kind: Any, place: str) -> Schema:
    limits: Schema = {}
    while get_origin(kind) is Annotated:
        kind, *metas = get_args(kind)
        for meta in metas:
            limits |= _limits(kind, meta)
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": list(parts)}
    if origin in (Union, UnionType):
        real = [it for it in parts if it is not type(None)]
        return _value(real[0], place) if len(real) == 1 else {"anyOf": [_value(it, place) for it in real]}
    if origin is tuple:
        several = parts[-1] is Ellipsis
        size = {} if several else {"minItems": len(parts), "maxItems": len(parts)}
        return {"type": "array", "items": _value(parts[0], place), **size, **limits}
    if origin is dict:
        names = {it: limit for it, limit in _value(parts[0], place).items() if it != "type"}
        return {"type": "object", "propertyNames": names, "additionalProperties": _value(parts[1], place), **limits}
    if inner := struct_of(kind):
        return _table(inner, place)
    return {"type": {bool: "boolean", int: "integer", float: "number", str: "string"}[kind], **limits}


def _limits(kind: Any, meta: msgspec.Meta) -> Schema:
    found: Schema = {}
    for name, keyword in _LIMITS.items():
        if (value := getattr(meta, name)) is not None:
            found[keyword] = value
    many = get_origin(kind) is tuple
    for name, keyword in (("min_length", "Items" if many else "Length"), ("max_length", "Items" if many else "Length")):
        if (value := getattr(meta, name)) is not None:
            found[name[:3] + keyword] = value
    return found


