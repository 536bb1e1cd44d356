"""What the events of an incident and its legs mean."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from dispatch_core.domain.events import (
    EnteredAfterwards,
    IncidentArchived,
    IncidentClosed,
    IncidentLocated,
    IncidentReassigned,
    IncidentReceived,
    IncidentRouted,
    IncidentTaken,
    LegClosed,
    LegOpened,
    LegReassigned,
    NoteAdded,
    PrioritySet,
    Recorded,
    TypeSet,
)
from dispatch_core.domain.evolve.border import in_zone, tell_zone
from dispatch_core.domain.evolve.desks import without_archived
from dispatch_core.domain.evolve.offers import no_more_offers
from dispatch_core.domain.evolve.routes import answered, awaits
from dispatch_core.domain.evolve.rules import change_incident, change_leg, rule, tell, with_call
from dispatch_core.domain.evolve.triage import decided_priority, decided_type
from dispatch_core.domain.state import Handed, Incident, Leg, State, drop, put
from dispatch_core.domain.vocabulary import IncidentState, Instant, LegState


def _change_open_legs(incident: Incident, how: Callable[[Leg], Leg]) -> Incident:
    legs = {service: how(leg) if leg.state is LegState.OPEN else leg for service, leg in incident.legs.items()}
    return replace(incident, legs=legs)


def _unrouted(incident: Incident, leg: Leg, at: Instant) -> Leg:
    """What the geography said of another place no longer stands; a station that a person chose does."""
    station = leg.station if leg.station_fixed else ""
    left = replace(leg, zone=None, candidates=(), passed=(), unfit=(), also=(), ranked_at=0, station=station)
    return awaits(incident, left, at)


def _opened(incident: Incident) -> Incident:
    """Somebody worked on it: an incident that was only being received is open from now on."""
    return replace(incident, state=IncidentState.OPEN) if incident.state is IncidentState.RECEIVING else incident


@rule(IncidentReceived)
def incident_received(state: State, event: IncidentReceived, recorded: Recorded) -> State:
    incident = Incident(
        id=event.incident,
        calls=(event.call,) if event.call else (),
        services=event.services,
        received_at=recorded.at,
    )
    state = replace(
        state,
        incidents=put(state.incidents, event.incident, tell(incident, recorded, "received", event.call)),
        day=event.day,
        day_count=event.count,
    )
    return with_call(state, event.call, incident=event.incident)


@rule(TypeSet)
def type_set(state: State, event: TypeSet, recorded: Recorded) -> State:
    def set_type(incident: Incident) -> Incident:
        opened = _opened(decided_type(incident, event.type, event.card))
        changed = replace(opened, type=event.type, priority=event.priority)
        changed = _change_open_legs(changed, lambda leg: replace(leg, priority=event.priority))
        about = (event.type, str(event.priority), *([event.card] if event.card else []))
        return tell(changed, recorded, "type", *about)

    return change_incident(state, event.incident, set_type)


@rule(PrioritySet)
def priority_set(state: State, event: PrioritySet, recorded: Recorded) -> State:
    def set_priority(incident: Incident) -> Incident:
        changed = replace(decided_priority(incident, event.card), priority=event.priority)
        changed = _change_open_legs(changed, lambda leg: replace(leg, priority=event.priority))
        return tell(changed, recorded, "priority", str(event.priority), *([event.card] if event.card else []))

    return change_incident(state, event.incident, set_priority)


@rule(IncidentLocated)
def incident_located(state: State, event: IncidentLocated, recorded: Recorded) -> State:
    def locate(incident: Incident) -> Incident:
        changed = replace(
            _opened(incident), location=event.location, location_version=incident.location_version + 1,
            premises=None,
        )
        changed = _change_open_legs(changed, lambda leg: _unrouted(changed, leg, recorded.at))
        return tell(changed, recorded, "located", str(changed.location_version))

    return change_incident(state, event.incident, locate)


@rule(IncidentRouted)
def incident_routed(state: State, event: IncidentRouted, recorded: Recorded) -> State:
    """The geography's answer fills the open legs; a station that a person chose stays."""

    def route(incident: Incident) -> Incident:
        legs = dict(incident.legs)
        for service, leg in incident.legs.items():
            if leg.state is not LegState.OPEN:
                continue
            answer = event.answers.get(service)
            if answer is not None:
                incident = tell_zone(incident, recorded, leg, answer)
                leg = in_zone(answered(state, leg, answer, recorded.at), answer)
                if leg.routing_at:  # the zones name a station that is gone
                    leg = replace(leg, station="")
            if service in event.candidates:
                passed = event.passed.get(service, ())
                leg = replace(
                    leg, candidates=event.candidates[service], passed=passed, ranked_at=recorded.at, then=None,
                    unfit=event.unfit.get(service, ()),
                )  # fmt: skip
                leg = leg if answer is not None else answered(state, leg, None, recorded.at)
            if answer is not None or service in event.candidates:
                leg = replace(leg, routed_seen=event.seen)
            legs[service] = leg
        return replace(incident, legs=legs, routed_version=event.location_version)

    return change_incident(state, event.incident, route)


