"""Alarms of offers and crews end by themselves when what they told of is over."""

from __future__ import annotations

from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.events import AlarmHandled
from dispatch_core.domain.offering import is_short
from dispatch_core.domain.safety import alarms_of

TURNED_BACK, NOT_ROUTED = "turned_back", "not_routed"
"""Alarms about a leg: a crew turned back and nobody goes in its place; the geography does not answer."""


def exhausted(incident: str, service: str) -> str:
    """The key of the alarm that nobody is left to ask for a leg."""
    return f"offers_exhausted:{incident}.{service}"


def calm_leg(story: Story, incident: str, service: str) -> None:
    """Nobody is needed any more."""
    _calm(story, exhausted(incident, service), *(f"{kind}:{incident}.{service}" for kind in (TURNED_BACK, NOT_ROUTED)))


def calm_asked(story: Story, incident: str, service: str) -> None:
    """Somebody is asked, or goes. Who turned back is missed until all places have somebody who goes or is asked."""
    _calm(story, exhausted(incident, service), f"{NOT_ROUTED}:{incident}.{service}")
    known = story.state.incidents[incident]
    if not is_short(story.state, known, known.legs[service]):
        _calm(story, f"{TURNED_BACK}:{incident}.{service}")


def _calm(story: Story, *keys: str) -> None:
    for key in keys:
        if key in story.state.alarms:
            story.happen(AlarmHandled(key=key))


def calm_unit(story: Story, unit: str) -> None:
    for key in alarms_of(story.state, unit):
        story.happen(AlarmHandled(key=key))
