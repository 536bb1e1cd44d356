"""The times that the centre promises; a clock beyond one is late, and only a late clock is red. Milliseconds."""

from __future__ import annotations

from dispatch_core.domain.answering import WITHIN_15_MS
from dispatch_core.domain.offering import unit_offer
from dispatch_core.domain.state import Call, Leg, Offer, State, Unit
from dispatch_core.domain.vocabulary import CallState, Direction, Instant, UnitStatus

ANSWER_MS = WITHIN_15_MS

OFFER_MS = 60_000
"""A unit that was offered work says yes or no within a minute."""


WAITING = frozenset(state for state in CallState if state.waiting)
"""A set is asked faster than a property, and there are 1,500 calls to ask in a big night."""


def waits(call: Call) -> bool:
    """Somebody from outside waits for us; not somebody whom we call."""
    return call.state in WAITING and call.direction is Direction.INCOMING


def waits_too_long(call: Call, now: Instant) -> bool:
    return waits(call) and call.arrived_at > 0 and now - call.arrived_at > ANSWER_MS


def offered_too_long(unit: Unit, now: Instant) -> bool:
    return unit.status is UnitStatus.OFFERED and unit.status_at > 0 and now - unit.status_at > OFFER_MS


def offer_of(state: State, unit: Unit) -> Offer | None:
    """The offer on a clock that the unit has not answered."""
    work = unit.assignment
    incident = state.incidents.get(work.incident) if work is not None else None
    leg: Leg | None = incident.legs.get(work.service) if incident is not None and work is not None else None
    offer = unit_offer(leg, unit.call_sign)
    return offer if offer is not None and offer.until else None


def left(offer: Offer, now: Instant) -> tuple[int, float]:
    """Milliseconds that an offer still has, and the part of its clock."""
    rest = max(0, offer.until - now)
    return rest, rest / max(1, offer.until - offer.at)

