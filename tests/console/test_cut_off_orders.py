"""Any interleaving of giving, cutting, arriving, replying, crashing, returning, confirming and withdrawing: nothing is
lost, nothing takes effect twice, nothing that was withdrawn takes effect unless it is told."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console_gui.kept_orders import KeptOrders
from console_gui.outbox import Fate, Outbox
from dispatch_core.domain.commands import AddNote
from dispatch_core.domain.refusals import refuse
from dispatch_core.wire.envelopes import Order, Reply, decode
from tests.console.doors import HandDoor


class CutOff(RuleBasedStateMachine):
    """The core is as the real one: an id has one outcome for ever, orders of a person are read in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name) / "waiting.bin"
        self.door = HandDoor()
        self.kept = KeptOrders(self.file)
        self.box = Outbox("s", self.door)
        self.away = False
        self.stream: list[bytes] = []  # written to Redis, not read by the core
        self.writer: list[tuple[str, bytes]] = []  # posted, not written to Redis
        self.tried = False  # the first of them was handed to a connection that broke: it may have arrived
        self.replies: list[Reply] = []
        self.outcomes: dict[str, Reply] = {}
        self.effects: list[str] = []
        self.given: list[str] = []
        self.withdrawn: set[str] = set()
        self.told: set[str] = set()  # words of commands that the person was told took effect

    def teardown(self) -> None:
        self._come_to_rest()
        self.folder.cleanup()

    # --- the person ---------------------------------------------------------------------------------------------------

    @rule()
    def give(self) -> None:
        text = f"note {len(self.given)}"
        self.given.append(text)
        pending = self.box.put(AddNote(incident="i", text=text), text, at=1, hold=self.away)
        assert pending is not None
        self._save()
        if not self.away:
            self.writer.append((pending.id, pending.data))

    @precondition(lambda self: self.box.waiting)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        it = data.draw(st.sampled_from(self.box.waiting))
        assert self.box.withdraw(it.id) is not None
        self.withdrawn.add(it.typed)
        self._save()

    @precondition(lambda self: not self.away)
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        held = [it for it in self.box.waiting if it.fate is Fate.HELD]
        if held:
            it = data.draw(st.sampled_from(held))
            pending = self.box.confirm(it.id, it.body, 2)
            assert pending is not None
            self._save()
            self.writer.append((pending.id, pending.data))

    # --- the world ----------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.writer and not self.away)
    @rule(lost=st.booleans())
    def write(self, lost: bool) -> None:
        """The writer's turn: it reaches Redis, or the connection breaks under it and it is tried again."""
        ident, data = self.writer[0]
        self.stream.append(data)
        self.tried = lost
        if not lost:
            self.writer.pop(0)

    @precondition(lambda self: self.stream)
    @rule()
    def read(self) -> None:
        self._serve(self.stream.pop(0))

    @precondition(lambda self: self.stream)
    @rule()
    def flushed(self) -> None:
        """Redis died without its data."""
        self.stream.clear()

    @precondition(lambda self: self.replies)
    @rule(lost=st.booleans())
    def reply(self, lost: bool) -> None:
        reply = self.replies.pop(0)
        if not lost:
            self._hear(reply)

    @precondition(lambda self: not self.away)
    @rule(tried=st.booleans())
    def cut(self, tried: bool) -> None:
        self.away = True
        self.box.cut()
        posted, self.writer = self.writer, []
        for place, (ident, data) in enumerate(posted):
            if place == 0 and tried:
                self.stream.append(data)  # on its way when the connection broke; nobody knows
            elif place or not self.tried:
                self.box.unsent(ident)
        self.tried = False
        self._save()

    @precondition(lambda self: self.away)
    @rule()
    def back(self) -> None:
        self.away = False
        self.writer += [(it.id, it.data) for it in self.box.doubtful(settles=True)]
        self._save()

    @precondition(lambda self: not self.away)
    @rule()
    def hiccup(self) -> None:
        self.writer += [(it.id, it.data) for it in self.box.everything()]

    @rule()
    def some_time(self) -> None:
        self.door.at += 3.0
        if not self.away:
            self.writer += [(it.id, it.data) for it in self.box.overdue()]

    @rule()
    def crash(self) -> None:
        """kill -9 of the console: what it had in memory is gone, and it begins anew."""
        self.writer, self.tried = [], False
        self.kept = KeptOrders(self.file)
        self.box = Outbox("another", self.door, self.kept.load())
        self.away = True

    # --- in between ---------------------------------------------------------------------------------------------------

    def _serve(self, data: bytes) -> None:
        order = decode(data, Order)
        known = self.outcomes.get(order.id)
        if known is None:
            if order.settle:
                known = Reply(id=order.id, refusal=refuse("never_came"))
            else:
                assert isinstance(order.body, AddNote)
                self.effects.append(order.body.text)
                known = Reply(id=order.id, seq=1)
            self.outcomes[order.id] = known
        self.replies.append(known)

    def _hear(self, reply: Reply) -> None:
        settled = self.box.take(reply)
        if settled.pending is not None and reply.refusal is None:
            self.told.add(settled.pending.typed)
        self._save()

    def _save(self) -> None:
        self.kept.save(list(self.box.pending.values()))

    def _come_to_rest(self) -> None:
        """The connection holds, everything is heard, and the person confirms all that waits."""
        for _ in range(20):
            self.back()
            self.door.at += 60.0
            self.some_time()
            while self.writer or self.stream or self.replies:
                while self.writer:
                    self.stream.append(self.writer.pop(0)[1])
                while self.stream:
                    self._serve(self.stream.pop(0))
                while self.replies:
                    self._hear(self.replies.pop(0))
            for it in self.box.waiting:
                if it.fate is Fate.HELD:
                    pending = self.box.confirm(it.id, it.body, 2)
                    assert pending is not None
                    self.writer.append((pending.id, pending.data))
            if not self.box.pending:
                break
        assert not self.box.pending
        for text in self.given:
            times = self.effects.count(text)
            assert times == 1 or (times == 0 and text in self.withdrawn), (text, times)
            assert not times or text in self.told, f"{text} took effect and nobody was told"

    @invariant()
    def nothing_twice(self) -> None:
        assert len(self.effects) == len(set(self.effects))

    @invariant()
    def nothing_lost(self) -> None:
        there = {it.typed for it in self.box.pending.values()}
        for text in self.given:
            assert text in there or text in self.told or text in self.withdrawn


CutOff.TestCase.settings = settings(
    max_examples=60, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
TestCutOff = CutOff.TestCase
