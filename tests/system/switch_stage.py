"""The product's own switchboard on a real Asterisk: facts decided into a state as in the core, in a loop of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self

from dispatch_core.domain.commands import Actor, ActorKind, Asked, Command
from dispatch_core.domain.decide import decide
from dispatch_core.domain.effects import AnswerAt, EndCall, SwitchOrder
from dispatch_core.domain.events import Recorded
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Call, State
from dispatch_core.ports import Batch, Entry, Outcome
from dispatch_core.runtime.clock import SystemClock, SystemIds
from telephony.switchboard import AsteriskSwitchboard
from telephony.trunk.secrets import AMI_USER
from telephony.trunk.site import Site
from tests.system.patience import PATIENCE


class Board:
    """`state`, `story` and `values` follow what the switchboard tells. Used from the test's thread.

    `before`: whether it also asks for calls that came and went before it listened, as the core does; else a stage that
    several tests share would bring in the calls of them all.
    """

    def __init__(self, site: Site, secret: str, port: int | None = None, *, before: bool = False) -> None:
        self.node = site.node_names[0]
        self.state = State()
        self.story: list[Recorded] = []
        self.facts: list[Command] = []
        self.values: dict[tuple[str, str], dict[str, Any]] = {}
        self.problems: list[str] = []
        self.committed: list[Callable[[Batch], None]] = []
        self._clock = SystemClock()
        self._ids = SystemIds(self._clock)
        self._taking = threading.RLock()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="switchboard", daemon=True)
        self.board = AsteriskSwitchboard.for_site(
            site,
            node=self.node,
            host="127.0.0.1",
            port=port or site.ports.ami,
            user=AMI_USER,
            secret=secret,
            facts=self._fact,
            live=lambda kind, key, value: self.values.__setitem__((kind, key), value),
            clock=self._clock,
            ids=self._ids,
        )
        if not before:
            self.board._newest_call = 10**9

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self.board.start())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self.board.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def run(self, what: Coroutine[Any, Any, Any]) -> Any:
        """Await it on the switchboard's loop."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(PATIENCE)

    def begin(self, what: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Let it run on the switchboard's loop."""
        return asyncio.run_coroutine_threadsafe(what, self._loop)

    def soon(self, what: Callable[[], object]) -> None:
        self._loop.call_soon_threadsafe(what)

    def carry_out(self, order: SwitchOrder) -> None:
        self.run(self.board.carry_out(order))

    def answer(self, call: str, position: str) -> None:
        self.carry_out(AnswerAt(self.node, call, position))

    def hang_up(self, call: str) -> None:
        self.carry_out(EndCall(self.node, call))

    def wait(
        self, true: Callable[[], object], within: float = PATIENCE, say: Callable[[], object] | None = None
    ) -> None:
        """Until it is true, and the fact by which it is has been taken whole. Fails after `within` s, with the newest
        facts or with what `say` gives."""
        deadline = time.monotonic() + within
        while not true():
            last = "\n".join(str(fact) for fact in self.facts[-30:])
            assert time.monotonic() < deadline, last if say is None else say()
            time.sleep(0.01)
        with self._taking:
            return

    def told(self, kind: type) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def calls(self) -> list[Call]:
        return sorted(self.state.calls.values(), key=lambda call: call.arrived_at)

    @property
    def live(self) -> list[Call]:
        return [call for call in self.calls if call.state.live]

    @property
    def up(self) -> bool:
        return any(node.up for node in self.state.nodes.values())

    def of_core(self, fact: Command) -> None:
        """What the core itself asks, on the switchboard's loop."""
        self._fact(fact, ActorKind.CORE)

    def _fact(self, fact: Command, kind: ActorKind = ActorKind.SWITCH) -> None:
        with self._taking:
            self.facts.append(fact)
            self._decide(Asked(id=self._ids.new(), actor=Actor(kind, "pbx1"), body=fact))

    def _decide(self, asked: Asked) -> None:
        decision = decide(self.state, asked, self._clock.now())
        if isinstance(decision, Refusal):
            if decision.code != "nothing_new":
                self.problems.append(f"{asked.body}: {decision}")
            return
        self.state = decision.state
        self.story += decision.events
        entry = Entry(asked=asked, at=self._clock.now(), outcome=Outcome(seq=self.state.seq), events=decision.events)
        for heard in self.committed:
            heard(Batch(epoch=1, entries=(entry,), after=self.state))
