"""Clocks of offers and of crews that have run out (``deadlines`` adds them up)."""

from __future__ import annotations

from dispatch_core.domain.commands import Command, OfferExpired, UnitOverdue
from dispatch_core.domain.offering import run_out
from dispatch_core.domain.safety import to_be_told
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant


def due(state: State, now: Instant) -> list[Command]:
    commands: list[Command] = [
        OfferExpired(offer=offer.id)
        for _, incident in sorted(state.incidents.items())
        for _, leg in sorted(incident.legs.items())
        for offer in leg.offers
        if run_out(offer, now)
    ]
    for sign, unit in sorted(state.units.items()):
        if to_be_told(state, unit, now):
            commands.append(UnitOverdue(unit=sign, status=unit.status))
    return commands
