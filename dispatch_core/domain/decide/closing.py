"""Closing an incident: frees every unit, keeps the story."""

from __future__ import annotations

from dispatch_core.domain.commands import CloseEmpty, CloseIncident
from dispatch_core.domain.decide.calls import not_to_cut
from dispatch_core.domain.decide.calming import calm_leg
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, open_incident, rule, service_named
from dispatch_core.domain.decide.units import release
from dispatch_core.domain.events import HangUpAsked, IncidentClosed, IncidentTaken
from dispatch_core.domain.plain_text import DISPOSITION_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call, Incident

NO_CONTENT = "no_content"


def _live_calls(story: Story, incident: Incident) -> list[Call]:
    """The calls of the incident that nobody has asked to end yet."""
    known = (story.state.calls[call] for call in incident.calls if call in story.state.calls)
    return [call for call in known if call.state.live and not call.hang_up_asked]


def _close(story: Story, incident: Incident, disposition: str) -> None:
    for _, unit in sorted(story.state.units.items()):
        if unit.assignment is not None and unit.assignment.incident == incident.id:
            release(story, unit.call_sign, unit.assignment)
    for service in sorted(incident.legs):
        calm_leg(story, incident.id, service)
    if not incident.owner:
        story.happen(IncidentTaken(incident=incident.id, user=story.user))
    story.happen(IncidentClosed(incident=incident.id, disposition=disposition))


@rule(CloseIncident)
def close_incident(story: Story, body: CloseIncident) -> Refusal | None:
    """Refused while somebody still talks with a caller of it, or waits to: nothing is closed over a live caller."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if not body.disposition.strip():
        return refuse("empty_text")
    no = too_long(body.disposition, DISPOSITION_LIMIT)
    if no is not None:
        return no
    if _live_calls(story, incident):
        return refuse("still_live", incident=incident.id)
    _close(story, incident, one_line(body.disposition.strip(), DISPOSITION_LIMIT))
    return None


@rule(CloseEmpty)
def close_empty(story: Story, body: CloseEmpty) -> Refusal | None:
    """One key: hang up what was answered and close. So easily pressed, it never drops a caller who still waits or who
    talks with somebody else, and never calls back a unit that was sent; and of a caller who pressed the key of those
    who cannot speak it wants to be told twice."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    for service, leg in sorted(incident.legs.items()):
        if leg.units:
            return refuse("leg_at_work", service=service_named(story.state, service), units=", ".join(leg.units))
    silent = (story.state.calls[call].silence for call in incident.calls if call in story.state.calls)
    if not body.confirmed and any(it.cannot_speak_at for it in silent):
        return refuse("cannot_speak", incident=incident.id)
    calls = _live_calls(story, incident)
    if any(call.parties for call in calls):
        return refuse("in_conference")
    for call in calls:
        no = not_to_cut(story, call)
        if no is not None:
            return no
    for call in calls:
        story.happen(HangUpAsked(call=call.id))
    _close(story, incident, NO_CONTENT)
    return None
