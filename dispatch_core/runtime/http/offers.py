"""Offers by HTTPS, for stations' and crews' own systems: which wait for an answer, and the answers.

``GET /v1/offers``; ``POST /v1/offers/<id>/accept`` with ``{"id", "units"}``; ``POST /v1/offers/<id>/decline`` with
``{"id", "why", "reason"}``; ``POST /v1/intake/unit-check`` with ``{"id", "unit"}``. With the token of a station,
or of a vehicle, which answers for crews only; the ``id`` of a request takes effect once, however often it comes.
Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from twisted.web.server import Request

from dispatch_core.domain.commands import AcceptOffer, CheckUnit, DeclineOffer, SenderKind
from dispatch_core.domain.offering import find_offer, pending
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.domain.vocabulary import OfferTo
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    body_of,
    decoded,
    json_answer,
    path_of,
    token_of,
)
from dispatch_core.runtime.http.senders import Sender, Senders, tell
from dispatch_core.runtime.sequencer import Sequencer

BELOW = "/v1/offers/"
ID_LENGTH = 100
UNITS_MOST = 40

Ident = Annotated[str, msgspec.Meta(min_length=1, max_length=ID_LENGTH)]


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every request; ``id`` takes effect once."""

    id: Ident


class SaidYes(Said, frozen=True, kw_only=True):
    units: Annotated[tuple[Ident, ...], msgspec.Meta(max_length=UNITS_MOST)] = ()


class SaidNo(Said, frozen=True, kw_only=True):
    why: Annotated[str, msgspec.Meta(max_length=ID_LENGTH)] = ""
    reason: Annotated[str, msgspec.Meta(max_length=REASON_LIMIT)] = ""


class Heard(Said, frozen=True, kw_only=True):
    unit: Ident


class OffersApi:
    def __init__(self, sequencer: Sequencer, senders: Senders) -> None:
        self._sequencer = sequencer
        self._senders = senders

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("GET", "/v1/offers"): self._list,
            ("POST", BELOW): self._answered,
            ("POST", "/v1/intake/unit-check"): self._checked,
        }

    async def _list(self, request: Request) -> Answer:
        sender = self._known(request)
        return json_answer([it for it in self.waiting() if self._may_answer(sender, it["to"])])

    def waiting(self) -> list[dict[str, Any]]:
        """Every offer that waits for an answer, with its clock in milliseconds UTC; 0 = an order without one."""
        return [
            {
                "offer": offer.id, "incident": incident.id, "service": leg.service, "priority": leg.priority,
                "to": offer.to.value, "station": offer.station, "unit": offer.unit, "at": offer.at,
                "until": offer.until,
            }
            for _, incident in sorted(self._sequencer.state.incidents.items())
            for _, leg in sorted(incident.legs.items())
            for offer in pending(leg)
        ]  # fmt: skip

    async def _answered(self, request: Request) -> Answer:
        sender = self._known(request)
        offer, _, answer = path_of(request).removeprefix(BELOW).rpartition("/")
        found = find_offer(self._sequencer.state, offer)
        if found is not None and not self._may_answer(sender, found[2].to):
            raise HttpRefusal(
                403, "not_allowed", f"{sender.name} chỉ trả lời thay kíp xe, không thay trạm.",
                f"{sender.name} answers for crews only, not for stations.",
            )  # fmt: skip
        if answer == "accept":
            yes = decoded(body_of(request), SaidYes)
            return await tell(self._sequencer, sender, yes.id, AcceptOffer(offer=offer, units=yes.units))
        if answer == "decline":
            no = decoded(body_of(request), SaidNo)
            return await tell(self._sequencer, sender, no.id, DeclineOffer(offer=offer, why=no.why, reason=no.reason))
        raise HttpRefusal(404, "unknown_path", "Chỉ có accept và decline.", "There are accept and decline only.")

    async def _checked(self, request: Request) -> Answer:
        sender = self._known(request)
        heard = decoded(body_of(request), Heard)
        return await tell(self._sequencer, sender, heard.id, CheckUnit(unit=heard.unit))

    def _known(self, request: Request) -> Sender:
        return self._senders.admit(token_of(request), SenderKind.STATION, SenderKind.VEHICLE)

    def _may_answer(self, sender: Sender, to: str) -> bool:
        """For stations: who is one, or has the token that opens all, while no station is named."""
        if to == OfferTo.CREW or sender.kind is SenderKind.STATION:
            return True
        return sender.kind is None and SenderKind.STATION in self._senders.opened_to_all()
