"""The desk where people sign in: checks the password, opens a session, gives a Redis user of one's own.

A session's secret is told once; the state keeps its digest.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from dispatch_core.domain.commands import Actor, ActorKind, Asked, SignIn, SignOut
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Person
from dispatch_core.domain.views import VIEW_OF_ROLE
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import Clock, Ids
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import SIGN_IN_TRIES, SIGN_IN_WINDOW_S, SIGN_INS_AT_ONCE, SIGN_INS_WAITING
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import RedisAccess, SignedIn

KNOCKS_REMEMBERED = 2_000
NAME_LENGTH = 64
USER_NAME = re.compile(rf"\w[\w.@-]{{0,{NAME_LENGTH - 1}}}")
"""Names that can stand in a key pattern of Redis: one with ``*`` would reach other people's keys."""


class Account(Protocol):
    """What the store of users says of somebody whose password was right."""

    @property
    def user(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...


class Accounts(Protocol):
    """The store of users. ``check`` blocks (argon2) and runs in a worker thread; None means a wrong password."""

    def check(self, user: str, password: str) -> Account | None: ...


class SignInRefused(DispatchError):
    """Why a sign-in was refused; ``status`` is the HTTP status."""

    def __init__(self, status: int, code: str, vi: str, en: str) -> None:
        super().__init__(code, vi, en)
        self.status = status


def _wrong() -> SignInRefused:
    return SignInRefused(
        401, "bad_sign_in", "Tên đăng nhập hoặc mật khẩu không đúng.", "User name or password is wrong."
    )


def _not_now() -> SignInRefused:
    return SignInRefused(503, "sign_in_failed", "Chưa đăng nhập được, hãy thử lại.", "The sign-in failed; try again.")


def digest(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()[:40]


class Desk:
    """Sign-in, sign-out, and whose session is whose."""

    def __init__(
        self,
        sequencer: Sequencer,
        accounts: Accounts,
        users: RedisUsers,
        clock: Clock,
        ids: Ids,
        redis_host: str,
        redis_port: int,
    ) -> None:
        self._sequencer = sequencer
        self._accounts = accounts
        self._users = users
        self._clock = clock
        self._ids = ids
        self._where = (redis_host, redis_port)
        self._tries: dict[tuple[str, str], deque[float]] = {}
        self._hashing = ThreadPoolExecutor(SIGN_INS_AT_ONCE, thread_name_prefix="sign-in")
        self._checking = 0

    # --- people -------------------------------------------------------------------------------------------------------

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn:
        """A new session for who knocks at ``address``; the same person's one before ends. Raises SignInRefused."""
        account = await self.proven(user, password, address)
        session = self._ids.secret(43)
        body = SignIn(user=account.user, name=account.name, role=account.role, session=digest(session))
        await self._sequencer.ask(Asked(id=self._ids.new(), actor=Actor(ActorKind.CORE, "desk"), body=body))
        person = self._sequencer.state.people.get(account.user)
        if person is None or person.session != digest(session):
            raise _not_now()  # the journal is away, or the same person signed in elsewhere at this very moment
        await self._users.admit(person)
        host, port = self._where
        return SignedIn(
            wire=names.WIRE_VERSION,
            session=session,
            user=person.user,
            name=person.name,
            role=person.role,
            view=VIEW_OF_ROLE[person.role].value,
            redis=RedisAccess(
                host=host,
                port=port,
                user=self._users.name(person.user),
                password=self._users.password(person),
                tls=True,
            ),
        )

    async def proven(self, user: str, password: str, address: str = "") -> Account:
        """The account of who knocks at ``address``, the password being right. Raises SignInRefused; the sentence does
        not tell whether the user exists."""
        if not USER_NAME.fullmatch(user):
            raise _wrong()  # before anything is remembered: a name that costs nothing must not push others out
        self._knock(user, address)
        account = await self._check(user, password)
        if account is None:
            raise _wrong()
        self._tries.pop((address, user), None)
        return account

    async def _check(self, user: str, password: str) -> Account | None:
        """The account, in a thread of the desk's own: a flood of sign-ins is slow for itself and for nobody else."""
        if self._checking >= SIGN_INS_WAITING:
            raise _not_now()
        self._checking += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._hashing, self._accounts.check, user, password)
        finally:
            self._checking -= 1

    def _knock(self, user: str, address: str) -> None:
        """Slow guessing down: only so many tries for one name from one address in a window."""
        now = self._clock.monotonic()
        tries = self._tries.setdefault((address, user), deque())
        while tries and now - tries[0] > SIGN_IN_WINDOW_S:
            tries.popleft()
        if len(tries) >= SIGN_IN_TRIES:
            raise SignInRefused(
                429, "too_many_tries", "Thử quá nhiều lần; hãy chờ vài phút.", "Too many tries; wait a few minutes."
            )
        tries.append(now)
        while len(self._tries) > KNOCKS_REMEMBERED:
            self._tries.pop(next(iter(self._tries)))

    async def sign_out(self, person: Person) -> None:
        """Raises SignInRefused where it could not be written."""
        body = SignOut(user=person.user)
        asked = Asked(id=self._ids.new(), actor=Actor(ActorKind.PERSON, person.user), body=body)
        outcome = await self._sequencer.ask(asked)
        if outcome.refusal is not None and outcome.refusal.code != "not_signed_in":
            refusal = outcome.refusal
            raise SignInRefused(503, refusal.code, refusal.sentence("vi"), refusal.sentence("en"))

    def who(self, session: str) -> Person | None:
        """The person whose session this is."""
        wanted = digest(session)
        for person in self._sequencer.state.people.values():
            if person.session and hmac.compare_digest(person.session, wanted):
                return person
        return None

    def is_session(self, user: str, session: str) -> bool:
        person = self._sequencer.state.people.get(user)
        return person is not None and bool(person.session) and hmac.compare_digest(person.session, digest(session))
