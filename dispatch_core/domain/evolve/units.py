"""What the events of a unit mean, for the unit and for the leg that it works on."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import Recorded, UnitAssigned, UnitReleased, UnitStatusSet
from dispatch_core.domain.evolve.offers import end_offers, offered_line, tell_passed, with_offer
from dispatch_core.domain.evolve.rules import change_incident, change_leg, change_unit, rule, tell
from dispatch_core.domain.offering import places_left, unit_offer
from dispatch_core.domain.shifts import a_run_less, a_run_more, work_done
from dispatch_core.domain.state import Assignment, Incident, Leg, Offer, State, Unit
from dispatch_core.domain.vocabulary import Crew, CrewState, IncidentState, OfferOutcome, OfferTo, UnitStatus


def _changed(unit: Unit, status: UnitStatus, recorded: Recorded) -> Unit:
    """Whoever looks after the crew begins anew."""
    return replace(unit, status=status, status_at=recorded.at, status_by=recorded.by, checked_at=0, overdue_at=0)


def _travel_s(state: State, event: UnitAssigned) -> int:
    """How long the unit was said to need."""
    incident = state.incidents.get(event.incident)
    leg = incident.legs.get(event.service) if incident is not None else None
    said = (it.seconds for it in (leg.candidates if leg is not None else ()) if it.unit == event.unit)
    return round(next(said, 0.0))


@rule(UnitAssigned)
def unit_assigned(state: State, event: UnitAssigned, recorded: Recorded) -> State:
    """The unit is asked, by order or on a clock; one that its station named needs not be asked again."""
    known = state.units.get(event.unit)
    work = Assignment(
        incident=event.incident, service=event.service, at=recorded.at, by=recorded.by, until=event.until,
        travel_s=_travel_s(state, event),
    )  # fmt: skip
    offer = Offer(
        id="", to=OfferTo.CREW, station=known.station if known is not None else "", unit=event.unit, at=recorded.at,
        until=event.until, named=event.named,
    )  # fmt: skip

    def assign(unit: Unit) -> Unit:
        crew = unit.crew
        if crew.state is CrewState.RESTING:  # the rest is over where work comes
            crew = Crew(since=recorded.at, by=recorded.by)
        changed = _changed(unit, UnitStatus.OFFERED, recorded)
        tally = a_run_more(state.site, unit, recorded.at)
        return replace(changed, assignment=work, hospital="", crew=crew, tally=tally)

    def join(leg: Leg) -> Leg:
        if event.unit in leg.turned_back:  # sent once more
            leg = replace(leg, turned_back=tuple(it for it in leg.turned_back if it != event.unit))
        if event.unit not in leg.units:
            leg = replace(leg, units=(*leg.units, event.unit), spent_at=0)
        return leg if event.offer else with_offer(leg, event.incident, offer)

    def work_on(incident: Incident) -> Incident:
        changed = replace(change_leg(incident, event.service, join), state=IncidentState.WORKING)
        changed = tell_passed(changed, recorded, event.service, event.passed)
        if event.until:
            return tell(changed, recorded, "offered", *offered_line(recorded, offer, event.service))
        return tell(changed, recorded, "assigned", event.unit, event.service)

    return change_incident(change_unit(state, event.unit, assign), event.incident, work_on)


@rule(UnitReleased)
def unit_released(state: State, event: UnitReleased, recorded: Recorded) -> State:
    """Who was asked and has not answered is asked no more. Where the offer ended before, its own line told that, and
    the crew has not gone anywhere."""
    known, incident = state.units.get(event.unit), state.incidents.get(event.incident)
    leg = incident.legs.get(event.service) if incident is not None else None
    offered = known is not None and known.status is UnitStatus.OFFERED
    told = offered and unit_offer(leg, event.unit) is None

    def free(unit: Unit) -> Unit:
        done = a_run_less if told else work_done
        changed = _changed(unit, UnitStatus.AVAILABLE, recorded)
        return replace(changed, assignment=None, hospital="", tally=done(state.site, unit, recorded.at))

    def leave(leg: Leg) -> Leg:
        leg = replace(leg, units=tuple(unit for unit in leg.units if unit != event.unit))
        return end_offers(leg, lambda it: _of_crew(it, event.unit), OfferOutcome.WITHDRAWN, recorded)

    def without(incident: Incident) -> Incident:
        left = change_leg(incident, event.service, leave)
        return left if told else tell(left, recorded, "released", event.unit, event.service)

    return change_incident(change_unit(state, event.unit, free), event.incident, without)


def _of_crew(offer: Offer, unit: str) -> bool:
    return offer.to is OfferTo.CREW and offer.unit == unit


@rule(UnitStatusSet)
def unit_status_set(state: State, event: UnitStatusSet, recorded: Recorded) -> State:
    """A crew that reports anything from OFFERED on has said yes. Where the leg then has all that its plan wants, nobody
    is asked any more once the others are measured."""
    known = state.units.get(event.unit)
    state = change_unit(state, event.unit, lambda unit: _changed(unit, event.status, recorded))
    if known is None or known.assignment is None:
        return state
    service, yes = known.assignment.service, known.status is UnitStatus.OFFERED

    def report(incident: Incident) -> Incident:
        def accept(leg: Leg) -> Leg:
            leg = end_offers(leg, lambda it: _of_crew(it, event.unit), OfferOutcome.ACCEPTED, recorded)
            return replace(leg, then=None) if yes and places_left(state, incident, leg) <= 0 else leg

        return tell(change_leg(incident, service, accept), recorded, "status", event.unit, event.status.value)

    return change_incident(state, known.assignment.incident, report)
