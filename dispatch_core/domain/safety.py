"""Looking after crews: how long each may stay in a status until somebody must hear from it."""

from __future__ import annotations

from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import Instant, SafetyRules, UnitStatus

KIND_OF = {
    UnitStatus.OFFERED: "unit_not_moving",
    UnitStatus.ACKNOWLEDGED: "unit_not_moving",
    UnitStatus.EN_ROUTE: "unit_late",
    UnitStatus.ON_SCENE: "crew_unchecked",
    UnitStatus.TRANSPORTING: "unit_long",
    UnitStatus.AT_HOSPITAL: "unit_long",
    UnitStatus.RETURNING: "unit_long",
}
"""The alarm of each status."""

KINDS = tuple(dict.fromkeys(KIND_OF.values()))


def limit_ms(rules: SafetyRules, unit: Unit) -> int:
    """How long the unit may stay as it is, 0 = for ever. An offer on a clock has that clock."""
    work = unit.assignment
    if work is None or (unit.status is UnitStatus.OFFERED and work.until):
        return 0
    if unit.status is UnitStatus.EN_ROUTE and rules.en_route_s:
        return int(max(rules.en_route_s, work.travel_s * rules.en_route_factor) * 1000)
    return int(getattr(rules, f"{unit.status.value}_s")) * 1000


def heard_at(unit: Unit) -> Instant:
    """When this status began, or somebody last heard that all is well."""
    return max(unit.status_at, unit.checked_at)


def is_overdue(state: State, unit: Unit, now: Instant) -> bool:
    limit = limit_ms(state.site.safety, unit)
    return limit > 0 and abs(now - heard_at(unit)) > limit


def to_be_told(state: State, unit: Unit, now: Instant) -> bool:
    """Overdue, and not told since, or so long ago that it is told again."""
    limit = limit_ms(state.site.safety, unit)
    return limit > 0 and abs(now - (unit.overdue_at or heard_at(unit))) > limit


def alarms_of(state: State, unit: str) -> tuple[str, ...]:
    """The keys of the alarms that stand for this unit."""
    return tuple(key for key in (f"{kind}:{unit}" for kind in KINDS) if key in state.alarms)
