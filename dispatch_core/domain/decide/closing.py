"""Closing an incident: frees every unit, keeps the story."""

from __future__ import annotations

from dispatch_core.domain.commands import CloseEmpty, CloseIncident
from dispatch_core.domain.decide.story import Story, open_incident, rule
from dispatch_core.domain.decide.units import release
from dispatch_core.domain.events import HangUpAsked, IncidentClosed, IncidentTaken
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import CallState

NO_CONTENT = "no_content"
DISPOSITION_LIMIT = 60


def _close(story: Story, incident: Incident, disposition: str) -> None:
    for unit in list(story.state.units.values()):
        if unit.assignment is not None and unit.assignment.incident == incident.id:
            release(story, unit)
    if not incident.owner:
        story.happen(IncidentTaken(incident=incident.id, user=story.user))
    story.happen(IncidentClosed(incident=incident.id, disposition=disposition))


@rule(CloseIncident)
def close_incident(story: Story, body: CloseIncident) -> Refusal | None:
    """Refused while somebody still talks with a caller of it, or waits to: nothing is closed over a live caller."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if not body.disposition.strip() or len(body.disposition) > DISPOSITION_LIMIT:
        return refuse("empty_text")
    for call in incident.calls:
        known = story.state.calls.get(call)
        if known is not None and known.state.live and not known.hang_up_asked:
            return refuse("still_live", incident=incident.id)
    _close(story, incident, body.disposition)
    return None


@rule(CloseEmpty)
def close_empty(story: Story, body: CloseEmpty) -> Refusal | None:
    """One key: hang up what was answered and close. A caller who still waits is never dropped by it."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    calls = [story.state.calls[call] for call in incident.calls if call in story.state.calls]
    if any(call.state.waiting for call in calls):
        return refuse("still_live", incident=incident.id)
    for call in calls:
        if call.state in (CallState.ANSWERED, CallState.HELD) and not call.hang_up_asked:
            story.happen(HangUpAsked(call=call.id))
    _close(story, incident, NO_CONTENT)
    return None
