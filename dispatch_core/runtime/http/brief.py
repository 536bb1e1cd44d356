"""Signing in beside one's console, for commands: `POST /v1/sign-in/brief`, `POST /v1/sign-out/brief`."""

from __future__ import annotations

from collections.abc import Mapping

from twisted.web.server import Request

from dispatch_core.runtime.brief_sessions import BriefSessions
from dispatch_core.runtime.http.answers import Answer, Handler, body_of, decoded, json_answer, signed_in, token_of
from dispatch_core.runtime.http.api import spoken
from dispatch_core.wire.envelopes import SignInAsked


class BriefApi:
    def __init__(self, sessions: BriefSessions) -> None:
        self._sessions = sessions

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("POST", "/v1/sign-in/brief"): self._sign_in, ("POST", "/v1/sign-out/brief"): self._sign_out}

    async def _sign_in(self, request: Request) -> Answer:
        asked = decoded(body_of(request), SignInAsked)
        spoken(asked.wire)
        address = str(getattr(request.getClientAddress(), "host", ""))
        return json_answer(await self._sessions.sign_in(asked.user, asked.password, address))

    async def _sign_out(self, request: Request) -> Answer:
        signed_in(self._sessions.who, request)
        self._sessions.sign_out(token_of(request))
        return json_answer({})
