"""What it means that a unit was sent elsewhere, or that a reassignment was taken back."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import ReassignUndone, Recorded, UnitRedirected
from dispatch_core.domain.evolve.rules import change_incident, change_leg, change_unit, rule, tell
from dispatch_core.domain.state import Incident, Leg, Redirected, State


@rule(UnitRedirected)
def unit_redirected(state: State, event: UnitRedirected, recorded: Recorded) -> State:
    """Both stories tell it: the one that the unit left also what it lacks now."""
    before = Redirected(
        incident=event.incident, service=event.service, status=event.status, to=event.to, at=recorded.at, by=recorded.by
    )
    kind = "redirect_undone" if event.undo else "redirected"
    about = (event.unit, event.incident, event.to, event.service, str(event.missing))
    state = change_unit(state, event.unit, lambda unit: replace(unit, redirected=None if event.undo else before))
    for ident in (event.incident, event.to):
        state = change_incident(state, ident, lambda it: tell(it, recorded, kind, *about, text=event.reason))
    return state


@rule(ReassignUndone)
def reassign_undone(state: State, event: ReassignUndone, recorded: Recorded) -> State:
    def restore(leg: Leg) -> Leg:
        if event.what == "dispatcher":
            return replace(leg, dispatcher=event.was)
        return replace(leg, station=event.was, station_fixed=event.fixed, also=event.also)

    def undo(incident: Incident) -> Incident:
        changed = replace(incident, handed=None)
        if event.what == "incident":
            changed = replace(changed, owner=event.was)
        else:
            changed = change_leg(changed, event.service, restore)
        about = (event.what, event.service, event.was, event.to)
        return tell(changed, recorded, "reassign_undone", *about)

    return change_incident(state, event.incident, undo)