@rule(NoteAdded)
def note_added(state: State, event: NoteAdded, recorded: Recorded) -> State:
    return change_incident(state, event.incident, lambda it: tell(it, recorded, "note", text=event.text))


@rule(EnteredAfterwards)
def entered_afterwards(state: State, event: EnteredAfterwards, recorded: Recorded) -> State:
    return change_incident(state, event.incident, lambda it: tell(it, recorded, "afterwards", str(event.happened_at)))


@rule(IncidentTaken)
def incident_taken(state: State, event: IncidentTaken, recorded: Recorded) -> State:
    def take(incident: Incident) -> Incident:
        return tell(replace(incident, owner=event.user), recorded, "taken", event.user)

    return change_incident(state, event.incident, take)


@rule(LegOpened)
def leg_opened(state: State, event: LegOpened, recorded: Recorded) -> State:
    def open_leg(incident: Incident) -> Incident:
        leg = Leg(service=event.service, priority=event.priority, level=incident.level, opened_at=recorded.at)
        known = incident.legs.get(event.service)
        if known is not None:
            leg = replace(known, state=LegState.OPEN, priority=event.priority, closed_at=0)
        leg = _unrouted(incident, leg, recorded.at)
        changed = replace(_opened(incident), legs=put(incident.legs, event.service, leg))
        return tell(changed, recorded, "leg_opened", event.service)

    return change_incident(state, event.incident, open_leg)


@rule(LegClosed)
def leg_closed(state: State, event: LegClosed, recorded: Recorded) -> State:
    def close(leg: Leg) -> Leg:
        return replace(no_more_offers(leg, recorded), state=LegState.CLOSED, closed_at=recorded.at)

    def close_leg(incident: Incident) -> Incident:
        return tell(change_leg(incident, event.service, close), recorded, "leg_closed", event.service)

    return change_incident(state, event.incident, close_leg)


@rule(IncidentReassigned)
def incident_reassigned(state: State, event: IncidentReassigned, recorded: Recorded) -> State:
    def reassign(incident: Incident) -> Incident:
        handed = Handed(what="incident", service="", was=event.was, to=event.to, at=recorded.at, by=recorded.by)
        changed = replace(incident, owner=event.to, handed=handed)
        return tell(changed, recorded, "reassigned", event.was, event.to, text=event.reason)

    return change_incident(state, event.incident, reassign)


@rule(LegReassigned)
def leg_reassigned(state: State, event: LegReassigned, recorded: Recorded) -> State:
    def change(leg: Leg) -> Leg:
        if event.what == "dispatcher":
            return replace(leg, dispatcher=event.to)
        if event.what == "station":
            return replace(leg, station=event.to, station_fixed=True, also=())
        return leg  # a unit's change of leg is told by its own events

    def reassign(incident: Incident) -> Incident:
        leg = incident.legs.get(event.service)
        if leg is not None and event.what != "unit":
            was = leg.dispatcher if event.what == "dispatcher" else leg.station
            handed = Handed(
                what=event.what, service=event.service, was=was, to=event.to, at=recorded.at, by=recorded.by,
                fixed=leg.station_fixed, also=leg.also,
            )  # fmt: skip
            incident = replace(incident, handed=handed)
        about = (event.service, event.what, event.was, event.to)
        return tell(
            change_leg(incident, event.service, change), recorded, "leg_reassigned", *about, text=event.reason
        )

    return change_incident(state, event.incident, reassign)


@rule(IncidentClosed)
def incident_closed(state: State, event: IncidentClosed, recorded: Recorded) -> State:
    def close(incident: Incident) -> Incident:
        legs = {
            service: leg
            if leg.state is LegState.CLOSED
            else replace(no_more_offers(leg, recorded), state=LegState.CLOSED, closed_at=recorded.at)
            for service, leg in incident.legs.items()
        }
        changed = replace(
            incident,
            state=IncidentState.CLOSED,
            closed_at=recorded.at,
            disposition=event.disposition,
            legs=legs,
        )
        return tell(changed, recorded, "closed", event.disposition)

    return change_incident(state, event.incident, close)


@rule(IncidentArchived)
def incident_archived(state: State, event: IncidentArchived, _: Recorded) -> State:
    calls = {ident: call for ident, call in state.calls.items() if ident not in event.calls}
    state = without_archived(state, event.incident)
    return replace(state, incidents=drop(state.incidents, event.incident), calls=calls)
