"""Where nobody can pass; the story of every incident near it tells so, for its ranking changes."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.closing_roads import incidents_near
from dispatch_core.domain.events import ClosureDrawn, ClosureEnded, Recorded
from dispatch_core.domain.evolve.rules import change_incident, rule, tell
from dispatch_core.domain.state import Incident, State, drop, put
from dispatch_core.domain.vocabulary import Closure


def _told(state: State, event: ClosureDrawn | ClosureEnded, recorded: Recorded, kind: str) -> State:
    def told(incident: Incident) -> Incident:
        return tell(incident, recorded, kind, event.closure, event.kind.value)

    for incident in incidents_near(state, event.outline):
        state = change_incident(state, incident.id, told)
    return state


@rule(ClosureDrawn)
def closure_drawn(state: State, event: ClosureDrawn, recorded: Recorded) -> State:
    closure = Closure(
        id=event.closure,
        kind=event.kind,
        outline=event.outline,
        vehicles=event.vehicles,
        reason=event.reason,
        by=event.user,
        at=recorded.at,
        until=event.until,
    )
    state = replace(state, closures=put(state.closures, event.closure, closure), closure_count=event.count)
    return _told(state, event, recorded, "closure_drawn")


@rule(ClosureEnded)
def closure_ended(state: State, event: ClosureEnded, recorded: Recorded) -> State:
    state = replace(state, closures=drop(state.closures, event.closure))
    return _told(state, event, recorded, "closure_ended")
