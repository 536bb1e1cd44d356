"""The trunk, for its admin and for supervisors who look: `/v1/trunk…` (shapes: `wire.trunk`).

Guards: the role is looked at before anything is read of the body; every attempt to change something, and every look
that is denied, stands in the journal before its answer; one person's denials do not fill it. Nothing is decided here.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import msgspec
from twisted.web.server import Request

from dispatch_core.domain.commands import NoteTrunk
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.plain_text import one_line
from dispatch_core.domain.state import Person
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import Clock
from dispatch_core.ports.trunk_health import TrunkHealth
from dispatch_core.ports.trunk_keeper import TrunkKeeper, TrunkRefused
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    decoded,
    json_answer,
    path_of,
    signed_in,
    text_in,
)
from dispatch_core.settings import TRUNK_BODY_LIMIT
from dispatch_core.wire.trunk import (
    ApplyWanted,
    Candidate,
    RestartWanted,
    RollbackWanted,
    SecretWanted,
    TestCallWanted,
)

log = logging.getLogger(__name__)

MAY_LOOK = frozenset({Role.SUPERVISOR, Role.TELEPHONY_ADMIN})
MAY_CHANGE = frozenset({Role.TELEPHONY_ADMIN})
WHY_CHARACTERS = 500
NOTED_A_MINUTE = 30
"""Denials and refusals of one person that the journal keeps; further ones are answered, and only logged."""

PEOPLE_REMEMBERED = 1_000
JOBS, HISTORY = "/v1/trunk/jobs/", "/v1/trunk/history/"

Note = Callable[[NoteTrunk], Awaitable[None]]
"""Puts it into the journal; returns when it stands there."""

T = TypeVar("T")


class TrunkApi:
    def __init__(
        self, who: Callable[[str], Person | None], keeper: TrunkKeeper, health: Callable[[], TrunkHealth | None],
        note: Note, clock: Clock,
    ) -> None:  # fmt: skip
        """``health``: None while nobody looks at the trunks."""
        self._who, self._keeper, self._health, self._note, self._clock = who, keeper, health, note, clock
        self._noted: OrderedDict[str, deque[float]] = OrderedDict()

    def routes(self) -> Mapping[tuple[str, str], Handler]:
        keeper = self._keeper
        return {
            ("GET", "/v1/trunk"): self._shown,
            ("POST", "/v1/trunk/check"): self._check,
            ("POST", "/v1/trunk/plan"): self._plan,
            ("POST", "/v1/trunk/apply"): self._wanted("apply", ApplyWanted, keeper.apply),
            ("POST", "/v1/trunk/rollback"): self._wanted("rollback", RollbackWanted, keeper.roll_back),
            ("POST", "/v1/trunk/secret"): self._wanted("secret", SecretWanted, keeper.replace_secret),
            ("POST", "/v1/trunk/restart"): self._wanted("restart", RestartWanted, keeper.restart),
            ("POST", "/v1/trunk/test-call"): self._wanted("test_call", TestCallWanted, keeper.test_call),
            ("GET", JOBS): self._job,
            ("POST", JOBS): self._stop,
            ("GET", "/v1/trunk/history"): self._history,
            ("GET", HISTORY): self._change,
            ("GET", "/v1/trunk/status"): self._status,
            ("GET", "/v1/trunk/events"): self._events,
            ("GET", "/v1/trunk/schema"): self._schema,
        }

    # --- looking ------------------------------------------------------------------------------------------------------

    async def _shown(self, request: Request) -> Answer:
        person = await self._may(request, "look", MAY_LOOK)
        return json_answer(await self._said(self._keeper.shown(person.role in MAY_CHANGE)))

    async def _check(self, request: Request) -> Answer:
        await self._may(request, "check", MAY_LOOK)
        return json_answer(await self._said(self._keeper.check(decoded(body_of(request), Candidate))))

    async def _job(self, request: Request) -> Answer:
        await self._may(request, "look", MAY_LOOK)
        ident = path_of(request).removeprefix(JOBS)
        return json_answer(_found(lambda: self._keeper.job(ident)))

    async def _history(self, request: Request) -> Answer:
        await self._may(request, "look", MAY_LOOK)
        return json_answer(await self._said(self._keeper.history()))

    async def _change(self, request: Request) -> Answer:
        await self._may(request, "look", MAY_LOOK)
        told = path_of(request).removeprefix(HISTORY)
        if not (told.isascii() and told.isdigit() and len(told) <= 15):
            raise HttpRefusal(400, "malformed", "Phiên bản là một số.", "A version is a number.")
        return json_answer(await self._said(self._keeper.change(int(told))))

    async def _status(self, request: Request) -> Answer:
        await self._may(request, "look", MAY_LOOK)
        return json_answer(self._looked_at().status())

    async def _events(self, request: Request) -> Answer:
        await self._may(request, "look", MAY_LOOK)
        told = text_in(request, b"after")
        after = int(told) if told.isascii() and told.isdigit() and len(told) <= 15 else 0
        return json_answer(self._looked_at().events(after))

    async def _schema(self, request: Request) -> Answer:
        await self._may(request, "look", MAY_LOOK)
        return json_answer(self._keeper.schema())

    def _looked_at(self) -> TrunkHealth:
        health = self._health()
        if health is None:
            raise HttpRefusal(
                503, "no_health", "Máy chủ chưa theo dõi các trung kế.", "The core does not look at the trunks yet."
            )
        return health

    # --- changing -----------------------------------------------------------------------------------------------------

    async def _plan(self, request: Request) -> Answer:
        person = await self._may(request, "plan", MAY_CHANGE)
        return json_answer(await self._said(self._keeper.plan(decoded(body_of(request), Candidate), person.user)))

    def _wanted(self, kind: str, shape: type[T], do: Callable[[T, str], Awaitable[Any]]) -> Handler:
        async def handler(request: Request) -> Answer:
            person = await self._may(request, kind, MAY_CHANGE)
            try:
                wanted = decoded(body_of(request), shape)
                why = getattr(wanted, "why", "")
                if len(why) > WHY_CHARACTERS:
                    raise HttpRefusal(
                        400, "too_long", f"Lý do dài quá {WHY_CHARACTERS} ký tự.",
                        f"The reason has more than {WHY_CHARACTERS} characters.",
                    )  # fmt: skip
                if why:  # kept, and printed on terminals
                    wanted = msgspec.structs.replace(wanted, why=one_line(why, WHY_CHARACTERS))
                return json_answer(await self._said(do(wanted, person.user)))
            except HttpRefusal as refused:
                await self._write_down(person, kind, "refused", refused)
                raise

        return handler

    async def _stop(self, request: Request) -> Answer:
        person = await self._may(request, "stop", MAY_CHANGE)
        ident, _, act = path_of(request).removeprefix(JOBS).partition("/")
        try:
            if act != "stop":
                raise HttpRefusal(404, "unknown_path", "Không có đường dẫn này.", "There is no such path.")
            job = _found(lambda: self._keeper.stop(ident))
        except HttpRefusal as refused:
            await self._write_down(person, "stop", "refused", refused)
            raise
        await self._note(NoteTrunk(kind="stop", by=person.user, outcome="asked", version=job.version))
        return json_answer(job)

    # --- who ----------------------------------------------------------------------------------------------------------

    async def _may(self, request: Request, kind: str, roles: frozenset[Role]) -> Person:
        person = signed_in(self._who, request)
        if person.role not in roles:
            no = HttpRefusal(
                403, "not_allowed",
                "Chỉ quản trị viên tổng đài được sửa trung kế; trưởng ca được xem.",
                "Only a telephony admin may change the trunk; a supervisor may look.",
            )  # fmt: skip
            await self._write_down(person, kind, "denied", no)
            raise no
        return person

    async def _write_down(self, person: Person, kind: str, outcome: str, why: DispatchError) -> None:
        """What came to nothing; so often a minute for each person, lest somebody fill the journal."""
        now = self._clock.monotonic()
        noted = self._noted.setdefault(person.user, deque())
        self._noted.move_to_end(person.user)
        while len(self._noted) > PEOPLE_REMEMBERED:
            self._noted.popitem(last=False)
        while noted and now - noted[0] > 60.0:
            noted.popleft()
        if len(noted) >= NOTED_A_MINUTE:
            log.warning("%s by %s %s; not in the journal, where too many of a minute stand", kind, person.user, outcome)
            raise HttpRefusal(
                429, "too_often", "Bị từ chối quá nhiều lần; hãy chờ một phút.",
                "Refused too often; wait for a minute.",
            )  # fmt: skip
        noted.append(now)
        await self._note(NoteTrunk(kind=kind, by=person.user, outcome=outcome, vi=why.vi, en=why.en))

    async def _said(self, answer: Awaitable[T]) -> T:
        try:
            return await answer
        except TrunkRefused as no:
            raise _refusal(no) from None


def _refusal(no: TrunkRefused) -> HttpRefusal:
    return HttpRefusal(404 if no.missing else 409, no.code, no.vi, no.en)


def _found(what: Callable[[], T]) -> T:
    try:
        return what()
    except TrunkRefused as no:
        raise _refusal(no) from None


def body_of(request: Request) -> bytes:
    """A whole site.toml may be in it."""
    data = request.content.read(TRUNK_BODY_LIMIT + 1) if request.content is not None else b""
    if len(data) > TRUNK_BODY_LIMIT:
        raise HttpRefusal(413, "too_large", "Nội dung quá dài.", "The body is too large.")
    return bytes(data)
