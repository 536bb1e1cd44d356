"""The history of numbers, read in a worker: which of them stand behind, and which do no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from db.queries import Queries
from dispatch_core.domain.commands import Command, NumbersRated, Rating
from dispatch_core.domain.effects import RateNumbers
from dispatch_core.domain.nuisance import CLOSURES_KEPT, KEPT_MS
from dispatch_core.ports import Clock


class NumberRater:
    """Answers ``RateNumbers``; ``known`` gives the numbers that stand behind now, which a start looks at again too."""

    def __init__(self, dsn: str, workers: Executor, clock: Clock, known: Callable[[], tuple[str, ...]]) -> None:
        self._queries = Queries(dsn)
        self._workers = workers
        self._clock = clock
        self._known = known

    async def rate(self, question: RateNumbers) -> Command:
        """Raises DatabaseError; a number is rated again at its next call."""
        numbers = question.numbers or None
        since = self._clock.now() - KEPT_MS
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, self._read, numbers, self._known(), since)

    def _read(self, numbers: tuple[str, ...] | None, known: tuple[str, ...], since: int) -> NumbersRated:
        found = self._queries.without_content(numbers, since)
        if numbers is None and known:
            found = {**self._queries.without_content(known, since), **found}
        ratings = (
            Rating(number=number, closures=tuple(it.closures[-CLOSURES_KEPT:]), real_at=it.real_at)
            for number, it in sorted(found.items())
        )
        return NumbersRated(ratings=tuple(ratings))
