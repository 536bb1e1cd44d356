"""The one writer: puts every command into one order, decides, commits in groups, and only then tells anybody.

Invariants guarded here:
- what was acknowledged is committed: replies, publication and effects happen after ``Journal.append`` returned;
- a command id takes effect once: outcomes are remembered, and an unknown COMMIT is settled by looking the ids up;
- a batch decides on a candidate state that is adopted only by its commit;
- facts of the switch are never refused for load, and never change their order; people are refused in clear words.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from dispatch_core.domain.commands import ActorKind, Asked
from dispatch_core.domain.errors import DispatchError
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import State
from dispatch_core.ports import (
    Batch,
    Clock,
    CommitUnknown,
    EntryRejected,
    Journal,
    JournalDown,
    Loaded,
    Outcome,
)
from dispatch_core.runtime.candidate import Answers, Waiting, decide_batch
from dispatch_core.settings import (
    BATCH_SIZE,
    COMMANDS_WAITING,
    FACTS_WAITING,
    OUTCOMES_REMEMBERED,
    RETRY_FIRST_S,
    RETRY_MOST_S,
)

log = logging.getLogger(__name__)

PROBE = "probe"
"""An id that no command has: asking for it only shows that the journal answers."""

Committed = Callable[[Batch], None]
"""Told of each committed batch, in order; must not block and must not raise."""


def _remember(outcomes: OrderedDict[str, Outcome], ident: str, outcome: Outcome) -> None:
    outcomes[ident] = outcome
    while len(outcomes) > OUTCOMES_REMEMBERED:
        outcomes.popitem(last=False)


class Sequencer:
    """Starts from what the journal loaded; ``tell`` and ``ask`` take commands; listeners hear every committed batch."""

    def __init__(self, journal: Journal, clock: Clock, loaded: Loaded) -> None:
        self._journal = journal
        self._clock = clock
        self._epoch = loaded.epoch
        self._state = loaded.state
        self._outcomes: OrderedDict[str, Outcome] = OrderedDict(loaded.recent)
        self._turned_away: OrderedDict[str, Outcome] = OrderedDict()
        self._queue: deque[Waiting] = deque()
        self._filled = asyncio.Event()
        self._asking: dict[str, asyncio.Future[Outcome]] = {}
        self._listeners: list[Committed] = []
        self._down_since: float | None = None
        self._retries = 0
        self._one_by_one = 0  # so many commands are still to be decided alone, because their batch was rejected
        self._overflowed = False

    @property
    def state(self) -> State:
        """The last committed state."""
        return self._state

    @property
    def epoch(self) -> int:
        return self._epoch

    @property
    def waiting(self) -> int:
        return len(self._queue)

    @property
    def read_only(self) -> bool:
        """The journal does not take writes now; whoever waits for an answer is refused, facts are held."""
        return self._down_since is not None

    def on_commit(self, listener: Committed) -> None:
        self._listeners.append(listener)

    # --- taking commands ----------------------------------------------------------------------------------------------

    def tell(self, asked: Asked) -> None:
        """Take a command whose asker does not wait: a fact, a timer, an answer of a worker. Never raises."""
        if len(self._queue) >= FACTS_WAITING:
            self._overflowed = True  # losing one in silence is not an option: ``run`` ends, and with it the process
        else:
            self._queue.append(Waiting(asked, None))
        self._filled.set()

    def outcome_of(self, ident: str) -> Outcome | None:
        """What became of a command, where it is committed and not too long ago."""
        return self._outcomes.get(ident)

    async def ask(self, asked: Asked, verdict: Refusal | None = None) -> Outcome:
        """Take a command and wait for its outcome. Refused at once when the journal is away or the queue is full; one
        that comes again while the first is under way waits with it, for the first may well be committed.

        A ``verdict`` is a no that was found before the rules are asked. It is committed like any other, so that the id
        can never take effect later; an id that has an outcome keeps it."""
        known = self._outcomes.get(asked.id) or self._turned_away.get(asked.id)
        if known is not None:
            return known
        reply = self._asking.get(asked.id)
        if reply is None:
            if self.read_only:
                return self._turn_away(asked, "read_only", verdict)
            if len(self._queue) >= COMMANDS_WAITING:
                return self._turn_away(asked, "overloaded", verdict)
            reply = self._asking[asked.id] = asyncio.get_running_loop().create_future()
            reply.add_done_callback(lambda _: self._asking.pop(asked.id, None))
            self._queue.append(Waiting(asked, reply, verdict))
            self._filled.set()
        return await asyncio.shield(reply)

    def _turn_away(self, asked: Asked, code: str, verdict: Refusal | None = None) -> Outcome:
        """Not now. To a person that is final for this id: the order may be delivered again after they were told, and
        what they were told must stay true. Another system tries again with the same id. A verdict that cannot be
        committed says nothing of the id, which may be in the journal: that is asked again."""
        if verdict is not None:
            return Outcome(seq=0, refusal=refuse("unsettled"))
        outcome = Outcome(seq=0, refusal=refuse(code))
        if asked.actor.kind is ActorKind.PERSON:
            _remember(self._turned_away, asked.id, outcome)
        return outcome

    # --- the loop -----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled. Ends with Deposed when another core took over: nothing may be written after that."""
        while True:
            if self.read_only and not self._queue:
                await self._wait_for_journal()
            await self._filled.wait()
            self._check_overflow()
            batch = self._take()
            if batch:
                await self._settle(batch)

    def _check_overflow(self) -> None:
        if self._overflowed:
            raise OverflowError(f"{FACTS_WAITING} commands wait; the next start looks at the switch anew")

    def _take(self) -> list[Waiting]:
        size = min(1 if self._one_by_one else BATCH_SIZE, len(self._queue))
        self._one_by_one = max(0, self._one_by_one - size)
        batch = [self._queue.popleft() for _ in range(size)]
        if not self._queue:
            self._filled.clear()
        return batch

    async def _settle(self, batch: list[Waiting]) -> None:
        """Commit the batch; where it cannot be as a whole, one by one; where the journal is away, when it is back."""
        group, answers = decide_batch(self._state, self._epoch, batch, self._outcomes, self._clock)
        try:
            if group.entries:
                await self._journal.append(group)
        except EntryRejected as problem:
            if len(batch) == 1:
                await self._rejected(batch[0], problem)
            else:
                self._put_back(batch)
                self._one_by_one = len(batch)
        except JournalDown as problem:
            await self._hold(batch, problem)
        except CommitUnknown as problem:
            await self._look_up(batch, group, answers, problem)
        else:
            self._adopt(group, answers)

    def _adopt(self, group: Batch, answers: Answers) -> None:
        """The batch is committed: from here on it is true."""
        self._state = group.after
        for entry in group.entries:
            _remember(self._outcomes, entry.asked.id, entry.outcome)
        if group.entries:
            self._answers_again()
            for listener in self._listeners:
                listener(group)
        for waiting, outcome in answers:
            waiting.answer(outcome)

    # --- when the journal is away -------------------------------------------------------------------------------------

    def _answers_again(self) -> None:
        if self._down_since is not None:
            log.warning("the journal answers again after %.1f s", self._clock.monotonic() - self._down_since)
            self._down_since, self._retries = None, 0

    async def _pause(self, problem: DispatchError) -> None:
        if self._down_since is None:
            self._down_since = self._clock.monotonic()
            log.error("%s", problem)
        await asyncio.sleep(min(RETRY_MOST_S, RETRY_FIRST_S * 2 ** min(self._retries, 10)))
        self._retries += 1
        self._check_overflow()

    def _put_back(self, batch: Sequence[Waiting]) -> None:
        self._queue.extendleft(reversed(batch))
        if self._queue:
            self._filled.set()

    async def _hold(self, batch: Sequence[Waiting], problem: JournalDown) -> None:
        """Nothing new of the batch is committed. Whoever waits is told so at once; facts go back in front, in order."""
        facts = []
        for waiting in batch:
            if waiting.reply is not None:
                waiting.answer(self._turn_away(waiting.asked, "read_only", waiting.verdict))
            else:
                facts.append(waiting)
        self._put_back(facts)
        await self._pause(problem)

    async def _wait_for_journal(self) -> None:
        """Nothing waits to be written, but the board must leave read-only by itself: ask until there is an answer."""
        while True:
            try:
                await self._journal.outcomes([PROBE])
            except JournalDown as still_down:
                await self._pause(still_down)
                continue
            self._answers_again()
            return

    async def _look_up(self, batch: list[Waiting], group: Batch, answers: Answers, problem: CommitUnknown) -> None:
        """The connection broke in COMMIT: all of the batch is in the journal or nothing is; its ids tell which.

        ``Journal.outcomes`` waits for a transaction of ours that may still be running, so "not there" is final."""
        ids = [entry.asked.id for entry in group.entries]
        while True:
            await self._pause(problem)
            try:
                found = await self._journal.outcomes(ids)
            except JournalDown:
                continue
            break
        if found:
            self._adopt(group, answers)
        else:
            self._put_back(batch)

    async def _rejected(self, waiting: Waiting, problem: EntryRejected) -> None:
        """A constraint of the database said no to a single command. One that is in the journal already, from longer ago
        than we remember, gets the outcome that it had; anything else is a bug that must be seen."""
        ident = waiting.asked.id
        try:
            found = (await self._journal.outcomes([ident])).get(ident)
        except JournalDown as down:
            await self._hold([waiting], down)
            return
        if found is None:
            log.error("rejected by the journal: %s %s: %s", type(waiting.asked.body).__name__, ident, problem)
            found = Outcome(seq=0, refusal=refuse("malformed", why=problem.en))
        elif found.seq > self._state.seq:
            raise RuntimeError(f"command {ident} is in the journal but not in the state; start again")
        waiting.answer(found)
