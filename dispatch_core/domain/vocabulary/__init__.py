"""The words of the trade as types: enumerations and the small values that several parts share.

Times are ``Instant``: integer milliseconds since 1970-01-01 UTC. Angles are WGS84 degrees, latitude first in argument
lists. Distances are metres. Vietnamese and English names stand side by side wherever a person will read them.
"""

from __future__ import annotations

from dispatch_core.domain.vocabulary.calls import (
    CallBackOutcome,
    CallState,
    Direction,
    DutyState,
    EndedBy,
    MissedEnd,
    SteerAct,
    TargetKind,
    WatchHow,
)
from dispatch_core.domain.vocabulary.dispatching import (
    ALARM_LEVELS,
    Capability,
    Crew,
    CrewState,
    RecommendRules,
    ResponsePlan,
    Tally,
)
from dispatch_core.domain.vocabulary.incidents import (
    Candidate,
    IncidentState,
    IncidentType,
    LegState,
    Measured,
    Need,
    Override,
    Passed,
    Reach,
    UnitStatus,
)
from dispatch_core.domain.vocabulary.offers import OfferOutcome, OfferRules, OfferTo, SafetyRules
from dispatch_core.domain.vocabulary.places import (
    Area,
    AskedPlace,
    Closure,
    ClosureKind,
    HandOver,
    Location,
    LocationSource,
    MapRef,
    Station,
    Suggestion,
    ZoneAnswer,
    ZoneSetRef,
    ZoneShare,
)
from dispatch_core.domain.vocabulary.site import (
    AlarmLevel,
    Reason,
    Role,
    Service,
)
from dispatch_core.domain.vocabulary.values import (
    SIMULATED,
    Instant,
    as_floats,
)

__all__ = [
    "ALARM_LEVELS",
    "AlarmLevel",
    "Area",
    "AskedPlace",
    "CallBackOutcome",
    "Capability",
    "CallState",
    "Candidate",
    "Closure",
    "ClosureKind",
    "Crew",
    "CrewState",
    "Direction",
    "DutyState",
    "EndedBy",
    "HandOver",
    "IncidentState",
    "IncidentType",
    "Instant",
    "LegState",
    "Location",
    "LocationSource",
    "MapRef",
    "Measured",
    "MissedEnd",
    "Need",
    "Override",
    "OfferOutcome",
    "OfferRules",
    "OfferTo",
    "Passed",
    "Reach",
    "Reason",
    "RecommendRules",
    "ResponsePlan",
    "Role",
    "SIMULATED",
    "SafetyRules",
    "Service",
    "Station",
    "SteerAct",
    "Suggestion",
    "Tally",
    "TargetKind",
    "UnitStatus",
    "WatchHow",
    "ZoneAnswer",
    "ZoneSetRef",
    "ZoneShare",
    "as_floats",
]
