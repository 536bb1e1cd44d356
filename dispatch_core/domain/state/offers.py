"""Offers on a leg, and who said no today."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant, OfferOutcome, OfferTo


class Offer(Struct, frozen=True, kw_only=True):
    """A station or a crew was asked to go. ``unit``: the crew that is asked; of a station's offer the one that is
    proposed, and once it accepted the first one that it named. ``until`` 0: a person's order, which no clock takes
    back. ``why`` is a code: of a reason, or of how it was withdrawn."""

    id: str
    to: OfferTo
    station: str
    unit: str = ""
    at: Instant = 0
    until: Instant = 0
    outcome: OfferOutcome = OfferOutcome.PENDING
    ended_at: Instant = 0
    why: str = ""
    reason: str = ""  # personal
    by: str = ""  # who answered
    named: bool = False  # a person wanted just this one: another one's yes does not take it back


class DeclineLine(Struct, frozen=True, kw_only=True):
    """One offer that a station or one of its crews did not take."""

    at: Instant
    incident: str
    service: str
    to: OfferTo
    unit: str
    outcome: OfferOutcome
    why: str = ""
    reason: str = ""  # personal
    by: str = ""


class Declines(Struct, frozen=True, kw_only=True):
    """How often a station did not take what it was offered in one day: by itself and by crew, and why; ``lines`` are
    the newest."""

    station: str
    day: str
    declined: int = 0
    expired: int = 0
    units: dict[str, int] = {}
    reasons: dict[str, int] = {}
    lines: tuple[DeclineLine, ...] = ()
