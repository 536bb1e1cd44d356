"""The desk where people sign in: checks the password, opens a session, gives a Redis user of one's own.

A session's secret is told once; the state keeps its digest. The Redis password is derived from that digest and a secret
of the core, so that the users can be made again after Redis lost them, and the journal holds nothing that signs in.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections import deque
from typing import Any, Protocol

from redis.exceptions import ResponseError

from dispatch_core.domain.commands import Actor, ActorKind, Asked, SignIn, SignOut
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import Person
from dispatch_core.domain.views import VIEW_OF_ROLE
from dispatch_core.domain.vocabulary import Role
from dispatch_core.ports import BroadcastDown, Clock, Ids
from dispatch_core.runtime.doorbell import bounded
from dispatch_core.runtime.sequencer import Sequencer
from dispatch_core.settings import SIGN_IN_TRIES, SIGN_IN_WINDOW_S
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import RedisAccess, SignedIn

log = logging.getLogger(__name__)

GROUP = "core"
KNOCKS_REMEMBERED = 2_000


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


def digest(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()[:40]


class Desk:
    """Sign-in, sign-out and the Redis users that go with them."""

    def __init__(
        self,
        sequencer: Sequencer,
        accounts: Accounts,
        client: Any,
        clock: Clock,
        ids: Ids,
        secret: str,
        redis_host: str,
        redis_port: int,
    ) -> None:
        self._sequencer = sequencer
        self._accounts = accounts
        self._redis = client
        self._clock = clock
        self._ids = ids
        self._secret = secret.encode()
        self._where = (redis_host, redis_port)
        self._tries: dict[str, deque[float]] = {}

    # --- people -------------------------------------------------------------------------------------------------------

    async def sign_in(self, user: str, password: str) -> SignedIn:
        """A new session. Raises SignInRefused; the sentence does not tell whether the user exists."""
        self._knock(user)
        account = await asyncio.get_running_loop().run_in_executor(None, self._accounts.check, user, password)
        if account is None:
            raise SignInRefused(
                401, "bad_sign_in", "Tên đăng nhập hoặc mật khẩu không đúng.", "User name or password is wrong."
            )
        self._tries.pop(user, None)
        session = self._ids.secret(43)
        body = SignIn(user=account.user, name=account.name, role=account.role, session=digest(session))
        await self._sequencer.ask(Asked(id=self._ids.new(), actor=Actor(ActorKind.CORE, "desk"), body=body))
        person = self._sequencer.state.people.get(account.user)
        if person is None or person.session != digest(session):
            raise SignInRefused(
                503, "sign_in_failed", "Chưa đăng nhập được, hãy thử lại.", "The sign-in failed; try again."
            )
        await self.admit(person)
        host, port = self._where
        return SignedIn(
            wire=names.WIRE_VERSION,
            session=session,
            user=person.user,
            name=person.name,
            role=person.role,
            view=VIEW_OF_ROLE[person.role].value,
            redis=RedisAccess(
                host=host, port=port, user=self.redis_user(person.user), password=self._password(person), tls=True
            ),
        )

    def _knock(self, user: str) -> None:
        """Slow guessing down: only so many tries for one name in a window."""
        now = self._clock.monotonic()
        tries = self._tries.setdefault(user, deque())
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
        body = SignOut(user=person.user)
        await self._sequencer.ask(
            Asked(id=self._ids.new(), actor=Actor(ActorKind.PERSON, person.user), body=body)
        )

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

    # --- their Redis users --------------------------------------------------------------------------------------------

    @staticmethod
    def redis_user(user: str) -> str:
        return f"console-{user}"

    def _password(self, person: Person) -> str:
        return hmac.new(self._secret, f"{person.user}:{person.session}".encode(), hashlib.sha256).hexdigest()

    async def admit(self, person: Person) -> None:
        """Make (or renew) the Redis user of a session: it may write its own commands and read its own view."""
        view = VIEW_OF_ROLE[person.role]
        rules = [
            "reset", "on", f">{self._password(person)}", f"%W~{names.commands(person.user)}",
            f"%R~{names.replies(person.user)}", *(f"%R~{key}" for key in names.readable_keys(view)),
            "resetchannels", "-@all", "+xadd", "+xread", "+xrange", "+xrevrange", "+get", "+hgetall", "+ping",
            "+client|setname", "+client|setinfo", "+hello", "+auth",
        ]  # fmt: skip
        await bounded(self._redis.execute_command("ACL", "SETUSER", self.redis_user(person.user), *rules))
        await self._kill_connections(person.user)
        await self._make_group(person.user)
        await bounded(self._redis.xadd(names.WAKE_STREAM, {names.BODY_FIELD: b"1"}, maxlen=10))

    async def _make_group(self, user: str) -> None:
        """The reader's place in a person's commands; it stays where it is if it exists."""
        try:
            await bounded(
                self._redis.execute_command("XGROUP", "CREATE", names.commands(user), GROUP, "0", "MKSTREAM")
            )
        except ResponseError as problem:
            if "BUSYGROUP" not in str(problem):
                raise

    async def _kill_connections(self, user: str) -> None:
        """A renewed or ended session leaves no connection of the old one alive (ACL changes do not close them)."""
        try:
            await bounded(self._redis.execute_command("CLIENT", "KILL", "USER", self.redis_user(user)))
        except ResponseError as problem:
            if "no such" not in str(problem).lower():
                raise

    async def end_session(self, user: str) -> None:
        try:
            await bounded(self._redis.execute_command("ACL", "SETUSER", self.redis_user(user), "reset", "off"))
            await self._kill_connections(user)
            await bounded(self._redis.execute_command("ACL", "DELUSER", self.redis_user(user)))
            await bounded(self._redis.delete(names.commands(user), names.replies(user)))
        except (BroadcastDown, ResponseError) as problem:
            log.warning("the Redis user of %s could not be removed: %s", user, problem)

    async def admit_everybody(self) -> None:
        """After a start, and after Redis came back without its users."""
        for person in list(self._sequencer.state.people.values()):
            known = await bounded(self._redis.execute_command("ACL", "GETUSER", self.redis_user(person.user)))
            if known is None:
                await self.admit(person)
            else:
                await self._make_group(person.user)
