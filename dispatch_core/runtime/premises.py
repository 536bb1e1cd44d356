"""What is known about an incident's place, answered in a worker thread from an index renewed on every change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor

from dispatch_core.domain.closing_roads import metres_apart
from dispatch_core.domain.commands import Command, PremisesTold
from dispatch_core.domain.effects import FindPremises, ReadPremises, about, about_all
from dispatch_core.domain.effects.effect import Effect
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant, PlaceRules, PremiseFound, PremiseGroup
from dispatch_core.ports import Clock
from dispatch_core.ports.premises import Notes, PlaceHistory

log = logging.getLogger(__name__)

ORDER = list(PremiseGroup)
UNCERTAIN_MOST_M = 2_000.0
"""A place that is less sure than this (a whole district) would bring every note of it."""

NOTES_TOLD = 20
CHANGED_MOST = 50
"""Notes that are looked at one by one for whom they concern; a list that was imported concerns everybody."""

READ_AGAIN_S = 10.0
"""After a reading that failed: a note that was removed would be told of until the next one is written."""

NEARLY = 1.02
"""Distances are good to a percent."""


class Premises:
    """Carries out ``FindPremises`` and ``ReadPremises`` (``Hands.learn``). ``read`` makes the index; it blocks."""

    def __init__(
        self,
        read: Callable[[], Notes],
        history: PlaceHistory,
        workers: Executor,
        state: Callable[[], State],
        ask: Callable[[Effect], None],
        clock: Clock,
    ) -> None:
        self._read, self._history, self._workers = read, history, workers
        self._state, self._ask, self._clock = state, ask, clock
        self._notes: Notes | None = None
        self._reading = asyncio.Lock()
        self._wanted = self._read_for = 0  # renewals asked for, and those of which the notes know
        self._again: dict[str, None] = {}  # incidents that wait to be asked about anew, in order
        self._asking: asyncio.Task[None] | None = None
        self._later: asyncio.TimerHandle | None = None
        self._finding: set[FindPremises] = set()
        self._found = asyncio.Event()

    async def renew(self) -> None:
        """Read the notes anew and ask again what the open incidents near those that changed may be told, the first time
        what every one may be told. Raises DispatchError."""
        self._wanted += 1
        mine = self._wanted
        async with self._reading:
            if self._read_for < mine:  # else whoever waited before read what this one is about too
                reads = self._wanted
                before = self._notes if self._read_for else None
                self._notes, concerned = await asyncio.get_running_loop().run_in_executor(
                    self._workers, _read_anew, self._read, before, self._state
                )
                self._read_for = reads
                self._again.update(dict.fromkeys(concerned))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(self._ask_again())

    @property
    def asking(self) -> bool:
        """Whether incidents still wait to be asked about anew."""
        return bool(self._again) or (self._asking is not None and not self._asking.done())

    async def _ask_again(self) -> None:
        """One incident after the other, so that a thousand of them stand in nobody's way."""
        while self._again:
            incident = next(iter(self._again))
            del self._again[incident]
            for question in about(self._state().incidents.get(incident)):
                self._ask(question)
                await asyncio.sleep(0)  # it begins
                while question in self._finding:
                    self._found.clear()
                    await self._found.wait()

    async def read(self, _: ReadPremises) -> Command | None:
        try:
            await self.renew()
        except DispatchError as problem:
            log.error("premise notes: %s", problem)
            if self._later is None:
                self._later = asyncio.get_running_loop().call_later(READ_AGAIN_S, self._read_again)
        return None

    def _read_again(self) -> None:
        self._later = None
        self._ask(ReadPremises())

    async def find(self, question: FindPremises) -> Command | None:
        self._finding.add(question)
        try:
            return await self._find(question)
        finally:
            self._finding.discard(question)
            self._found.set()

    async def _find(self, question: FindPremises) -> Command | None:
        if self._notes is None:
            async with self._reading:
                self._notes = await asyncio.get_running_loop().run_in_executor(self._workers, self._read)
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._workers, answer, self._notes, self._history, self._state().place_rules, question,
                self._clock.now(),
            )  # fmt: skip
        except DispatchError as problem:  # the incident goes on without them
            log.error("premise notes: %s", problem)
            return None


def _read_anew(
    read: Callable[[], Notes], before: Notes | None, state: Callable[[], State]
) -> tuple[Notes, list[str]]:
    """The notes of now, and the incidents that they may tell something else than those of ``before`` did."""
    notes, now = read(), state()
    changed = notes.other_than(before) if before is not None else None
    asking = about_all(now)
    if changed is None or len(changed) > CHANGED_MOST:
        return notes, [it.incident for it in asking]
    return notes, [it.incident for it in asking if any(_concerns(note, it, now.place_rules) for note in changed)]


def _concerns(note: PremiseFound, question: FindPremises, rules: PlaceRules) -> bool:
    """Generously: whatever its kind is, or was."""
    reach = max(min(max(0.0, question.uncertainty_m), UNCERTAIN_MOST_M), rules.hydrants_m)
    apart = metres_apart((question.lon, question.lat), (note.lon, note.lat))
    return apart <= (note.radius_m + reach) * NEARLY


def answer(
    notes: Notes, history: PlaceHistory, rules: PlaceRules, question: FindPremises, now: Instant
) -> PremisesTold:
    lat, lon = question.lat, question.lon
    reach = min(max(0.0, question.uncertainty_m), UNCERTAIN_MOST_M)
    hydrants = frozenset(code for code, kind in rules.kinds.items() if kind.group is PremiseGroup.HYDRANT)
    touching = [it for it in notes.touching(lat, lon, reach, now) if it.kind not in hydrants]
    touching.sort(key=lambda it: _rank(rules, it))  # stable: the nearest of each group stay first
    return PremisesTold(
        incident=question.incident,
        location_version=question.location_version,
        notes=tuple(touching[:NOTES_TOLD]),
        hydrants=tuple(notes.nearest(lat, lon, hydrants, rules.hydrants_m, rules.hydrants_most)),
        history=tuple(
            history.past_incidents(lat, lon, rules.history_m, rules.history_most, question.incident)
        ),
    )


def _rank(rules: PlaceRules, note: PremiseFound) -> int:
    kind = rules.kinds.get(note.kind)
    return ORDER.index(kind.group if kind is not None else PremiseGroup.OTHER)
