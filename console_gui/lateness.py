"""How late an incident is against its own clock, and why: whoever waits for an answer, for a unit, for a report. No Qt.

A clock is the instant at which something is due. So the order of incidents by lateness moves only when something
happens, never with time alone: the first due is the latest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from console_gui.promises import ANSWER_MS, OFFER_MS, waits
from dispatch_core.domain.offering import pending
from dispatch_core.domain.safety import heard_at, limit_ms
from dispatch_core.domain.state import Incident, Leg, State
from dispatch_core.domain.vocabulary import IncidentState, Instant, LegState, OfferTo, UnitStatus

SEND_MS = {1: 60_000, 2: 120_000, 3: 300_000, 4: 600_000, 5: 900_000}
"""By priority: so long after a leg was opened somebody is on it."""

TYPE_MS = 90_000
"""So long after a call came somebody has said what it is about."""

WHY = {
    UnitStatus.OFFERED: "offer",
    UnitStatus.ACKNOWLEDGED: "not_moving",
    UnitStatus.EN_ROUTE: "unit_late",
    UnitStatus.ON_SCENE: "no_report",
}


class Clock(NamedTuple):
    """``why`` is a word's key (``late.…``), ``about`` the unit, station or service that it speaks of."""

    due: Instant
    why: str
    about: str = ""


def clocks(state: State, incident: Incident) -> Iterator[Clock]:
    for ident in incident.calls:
        call = state.calls.get(ident)
        if call is not None and waits(call):
            yield Clock(call.arrived_at + ANSWER_MS, "caller", ident)
    if incident.state is IncidentState.RECEIVING and not incident.legs:
        yield Clock(incident.received_at + TYPE_MS, "untyped")
    for leg in incident.legs.values():
        if leg.state is LegState.OPEN:
            yield from _of_leg(state, leg)


def _of_leg(state: State, leg: Leg) -> Iterator[Clock]:
    asked = pending(leg)
    for offer in asked:
        about = offer.unit if offer.to is OfferTo.CREW else offer.station
        yield Clock(offer.until or offer.at + OFFER_MS, "offer", about)
    if leg.spent_at:
        yield Clock(leg.spent_at, "nobody_left", leg.service)
    elif not leg.units and not asked:
        yield Clock(leg.opened_at + SEND_MS.get(leg.priority, SEND_MS[5]), "no_unit", leg.service)
    for sign in leg.units:
        unit = state.units.get(sign)
        if unit is None or unit.status is UnitStatus.OFFERED:
            continue  # its offer says it
        limit = limit_ms(state.site.safety, unit)
        if limit:
            yield Clock(heard_at(unit) + limit, WHY.get(unit.status, "unit_long"), sign)


def first_due(state: State, incident: Incident) -> Clock | None:
    """The clock of an open incident that is over first, or has been longest; None where nothing is awaited."""
    if incident.state is IncidentState.CLOSED:
        return None
    return min(clocks(state, incident), default=None)
