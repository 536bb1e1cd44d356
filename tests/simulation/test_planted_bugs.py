"""A simulation that cannot fail shows nothing: each of these plants a bug in the product and must see it found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from console_gui.replica import Replica
from dispatch_core.domain import effects
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.evolve import evolve, pass_over
from dispatch_core.ports import Outcome
from dispatch_core.runtime import sequencer as sequencing
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.hands import Hands
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from scripts.simulation import invariants
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.store import Store
from scripts.simulation.world import simulate

SEEDS = range(1, 61)

Patch = pytest.MonkeyPatch


def reply_before_commit(patch: Patch) -> None:
    settle = Sequencer._settle

    async def hasty(self: Sequencer, batch: list[Any]) -> None:
        _, answers = sequencing.decide_batch(self._state, self._epoch, batch, self._outcomes, self._clock)
        for waiting, outcome in answers:
            if waiting.asked.actor.kind is ActorKind.PERSON:
                waiting.answer(outcome)
        await settle(self, batch)

    patch.setattr(Sequencer, "_settle", hasty)


def publish_before_commit(patch: Patch) -> None:
    settle = Sequencer._settle

    async def hasty(self: Sequencer, batch: list[Any]) -> None:
        group, _ = sequencing.decide_batch(self._state, self._epoch, batch, self._outcomes, self._clock)
        for listener in self._listeners:
            listener(group)
        await settle(self, batch)

    patch.setattr(Sequencer, "_settle", hasty)


def ids_forgotten(patch: Patch) -> None:
    """Neither the core nor the database minds a command that comes twice."""
    decide_batch = sequencing.decide_batch
    ask = Sequencer.ask

    async def careless(self: Sequencer, asked: Any) -> Outcome:
        self._outcomes.clear()
        self._asking.clear()
        return await ask(self, asked)

    patch.setattr(sequencing, "decide_batch", lambda s, e, b, _, c: decide_batch(s, e, b, {}, c))
    patch.setattr(Sequencer, "ask", careless)
    patch.setattr(Store, "twice", lambda self, batch: [])


def broken_commit_taken_for_done(patch: Patch) -> None:
    async def hopeful(self: Sequencer, batch: Any, group: Any, answers: Any, problem: Any) -> None:
        self._adopt(group, answers)

    patch.setattr(Sequencer, "_look_up", hopeful)


def broken_commit_taken_for_undone(patch: Patch) -> None:
    async def gloomy(self: Sequencer, batch: Any, group: Any, answers: Any, problem: Any) -> None:
        await self._pause(problem)
        self._put_back(batch)

    patch.setattr(Sequencer, "_look_up", gloomy)


def actions_repeated_at_start(patch: Patch) -> None:
    ask_unfinished = Hands.ask_unfinished

    def eager(self: Hands) -> None:
        for call in self._state().calls.values():
            if call.intent is not None and call.state.live:
                self._begin(effects.AnswerAt(call.id, call.node, call.intent.position))
        ask_unfinished(self)

    patch.setattr(Hands, "ask_unfinished", eager)


def actions_repeated_after_silence(patch: Patch) -> None:
    action = Hands._action

    async def stubborn(self: Hands, node: str, what: Any) -> None:
        try:
            await action(self, node, what)
        except Exception as problem:
            if not getattr(problem, "unknown", False):
                raise
            await action(self, node, what)

    patch.setattr(Hands, "_action", stubborn)


def old_cores_still_write_to_redis(patch: Patch) -> None:
    def unguarded(self: RedisServer, script: str, count: int, *rest: Any) -> int:
        self._command(*rest[2:])
        return 0

    patch.setattr(RedisServer, "eval", unguarded)


def old_cores_still_write_to_the_journal(patch: Patch) -> None:
    patch.setattr(Store, "deposes", lambda self, epoch: False)


def orders_left_behind(patch: Patch) -> None:
    """Orders that were read and not answered before a crash stay unread; the console does not send again either."""

    async def blind(self: ConsoleGateway) -> None:
        return None

    patch.setattr(ConsoleGateway, "_read_again", blind)
    patch.setattr("console_gui.outbox.Outbox.overdue", lambda self: [])
    patch.setattr("console_gui.outbox.Outbox.everything", lambda self: [])


def events_overlooked(patch: Patch) -> None:
    """A replica that applies nothing of some events, and does not compare checksums."""
    take_event = Replica.take_event

    def careless(self: Replica, seq: int, payload: bytes) -> Recorded | None:
        if seq % 17 == 0 and self.in_step and seq == self.seq + 1:
            self.state = pass_over(self.state, seq)
            return None
        return take_event(self, seq, payload)

    patch.setattr(Replica, "take_event", careless)
    patch.setattr(Replica, "_compare", lambda self: None)


def gaps_overlooked(patch: Patch) -> None:
    """A replica that goes on after a gap as if nothing were missing."""

    def careless(self: Replica, seq: int, payload: bytes) -> Recorded | None:
        if not self.in_step or seq <= self.seq:
            return None
        while self.seq < seq - 1:
            self.state = pass_over(self.state, self.seq + 1)
        return take_event(self, seq, payload)

    take_event = Replica.take_event
    patch.setattr(Replica, "take_event", careless)
    patch.setattr(Replica, "_compare", lambda self: None)
    patch.setattr(Replica, "settle", lambda self: None)


def users_lost_with_redis(patch: Patch) -> None:
    async def idle(self: RedisUsers) -> None:
        return None

    patch.setattr(RedisUsers, "admit_everybody", idle)


def half_a_decision(patch: Patch) -> None:
    """The journal keeps another state than the core lives with."""
    commit = Store.commit

    def lossy(self: Store, batch: Any) -> None:
        commit(self, batch)
        if self.seq and self.seq % 40 == 0:
            self.states[-1] = evolve(self.states[-2], self.event(self.seq))
            self.states[-1] = pass_over(self.states[-2], self.seq)

    patch.setattr(Store, "commit", lossy)


PLANTED: list[tuple[Callable[[Patch], None], str]] = [
    (reply_before_commit, invariants.COMMITTED_FIRST),
    (publish_before_commit, invariants.COMMITTED_FIRST),
    (ids_forgotten, invariants.ONCE_ONLY),
    (broken_commit_taken_for_done, invariants.NO_SURPRISE),
    (broken_commit_taken_for_undone, invariants.NO_SURPRISE),
    (actions_repeated_at_start, invariants.ONCE),
    (actions_repeated_after_silence, invariants.ONCE),
    (old_cores_still_write_to_redis, invariants.ONE_EPOCH),
    (old_cores_still_write_to_the_journal, invariants.ONE_EPOCH),
    (orders_left_behind, invariants.ANSWERED),
    (events_overlooked, invariants.CONVERGED),
    (gaps_overlooked, invariants.CONVERGED),
    (users_lost_with_redis, invariants.ANSWERED),
    (half_a_decision, invariants.FOLDED),
]


@pytest.mark.parametrize(("plant", "invariant"), PLANTED, ids=lambda it: getattr(it, "__name__", ""))
def test_it_is_found(plant: Callable[[Patch], None], invariant: str, monkeypatch: Patch) -> None:
    plant(monkeypatch)
    seen: set[str] = set()
    for seed in SEEDS:
        broken = simulate(seed).broken
        if any(what.startswith(invariant) for what in broken):
            return
        seen.update(what[:60] for what in broken)
    pytest.fail(f"{plant.__name__} passes {len(SEEDS)} seeds unnoticed (as {invariant}); seen: {sorted(seen)[:5]}")
