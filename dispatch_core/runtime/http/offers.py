"""Offers by HTTPS, for stations' and crews' own systems: which wait for an answer, and the answers.

``GET /v1/offers``; ``POST /v1/offers/<id>/accept`` with ``{"id", "units"}``; ``POST /v1/offers/<id>/decline`` with
``{"id", "why", "reason"}``; ``POST /v1/intake/unit-check`` with ``{"id", "unit"}``. All with the intake's token; the
``id`` of a request takes effect once, however often it comes. Nothing is decided here.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from twisted.web.server import Request

from dispatch_core.domain.commands import AcceptOffer, Actor, ActorKind, Asked, CheckUnit, Command, DeclineOffer
from dispatch_core.domain.offering import pending
from dispatch_core.domain.plain_text import REASON_LIMIT
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    body_of,
    decoded,
    json_answer,
    path_of,
    refusal_answer,
    token_of,
)
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
    """``token``: the intake's, "" where the site has none: then everything is refused."""

    def __init__(self, sequencer: Sequencer, token: str) -> None:
        self._sequencer = sequencer
        self._token = token

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {
            ("GET", "/v1/offers"): self._list,
            ("POST", BELOW): self._answered,
            ("POST", "/v1/intake/unit-check"): self._checked,
        }

    async def _list(self, request: Request) -> Answer:
        self._known(request)
        return json_answer(self.waiting())

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
        self._known(request)
        offer, _, answer = path_of(request).removeprefix(BELOW).rpartition("/")
        if answer == "accept":
            yes = decoded(body_of(request), SaidYes)
            return await self._tell(yes.id, AcceptOffer(offer=offer, units=yes.units))
        if answer == "decline":
            no = decoded(body_of(request), SaidNo)
            return await self._tell(no.id, DeclineOffer(offer=offer, why=no.why, reason=no.reason))
        raise HttpRefusal(404, "unknown_path", "Chỉ có accept và decline.", "There are accept and decline only.")

    async def _checked(self, request: Request) -> Answer:
        self._known(request)
        heard = decoded(body_of(request), Heard)
        return await self._tell(heard.id, CheckUnit(unit=heard.unit))

    def _known(self, request: Request) -> None:
        if not self._token or not hmac.compare_digest(token_of(request).encode(), self._token.encode()):
            raise HttpRefusal(401, "bad_token", "Mã truy cập không đúng.", "The token is wrong.")

    async def _tell(self, ident: str, body: Command) -> Answer:
        if not ident.isprintable():
            raise HttpRefusal(
                400, "malformed", "id phải gồm 1 đến 100 ký tự in được.", "id must have 1 to 100 printable characters."
            )
        asked = Asked(id=f"intake-{ident}", actor=Actor(ActorKind.INTAKE, "intake"), body=body)
        outcome = await self._sequencer.ask(asked)
        return json_answer({"seq": outcome.seq}) if outcome.refusal is None else refusal_answer(outcome.refusal)
