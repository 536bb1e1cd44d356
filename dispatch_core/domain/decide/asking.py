"""Asking somebody to go, one at a time in the leg's order, and ending what was asked."""

from __future__ import annotations

from dispatch_core.domain.decide.alarms import raise_alarm
from dispatch_core.domain.decide.calming import calm_asked
from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.events import (
    CrewTurnedBack,
    OfferEnded,
    OffersExhausted,
    StationOffered,
    UnitAssigned,
    UnitReleased,
)
from dispatch_core.domain.offering import (
    asked_by_itself,
    came_by_itself,
    is_short,
    next_crew,
    next_station,
    pending,
    places_left,
)
from dispatch_core.domain.plans import asks_stations
from dispatch_core.domain.state import Incident, Leg, Offer
from dispatch_core.domain.vocabulary import AlarmLevel, OfferOutcome, OfferTo, Passed


def ask_crew(
    story: Story, incident: str, service: str, unit: str, passed: tuple[Passed, ...], *, named: bool = False
) -> None:
    leg = story.state.incidents[incident].legs[service]
    until = story.now + story.state.site.offers.length_ms(OfferTo.CREW, leg.priority)
    story.happen(
        UnitAssigned(incident=incident, service=service, unit=unit, until=until, passed=passed, named=named)
    )
    calm_asked(story, incident, service)


def ask_station(
    story: Story, incident: str, leg: Leg, station: str, unit: str, passed: tuple[Passed, ...], *, named: bool = False
) -> None:
    until = story.now + story.state.site.offers.length_ms(OfferTo.STATION, leg.priority)
    story.happen(
        StationOffered(
            incident=incident, service=leg.service, station=station, unit=unit, until=until, passed=passed,
            named=named,
        )
    )
    calm_asked(story, incident, leg.service)


def ask_next(story: Story, incident: str, service: str, to: OfferTo, *, pressed: bool = False) -> bool:
    """Ask the next one in the leg's order. Where nobody is left, and nobody is being asked either, a supervisor is
    told; whether somebody was asked. ``pressed``: a person wants it, however many were asked before, and is told each
    time. Where the plan leaves it to the stations, no crew is asked over their heads, whoever was asked before."""
    known = story.state.incidents[incident]
    leg = known.legs[service]
    station = ""
    if to is OfferTo.STATION or asks_stations(story.state, known, service):
        station, unit, passed = next_station(story.state, known, leg, story.now)
    else:
        unit, passed = next_crew(story.state, known, leg, story.now)
    if not pressed and asked_by_itself(leg) >= story.state.site.offers.most:
        station = unit = ""
    if station:
        ask_station(story, incident, leg, station, unit, passed)
    elif unit:
        ask_crew(story, incident, service, unit, passed)
    elif not pending(leg) and (pressed or not leg.spent_at):
        story.happen(OffersExhausted(incident=incident, service=service, passed=passed))
        raise_alarm(story, "offers_exhausted", f"{incident}.{service}", AlarmLevel.CRITICAL)
    return bool(station or unit)


def ask_after_no(story: Story, incident: str, service: str, to: OfferTo) -> None:
    """Somebody does not go: the next one is asked where the leg still wants somebody."""
    known = story.state.incidents[incident]
    if places_left(story.state, known, known.legs[service]) > 0:
        ask_next(story, incident, service, to)


def ask_in_place(story: Story, incident: str, service: str, unit: str) -> None:
    """A crew that was on its way does not come. Where it was asked on a clock, or the plan leaves it to the stations,
    the next one is asked; where a person sent it people are told. Whoever is being asked already may take its place."""
    story.happen(CrewTurnedBack(incident=incident, service=service, unit=unit))
    known = story.state.incidents[incident]
    leg = known.legs[service]
    if not is_short(story.state, known, leg):
        return
    to = OfferTo.STATION if asks_stations(story.state, known, service) else came_by_itself(leg, unit)
    if to is not None:
        ask_next(story, incident, service, to)
    else:
        raise_alarm(story, "turned_back", f"{incident}.{service}", AlarmLevel.CRITICAL)


def tell_if_missed(story: Story, incident: str, service: str) -> None:
    """A person took back whoever may have been counted on in place of a crew that turned back."""
    known = story.state.incidents[incident]
    leg = known.legs[service]
    if leg.turned_back and is_short(story.state, known, leg):
        raise_alarm(story, "turned_back", f"{incident}.{service}", AlarmLevel.CRITICAL)


def end_offer(
    story: Story, incident: Incident, leg: Leg, offer: Offer, outcome: OfferOutcome, *, unit: str = "", why: str = "",
    reason: str = "",
) -> None:  # fmt: skip
    """It is over; a crew that did not take it is free again."""
    story.happen(
        OfferEnded(
            incident=incident.id, service=leg.service, offer=offer.id, outcome=outcome, unit=unit, why=why,
            reason=reason,
        )
    )  # fmt: skip
    if offer.to is OfferTo.CREW:
        story.happen(UnitReleased(incident=incident.id, service=leg.service, unit=offer.unit))
