"""Who has called before: `GET /v1/caller?call=`. A call is named and never a number, so that none stands in an address.

Answered in threads of their own, for dispatchers and supervisors; nothing is changed by asking.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from twisted.web.server import Request

from dispatch_core.domain.refusals import refuse
from dispatch_core.domain.state import Person, State
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import NumberPast
from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, json_answer, signed_in, text_in
from dispatch_core.runtime.http.aside import Aside
from dispatch_core.wire.callers import CalledFor, CallerHistory

ID_LENGTH = 200

Before = Callable[[str, str, str], NumberPast]
"""Of a number, without this call and this incident. Blocks."""


class CallersApi:
    def __init__(
        self, who: Callable[[str], Person | None], state: Callable[[], State], before: Before, aside: Aside
    ) -> None:
        self._who, self._state, self._before, self._aside = who, state, before, aside

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        return {("GET", "/v1/caller"): self._asked}

    async def _asked(self, request: Request) -> Answer:
        if signed_in(self._who, request).role not in (Role.DISPATCHER, Role.SUPERVISOR):
            raise HttpRefusal(
                403, "not_allowed", "Chỉ điều phối viên và trưởng ca được xem ai đã gọi.",
                "Only dispatchers and supervisors may see who has called.",
            )  # fmt: skip
        ident = text_in(request, b"call")[:ID_LENGTH]
        call = self._state().calls.get(ident)
        if call is None:
            no = refuse("unknown_call", call=ident)
            raise HttpRefusal(404, no.code, no.sentence("vi"), no.sentence("en"))
        past = await self._aside.run(self._before, call.number, call.id, call.incident)
        newest = tuple(CalledFor(**dataclasses.asdict(it)) for it in past.newest)
        return json_answer(
            CallerHistory(
                calls=past.calls, incidents=past.incidents, without_content=past.without_content, newest=newest
            )
        )
