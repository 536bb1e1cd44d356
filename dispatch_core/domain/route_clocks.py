"""Answers of the geography that do not come: each is asked for again by a clock, so often, then people are told.

What the geography would answer otherwise since (another map, other stations) waits for the same clock, so that many
incidents are asked for one after the other and never stand before a new one.
"""

from __future__ import annotations

from dispatch_core.domain.commands import Command, RouteOverdue
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import IncidentState, Instant, LegState

ROUTE_LIMIT_MS = 15_000
"""An answer takes a fraction of a second; this is longer than a new map, or zones with other stations, take to
serve."""

ROUTE_TRIES = 3
"""So often a leg is asked for again by itself."""

ROUTES_AT_ONCE = 8
"""Incidents that are asked for again at one look at the clocks (each second): a third of what two workers can do."""


def late(incident: Incident, now: Instant) -> tuple[str, ...]:
    """Services whose open legs have waited too long, from either side: the clock may have been set back."""
    if incident.state is IncidentState.CLOSED:
        return ()
    return tuple(
        service
        for service, leg in sorted(incident.legs.items())
        if leg.state is LegState.OPEN and leg.routing_at and abs(now - leg.routing_at) > ROUTE_LIMIT_MS
    )


def due(state: State, now: Instant) -> list[Command]:
    """The most urgent first, then who has waited longest."""
    waiting = []
    for ident, incident in state.incidents.items():
        legs = [incident.legs[service] for service in late(incident, now)]
        if legs:
            waiting.append((min((leg.priority, leg.routing_at) for leg in legs), ident))
    return [RouteOverdue(incident=ident) for _, ident in sorted(waiting)[:ROUTES_AT_ONCE]]
