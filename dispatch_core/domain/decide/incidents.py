"""Working on an incident: what, how urgent, where, whose."""

from __future__ import annotations

from dispatch_core.domain.commands import (
    AddNote,
    CloseLeg,
    Locate,
    OpenLeg,
    ReassignIncident,
    SetPriority,
    SetType,
    TakeIncident,
)
from dispatch_core.domain.decide.calming import calm_leg
from dispatch_core.domain.decide.story import Story, open_incident, rule, service_named, working_leg
from dispatch_core.domain.events import (
    IncidentLocated,
    IncidentReassigned,
    IncidentTaken,
    LegClosed,
    LegOpened,
    NoteAdded,
    PrioritySet,
    TypeSet,
)
from dispatch_core.domain.placing import fit
from dispatch_core.domain.plain_text import LABEL_LIMIT, NOTE_LIMIT, REASON_LIMIT, one_line, plain
from dispatch_core.domain.plans import services_planned, services_that_want_more
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import LegState, Location, Role
from dispatch_core.domain.words import PRIORITY_FIELD, TYPE_FIELD


def too_long(text: str, limit: int) -> Refusal | None:
    return refuse("text_too_long", length=len(text), limit=limit) if len(text) > limit else None


def open_missing_legs(story: Story, incident: Incident, services: tuple[str, ...]) -> None:
    """Open a leg for each service that has none open; the order is kept."""
    for service in services:
        leg = story.state.incidents[incident.id].legs.get(service)
        if leg is None or leg.state is LegState.CLOSED:
            priority = story.state.incidents[incident.id].priority
            story.happen(LegOpened(incident=incident.id, service=service, priority=priority))


@rule(SetType)
def set_type(story: Story, body: SetType) -> Refusal | None:
    """The type brings its priority and opens the legs of its response plan."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    kind = story.state.types.get(body.type)
    if kind is None:
        return refuse("unknown_type", type=body.type)
    if incident.type != body.seen:
        value = story.state.types.get(incident.type, incident.type)
        return refuse("changed_meanwhile", what=TYPE_FIELD, value=value)
    if incident.type == body.type:
        return refuse("already_so")
    story.happen(TypeSet(incident=incident.id, type=kind.code, priority=kind.priority))
    wanted = services_planned(story.state, story.state.incidents[incident.id])
    open_missing_legs(story, incident, wanted or incident.services[:1])
    return None


@rule(SetPriority)
def set_priority(story: Story, body: SetPriority) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if not 1 <= body.priority <= 5:
        return refuse("bad_priority")
    if incident.priority != body.seen:
        return refuse("changed_meanwhile", what=PRIORITY_FIELD, value=incident.priority)
    if incident.priority == body.priority:
        return refuse("already_so")
    story.happen(PrioritySet(incident=incident.id, priority=body.priority))
    after = story.state.incidents[incident.id]
    open_missing_legs(story, after, services_that_want_more(story.state, incident, after))
    return None


def bad_place(location: Location) -> Refusal | None:
    """A place needs words; coordinates, where there are any, need to be on the earth."""
    if not location.label.strip():
        return refuse("empty_text")
    if fit(location, None) is None:
        return refuse("bad_location")
    return too_long(location.label, LABEL_LIMIT)


@rule(Locate)
def locate(story: Story, body: Locate) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    no = bad_place(body.location)
    if no is not None:
        return no
    if body.seen != incident.location_version:
        return refuse("place_changed")
    story.happen(IncidentLocated(incident=incident.id, location=fit(body.location, None)))
    return None


@rule(AddNote)
def add_note(story: Story, body: AddNote) -> Refusal | None:
    """Notes append and never conflict; even a closed incident takes one."""
    if body.incident not in story.state.incidents:
        return refuse("unknown_incident", incident=body.incident)
    if not body.text.strip():
        return refuse("empty_text")
    no = too_long(body.text, NOTE_LIMIT)
    if no is not None:
        return no
    story.happen(NoteAdded(incident=body.incident, text=plain(body.text, NOTE_LIMIT)))
    return None


@rule(TakeIncident)
def take_incident(story: Story, body: TakeIncident) -> Refusal | None:
    """What somebody holds is theirs until it is reassigned; what was left behind at sign-out is free to take."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if incident.owner == story.user:
        return refuse("already_so")
    if incident.owner and not_a_desk(story, incident.owner) is None:
        return refuse("incident_owned", incident=incident.id, user=incident.owner)
    story.happen(IncidentTaken(incident=incident.id, user=story.user))
    return None


@rule(OpenLeg)
def open_leg(story: Story, body: OpenLeg) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if body.service not in story.state.site.services:
        return refuse("unknown_service", service=body.service)
    leg = incident.legs.get(body.service)
    if leg is not None and leg.state is LegState.OPEN:
        return refuse("leg_open", incident=incident.id, service=service_named(story.state, body.service))
    open_missing_legs(story, incident, (body.service,))
    return None


@rule(CloseLeg)
def close_leg(story: Story, body: CloseLeg) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    leg = working_leg(story.state, incident, body.service)
    if isinstance(leg, Refusal):
        return leg
    if leg.units:
        return refuse("leg_at_work", service=service_named(story.state, body.service), units=", ".join(leg.units))
    story.happen(LegClosed(incident=incident.id, service=body.service))
    calm_leg(story, incident.id, body.service)
    return None


def not_a_desk(story: Story, user: str) -> Refusal | None:
    """Work can only be given to somebody who is signed in and does such work."""
    person = story.state.people.get(user)
    if person is None:
        return refuse("unknown_user", user=user)
    if person.role is Role.TELEPHONY_ADMIN:
        return refuse("not_a_dispatcher", user=user)
    return None


@rule(ReassignIncident)
def reassign_incident(story: Story, body: ReassignIncident) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT) or not_a_desk(story, body.to)
    if no is not None:
        return no
    if incident.owner == body.to:
        return refuse("already_so")
    story.happen(
        IncidentReassigned(
            incident=incident.id, was=incident.owner, to=body.to, reason=one_line(body.reason, REASON_LIMIT)
        )
    )
    return None
