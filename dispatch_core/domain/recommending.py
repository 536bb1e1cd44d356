"""Who can go: the units of a service for an incident, the best first, and each one that is not proposed with why not.

Pure: travel times come in as the geography measured them, everything else is in the state.
"""

from __future__ import annotations

from collections.abc import Iterable

from dispatch_core.domain.state import Incident, State, Unit
from dispatch_core.domain.vocabulary import Candidate, Passed, Reach, UnitStatus

CANDIDATES_SHOWN = 8
PASSED_SHOWN = 12


def is_free(unit: Unit) -> bool:
    """Whether the unit may be sent now."""
    return unit.assignment is None and unit.status is UnitStatus.AVAILABLE


def free_units(state: State, service: str) -> tuple[Unit, ...]:
    """Units of the service that may be sent now, in the order of their call signs."""
    free = (unit for unit in state.units.values() if unit.service == service and is_free(unit))
    return tuple(sorted(free, key=lambda unit: unit.call_sign))


def wanted_capabilities(state: State, incident_type: str, service: str) -> frozenset[str]:
    known = state.types.get(incident_type)
    if known is None:
        return frozenset()
    return frozenset(need.capability for need in known.needs if need.service == service and need.capability)


def recommend(
    state: State, incident: Incident, service: str, reaches: Iterable[Reach]
) -> tuple[tuple[Candidate, ...], tuple[Passed, ...]]:
    """The best ``CANDIDATES_SHOWN``, capable ones first, then the soonest, then by name; and the nearest of those that
    were passed over."""
    wanted = wanted_capabilities(state, incident.type, service)
    candidates, passed = [], []
    for reach in sorted(reaches, key=lambda it: (it.seconds, it.unit)):
        unit = state.units.get(reach.unit)
        if unit is None or unit.service != service:
            continue
        if not is_free(unit):
            passed.append(_at_work(unit))
            continue
        candidates.append(
            Candidate(
                unit=unit.call_sign,
                metres=reach.metres,
                capable=not wanted or bool(wanted & set(unit.capabilities)),
                seconds=reach.seconds,
                measured=reach.measured,
                age_ms=reach.age_ms,
            )
        )
    candidates.sort(key=lambda it: not it.capable)  # stable: the soonest of each stay first
    return tuple(candidates[:CANDIDATES_SHOWN]), tuple(passed[:PASSED_SHOWN])


def _at_work(unit: Unit) -> Passed:
    if unit.assignment is not None:
        return Passed(unit=unit.call_sign, why="at_work", about=(unit.assignment.incident,))
    return Passed(unit=unit.call_sign, why="not_available", about=(unit.status.value,))
