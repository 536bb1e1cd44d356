"""The handshake, and looking after crews."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import UnitStatus


class OfferUnits(Body, frozen=True, tag=True):
    """Ask crews, on a clock: the named ones, each on the leg of its service; with none named the best candidates of
    ``service``'s leg, as many as its plan asks at a time."""

    incident: str
    service: str = ""
    units: tuple[str, ...] = ()


class OfferStation(Body, frozen=True, tag=True):
    """Ask a station, on a clock; without one the first in the leg's order. Without ``service`` either: every open leg
    on which nobody is and nobody is being asked."""

    incident: str
    service: str = ""
    station: str = ""


class AcceptOffer(Body, frozen=True, tag=True):
    """``units``: the crews that a station sends; none = the one that was proposed, or its best free one."""

    offer: str
    units: tuple[str, ...] = ()


class DeclineOffer(Body, frozen=True, tag=True):
    """``why`` is the code of one of the site's reasons, ``reason`` words; at least one of them."""

    offer: str
    why: str = ""
    reason: str = ""


class WithdrawOffer(Body, frozen=True, tag=True):
    """Take an offer back; ``skip``: the next candidate is asked instead, this one not again on this leg."""

    offer: str
    skip: bool = False


class OfferExpired(Body, frozen=True, tag=True):
    """Its clock has run out."""

    offer: str


class CheckUnit(Body, frozen=True, tag=True):
    """Somebody heard from the crew: all is well; its clock begins anew."""

    unit: str


class UnitOverdue(Body, frozen=True, tag=True):
    """A crew stays in a status longer than its site allows."""

    unit: str
    status: UnitStatus
