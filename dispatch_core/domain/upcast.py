"""Stored events never change: older shapes are lifted to today's when they are read.

``UPCASTERS[(type, version)]`` takes the stored fields of that version and gives those of ``version + 1``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import msgspec

from dispatch_core.domain.events import Event, Happened

Fields = dict[str, Any]

UPCASTERS: dict[tuple[str, int], Callable[[Fields], Fields]] = {}

TYPES: dict[str, type[Happened]] = {kind.__name__: kind for kind in get_args(Event)}


def to_fields(event: Happened) -> tuple[Fields, Fields]:
    """The event as plain values: public fields, and apart from them the personal ones that are not empty."""
    public: Fields = msgspec.to_builtins(event)
    public.pop("t", None)
    personal = {name: public.pop(name, None) for name in type(event).PERSONAL}
    return public, {name: value for name, value in personal.items() if value not in (None, "")}


def from_fields(kind: str, version: int, public: Fields, personal: Fields) -> Event:
    """The stored event in today's shape. Raises ``msgspec.ValidationError`` if it is not of a known shape."""
    fields = {**public, **personal}
    if kind not in TYPES:
        raise msgspec.ValidationError(f"unknown event type {kind!r}")
    current = TYPES[kind].VERSION
    while version < current:
        fields = UPCASTERS[(kind, version)](fields)
        version += 1
    if version > current:
        raise msgspec.ValidationError(f"{kind} version {version} is newer than this program ({current})")
    return msgspec.convert({**fields, "t": kind}, Event)  # type: ignore[no-any-return]
