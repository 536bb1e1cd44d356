"""Who did not take an offer is out: the candidates are measured anew, so that the next ones are the best of now; and
where nobody is left of those that were measured, so that whoever came free since is found."""

from __future__ import annotations

from dispatch_core.domain.effects.effect import Effect, on
from dispatch_core.domain.effects.geography import route
from dispatch_core.domain.events import OfferEnded, OffersExhausted, Recorded
from dispatch_core.domain.offering import NOT_TAKEN
from dispatch_core.domain.state import State


@on(OfferEnded, OffersExhausted)
def measured_anew(event: OfferEnded | OffersExhausted, _: Recorded, state: State) -> tuple[Effect, ...]:
    incident = state.incidents.get(event.incident)
    if incident is None or incident.legs[event.service].closed_at:
        return ()
    if isinstance(event, OfferEnded) and event.outcome not in NOT_TAKEN:
        return ()
    return route(incident, (event.service,))
