"""Tells every console what was committed, in order, and only after the commit.

Redis is the doorbell, the journal the truth: after any trouble the publisher looks where the streams stand and sends
what is missing from the journal. Streams that are empty, of another life, or ahead of the journal begin a new
generation, which makes every console take a new snapshot.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from dispatch_core.domain.canonical import checksum, encode_state
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.state import EVOLVE_VERSION, State
from dispatch_core.domain.views import View, shown_event, shown_state
from dispatch_core.ports import Batch, Broadcast, BroadcastDown, Clock, Ids, Journal, JournalDown, StreamEntry
from dispatch_core.settings import (
    BEAT_EVERY_S,
    CHECKSUM_EVERY_S,
    ORDER_LIMIT_S,
    RETRY_FIRST_S,
    RETRY_MOST_S,
    SNAPSHOT_EVERY_S,
    STREAM_LENGTH,
)
from dispatch_core.wire import names
from dispatch_core.wire.envelopes import Beat, Snapshot, encode

log = logging.getLogger(__name__)

CATCH_UP_SLICE = 2_000


class Publisher:
    """``heard`` is a listener of the sequencer; ``run`` publishes until cancelled."""

    def __init__(
        self,
        broadcast: Broadcast,
        journal: Journal,
        clock: Clock,
        ids: Ids,
        epoch: int,
        state: Callable[[], State],
        read_only: Callable[[], bool],
        order_limit_s: int = ORDER_LIMIT_S,
    ) -> None:
        self._broadcast = broadcast
        self._journal = journal
        self._clock = clock
        self._ids = ids
        self._epoch = epoch
        self._state = state
        self._read_only = read_only
        self._order_limit_s = order_limit_s
        self._waiting: deque[tuple[tuple[Recorded, ...], State]] = deque()
        self._rung = asyncio.Event()
        self._generation = ""
        self._shown = state()  # the state that the streams have been told up to
        self._snapshot_seq = -1
        self._snapshot_due = 0.0
        self._checksum_due = 0.0

    @property
    def generation(self) -> str:
        return self._generation

    @property
    def behind(self) -> int:
        """Events committed and not yet in the streams."""
        return self._state().seq - self._shown.seq

    def heard(self, batch: Batch) -> None:
        events = tuple(event for entry in batch.entries for event in entry.events)
        if events:
            self._waiting.append((events, batch.after))
            self._rung.set()

    async def run(self) -> None:
        """Publish, beat and snapshot until cancelled; Deposed ends it, a lost Redis does not."""
        retries = 0
        while True:
            try:
                await self._find_place()
                retries = 0
                await self._work()
            except (BroadcastDown, JournalDown) as problem:
                if retries == 0:
                    log.error("%s", problem)
                await asyncio.sleep(min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** min(retries, 10)))
                retries += 1

    # --- after a start and after every trouble ------------------------------------------------------------------------

    async def _find_place(self) -> None:
        """Bring the streams to the committed state, whatever they hold now."""
        self._waiting.clear()
        target = self._state()
        found = await self._broadcast.generation()
        places = [await self._broadcast.last_seq(names.stream(view)) for view in View]
        start = min(places)
        usable = found and (not self._generation or found == self._generation) and all(places)
        if not usable or max(places) > target.seq or target.seq - start > STREAM_LENGTH:
            await self._begin_anew(target)
            return
        self._generation = found
        for view, place in zip(View, places, strict=True):
            while place < target.seq:
                upto = min(target.seq, place + CATCH_UP_SLICE)
                story = await self._journal.story(place, upto)
                await self._send(view, story)
                place = upto
        self._shown = target
        await self._keep_snapshots()

    async def _begin_anew(self, state: State) -> None:
        """Only by a core that knows that it leads: an emptied Redis has forgotten which one does, and one that was
        paused and deposed would show an old state as the newest. Until then consoles say that they are stale."""
        if self._read_only():
            raise BroadcastDown("the streams cannot be begun anew while the journal does not answer")
        # the newest event marks the place: the real one, because a console that has not heard of the new life takes it
        newest = await self._journal.story(state.seq - 1, state.seq) if state.seq else ()
        self._generation = self._ids.new()
        await self._broadcast.begin_generation(self._epoch, self._generation)
        log.warning("streams begin a new generation %s at %d", self._generation, state.seq)
        self._shown = state
        for view in View:
            await self._send(view, newest)
        await self._keep_snapshots()

    # --- the everyday -------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        beat_due = 0.0
        while True:
            while self._waiting:
                events, after = self._waiting.popleft()
                while self._waiting and len(events) < CATCH_UP_SLICE:
                    more, after = self._waiting.popleft()
                    events += more
                fresh = tuple(event for event in events if event.seq > self._shown.seq)
                for view in View:
                    await self._send(view, fresh)
                if fresh:
                    self._shown = after
            self._rung.clear()
            now = self._clock.monotonic()
            if now >= beat_due:
                await self._beat(now)
                beat_due = now + BEAT_EVERY_S
            if now >= self._snapshot_due and self._shown.seq != self._snapshot_seq:
                await self._keep_snapshots()
            if not self._waiting:
                try:
                    async with asyncio.timeout(max(0.01, beat_due - self._clock.monotonic())):
                        await self._rung.wait()
                except TimeoutError:
                    continue

    async def _send(self, view: View, story: Sequence[Recorded]) -> None:
        if not story:
            return
        entries = []
        for recorded in story:
            shown = shown_event(view, recorded)
            entries.append(StreamEntry(recorded.seq, encode(shown) if shown is not None else b""))
        await self._broadcast.publish(names.stream(view), self._epoch, entries)

    async def _beat(self, now: float) -> None:
        if await self._broadcast.generation() != self._generation:
            raise BroadcastDown("the streams are of another life")  # flushed or failed over: find our place anew
        with_checksum = now >= self._checksum_due
        if with_checksum:
            self._checksum_due = now + CHECKSUM_EVERY_S
        for view in View:
            beat = Beat(
                wire=names.WIRE_VERSION,
                evolve=EVOLVE_VERSION,
                generation=self._generation,
                epoch=self._epoch,
                seq=self._shown.seq,
                at=self._clock.now(),
                checksum=checksum(shown_state(view, self._shown)) if with_checksum else "",
                read_only=self._read_only(),
                order_limit_s=self._order_limit_s,
            )
            await self._broadcast.pulse(names.beat(view), self._epoch, encode(beat))

    async def _keep_snapshots(self) -> None:
        state = self._shown
        for view in View:
            snapshot = Snapshot(
                wire=names.WIRE_VERSION,
                evolve=EVOLVE_VERSION,
                generation=self._generation,
                epoch=self._epoch,
                seq=state.seq,
                at=self._clock.now(),
                state=encode_state(shown_state(view, state)),
            )
            await self._broadcast.put(names.snapshot(view), self._epoch, encode(snapshot))
        self._snapshot_seq = state.seq
        self._snapshot_due = self._clock.monotonic() + SNAPSHOT_EVERY_S
