"""Where the keeper's work blocks: one thread for this machine's files and the database, one that reads texts.

Guards: a text that takes long to read holds up other texts alone, never a change; so many wait, and no more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from dispatch_core.ports.trunk_keeper import TrunkRefused

TEXTS_WAITING = 12
"""Texts that are being read or wait for it; one more is told to come again."""


class Threads:
    def __init__(self) -> None:
        self._readers = ThreadPoolExecutor(1, thread_name_prefix="trunk-texts")
        self._doers = ThreadPoolExecutor(1, thread_name_prefix="trunk")
        self._reading = 0

    async def run(self, work: Callable[..., Any], *given: Any) -> Any:
        """What touches this machine's files or the database."""
        return await asyncio.get_running_loop().run_in_executor(self._doers, work, *given)

    async def read(self, work: Callable[..., Any], *given: Any) -> Any:
        """What reads a text that somebody wrote."""
        if self._reading >= TEXTS_WAITING:
            raise TrunkRefused("overloaded", "Máy chủ đang bận; hãy thử lại.", "The core is busy; try again.")
        self._reading += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, work, *given)
        finally:
            self._reading -= 1

    def end(self) -> None:
        for pool in (self._readers, self._doers):
            pool.shutdown(wait=False, cancel_futures=True)
