"""What a person types into a field of the site's form, as a value of the description, and back. No Qt.

Guards: any text gives either a value of the field's kind or a ``Slip`` that says what to write instead; nothing raises.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from dispatch_core.wire.trunk import FieldShown

TEXT_LENGTH = 600
"""Characters of one field: the longest list of addresses that a carrier has, several times."""

PARTS_MOST = 100
EMPTY = '""'
"""Typed for an empty text, because an empty field is a line that does not stand in the file."""

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,9})?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Slip:
    """``key`` of words, ``values`` for it. What to write instead is the field's own hint."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


Read = Any
"""A value of the description, None for a line that does not stand there, or a ``Slip``."""


def shown(value: Any) -> str:
    """As it stands in a field; None, a line that is not there, is nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value or EMPTY
    if isinstance(value, list | tuple):
        if all(_is_plain(it) for it in value):
            return ", ".join(str(it) for it in value)
        return written(value)
    if isinstance(value, Mapping):
        return written(value)
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e15 else str(value)


def written(value: Any) -> str:
    """As TOML writes it in one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + "".join(_escaped(it) for it in value) + '"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(it) for it in value) + "]"
    if isinstance(value, Mapping):
        inside = ", ".join(
            f"{key if _BARE.fullmatch(key) else written(key)} = {written(it)}"
            for key, it in value.items() if it is not None
        )  # fmt: skip
        return "{ " + inside + " }" if inside else "{}"
    return str(value)


def _escaped(mark: str) -> str:
    if mark in '"\\':
        return "\\" + mark
    return mark if mark.isprintable() else f"\\U{ord(mark):08x}"


def _is_plain(part: Any) -> bool:
    """Can stand between commas without quotes."""
    if isinstance(part, str):
        return part == part.strip() and bool(part) and not any(mark in part for mark in ',"\n[]{}')
    return isinstance(part, int | float) and not isinstance(part, bool)


def read(told: FieldShown, text: str, before: Any = None) -> Read:
    """``before`` is the value that stood there: of the same shape (a list of numbers stays one)."""
    text = text.strip()
    if not text:
        return Slip("slip.required") if told.required else None
    if len(text) > TEXT_LENGTH:
        return Slip("slip.long", {"most": TEXT_LENGTH})
    reader = _READERS.get(told.kind, _text)
    return reader(told, text, before)


def _text(told: FieldShown, text: str, before: Any) -> Read:
    value = text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text  # as it stands in the file
    if told.choices and value not in told.choices:
        return Slip("slip.choice", {"choices": ", ".join(told.choices)})
    return value if _fits(told.pattern, value) else Slip("slip.pattern")


def _number(told: FieldShown, text: str, before: Any) -> Read:
    if not _WHOLE.fullmatch(text):
        return Slip("slip.number")
    return _bounded(told, int(text))


def _decimal(told: FieldShown, text: str, before: Any) -> Read:
    if not _DECIMAL.fullmatch(text):
        return Slip("slip.decimal")
    return _bounded(told, float(text.replace(",", ".")))


def _bounded(told: FieldShown, value: float) -> Read:
    if told.least is not None and value < told.least:
        return Slip("slip.least", {"least": f"{told.least:g}", "unit": _unit(told)})
    if told.most is not None and value > told.most:
        return Slip("slip.most", {"most": f"{told.most:g}", "unit": _unit(told)})
    return value


def _unit(told: FieldShown) -> str:
    return f" {told.unit}" if told.unit else ""


YES, NO = ("true", "yes", "co", "có", "1", "on"), ("false", "no", "khong", "không", "0", "off")


def _yes(told: FieldShown, text: str, before: Any) -> Read:
    said = text.casefold()
    if said in YES:
        return True
    return False if said in NO else Slip("slip.yes")


def _list(told: FieldShown, text: str, before: Any) -> Read:
    if text.startswith("["):
        return _toml(text, list)
    parts = [part for part in re.split(r"[,;\s]+", text) if part]
    if len(parts) > PARTS_MOST:
        return Slip("slip.many", {"most": PARTS_MOST})
    like = before if isinstance(before, list | tuple) and before else told.usual
    numbers = told.least is not None or told.most is not None
    if isinstance(like, list | tuple) and like:
        numbers = numbers or all(isinstance(it, int) and not isinstance(it, bool) for it in like)
    values: list[Any] = []
    for part in parts:
        value = _number(told, part, None) if numbers else _text(told, part, None)
        if isinstance(value, Slip):
            return Slip("slip.part", {"part": part}) if value.key in ("slip.pattern", "slip.number") else value
        values.append(value)
    return values


def _table(told: FieldShown, text: str, before: Any) -> Read:
    """A table or an array as TOML writes it; a word of its own is a text (a contact where a table may stand too)."""
    if text[0] in "{[":
        return _toml(text, dict | list)
    return _text(told, text, before)


def _toml(text: str, kind: Any) -> Read:
    try:
        value = tomllib.loads(f"v = {text}").get("v")
    except (ValueError, RecursionError):
        return Slip("slip.table")
    return value if isinstance(value, kind) and _is_data(value) else Slip("slip.table")


def _is_data(value: Any) -> bool:
    """No dates and no numbers that JSON has not."""
    if isinstance(value, Mapping):
        return all(_is_data(it) for it in value.values())
    if isinstance(value, list):
        return all(_is_data(it) for it in value)
    if isinstance(value, float):
        return value == value and abs(value) != float("inf")
    return isinstance(value, str | bool) or (isinstance(value, int) and abs(value) < 2**63)


_READERS = {"number": _number, "decimal": _decimal, "yes": _yes, "list": _list, "table": _table}


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None  # the core will say what it thinks of the value


def _fits(pattern: str, text: str) -> bool:
    compiled = _compiled(pattern) if pattern else None
    return compiled is None or compiled.search(text) is not None
