"""Callers' locations by HTTPS (AML, ETSI TS 103 625): `POST /v1/aml`, a form.

A sender that proves itself is always answered 2xx, whatever it sent: a phone or its network that gets an error may
stop sending. What could not be read is counted. Nothing waits: the location goes to the sequencer as a fact, and which
call it belongs to is decided there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from twisted.web.server import Request

from dispatch_core.domain.commands import LocationCame, SenderKind
from dispatch_core.domain.vocabulary import Instant, Location
from dispatch_core.ports import Clock, Ids
from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, json_answer, token_of
from dispatch_core.runtime.http.senders import Sender, Senders
from dispatch_core.settings import AML_BODY_LIMIT, AML_BURST, AML_PER_S

TAKEN, UNREAD, TOO_MANY = "taken", "unread", "too_many"


class SentForm(Protocol):
    """What a form tells: whose phone, where, or why that cannot be read."""

    @property
    def number(self) -> str: ...

    @property
    def location(self) -> Location | None: ...

    @property
    def why(self) -> str: ...


class AmlIntake:
    """A sender's secret comes as a bearer's token, or is the key of the form's own ``hmac``."""

    def __init__(
        self,
        senders: Senders,
        read: Callable[[bytes, Instant], SentForm],
        is_signed: Callable[[bytes, str], bool],
        tell: Callable[[Sender, LocationCame], None],
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._senders = senders
        self._read, self._is_signed, self._tell = read, is_signed, tell
        self._clock, self._ids = clock, ids
        self._room, self._filled_at = float(AML_BURST), clock.monotonic()
        self.counts = {TAKEN: 0, UNREAD: 0, TOO_MANY: 0, "refused": 0}

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("POST", "/v1/aml"): self._post}

    async def _post(self, request: Request) -> Answer:
        body = bytes(request.content.read(AML_BODY_LIMIT + 1)) if request.content is not None else b""
        return self.take(body, token_of(request))

    def take(self, body: bytes, token: str) -> Answer:
        """200 where a location was read, 202 where none was. HttpRefusal 401 for a stranger."""
        sender = self._signer(body)
        if sender is None:
            try:
                sender = self._senders.admit(token, SenderKind.LOCATION)
            except HttpRefusal:
                self.counts["refused"] += 1
                raise
        outcome, why = self._taken(body, sender)
        self.counts[outcome] += 1
        return json_answer({"outcome": outcome, "why": why}, 200 if outcome == TAKEN else 202)

    def _signer(self, body: bytes) -> Sender | None:
        if len(body) > AML_BODY_LIMIT:
            return None
        return self._senders.signer(SenderKind.LOCATION, lambda key: self._is_signed(body, key))

    def _taken(self, body: bytes, sender: Sender) -> tuple[str, str]:
        if not self._has_room():
            return TOO_MANY, ""
        if len(body) > AML_BODY_LIMIT:
            return UNREAD, "too_long"
        now = self._clock.now()
        sent = self._read(body, now)
        if sent.number and (sent.location is not None or sent.why):
            came = LocationCame(
                ident=f"aml-{self._ids.new()}", number=sent.number, at=now, location=sent.location, note=sent.why
            )
            self._tell(sender, came)
        if sent.location is None or not sent.number:
            return UNREAD, sent.why or "no_number"
        return TAKEN, ""

    def _has_room(self) -> bool:
        """A bucket that fills with time: more than that is answered, and dropped."""
        now = self._clock.monotonic()
        self._room = min(float(AML_BURST), self._room + (now - self._filled_at) * AML_PER_S)
        self._filled_at = now
        if self._room < 1.0:
            return False
        self._room -= 1.0
        return True
