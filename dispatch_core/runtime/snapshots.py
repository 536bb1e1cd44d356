"""Keeps a state in the database to start from, so that a start replays a short tail and not the year."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from dispatch_core.domain.state import State
from dispatch_core.ports import Journal, JournalDown
from dispatch_core.settings import STORE_SNAPSHOT_EVERY

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0


async def keep_snapshots(journal: Journal, epoch: int, state: Callable[[], State]) -> None:
    """Until cancelled. The journal is asked each time what it has: an erasure beside the core takes states away."""
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        now = state()
        if now.seq < STORE_SNAPSHOT_EVERY:
            continue
        try:
            if now.seq - await journal.newest_snapshot() >= STORE_SNAPSHOT_EVERY:
                await journal.keep_snapshot(epoch, now)
        except JournalDown as problem:
            log.warning("no snapshot: %s", problem)
