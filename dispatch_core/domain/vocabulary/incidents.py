"""What may be true of incidents, legs and units; which units an incident wants and which could come."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary.values import as_floats


class IncidentState(StrEnum):
    RECEIVING = "receiving"
    OPEN = "open"
    WORKING = "working"
    CLOSED = "closed"


class LegState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class UnitStatus(StrEnum):
    AVAILABLE = "available"
    OFFERED = "offered"
    ACKNOWLEDGED = "acknowledged"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    TRANSPORTING = "transporting"
    AT_HOSPITAL = "at_hospital"
    RETURNING = "returning"
    OUT_OF_SERVICE = "out_of_service"


class Need(Struct, frozen=True, kw_only=True):
    """One line of a response plan: so many units of a service with a capability ("" = any)."""

    service: str
    capability: str = ""
    count: int = 1


class IncidentType(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str
    keywords: tuple[str, ...] = ()
    priority: int = 3  # 1 the most urgent, 5 the least
    needs: tuple[Need, ...] = ()


class Measured(StrEnum):
    """How a travel time came about."""

    ROAD = "road"
    STRAIGHT = "straight"  # no road is known there: the straight line with a detour factor


class Reach(Struct, frozen=True, kw_only=True):
    """How long a unit needs to a place, as the geography measured it. ``age_ms``: how old the position was that was
    measured from; None where none was reported, and the unit was taken to stand at its station."""

    unit: str
    seconds: float
    metres: float
    measured: Measured = Measured.STRAIGHT
    age_ms: int | None = None

    def __post_init__(self) -> None:
        as_floats(self, "seconds", "metres")


class Candidate(Struct, frozen=True, kw_only=True):
    """A unit proposed for a leg, with its reason in numbers."""

    unit: str
    metres: float
    capable: bool = True
    seconds: float = 0.0
    measured: Measured = Measured.STRAIGHT
    age_ms: int | None = None

    def __post_init__(self) -> None:
        as_floats(self, "metres", "seconds")


class Passed(Struct, frozen=True, kw_only=True):
    """A unit of the leg's service that is not proposed, and why: the code of a reason with what it is about."""

    unit: str
    why: str
    about: tuple[str, ...] = ()
