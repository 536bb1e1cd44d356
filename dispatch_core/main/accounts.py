"""Accounts that were disabled or given a new password while somebody is signed in: that session ends within seconds.

``dispatch users`` writes beside the running core; nothing tells the core but the table, so it looks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor

from db.errors import DatabaseError
from db.users import User, UserStore
from dispatch_core.domain.commands import Command, SignOut
from dispatch_core.domain.state import Person, State
from dispatch_core.runtime.brief_sessions import BriefSessions

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0


async def watch_accounts(
    store: UserStore, workers: Executor, state: Callable[[], State], tell: Callable[[Command], None],
    brief: BriefSessions,
) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if not state().people and not brief.people:
            continue
        try:
            accounts = await asyncio.get_running_loop().run_in_executor(workers, store.list)
        except DatabaseError as problem:
            log.warning("accounts: %s", problem)
            continue
        known = {account.user: account for account in accounts}

        def changed(person: Person, known: dict[str, User] = known) -> bool:
            account = known.get(person.user)
            return account is None or account.disabled or account.changed_at > person.since

        for person in filter(changed, state().people.values()):
            log.warning("the account of %s was changed; the session ends", person.user)
            tell(SignOut(user=person.user))
        for person in filter(changed, brief.people):
            log.warning("the account of %s was changed; what its commands may do ends", person.user)
            brief.end(person.user)
