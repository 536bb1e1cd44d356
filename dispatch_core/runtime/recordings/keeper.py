"""Sums every recording up once its call is over, and deletes what is past its time.

Guards: a call is summed after its files are closed, or called unfinished when they never are; a file is deleted only
after the commit of its removal, which the domain refuses while a hold is on. What a crash left undone is done at the
next start: calls without sums are in the state, files whose removal was committed are looked for again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, RecordingSummed, RemoveRecording
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.events import CallEnded
from dispatch_core.domain.recorded import FILES_MOST
from dispatch_core.domain.state import Call, State
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import Batch, Clock, Ids, KeptRecording, Outcome, RecordingFiles, RecordingIndex
from dispatch_core.settings import (
    SUM_AFTER_S,
    SUM_UNFINISHED_AFTER_S,
    SUMS_WAITING,
    SWEEP_AT_HOUR,
    SWEEP_LEFT_OVER_DAYS,
    SWEEP_PAGE,
    SWEEPS_LOOKED_EVERY_S,
)

log = logging.getLogger(__name__)

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
STEP_S = 0.25
T = TypeVar("T")


def next_night(now: Instant, utc_offset_min: int) -> Instant:
    """When the site's clock next says ``SWEEP_AT_HOUR``."""
    offset = utc_offset_min * 60_000
    local = now + offset
    today = local - local % DAY_MS + SWEEP_AT_HOUR * HOUR_MS
    return (today if local < today else today + DAY_MS) - offset


class RecordingKeeper:
    """A listener of the sequencer with a loop of its own."""

    def __init__(
        self,
        files: RecordingFiles,
        index: RecordingIndex,
        ask: Callable[[Asked], Awaitable[Outcome]],
        state: Callable[[], State],
        clock: Clock,
        ids: Ids,
        workers: Executor,
        keep_days: int,
        recording: bool = True,
    ) -> None:
        """``recording``: whether the dialplan records at all; where it does not, nothing is missed."""
        self._files, self._index, self._ask, self._state = files, index, ask, state
        self._clock, self._ids, self._workers = clock, ids, workers
        self._keep_ms, self._recording = keep_days * DAY_MS, recording
        self._woken = asyncio.Event()
        self._over: dict[str, float] = {}  # call to when it was first known to be over, monotonic

    def use(self, keep_days: int, recording: bool) -> None:
        """Other rules are in force: for calls that end and sweeps that begin from now on."""
        self._keep_ms, self._recording = keep_days * DAY_MS, recording

    def heard(self, batch: Batch) -> None:
        for entry in batch.entries if self._recording else ():
            for recorded in entry.events:
                if isinstance(recorded.event, CallEnded) and len(self._over) < SUMS_WAITING:
                    self._over.setdefault(recorded.event.call, self._clock.monotonic())
                    self._woken.set()

    async def run(self) -> None:
        now = self._clock.monotonic()
        for ident, call in self._state().calls.items():
            if self._recording and not call.state.live and not call.recording_state:
                self._over.setdefault(ident, now)
        look_at, night = now, next_night(self._clock.now(), self._state().site.utc_offset_min)
        while True:
            await self.sum_what_is_over()
            if self._clock.monotonic() >= look_at:
                look_at = self._clock.monotonic() + SWEEPS_LOOKED_EVERY_S
                await self._asked_sweeps()
            if self._clock.now() >= night:
                night = next_night(self._clock.now(), self._state().site.utc_offset_min)
                await self._tried(self.sweep())
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), STEP_S if self._over else SWEEPS_LOOKED_EVERY_S)

    # --- sums ---------------------------------------------------------------------------------------------------------

    async def sum_what_is_over(self) -> None:
        """Everything whose files are closed by now, or will not be any more."""
        for ident, since in list(self._over.items()):
            waited = self._clock.monotonic() - since
            if waited < SUM_AFTER_S:
                continue
            call = self._state().calls.get(ident)
            if call is None or call.state.live or call.recording_state:
                del self._over[ident]  # archived, alive again or summed
            elif await self._tried(self._sum(call, waited)):
                self._over.pop(ident, None)

    async def _sum(self, call: Call, waited: float) -> bool:
        """Whether the call is done with."""
        rows = (await self._work(self._index.of_call, call.id))[:FILES_MOST]
        for row in rows:
            if not await self._work(self._files.reaches, row.node):
                log.error("the recordings of %s cannot be reached: %s is not summed up", row.node, call.id)
                return True
        if waited < SUM_UNFINISHED_AFTER_S and not await self._work(self._closed, rows):
            return False
        files = [await self._work(self._files.sum, row.node, row.file) for row in rows if row.file]
        body = RecordingSummed(call=call.id, files=tuple(files))
        outcome = await self._tell(body, f"sum-{call.id}-{call.ended_at}")
        return outcome.refusal is None or outcome.refusal.code == "nothing_new"

    def _closed(self, rows: Sequence[KeptRecording]) -> bool:
        for row in rows:
            try:
                sound = self._files.look(row.node, row.file)
            except DispatchError:
                continue  # no WAV, or not to be read: waiting does not mend that
            if sound is not None and not sound.final:
                return False
        return True

    # --- what is past its time ----------------------------------------------------------------------------------------

    async def sweep(self) -> tuple[int, int]:
        """Remove what is past its time and not held: (removed, refused or out of reach)."""
        until = self._clock.now() - self._keep_ms
        await self._left_over()
        removed = refused = 0
        passed: set[tuple[str, str]] = set()
        while True:
            page = await self._work(self._index.past, until, SWEEP_PAGE + len(passed))
            rows = [row for row in page if (row.call, row.file) not in passed]
            if not rows:
                return removed, refused
            for row in rows:
                if await self._remove(row):
                    removed += 1
                else:
                    refused += 1
                passed.add((row.call, row.file))

    async def _remove(self, row: KeptRecording) -> bool:
        if not await self._work(self._files.reaches, row.node):
            log.error("the recordings of %s cannot be reached: %s is not removed", row.node, row.file)
            return False
        body = RemoveRecording(call=row.call, file=row.file, incident=row.incident)
        outcome = await self._tell(body, self._ids.new())
        if outcome.refusal is not None:
            log.info("%s stays: %s", row.file, outcome.refusal.sentence("en"))
            return False
        await self._work(self._files.remove, row.node, row.file)
        return True

    async def _left_over(self) -> None:
        since = self._clock.now() - SWEEP_LEFT_OVER_DAYS * DAY_MS
        for row in await self._work(self._index.removed_since, since):
            if await self._work(self._files.remove, row.node, row.file):
                log.warning("%s had been left after its removal", row.file)

    async def _asked_sweeps(self) -> None:
        async def do() -> bool:
            for number in await self._work(self._index.sweeps_asked):
                removed, refused = await self.sweep()
                await self._work(self._index.sweep_done, number, self._clock.now(), removed, refused)
            return True

        await self._tried(do())

    # --- within -------------------------------------------------------------------------------------------------------

    async def _tell(self, body: Command, ident: str) -> Outcome:
        return await self._ask(Asked(id=ident, actor=Actor(ActorKind.CORE, "recordings"), body=body))

    async def _work(self, what: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._workers, what, *arguments)

    async def _tried(self, work: Awaitable[T]) -> T | None:
        """None where a server or a disk did not answer: it is tried again later."""
        try:
            return await work
        except DispatchError as problem:
            log.warning("recordings: %s", problem)
            return None
