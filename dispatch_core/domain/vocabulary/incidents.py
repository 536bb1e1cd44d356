"""What may be true of incidents, legs and units; which units an incident wants and which could come."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary.values import Instant, as_floats


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
    """One line of a response plan: so many units of a service with a capability ("" = any).

    ``parallel``: so many units are offered the work at once; ``stations``: it is offered to the station, not to a crew
    (unless a person names one); ``radius_km``: units further away by road are not proposed for it (0 = as far as the
    site lets the service go).
    """

    service: str
    capability: str = ""
    count: int = 1
    parallel: int = 1
    stations: bool = False
    radius_km: float = 0.0

    def __post_init__(self) -> None:
        as_floats(self, "radius_km")


class IncidentType(Struct, frozen=True, kw_only=True):
    code: str
    vi: str
    en: str
    keywords: tuple[str, ...] = ()
    priority: int = 3  # 1 the most urgent, 5 the least
    needs: tuple[Need, ...] = ()
    family: str = ""  # types of one family may be told of the same thing: fire, smoke, explosion


class Measured(StrEnum):
    """How a travel time came about."""

    ROAD = "road"
    STRAIGHT = "straight"  # no road is known there: the straight line with a detour factor


class Reach(Struct, frozen=True, kw_only=True):
    """How long a unit needs to a place, as the geography measured it. ``age_ms``: how old the position was that was
    measured from; None where none was reported, and the unit was taken to stand at its station. ``walk_m``: the part of
    ``metres`` at the end that the crew walks, for its vehicle cannot go there. ``note``: why it is not a way by road,
    "beyond" (none within the time that is searched) or "off_road" (no road near the unit or the place)."""

    unit: str
    seconds: float
    metres: float
    measured: Measured = Measured.STRAIGHT
    age_ms: int | None = None
    walk_m: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        as_floats(self, "seconds", "metres", "walk_m")


class Candidate(Struct, frozen=True, kw_only=True):
    """A unit proposed for a leg, with its reason in numbers; ``walk_m`` and ``note`` as its reach was measured."""

    unit: str
    metres: float
    capable: bool = True
    seconds: float = 0.0
    measured: Measured = Measured.STRAIGHT
    age_ms: int | None = None
    chosen: bool = False  # one of the set that covers what the plan wants
    fills: str = ""  # the capability for which it was chosen, "" = any
    walk_m: float = 0.0
    note: str = ""

    def __post_init__(self) -> None:
        as_floats(self, "metres", "seconds", "walk_m")


class Passed(Struct, frozen=True, kw_only=True):
    """A unit of the leg's service that is not proposed, and why: the code of a reason with what it is about. ``reach``
    is what was measured of it, None where it cannot get there."""

    unit: str
    why: str
    about: tuple[str, ...] = ()
    reach: Reach | None = None


class Override(Struct, frozen=True, kw_only=True):
    """A unit that was sent although a better one was free: which one, how much sooner it would have been there
    (0 = not known) and what the one that went cannot do."""

    unit: str
    instead: str
    sooner_s: float = 0.0
    lacks: tuple[str, ...] = ()
    at: Instant = 0
    by: str = ""
    reason: str = ""  # personal; "" = not given yet

    def __post_init__(self) -> None:
        as_floats(self, "sooner_s")
