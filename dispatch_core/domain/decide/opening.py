"""An incident that a person opens at a place, without a call or a message."""

from __future__ import annotations

from dispatch_core.domain.commands import OpenIncident
from dispatch_core.domain.decide.incidents import bad_place
from dispatch_core.domain.decide.instants import next_incident
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import IncidentLocated, IncidentReceived, IncidentTaken
from dispatch_core.domain.placing import fit
from dispatch_core.domain.refusals import Refusal


@rule(OpenIncident)
def open_at_a_place(story: Story, body: OpenIncident) -> Refusal | None:
    """It asks for the services of the position of whoever opens it; its type says later what it wants."""
    no = bad_place(body.location)
    if no is not None:
        return no
    day, count, incident = next_incident(story.state, story.now)
    seat = story.state.positions.get(story.state.people[story.user].position)
    services = seat.services if seat is not None else ()
    story.happen(IncidentReceived(incident=incident, day=day, count=count, call="", services=services))
    story.happen(IncidentTaken(incident=incident, user=story.user))
    story.happen(IncidentLocated(incident=incident, location=fit(body.location, None)))
    return None
