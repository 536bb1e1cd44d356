"""What it means that somebody was asked to go: offers on legs, and who said no today.

A crew's offer is its assignment while the unit is OFFERED: one is never there without the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from msgspec.structs import replace

from dispatch_core.domain.events import (
    CrewTurnedBack,
    OfferEnded,
    OffersExhausted,
    Recorded,
    StationOffered,
    UnitChecked,
    UnitFoundOverdue,
)
from dispatch_core.domain.evolve.rules import change_incident, change_leg, change_unit, rule, tell
from dispatch_core.domain.offering import NOT_TAKEN, OFFERS_KEPT, offer_id, pending
from dispatch_core.domain.state import DeclineLine, Declines, Incident, Leg, Offer, State, put
from dispatch_core.domain.vocabulary import Instant, OfferOutcome, OfferTo, Passed

LINES_KEPT = 30
"""Refusals that a station's day shows one by one; its counts go on."""

REASONS_KEPT = 40
OTHER = "other"


def with_offer(leg: Leg, incident: str, offer: Offer) -> Leg:
    """One offer more; the oldest that are over leave first."""
    number = leg.offered + 1
    offers = [*leg.offers, replace(offer, id=offer_id(incident, leg.service, number))]
    over = [it for it in offers if it.outcome is not OfferOutcome.PENDING]
    for oldest in over[: max(0, len(offers) - OFFERS_KEPT)]:  # those that stand are never more than there are units
        offers.remove(oldest)
    return replace(leg, offers=tuple(offers), offered=number, spent_at=0, then=None)


def end_offers(leg: Leg, which: Callable[[Offer], bool], outcome: OfferOutcome, recorded: Recorded, **more: str) -> Leg:
    """Those that still stand and that ``which`` names end like this."""
    if not any(which(it) for it in pending(leg)):
        return leg
    ended = tuple(
        replace(it, outcome=outcome, ended_at=recorded.at, by=recorded.by, **more)
        if it.outcome is OfferOutcome.PENDING and which(it)
        else it
        for it in leg.offers
    )
    return replace(leg, offers=ended)


def no_more_offers(leg: Leg, recorded: Recorded) -> Leg:
    """Nobody is needed any more."""
    return replace(end_offers(leg, lambda _: True, OfferOutcome.WITHDRAWN, recorded), spent_at=0, then=None)


def tell_passed(incident: Incident, recorded: Recorded, service: str, passed: tuple[Passed, ...]) -> Incident:
    """A line for those who were passed over: each with its reason."""
    if not passed:
        return incident
    about = tuple(part for it in passed for part in (it.unit, it.why, next(iter(it.about), "")))
    return tell(incident, recorded, "passed_over", service, *about)


def offered_line(recorded: Recorded, offer: Offer, service: str) -> tuple[str, ...]:
    """What the line of an offer speaks of: to what, station, crew, seconds to answer, service."""
    seconds = max(0, offer.until - recorded.at) // 1000
    return (offer.to.value, offer.station, offer.unit, str(seconds), service)


@rule(StationOffered)
def station_offered(state: State, event: StationOffered, recorded: Recorded) -> State:
    offer = Offer(
        id="", to=OfferTo.STATION, station=event.station, unit=event.unit, at=recorded.at, until=event.until,
        named=event.named,
    )  # fmt: skip

    def ask(incident: Incident) -> Incident:
        asked = change_leg(incident, event.service, lambda leg: with_offer(leg, incident.id, offer))
        asked = tell_passed(asked, recorded, event.service, event.passed)
        return tell(asked, recorded, "offered", *offered_line(recorded, offer, event.service))

    return change_incident(state, event.incident, ask)


