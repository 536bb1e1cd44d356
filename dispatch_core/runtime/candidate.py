"""A batch of commands decided on a candidate of the live state, which nobody sees before its commit. Pure but for the
moment that the clock gives."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from dispatch_core.domain.commands import ActorKind, Asked
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import Instant
from dispatch_core.ports import Batch, Clock, Entry, Outcome

log = logging.getLogger(__name__)

AUDITED = frozenset({ActorKind.PERSON, ActorKind.INTAKE})
"""Whose refused commands are kept: people's and other systems' attempts are the audit; a stale fact is not."""


class Waiting:
    """One command in the queue, and the future that its asker waits on (None where nobody waits). With a ``verdict``
    the rules are not asked: it is the outcome, unless the id has one already."""

    __slots__ = ("asked", "reply", "verdict")

    def __init__(
        self, asked: Asked, reply: asyncio.Future[Outcome] | None, verdict: Refusal | None = None
    ) -> None:
        self.asked = asked
        self.reply = reply
        self.verdict = verdict

    def answer(self, outcome: Outcome) -> None:
        if self.reply is not None and not self.reply.done():
            self.reply.set_result(outcome)


Answers = list[tuple[Waiting, Outcome]]


def judge(state: State, asked: Asked, now: Instant) -> Decision | Refusal:
    """``decide``; a rule that breaks refuses its own command, because one that is delivered again at every start would
    otherwise stop all others for ever."""
    try:
        return decide(state, asked, now)
    except Exception:  # noqa: BLE001  (decide is pure: nothing was changed, and the log has it)
        log.exception("the rule of %s broke on %s", type(asked.body).__name__, asked.id)
        return refuse("malformed", why="internal")


def decide_batch(
    state: State, epoch: int, batch: Sequence[Waiting], outcomes: Mapping[str, Outcome], clock: Clock
) -> tuple[Batch, Answers]:
    """What to commit, and what to answer once it is. Commands that were seen before get their old outcome."""
    entries: list[Entry] = []
    answers: Answers = []
    within: dict[str, Outcome] = {}
    for waiting in batch:
        asked = waiting.asked
        known = outcomes.get(asked.id) or within.get(asked.id)
        if known is None:
            now = clock.now()
            decision = waiting.verdict or judge(state, asked, now)
            if isinstance(decision, Refusal):
                known = Outcome(seq=0, refusal=decision)
                if asked.actor.kind in AUDITED:
                    entries.append(Entry(asked=asked, at=now, outcome=known, events=()))
            else:
                state = decision.state
                known = Outcome(seq=state.seq)
                entries.append(Entry(asked=asked, at=now, outcome=known, events=decision.events))
            within[asked.id] = known
        answers.append((waiting, known))
    return Batch(epoch=epoch, entries=tuple(entries), after=state), answers
