"""The handshake: stations and crews are asked on a clock, and where they do not take it the next one is asked by
itself, until somebody says yes or nobody is left, which a supervisor is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatch_core.domain.commands import (
    AcceptOffer,
    DeclineOffer,
    OfferExpired,
    OfferStation,
    OfferUnits,
    WithdrawOffer,
)
from dispatch_core.domain.decide.accepting import after_yes, set_status
from dispatch_core.domain.decide.asking import (
    ask_after_no,
    ask_crew,
    ask_next,
    ask_station,
    end_offer,
    tell_if_missed,
)
from dispatch_core.domain.decide.dispatching import tell_overrides
from dispatch_core.domain.decide.incidents import open_missing_legs, too_long
from dispatch_core.domain.decide.instants import local_clock
from dispatch_core.domain.decide.story import Story, open_incident, rule, service_named, working_leg
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.decide.units import UNITS_AT_ONCE, cannot_go
from dispatch_core.domain.events import RankingAsked, UnitAssigned
from dispatch_core.domain.offering import (
    SKIPPED,
    TAKEN,
    TAKEN_BACK,
    asked_at_once,
    best_at,
    find_offer,
    is_free,
    next_crew,
    next_station,
    pending,
    places_left,
    run_out,
    stands_at,
    stations_at_once,
)
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.plans import asks_stations
from dispatch_core.domain.recommending import somebody_unmeasured
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Incident, Leg, Offer, State
from dispatch_core.domain.vocabulary import LegState, OfferOutcome, OfferTo, UnitStatus
from dispatch_core.domain.words import OFFER_OUTCOMES, OFFER_TAKEN, Word, listed

# --- asking -----------------------------------------------------------------------------------------------------------


@rule(OfferUnits)
def offer_units(story: Story, body: OfferUnits) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if body.units:
        return _offer_named(story, incident, tuple(dict.fromkeys(body.units)))
    leg = working_leg(story.state, incident, body.service)
    if isinstance(leg, Refusal):
        return leg
    if asks_stations(story.state, incident, leg.service):
        return _ask_stations(story, incident, [leg])
    if not next_crew(story.state, incident, leg, story.now)[0]:
        if _measured_first(story, incident, [leg], OfferTo.CREW):
            return None
        return refuse("nobody_to_ask", service=service_named(story.state, leg.service))
    for _ in range(max(1, asked_at_once(story.state, incident, leg) - len(pending(leg)))):
        if not ask_next(story, incident.id, leg.service, OfferTo.CREW, pressed=True):
            break
    return None


def _offer_named(story: Story, incident: Incident, named: tuple[str, ...]) -> Refusal | None:
    if len(named) > UNITS_AT_ONCE:
        return refuse("too_many_units", count=len(named), limit=UNITS_AT_ONCE)
    for call_sign in named:
        no = cannot_go(story, call_sign)
        if no is not None:
            return no
    for service in dict.fromkeys(story.state.units[it].service for it in named):
        open_missing_legs(story, incident, (service,))
    tell_overrides(story, incident, named, "")
    for call_sign in named:
        service = story.state.units[call_sign].service
        ask_crew(story, incident.id, service, call_sign, (), named=True)
    return None


@rule(OfferStation)
def offer_station(story: Story, body: OfferStation) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    if body.station:
        return _offer_named_station(story, incident, body.station)
    if body.service:
        leg = working_leg(story.state, incident, body.service)
        if isinstance(leg, Refusal):
            return leg
        legs = [leg]
    else:
        legs = [it for it in incident.legs.values() if _waits(it)]
        if not legs:
            return refuse("no_open_leg", incident=incident.id)
    return _ask_stations(story, incident, legs)


def _ask_stations(story: Story, incident: Incident, legs: Sequence[Leg]) -> Refusal | None:
    if not any(next_station(story.state, incident, leg, story.now)[0] for leg in legs):
        if _measured_first(story, incident, legs, OfferTo.STATION):
            return None
        return refuse("nobody_to_ask", service=listed(_word(story.state, leg.service) for leg in legs))
    for leg in legs:
        for _ in range(max(1, stations_at_once(story.state, incident, leg) - len(pending(leg)))):
            if not ask_next(story, incident.id, leg.service, OfferTo.STATION, pressed=True):
                break
    return None


def _measured_first(story: Story, incident: Incident, legs: Sequence[Leg], to: OfferTo) -> bool:
    """Whoever was kept of the last measuring is at work, and others are free: how far these are is asked first."""
    place = incident.location
    if place is None or place.lat is None:
        return False
    known = [leg for leg in legs if somebody_unmeasured(story.state, incident, leg, story.now)]
    if known:
        story.happen(RankingAsked(incident=incident.id, services=tuple(leg.service for leg in known), then=to))
    return bool(known)


def _waits(leg: Leg) -> bool:
    return leg.state is LegState.OPEN and not leg.units and not pending(leg)


def _word(state: State, service: str) -> Word:
    known = state.site.services.get(service)
    return Word(service, known.vi, known.en) if known is not None else Word(service, service, service)


def _offer_named_station(story: Story, incident: Incident, ident: str) -> Refusal | None:
    station = story.state.stations.get(ident)
    if station is None:
        return refuse("unknown_station", station=ident)
    leg = incident.legs.get(station.service)
    if leg is not None and any(it.to is OfferTo.STATION and it.station == ident for it in pending(leg)):
        return refuse("being_asked", unit=station.name)
    open_missing_legs(story, incident, (station.service,))
    leg = story.state.incidents[incident.id].legs[station.service]
    best = best_at(story.state, incident, leg, ident, story.now)
    ask_station(story, incident.id, leg, ident, best, (), named=True)
    return None


def resume(story: Story, incident: str, waited: Mapping[str, OfferTo]) -> None:
    """The geography has new candidates: a leg of which nobody was left goes on where it stood, and who ``waited`` for
    them (by service) has somebody asked."""
    for service, leg in sorted(story.state.incidents[incident].legs.items()):
        to = waited.get(service)
        if to is not None:
            ask_next(story, incident, service, to, pressed=True)
            continue
        spent = leg.state is LegState.OPEN and leg.spent_at and leg.offers
        if spent and places_left(story.state, story.state.incidents[incident], leg) > 0:
            ask_next(story, incident, service, leg.offers[-1].to)


# --- answers ----------------------------------------------------------------------------------------------------------


def _standing(state: State, ident: str) -> tuple[Incident, Leg, Offer] | Refusal:
    """The offer, if it can still be answered; else what became of it and when."""
    found = find_offer(state, ident)
    if found is None:
        return refuse("unknown_offer")
    offer = found[2]
    if offer.outcome is not OfferOutcome.PENDING:
        to = offer.unit if offer.to is OfferTo.CREW else _station_name(state, offer.station)
        at = local_clock(state, offer.ended_at)
        outcome = OFFER_TAKEN if offer.why == TAKEN else OFFER_OUTCOMES[offer.outcome]
        return refuse("offer_over", to=to, at=at, outcome=outcome)
    return found


def _station_name(state: State, ident: str) -> str:
    known = state.stations.get(ident)
    return known.name if known is not None else ident


@rule(AcceptOffer)
def accept_offer(story: Story, body: AcceptOffer) -> Refusal | None:
    found = _standing(story.state, body.offer)
    if isinstance(found, Refusal):
        return found
    incident, leg, offer = found
    if offer.to is OfferTo.CREW:
        if body.units and body.units != (offer.unit,):
            return refuse("offer_to_another", unit=offer.unit)
        set_status(story, offer.unit, UnitStatus.ACKNOWLEDGED)
        return None
    named = tuple(dict.fromkeys(body.units))[:UNITS_AT_ONCE] or _proposed(story, incident, leg, offer)
    if not named:
        return refuse("station_empty", station=_station_name(story.state, offer.station))
    for call_sign in named:
        no = cannot_go(story, call_sign) or _of_another(story.state, call_sign, leg.service, offer.station)
        if no is not None:
            return no
    end_offer(story, incident, leg, offer, OfferOutcome.ACCEPTED, unit=named[0])
    for call_sign in named:
        story.happen(UnitAssigned(incident=incident.id, service=leg.service, unit=call_sign, offer=offer.id))
        set_status(story, call_sign, UnitStatus.ACKNOWLEDGED)
    after_yes(story, incident.id, leg.service)
    return None


def _proposed(story: Story, incident: Incident, leg: Leg, offer: Offer) -> tuple[str, ...]:
    state = story.state
    proposed = state.units.get(offer.unit)
    if proposed is not None and is_free(proposed):
        return (offer.unit,)
    best = best_at(state, incident, leg, offer.station, story.now)
    return (best,) if best else ()


def _of_another(state: State, call_sign: str, service: str, station: str) -> Refusal | None:
    """A station says yes for crews that stand there, of the service that is wanted."""
    unit = state.units[call_sign]
    if unit.service != service:
        has, wants = service_named(state, unit.service), service_named(state, service)
        return refuse("wrong_service", unit=call_sign, has=has, wants=wants)
    return refuse("offer_to_another", unit=_station_name(state, station)) if stands_at(unit) != station else None


@rule(DeclineOffer)
def decline_offer(story: Story, body: DeclineOffer) -> Refusal | None:
    found = _standing(story.state, body.offer)
    if isinstance(found, Refusal):
        return found
    reasons = story.state.site.offers.reasons
    if body.why and body.why not in reasons:
        near = listed(Word(it.code, it.vi, it.en) for _, it in sorted(reasons.items()))
        return refuse("unknown_reason", reason=body.why, near=near)
    if not body.why and not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    end_offer(story, *found, OfferOutcome.DECLINED, why=body.why, reason=reason)
    ask_after_no(story, found[0].id, found[1].service, found[2].to)
    return None


@rule(OfferExpired)
def offer_expired(story: Story, body: OfferExpired) -> Refusal | None:
    found = find_offer(story.state, body.offer)
    if found is None or not run_out(found[2], story.now):
        return NOTHING
    end_offer(story, *found, OfferOutcome.EXPIRED)
    ask_after_no(story, found[0].id, found[1].service, found[2].to)
    return None


@rule(WithdrawOffer)
def withdraw_offer(story: Story, body: WithdrawOffer) -> Refusal | None:
    found = _standing(story.state, body.offer)
    if isinstance(found, Refusal):
        return found
    end_offer(story, *found, OfferOutcome.WITHDRAWN, why=SKIPPED if body.skip else TAKEN_BACK)
    if body.skip:
        ask_after_no(story, found[0].id, found[1].service, found[2].to)
    else:
        tell_if_missed(story, found[0].id, found[1].service)
    return None
