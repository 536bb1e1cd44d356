"""A journal that does as it is told, and small things that several tests need."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command, ConfigureSite
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import State
from dispatch_core.ports import Batch, CommitUnknown, EntryRejected, JournalDown, Loaded, Outcome
from dispatch_core.runtime.sequencer import Sequencer
from scripts.simulation.chance import Chance
from scripts.simulation.clock import SimulatedClock, SimulatedIds
from scripts.simulation.loop import SimulatedLoop
from scripts.simulation.site import NODE, start_commands

DOWN = JournalDown("as told")
REJECTED = EntryRejected("as told")


class Lost(Exception):
    """Told to the journal: the connection breaks in COMMIT, ``done`` says with what outcome."""

    def __init__(self, done: bool) -> None:
        self.done = done


class ToldJournal:
    """Commits, unless ``next_appends`` says otherwise: an exception to raise, a ``Lost``, or a test of the batch that
    rejects it. ``gate`` holds every append until it is set."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.next_appends: deque[BaseException] = deque()
        self.rejects: Callable[[Batch], bool] = lambda batch: False
        self.down = False
        self.gate: asyncio.Event | None = None
        self.begun = 0
        self.asked_outcomes: list[tuple[str, ...]] = []
        self.forgotten: dict[str, Outcome] = {}  # committed longer ago than anybody remembers

    @property
    def committed(self) -> list[str]:
        return [entry.asked.id for batch in self.batches for entry in batch.entries]

    @property
    def events(self) -> list[Recorded]:
        return [event for batch in self.batches for entry in batch.entries for event in entry.events]

    async def open(self) -> Loaded:
        return Loaded(epoch=1, state=State(), recent={})

    async def append(self, batch: Batch) -> None:
        self.begun += 1
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(0.001)
        if self.down:
            raise DOWN
        if self.next_appends:
            problem = self.next_appends.popleft()
            if isinstance(problem, Lost):
                if problem.done:
                    self.batches.append(batch)
                raise CommitUnknown("as told")
            raise problem
        known = set(self.committed) | set(self.forgotten)
        if self.rejects(batch) or any(entry.asked.id in known for entry in batch.entries):
            raise REJECTED
        self.batches.append(batch)

    async def outcomes(self, ids: Sequence[str]) -> Mapping[str, Outcome]:
        await asyncio.sleep(0.001)
        self.asked_outcomes.append(tuple(ids))
        if self.down:
            raise DOWN
        known = {entry.asked.id: entry.outcome for batch in self.batches for entry in batch.entries}
        return {ident: known.get(ident) or self.forgotten[ident] for ident in ids if ident in known | self.forgotten}

    async def story(self, after: int, until: int) -> Sequence[Recorded]:
        await asyncio.sleep(0.001)
        if self.down:
            raise DOWN
        return [event for event in self.events if after < event.seq <= until]

    async def keep_snapshot(self, epoch: int, state: State) -> None:
        await asyncio.sleep(0.001)

    async def newest_snapshot(self) -> int:
        return 0

    async def close(self) -> None:
        return None


class House:
    """A sequencer on a told journal, with the sample site in its state."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self.loop = loop
        self.clock = SimulatedClock(loop)
        self.ids = SimulatedIds(self.clock, Chance(1, "ids"))
        self.journal = ToldJournal()
        self.heard: list[Batch] = []
        self.sequencer = Sequencer(self.journal, self.clock, Loaded(epoch=1, state=State(), recent={}))
        self.sequencer.on_commit(self.heard.append)
        self.running: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        self.running = asyncio.ensure_future(self.sequencer.run())
        for body in start_commands({"B01": ("Bàn 1", ("police",))}):
            await self.ask(ActorKind.CORE, "start", body)

    def asked(self, kind: ActorKind, name: str, body: Command, ident: str = "") -> Asked:
        return Asked(id=ident or self.ids.new(), actor=Actor(kind, name), body=body)

    async def ask(self, kind: ActorKind, name: str, body: Command, ident: str = "") -> Outcome:
        return await self.sequencer.ask(self.asked(kind, name, body, ident))

    async def person(self, body: Command, user: str = "lan", ident: str = "") -> Outcome:
        return await self.ask(ActorKind.PERSON, user, body, ident)

    def fact(self, body: Command, ident: str = "") -> str:
        asked = self.asked(ActorKind.SWITCH, NODE, body, ident)
        self.sequencer.tell(asked)
        return asked.id

    def later(self, work: object) -> asyncio.Task[Outcome]:
        return asyncio.ensure_future(work)  # type: ignore[call-overload, no-any-return]

    def check(self) -> None:
        """What was committed is what the core lives with."""
        assert fold(State(), self.journal.events) == self.sequencer.state
        if self.running is not None and self.running.done():
            self.running.result()


def site_only() -> ConfigureSite:
    command = start_commands({"B01": ("Bàn 1", ("police",))})[0]
    assert isinstance(command, ConfigureSite)
    return command
