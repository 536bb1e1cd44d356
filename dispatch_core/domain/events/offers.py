"""What happened to offers, and to crews that somebody must look after. A crew's offer begins with ``UnitAssigned``:
the unit is held for it."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant, OfferOutcome, Passed, UnitStatus


class StationOffered(Happened, frozen=True, tag=True):
    """``unit`` is the crew that is proposed; ``passed`` are those who would have come before."""

    incident: str
    service: str
    station: str
    unit: str
    until: Instant
    passed: tuple[Passed, ...] = ()
    named: bool = False  # a person wanted just this one


class OfferEnded(Happened, frozen=True, tag=True):
    """``unit``: of a station that accepted, the first crew that it named."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    service: str
    offer: str
    outcome: OfferOutcome
    unit: str = ""
    why: str = ""
    reason: str = ""


class OffersExhausted(Happened, frozen=True, tag=True):
    """Nobody is left to ask; ``passed`` says why not."""

    incident: str
    service: str
    passed: tuple[Passed, ...] = ()


class CrewTurnedBack(Happened, frozen=True, tag=True):
    """A crew that was sent says, before it has arrived, that it does not come."""

    incident: str
    service: str
    unit: str


class UnitChecked(Happened, frozen=True, tag=True):
    unit: str


class UnitFoundOverdue(Happened, frozen=True, tag=True):
    unit: str
    status: UnitStatus
