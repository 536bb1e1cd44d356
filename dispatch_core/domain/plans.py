"""What an incident wants: the needs of its type, and what the response plans add for its priority and alarm level."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.triage import wanted_by_answers
from dispatch_core.domain.vocabulary import Need

UNITS_OF_A_LINE = 20
"""So many units one line of a plan may want."""

SLOTS_MOST = 40
"""So many units of one service a plan may want in all; what is beyond is not chosen by itself."""


def planned(state: State, incident_type: str, priority: int, level: int) -> tuple[Need, ...]:
    """One line for each service and capability, in the order in which they are first wanted."""
    known = state.types.get(incident_type)
    lines = list(known.needs) if known is not None else []
    for plan in state.plans:
        wanted = incident_type in plan.types and plan.level <= level
        if wanted and (not plan.priorities or priority in plan.priorities):
            lines += plan.needs
    return _together(lines)


def wanted_lines(state: State, incident: Incident) -> tuple[Need, ...]:
    """What the plans want, and beyond it what answers on a triage card want at the least."""
    lines = {(it.service, it.capability): it for it in planned(state, incident.type, incident.priority, incident.level)}
    for want in wanted_by_answers(incident.triage):
        key = (want.service, want.capability)
        known = lines.get(key, Need(service=want.service, capability=want.capability, count=0))
        lines[key] = replace(known, count=max(known.count, want.count))
    return tuple(lines.values())


def _together(lines: Iterable[Need]) -> tuple[Need, ...]:
    """Lines that want the same become one: the counts add up, the wider terms hold."""
    merged: dict[tuple[str, str], Need] = {}
    for line in lines:
        key = (line.service, line.capability)
        known = merged.get(key)
        if known is not None:
            far = 0.0 if 0.0 in (known.radius_km, line.radius_km) else max(known.radius_km, line.radius_km)
            line = replace(
                known,
                count=known.count + line.count,
                parallel=max(known.parallel, line.parallel),
                stations=known.stations or line.stations,
                radius_km=far,
            )
        merged[key] = line
    return tuple(merged.values())


def asks_stations(state: State, incident: Incident, service: str) -> bool:
    """Whether a plan leaves it to the stations of the service who goes: none of their crews is asked over their
    heads, but by name."""
    return any(line.stations for line in needs_for(state, incident, service))


def services_planned(state: State, incident: Incident) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.service for line in wanted_lines(state, incident)))


def services_that_want_more(state: State, before: Incident, after: Incident) -> tuple[str, ...]:
    """Services of which the plans want more for ``after`` than for ``before``, in the plans' order."""
    had = {(it.service, it.capability): it.count for it in wanted_lines(state, before)}
    wants = wanted_lines(state, after)
    more = (it.service for it in wants if it.count > had.get((it.service, it.capability), 0))
    return tuple(dict.fromkeys(more))


def needs_for(state: State, incident: Incident, service: str) -> tuple[Need, ...]:
    """What one leg wants; a leg of which no plan speaks wants one unit of its service."""
    lines = wanted_lines(state, incident)
    return tuple(line for line in lines if line.service == service) or (Need(service=service),)
