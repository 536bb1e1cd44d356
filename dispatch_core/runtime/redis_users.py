"""The Redis user of each session: made at sign-in, taken away at its end, made again when Redis lost it.

Guards: a console writes its own commands and reads its own view, nothing else; the password is derived from the
session's digest and a secret of the core, so that it can be made again and the journal holds nothing that signs in.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

from redis.exceptions import ResponseError

from dispatch_core.domain.state import Person, State
from dispatch_core.domain.views import VIEW_OF_ROLE
from dispatch_core.ports import BroadcastDown
from dispatch_core.runtime.doorbell import bounded
from dispatch_core.wire import names

log = logging.getLogger(__name__)

GROUP = "core"
PREFIX = "console-"


class RedisUsers:
    """Keeps Redis's users as ``state`` has the people. Methods raise BroadcastDown unless they say otherwise."""

    def __init__(self, client: Any, secret: str, state: Callable[[], State]) -> None:
        self._redis = client
        self._secret = secret.encode()
        self._state = state
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @staticmethod
    def name(user: str) -> str:
        return f"{PREFIX}{user}"

    def password(self, person: Person) -> str:
        return hmac.new(self._secret, f"{person.user}:{person.session}".encode(), hashlib.sha256).hexdigest()

    async def admit(self, person: Person) -> None:
        """Make (or renew) the Redis user of a session, unless a newer session of the same person came meanwhile."""
        async with self._lock(person.user):
            newest = self._state().people.get(person.user)
            if newest is not None and newest.session == person.session:
                await self._admit(person)

    def _lock(self, user: str) -> asyncio.Lock:
        """One hand at a time on one person's Redis user: a sign-out must not take away the sign-in after it."""
        lock = self._locks.get(user)
        if lock is None:
            self._locks[user] = lock = asyncio.Lock()
        return lock

    async def _admit(self, person: Person) -> None:
        """It may write its own commands and read its own replies and its own view, and that is all."""
        view = VIEW_OF_ROLE[person.role]
        rules = [
            "reset", "on", f">{self.password(person)}", f"%W~{names.commands(person.user)}",
            f"%R~{names.replies(person.user)}", *(f"%R~{key}" for key in names.readable_keys(view)),
            "resetchannels", "-@all", "+xadd", "+xread", "+xrange", "+xrevrange", "+get", "+hgetall", "+ping",
            "+client|setname", "+hello", "+auth",
        ]  # fmt: skip
        await self._acl("SETUSER", self.name(person.user), *rules)
        await self._kill_connections(person.user)
        await self._make_group(person.user)
        await bounded(self._redis.xadd(names.WAKE_STREAM, {names.BODY_FIELD: b"1"}, maxlen=10, approximate=False))

    async def _acl(self, *words: str) -> Any:
        return await bounded(self._redis.execute_command("ACL", *words))

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
            await bounded(self._redis.execute_command("CLIENT", "KILL", "USER", self.name(user)))
        except ResponseError as problem:
            if "no such" not in str(problem).lower():
                raise

    async def end_session(self, user: str) -> None:
        """Nothing of an ended session reaches Redis any more. What fails here is done by ``admit_everybody``."""
        async with self._lock(user):
            if user in self._state().people:
                return  # signed in again meanwhile
            try:
                await self._remove(user)
            except (BroadcastDown, ResponseError) as problem:
                log.warning("the Redis user of %s could not be removed: %s", user, problem)

    async def _remove(self, user: str) -> None:
        await self._acl("SETUSER", self.name(user), "reset", "off")
        await self._kill_connections(user)
        await self._acl("DELUSER", self.name(user))
        await bounded(self._redis.delete(names.commands(user), names.replies(user)))

    async def admit_everybody(self) -> None:
        """Redis's users as the state has them: after a start, and after Redis came back without them or missed a
        change. A user whose session is the right one keeps its connections."""
        known = sorted(str(name, "utf-8", "replace") for name in await self._acl("USERS"))
        for person in list(self._state().people.values()):
            async with self._lock(person.user):
                if self.name(person.user) in known and await self._has_password(person):
                    await self._make_group(person.user)
                else:
                    await self._admit(person)
        for name in known:
            if name.startswith(PREFIX):
                await self._remove_stranger(name.removeprefix(PREFIX))

    async def _remove_stranger(self, user: str) -> None:
        async with self._lock(user):
            if user not in self._state().people:
                await self._remove(user)

    async def _has_password(self, person: Person) -> bool:
        """Whether Redis's user has the password of this session; Redis tells the SHA-256 of it."""
        told = await self._acl("GETUSER", self.name(person.user))
        facts = dict(zip(told[::2], told[1::2], strict=False)) if told else {}
        wanted = hashlib.sha256(self.password(person).encode()).hexdigest().encode()
        return list(facts.get(b"passwords", [])) == [wanted]
