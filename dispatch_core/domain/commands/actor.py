"""Who asks, and the base of everything that can be asked."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class ActorKind(StrEnum):
    PERSON = "person"
    SWITCH = "switch"
    INTAKE = "intake"  # another system with a token
    CORE = "core"  # timers, workers, start-up


class SenderKind(StrEnum):
    """What another system is, and so what it may send (``authority.SENDERS``)."""

    HOSPITAL = "hospital"
    STATION = "station"
    ROSTER = "roster"
    VEHICLE = "vehicle"
    LOCATION = "location"  # of callers (AML)


class Actor(Struct, frozen=True):
    """``sender``: of INTAKE; None: whoever holds the one token that opens all."""

    kind: ActorKind
    name: str
    sender: SenderKind | None = None


class Body(Struct, frozen=True, kw_only=True, tag_field="t"):
    """Base of every command body; ``t`` names its type on the wire."""
