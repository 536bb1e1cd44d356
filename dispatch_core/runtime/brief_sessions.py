"""Short sessions of commands: who sits at a console may use the command line too, and stays signed in at the console.

Guards: the password is proven as at the desk, with the same limit of tries; such a session opens only those subjects
of the HTTPS side that ask here; it is in memory alone and ends with the core, with its account and by not being used.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from dispatch_core.domain.state import Person
from dispatch_core.ports import Clock, Ids
from dispatch_core.runtime.desk import Desk, digest
from dispatch_core.wire.envelopes import BriefSignedIn

IDLE_S = 900
SESSIONS_MOST = 100
"""Beyond it the one that was not used for longest ends."""


@dataclass
class _Session:
    person: Person
    used: float  # monotonic


class BriefSessions:
    def __init__(self, desk: Desk, clock: Clock, ids: Ids) -> None:
        self._desk, self._clock, self._ids = desk, clock, ids
        self._open: OrderedDict[str, _Session] = OrderedDict()

    async def sign_in(self, user: str, password: str, address: str = "") -> BriefSignedIn:
        """Raises SignInRefused."""
        account = await self._desk.proven(user, password, address)
        session = self._ids.secret(43)
        person = Person(
            user=account.user, name=account.name, role=account.role, session=digest(session), since=self._clock.now()
        )
        self._forget()
        self._open[person.session] = _Session(person, self._clock.monotonic())
        while len(self._open) > SESSIONS_MOST:
            self._open.popitem(last=False)
        return BriefSignedIn(session=session, user=person.user, name=person.name, role=person.role, idle_s=IDLE_S)

    def sign_out(self, session: str) -> None:
        self._open.pop(digest(session), None)

    def who(self, session: str) -> Person | None:
        """Whose session this is, a console's or a command's."""
        self._forget()
        key = digest(session)
        found = self._open.get(key)
        if found is None:
            return self._desk.who(session)
        found.used = self._clock.monotonic()
        self._open.move_to_end(key)
        return found.person

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(it.person for it in self._open.values())

    def end(self, user: str) -> None:
        """All of this person's."""
        for key in [key for key, it in self._open.items() if it.person.user == user]:
            del self._open[key]

    def _forget(self) -> None:
        """The least used stand first."""
        now = self._clock.monotonic()
        while self._open and now - next(iter(self._open.values())).used > IDLE_S:
            self._open.popitem(last=False)
