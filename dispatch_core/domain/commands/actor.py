"""Who asks, and the base of everything that can be asked."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class ActorKind(StrEnum):
    PERSON = "person"
    SWITCH = "switch"
    INTAKE = "intake"  # another system with a token
    CORE = "core"  # timers, workers, start-up


class Actor(Struct, frozen=True):
    kind: ActorKind
    name: str


class Body(Struct, frozen=True, kw_only=True, tag_field="t"):
    """Base of every command body; ``t`` names its type on the wire."""
