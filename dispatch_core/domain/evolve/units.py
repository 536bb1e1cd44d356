"""What the events of a unit mean, for the unit and for the leg that it works on."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import Recorded, UnitAssigned, UnitReleased, UnitStatusSet
from dispatch_core.domain.evolve.rules import change_incident, change_leg, change_unit, rule, tell
from dispatch_core.domain.shifts import a_run_more, work_done
from dispatch_core.domain.state import Assignment, Incident, Leg, State, Unit
from dispatch_core.domain.vocabulary import Crew, CrewState, IncidentState, UnitStatus


@rule(UnitAssigned)
def unit_assigned(state: State, event: UnitAssigned, recorded: Recorded) -> State:
    work = Assignment(incident=event.incident, service=event.service, at=recorded.at, by=recorded.by)

    def assign(unit: Unit) -> Unit:
        crew = unit.crew
        if crew.state is CrewState.RESTING:  # the rest is over where work comes
            crew = Crew(since=recorded.at, by=recorded.by)
        return replace(
            unit, assignment=work, status=UnitStatus.OFFERED, status_at=recorded.at, status_by=recorded.by, crew=crew,
            tally=a_run_more(state.site, unit, recorded.at),
        )  # fmt: skip

    def join(leg: Leg) -> Leg:
        return leg if event.unit in leg.units else replace(leg, units=(*leg.units, event.unit))

    def work_on(incident: Incident) -> Incident:
        changed = replace(change_leg(incident, event.service, join), state=IncidentState.WORKING)
        return tell(changed, recorded, "assigned", event.unit, event.service)

    return change_incident(change_unit(state, event.unit, assign), event.incident, work_on)


@rule(UnitReleased)
def unit_released(state: State, event: UnitReleased, recorded: Recorded) -> State:
    def free(unit: Unit) -> Unit:
        return replace(
            unit, assignment=None, status=UnitStatus.AVAILABLE, status_at=recorded.at, status_by=recorded.by,
            tally=work_done(state.site, unit, recorded.at),
        )  # fmt: skip

    def leave(leg: Leg) -> Leg:
        return replace(leg, units=tuple(unit for unit in leg.units if unit != event.unit))

    def without(incident: Incident) -> Incident:
        return tell(change_leg(incident, event.service, leave), recorded, "released", event.unit, event.service)

    return change_incident(change_unit(state, event.unit, free), event.incident, without)


@rule(UnitStatusSet)
def unit_status_set(state: State, event: UnitStatusSet, recorded: Recorded) -> State:
    def set_status(unit: Unit) -> Unit:
        return replace(unit, status=event.status, status_at=recorded.at, status_by=recorded.by)

    known = state.units.get(event.unit)
    state = change_unit(state, event.unit, set_status)
    if known is None or known.assignment is None:
        return state
    return change_incident(
        state,
        known.assignment.incident,
        lambda incident: tell(incident, recorded, "status", event.unit, event.status.value),
    )
