"""Who can go: free units of a service, nearest first, those that the plan asks for before the others."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch_core.domain.state import State, Unit
from dispatch_core.domain.vocabulary import Candidate, UnitStatus

CANDIDATES_SHOWN = 8


def free_units(state: State, service: str) -> tuple[Unit, ...]:
    """Units of the service that may be sent now, in the order of their call signs."""
    free = (
        unit
        for unit in state.units.values()
        if unit.service == service and unit.assignment is None and unit.status is UnitStatus.AVAILABLE
    )
    return tuple(sorted(free, key=lambda unit: unit.call_sign))


def wanted_capabilities(state: State, incident_type: str, service: str) -> frozenset[str]:
    known = state.types.get(incident_type)
    if known is None:
        return frozenset()
    return frozenset(need.capability for need in known.needs if need.service == service and need.capability)


def rank(
    units: tuple[Unit, ...], metres: Mapping[str, float], wanted: frozenset[str]
) -> tuple[Candidate, ...]:
    """The best ``CANDIDATES_SHOWN``: capable ones first, then by distance (``metres`` by call sign), then by name."""
    candidates = [
        Candidate(
            unit=unit.call_sign,
            metres=metres[unit.call_sign],
            capable=not wanted or bool(wanted & set(unit.capabilities)),
        )
        for unit in units
        if unit.call_sign in metres
    ]
    candidates.sort(key=lambda it: (not it.capable, it.metres, it.unit))
    return tuple(candidates[:CANDIDATES_SHOWN])
