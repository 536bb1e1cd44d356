"""Who did not take an offer is out: the candidates are measured anew, so that the next ones are the best of now."""

from __future__ import annotations

from dispatch_core.domain.effects.effect import Effect, on
from dispatch_core.domain.effects.geography import route
from dispatch_core.domain.events import OfferEnded, Recorded
from dispatch_core.domain.offering import NOT_TAKEN
from dispatch_core.domain.state import State


@on(OfferEnded)
def measured_anew(event: OfferEnded, _: Recorded, state: State) -> tuple[Effect, ...]:
    incident = state.incidents.get(event.incident)
    if incident is None or event.outcome not in NOT_TAKEN or incident.legs[event.service].closed_at:
        return ()
    return route(incident, (event.service,))
