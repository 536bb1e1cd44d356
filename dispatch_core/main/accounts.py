"""Accounts that were disabled or given a new password while somebody is signed in: that session ends within seconds.

``dispatch users`` writes beside the running core; nothing tells the core but the table, so it looks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor

from db.errors import DatabaseError
from db.users import UserStore
from dispatch_core.domain.commands import Command, SignOut
from dispatch_core.domain.state import State

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0


async def watch_accounts(
    store: UserStore, workers: Executor, state: Callable[[], State], tell: Callable[[Command], None]
) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        if not state().people:
            continue
        try:
            accounts = await asyncio.get_running_loop().run_in_executor(workers, store.list)
        except DatabaseError as problem:
            log.warning("accounts: %s", problem)
            continue
        known = {account.user: account for account in accounts}
        for person in state().people.values():
            account = known.get(person.user)
            if account is None or account.disabled or account.changed_at > person.since:
                log.warning("the account of %s was changed; the session ends", person.user)
                tell(SignOut(user=person.user))
