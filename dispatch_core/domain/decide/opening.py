"""An incident that a person opens at a place, without a call or a message."""

from __future__ import annotations

from dispatch_core.domain.commands import OpenIncident
from dispatch_core.domain.decide.incidents import bad_place, too_long
from dispatch_core.domain.decide.instants import next_incident
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import EnteredAfterwards, IncidentLocated, IncidentReceived, IncidentTaken, NoteAdded
from dispatch_core.domain.placing import fit
from dispatch_core.domain.plain_text import NOTE_LIMIT, plain
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import Instant

DAY_MS = 86_400_000
AFTERWARDS_DAYS = 7
"""So old may be what is entered afterwards; the night's cards are typed in within days."""


@rule(OpenIncident)
def open_at_a_place(story: Story, body: OpenIncident) -> Refusal | None:
    """It asks for the services of the position of whoever opens it; its type says later what it wants."""
    no = bad_place(body.location) or too_long(body.text, NOTE_LIMIT) or _bad_time(story, body.happened_at)
    if no is not None:
        return no
    day, count, incident = next_incident(story.state, story.now)
    seat = story.state.positions.get(story.state.people[story.user].position)
    services = seat.services if seat is not None else ()
    story.happen(IncidentReceived(incident=incident, day=day, count=count, call="", services=services))
    story.happen(IncidentTaken(incident=incident, user=story.user))
    story.happen(IncidentLocated(incident=incident, location=fit(body.location, None)))
    if body.happened_at:
        story.happen(EnteredAfterwards(incident=incident, happened_at=body.happened_at))
    if body.text.strip():
        story.happen(NoteAdded(incident=incident, text=plain(body.text, NOTE_LIMIT)))
    return None


def _bad_time(story: Story, happened_at: Instant) -> Refusal | None:
    """What is entered afterwards lies in the past, and not so far that it must be a slip."""
    age = story.now - happened_at
    if happened_at and not 0 <= age <= AFTERWARDS_DAYS * DAY_MS:
        return refuse("not_past", days=AFTERWARDS_DAYS)
    return None
