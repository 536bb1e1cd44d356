"""A crew says how far it is; its first word after an offer is its yes, and those who were asked beside it are told."""

from __future__ import annotations

from dispatch_core.domain.decide.calming import calm_asked, calm_unit
from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.events import OfferEnded, UnitReleased, UnitStatusSet
from dispatch_core.domain.offering import TAKEN, pending, places_left
from dispatch_core.domain.vocabulary import OfferOutcome, OfferTo, UnitStatus


def set_status(story: Story, unit: str, status: UnitStatus) -> None:
    """``status`` is one of a unit at work, or of one out of service."""
    known = story.state.units[unit]
    story.happen(UnitStatusSet(unit=unit, status=status))
    calm_unit(story, unit)
    if known.status is UnitStatus.OFFERED and known.assignment is not None:
        after_yes(story, known.assignment.incident, known.assignment.service)


def after_yes(story: Story, incident: str, service: str) -> None:
    """Where the leg has all that its plan wants, whoever is still asked on a clock is asked no more. What a person
    ordered, or named, stands."""
    calm_asked(story, incident, service)
    known = story.state.incidents[incident]
    leg = known.legs[service]
    if places_left(story.state, known, leg) > 0:
        return
    for offer in pending(leg):
        if not offer.until or offer.named:
            continue
        story.happen(
            OfferEnded(
                incident=incident, service=service, offer=offer.id, outcome=OfferOutcome.WITHDRAWN, why=TAKEN
            )
        )
        if offer.to is OfferTo.CREW:
            story.happen(UnitReleased(incident=incident, service=service, unit=offer.unit))
