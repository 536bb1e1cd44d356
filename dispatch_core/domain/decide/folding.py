"""Several calls about one incident: a person folds incidents and takes a call out again; each can be undone."""

from __future__ import annotations

from dispatch_core.domain.commands import ActorKind, FoldIncident, SplitCall, UnfoldIncident
from dispatch_core.domain.decide.calming import calm_leg
from dispatch_core.domain.decide.incidents import open_missing_legs
from dispatch_core.domain.decide.instants import next_incident
from dispatch_core.domain.decide.story import Story, open_incident, rule, service_named
from dispatch_core.domain.events import (
    CallSplit,
    HoldPlaced,
    IncidentFolded,
    IncidentLocated,
    IncidentTaken,
    IncidentUnfolded,
    PrioritySet,
    TypeSet,
)
from dispatch_core.domain.offering import pending
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import LegState


@rule(FoldIncident)
def fold_incident(story: Story, body: FoldIncident) -> Refusal | None:
    """Nothing that somebody entered is lost: what the other incident lacks (place, type, urgency, legs) it gets."""
    source = open_incident(story.state, body.incident)
    if isinstance(source, Refusal):
        return source
    into = open_incident(story.state, body.into)
    if isinstance(into, Refusal):
        return into
    if source.id == into.id:
        return refuse("same_incident")
    for service, leg in sorted(source.legs.items()):
        if leg.units:
            return refuse("leg_at_work", service=service_named(story.state, service), units=", ".join(leg.units))
        if pending(leg):
            waiting = ", ".join(it.station for it in pending(leg))
            return refuse("leg_is_asked", service=service_named(story.state, service), asked=waiting)
    if story.state.surge is not None and story.state.surge.incident == source.id:
        return refuse("surge_is_about", incident=source.id, into=into.id)
    fold(story, source, into)
    return None


def fold(story: Story, source: Incident, into: Incident) -> None:
    """``source`` is part of ``into`` from now on. Both are open, and no unit works on ``source`` or is being asked
    to."""
    story.happen(IncidentFolded(incident=source.id, into=into.id))
    for service in sorted(source.legs):
        calm_leg(story, source.id, service)
    _keep_held(story, source.id, into.id)
    _bring(story, source, into)


def _keep_held(story: Story, was: str, now: str) -> None:
    """Recordings that are on hold stay so in whichever incident their calls go on: who releases it is a person."""
    hold = story.state.holds.get(was)
    if hold is not None and now not in story.state.holds:
        story.happen(HoldPlaced(incident=now, call="", reason=hold.reason))


def _bring(story: Story, source: Incident, into: Incident) -> None:
    if source.location is not None and into.location is None:
        story.happen(IncidentLocated(incident=into.id, location=source.location))
    if source.type and not into.type:
        story.happen(TypeSet(incident=into.id, type=source.type, priority=source.priority))
    elif source.type and source.priority < into.priority:
        story.happen(PrioritySet(incident=into.id, priority=source.priority))
    wanted = tuple(service for service, leg in sorted(source.legs.items()) if leg.state is LegState.OPEN)
    open_missing_legs(story, into, wanted)
    if not into.owner and story.asked.actor.kind is ActorKind.PERSON:
        story.happen(IncidentTaken(incident=into.id, user=story.user))


@rule(UnfoldIncident)
def unfold_incident(story: Story, body: UnfoldIncident) -> Refusal | None:
    source = story.state.incidents.get(body.incident)
    if source is None:
        return refuse("unknown_incident", incident=body.incident)
    if source.folded is None:
        return refuse("not_folded", incident=source.id)
    into = open_incident(story.state, source.folded.into)
    if isinstance(into, Refusal):
        return into
    story.happen(IncidentUnfolded(incident=source.id, into=into.id))
    _keep_held(story, into.id, source.id)
    return None


@rule(SplitCall)
def split_call(story: Story, body: SplitCall) -> Refusal | None:
    """The call gets an incident of its own, which is the asker's."""
    call = story.state.calls.get(body.call)
    if call is None:
        return refuse("unknown_call", call=body.call)
    incident = open_incident(story.state, call.incident)
    if isinstance(incident, Refusal):
        return incident
    if len(incident.calls) < 2:
        return refuse("only_call", incident=incident.id)
    day, count, to = next_incident(story.state, story.now)
    story.happen(CallSplit(call=call.id, incident=incident.id, to=to, day=day, count=count))
    _keep_held(story, incident.id, to)
    story.happen(IncidentTaken(incident=to, user=story.user))
    return None
