"""A simulation that cannot fail shows nothing: each of these plants a bug in the product and must see it found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from console_gui.replica import Replica
from dispatch_core.domain import effects
from dispatch_core.domain.commands import ActorKind, SwitchLooked
from dispatch_core.domain.decide import asking, offers
from dispatch_core.domain.decide.story import RULES
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import NodeConnected, OfferEnded, Recorded
from dispatch_core.domain.evolve import evolve, pass_over
from dispatch_core.ports import Outcome
from dispatch_core.runtime import sequencer as sequencing
from dispatch_core.runtime.console_gateway import ConsoleGateway
from dispatch_core.runtime.hands import Hands
from dispatch_core.runtime.publisher import Publisher
from dispatch_core.runtime.redis_users import RedisUsers
from dispatch_core.runtime.sequencer import Sequencer
from scripts.simulation import invariants
from scripts.simulation.redis_server import RedisServer
from scripts.simulation.store import SimulatedJournal, Store
from scripts.simulation.world import simulate
from telephony.switchboard import AsteriskSwitchboard

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

    async def careless(self: Sequencer, asked: Any, verdict: Any = None) -> Outcome:
        self._outcomes.clear()
        self._asking.clear()
        return await ask(self, asked, verdict)

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

    def again(hands: Hands) -> None:
        for call in hands._state().calls.values():
            if call.intent is not None and call.state.live:
                hands._begin(effects.AnswerAt(call.node, call.id, call.intent.position))

    def eager(self: Hands) -> None:
        ask_unfinished(self)
        asyncio.get_running_loop().call_later(0.3, again, self)

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


def places_lost_with_redis(patch: Patch) -> None:
    """Nobody makes the readers' places in the streams of commands anew."""

    async def idle(self: RedisUsers) -> None:
        return None

    patch.setattr(RedisUsers, "admit_everybody", idle)


def a_paused_core_acts_late(patch: Patch) -> None:
    patch.setattr(SimulatedJournal, "leads", property(lambda self: True))


def slow_publication(patch: Patch) -> None:
    send = Publisher._send

    async def slow(self: Publisher, view: Any, story: Any) -> None:
        await asyncio.sleep(1.5)
        await send(self, view, story)

    patch.setattr(Publisher, "_send", slow)


def phones_told_once(patch: Patch) -> None:
    """Nobody says again which phones serve: not at a start, not when the switch comes back or forgets it."""
    ask_unfinished, effects_of = Hands.ask_unfinished, effects.effects_of

    def lazy(self: Hands) -> None:
        begin = self._begin
        self._begin = lambda it: None if isinstance(it, effects.ServeQueues) else begin(it)  # type: ignore[method-assign]
        ask_unfinished(self)
        self._begin = begin  # type: ignore[method-assign]

    def forgetful(recorded: Recorded, state: Any) -> Any:
        return () if isinstance(recorded.event, NodeConnected) else effects_of(recorded, state)

    async def no_more(self: AsteriskSwitchboard) -> None:
        return None

    patch.setattr(Hands, "ask_unfinished", lazy)
    patch.setattr(effects, "effects_of", forgetful)
    patch.setattr(AsteriskSwitchboard, "_mend_serving", no_more)


def facts_of_the_look_ignored(patch: Patch) -> None:
    patch.setitem(RULES, SwitchLooked, lambda story, body: NOTHING)


def half_a_decision(patch: Patch) -> None:
    """The journal keeps another state than the core lives with."""
    commit = Store.commit

    def lossy(self: Store, batch: Any) -> None:
        commit(self, batch)
        if self.seq and self.seq % 40 == 0:
            self.states[-1] = evolve(self.states[-2], self.event(self.seq))
            self.states[-1] = pass_over(self.states[-2], self.seq)

    patch.setattr(Store, "commit", lossy)


def nobody_asked_after_a_no(patch: Patch) -> None:
    patch.setattr(asking, "ask_next", lambda story, incident, service, to: False)


def crews_held_after_their_no(patch: Patch) -> None:
    """An offer ends, and the crew is not free again."""

    def forgetful(story: Any, incident: Any, leg: Any, offer: Any, outcome: Any, **more: str) -> None:
        story.happen(
            OfferEnded(incident=incident.id, service=leg.service, offer=offer.id, outcome=outcome, **more)
        )

    patch.setattr(offers, "end_offer", forgetful)


KILLED = ("core killed", "core killed at a call", "core killed at a commit")
FROZEN = ("core frozen", "core frozen at a commit")
ANY: tuple[str, ...] = ()

PLANTED: list[tuple[Callable[[Patch], None], str, tuple[str, ...]]] = [
    (reply_before_commit, invariants.COMMITTED_FIRST, ANY),
    (publish_before_commit, invariants.COMMITTED_FIRST, ANY),
    (ids_forgotten, invariants.ONCE_ONLY, ANY),
    (broken_commit_taken_for_done, invariants.NO_SURPRISE, ("commits break",)),
    (broken_commit_taken_for_undone, invariants.NO_SURPRISE, ("commits break",)),
    (actions_repeated_at_start, invariants.ONCE, KILLED),
    (actions_repeated_after_silence, invariants.ONCE, ANY),
    (a_paused_core_acts_late, invariants.ONE_EPOCH, FROZEN),
    (old_cores_still_write_to_redis, invariants.ONE_EPOCH, FROZEN),
    (old_cores_still_write_to_the_journal, invariants.ONE_EPOCH, FROZEN),
    (orders_left_behind, invariants.ANSWERED, KILLED),
    (events_overlooked, invariants.CONVERGED, ANY),
    (gaps_overlooked, invariants.CONVERGED, ("streams trimmed",)),
    (places_lost_with_redis, invariants.ANSWERED, ("redis flushed",)),
    (slow_publication, invariants.SEEN, ("nothing",)),
    (half_a_decision, invariants.FOLDED, ANY),
    (phones_told_once, invariants.PHONES_SERVE, (*KILLED, "link cut", "switch killed")),
    (facts_of_the_look_ignored, invariants.CALLS_TRUE, ("link cut", "switch killed")),
    (nobody_asked_after_a_no, invariants.NEXT_OR_ALARM, ANY),
    (crews_held_after_their_no, invariants.ONE_OFFER, ANY),
]


@pytest.mark.parametrize(("plant", "invariant", "only"), PLANTED, ids=lambda it: getattr(it, "__name__", "-"))
def test_it_is_found(
    plant: Callable[[Patch], None], invariant: str, only: tuple[str, ...], monkeypatch: Patch
) -> None:
    plant(monkeypatch)
    seen: set[str] = set()
    for seed in SEEDS:
        broken = simulate(seed, only=only).broken
        if any(what.startswith(invariant) for what in broken):
            return
        seen.update(what[:60] for what in broken)
    pytest.fail(f"{plant.__name__} passes {len(SEEDS)} seeds unnoticed (as {invariant}); seen: {sorted(seen)[:5]}")
