"""The handshake: to whom an offer goes, how it ends, and the clocks that a site gives it; and how long a crew may stay
in a status before somebody must look."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary.site import Reason
from dispatch_core.domain.vocabulary.values import as_floats


class OfferTo(StrEnum):
    CREW = "crew"
    STATION = "station"


class OfferOutcome(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class OfferRules(Struct, frozen=True, kw_only=True):
    """``crew_s`` and ``station_s``: seconds to answer, by priority 1 to 5. ``declines``: a station that declined so
    often on one leg is passed over with all its crews. ``most``: offers that one leg makes by itself, then a person
    must look. ``late_s``: the last seconds of a clock, in which screens ask for attention."""

    crew_s: tuple[int, ...] = (30, 45, 60, 90, 120)
    station_s: tuple[int, ...] = (45, 60, 90, 120, 180)
    declines: int = 2
    most: int = 20
    late_s: int = 10
    reasons: dict[str, Reason] = {}

    def length_ms(self, to: OfferTo, priority: int) -> int:
        lengths = self.station_s if to is OfferTo.STATION else self.crew_s
        return lengths[min(max(priority, 1), len(lengths)) - 1] * 1000


class SafetyRules(Struct, frozen=True, kw_only=True):
    """Seconds in a status until somebody must look; 0 = never. On the way it is ``en_route_factor`` times the travel
    time that was said, and at least ``en_route_s``."""

    offered_s: int = 0
    acknowledged_s: int = 0
    en_route_s: int = 0
    en_route_factor: float = 1.5
    on_scene_s: int = 0
    transporting_s: int = 0
    at_hospital_s: int = 0
    returning_s: int = 0

    def __post_init__(self) -> None:
        as_floats(self, "en_route_factor")
