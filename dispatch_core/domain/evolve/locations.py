"""What locations mean for calls and incidents. The same locations lead to the same call in every order."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import CallLocated, LocationDropped, LocationKept, Recorded
from dispatch_core.domain.evolve.rules import change_incident, rule, tell, with_call
from dispatch_core.domain.placing import best_first
from dispatch_core.domain.state import EarlyLocation, Incident, State, drop, put


@rule(CallLocated)
def call_located(state: State, event: CallLocated, recorded: Recorded) -> State:
    call = state.calls.get(event.call)
    if call is None:
        return state
    told = (call.location, event.location)
    places = best_first((*call.other_locations, *(place for place in told if place is not None)))
    best = places[0] if places else None
    state = with_call(
        state,
        event.call,
        location=best,
        other_locations=places[1:],
        location_note="" if places else event.note,
        location_link=event.link or call.location_link,
    )
    if best == call.location or best is None:
        return state
    incident = state.incidents.get(call.incident)
    if incident is None or incident.location is None:
        return state

    def better(it: Incident) -> Incident:
        """A person has placed it: what they said stays, and they are told."""
        return tell(it, recorded, "caller_located", event.call)

    return change_incident(state, incident.id, better)


@rule(LocationKept)
def location_kept(state: State, event: LocationKept, _: Recorded) -> State:
    early = EarlyLocation(id=event.ident, at=event.at, number=event.number, location=event.location)
    return replace(state, early_locations=put(state.early_locations, event.ident, early))


@rule(LocationDropped)
def location_dropped(state: State, event: LocationDropped, _: Recorded) -> State:
    return replace(state, early_locations=drop(state.early_locations, event.ident))