@rule(OfferEnded)
def offer_ended(state: State, event: OfferEnded, recorded: Recorded) -> State:
    incident = state.incidents.get(event.incident)
    leg = incident.legs.get(event.service) if incident is not None else None
    offer = next((it for it in pending(leg) if it.id == event.offer), None) if leg is not None else None
    if offer is None:
        return state
    unit = event.unit or offer.unit

    def end(leg: Leg) -> Leg:
        return end_offers(
            leg, lambda it: it.id == event.offer, event.outcome, recorded, unit=unit, why=event.why, reason=event.reason
        )

    def ended(incident: Incident) -> Incident:
        about = (offer.to.value, offer.station, unit, event.why, event.service)
        line = f"offer_{event.outcome.value}"
        return tell(change_leg(incident, event.service, end), recorded, line, *about, text=event.reason)

    state = change_incident(state, event.incident, ended)
    return _counted(state, event, offer, recorded) if event.outcome in NOT_TAKEN else state


def _counted(state: State, event: OfferEnded, offer: Offer, recorded: Recorded) -> State:
    """One more on the station's day; a new day begins with an empty list."""
    day = max(_day(state, recorded.at), max((it.day for it in state.declines.values()), default=""))
    kept = {station: it for station, it in state.declines.items() if it.day == day}
    known = kept.get(offer.station, Declines(station=offer.station, day=day))
    expired = event.outcome is OfferOutcome.EXPIRED
    why = "" if expired else event.why if event.why in state.site.offers.reasons else OTHER
    line = DeclineLine(
        at=recorded.at, incident=event.incident, service=event.service, to=offer.to, unit=offer.unit,
        outcome=event.outcome, why=event.why, reason=event.reason, by=recorded.by,
    )  # fmt: skip
    counted = replace(
        known,
        declined=known.declined + (not expired),
        expired=known.expired + expired,
        units=_one_more(known.units, offer.unit),
        reasons=_one_more(known.reasons, why),
        lines=(*known.lines, line)[-LINES_KEPT:],
    )
    return replace(state, declines=put(kept, offer.station, counted))


def _one_more(counts: dict[str, int], key: str) -> dict[str, int]:
    if not key or (key not in counts and len(counts) >= REASONS_KEPT):
        return counts
    return put(counts, key, counts.get(key, 0) + 1)


def _day(state: State, at: Instant) -> str:
    offset = timezone(timedelta(minutes=state.site.utc_offset_min))
    return datetime.fromtimestamp(at / 1000, offset).strftime("%Y%m%d")


@rule(OffersExhausted)
def offers_exhausted(state: State, event: OffersExhausted, recorded: Recorded) -> State:
    def spent(incident: Incident) -> Incident:
        changed = change_leg(incident, event.service, lambda leg: replace(leg, spent_at=recorded.at))
        changed = tell_passed(changed, recorded, event.service, event.passed)
        return tell(changed, recorded, "offers_exhausted", event.service)

    return change_incident(state, event.incident, spent)


@rule(CrewTurnedBack)
def crew_turned_back(state: State, event: CrewTurnedBack, recorded: Recorded) -> State:
    def back(leg: Leg) -> Leg:
        return replace(leg, turned_back=tuple(dict.fromkeys((*leg.turned_back, event.unit))))

    def tell_it(incident: Incident) -> Incident:
        return tell(change_leg(incident, event.service, back), recorded, "turned_back", event.unit, event.service)

    return change_incident(state, event.incident, tell_it)


@rule(UnitChecked)
def unit_checked(state: State, event: UnitChecked, recorded: Recorded) -> State:
    state = change_unit(state, event.unit, lambda unit: replace(unit, checked_at=recorded.at, overdue_at=0))
    return _tell_of(state, event.unit, recorded, "checked", event.unit)


@rule(UnitFoundOverdue)
def unit_found_overdue(state: State, event: UnitFoundOverdue, recorded: Recorded) -> State:
    state = change_unit(state, event.unit, lambda unit: replace(unit, overdue_at=recorded.at))
    return _tell_of(state, event.unit, recorded, "overdue", event.unit, event.status.value)


def _tell_of(state: State, unit: str, recorded: Recorded, kind: str, *about: str) -> State:
    """A line in the story of what the unit works on."""
    known = state.units.get(unit)
    work = known.assignment if known is not None else None
    return change_incident(state, work.incident if work else "", lambda it: tell(it, recorded, kind, *about))
