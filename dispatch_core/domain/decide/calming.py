"""Alarms of offers and crews end by themselves when what they told of is over."""

from __future__ import annotations

from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.events import AlarmHandled
from dispatch_core.domain.safety import alarms_of

TURNED_BACK, NOT_ROUTED = "turned_back", "not_routed"
"""Alarms about a leg: a crew turned back and nobody goes in its place; the geography does not answer."""


def exhausted(incident: str, service: str) -> str:
    """The key of the alarm that nobody is left to ask for a leg."""
    return f"offers_exhausted:{incident}.{service}"


def calm_leg(story: Story, incident: str, service: str) -> None:
    for key in (exhausted(incident, service), *(f"{kind}:{incident}.{service}" for kind in (TURNED_BACK, NOT_ROUTED))):
        if key in story.state.alarms:
            story.happen(AlarmHandled(key=key))


def calm_unit(story: Story, unit: str) -> None:
    for key in alarms_of(story.state, unit):
        story.happen(AlarmHandled(key=key))
