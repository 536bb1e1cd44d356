"""Everybody asks for everything, in any order: whatever is decided, the laws hold.

The machine holds a state and a clock; its steps are commands of people, facts of the switch, the core's own clocks,
commands that come again, and restarts from a snapshot.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum, decode_state, encode_state
from dispatch_core.domain.commands import Actor, ActorKind, Asked, AssignUnits, Body, CallQueuedAt, CallTakenAt, Command
from dispatch_core.domain.deadlines import ANSWER_LIMIT_MS, CLOSED_KEPT_MS, due
from dispatch_core.domain.decide import Decision, decide
from dispatch_core.domain.effects import effects_of, unfinished
from dispatch_core.domain.evolve import fold
from dispatch_core.domain.state import Duty, State
from dispatch_core.domain.vocabulary import Role
from tests.domain.asking import (
    COMMANDS,
    MACHINES,
    OF_CALLS,
    OF_DESKS,
    PERSONS,
    any_of,
    command,
    right_actors,
    to_the_point,
)
from tests.domain.examples import tries
from tests.domain.laws import check_decision, check_erased, check_state
from tests.domain.world import FULL_SITE, NODE, SITE, T0, busy, came, staffed

BUSY = busy()


class ControlRoom(RuleBasedStateMachine):
    @initialize(calls=st.integers(0, 3), full=st.booleans())
    def open_room(self, calls: int, full: bool) -> None:
        world = staffed(FULL_SITE if full else SITE)
        for number in range(1, calls + 1):
            world.switch(came(f"c{number}", at=T0))
            world.switch(CallQueuedAt(call=f"c{number}", queue="q-ambulance", at=T0 + 10))
        if calls:
            world.switch(CallTakenAt(call="c1", position="B02", at=T0 + 20))
            world.person("lan", AssignUnits(incident=world.the("c1").incident, units=("A1",)))
        self.start = State()
        self.story = list(world.story)
        self.state = world.state
        self.now = T0
        self.count = 0
        self.last: Asked | None = None

    def give(self, asked: Asked) -> None:
        self.last = asked
        before = self.state
        decision = decide(before, asked, self.now)
        check_decision(before, asked, self.now, decision)
        if isinstance(decision, Decision):
            self.state = decision.state
            self.story += decision.events
            for recorded in decision.events:
                effects_of(recorded, self.state)

    def ask(self, data: st.DataObject, body: Command, *, rightly: bool) -> None:
        actors = right_actors(self.state, type(body)) if rightly else (*MACHINES.values(), *PERSONS)
        if rightly and data.draw(st.integers(0, 9)):
            body = to_the_point(self.state, body, lambda among: data.draw(st.sampled_from(among)))
        self.count += 1
        self.give(Asked(id=f"{self.count:032x}", actor=data.draw(st.sampled_from(actors)), body=body))

    @rule(data=st.data(), body=any_of(OF_DESKS))
    def a_person_asks(self, data: st.DataObject, body: Command) -> None:
        self.ask(data, body, rightly=True)

    @rule(data=st.data(), body=any_of(OF_DESKS))
    def another_person_asks(self, data: st.DataObject, body: Command) -> None:
        self.ask(data, body, rightly=True)

    @rule(data=st.data(), body=any_of(OF_CALLS))
    def the_switch_tells_of_a_call(self, data: st.DataObject, body: Command) -> None:
        self.ask(data, body, rightly=True)

    @rule(data=st.data(), body=any_of(COMMANDS))
    def anything(self, data: st.DataObject, body: Command) -> None:
        self.ask(data, body, rightly=True)

    @rule(data=st.data(), body=any_of(COMMANDS))
    def anybody_anything(self, data: st.DataObject, body: Command) -> None:
        self.ask(data, body, rightly=False)

    @precondition(lambda self: self.last is not None and self.last.actor.kind is ActorKind.SWITCH)
    @rule()
    def the_same_fact_again(self) -> None:
        """Facts are idempotent: the second telling is nothing new, and changes nothing."""
        assert self.last is not None
        self.give(self.last)  # it may have been refused before, and the state is what it was then
        asked, state = self.last, self.state
        assert not isinstance(decide(state, asked, self.now), Decision), asked

    @rule(ms=st.sampled_from([10, 900, 5_000, ANSWER_LIMIT_MS + 1, CLOSED_KEPT_MS + 1, 12 * 3_600_000, -3_600_000]))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    @rule()
    def clocks_run_out(self) -> None:
        """What follows from one that was heard (nobody is ready once the last has been signed out) may be due then."""
        overdue = due(self.state, self.now)
        for body in overdue:
            self.count += 1
            self.give(Asked(id=f"{self.count:032x}", actor=MACHINES[ActorKind.CORE], body=body))
        for body in due(self.state, self.now):
            assert body not in overdue, f"{body} is still due after its clock was heard"

    @rule()
    def the_core_starts_anew(self) -> None:
        """From its snapshot: nothing that is decided later may depend on what a snapshot does not keep."""
        again = decode_state(encode_state(self.state))
        assert unfinished(again) == unfinished(self.state)
        self.state = again

    @invariant()
    def sound(self) -> None:
        check_state(self.state)

    def teardown(self) -> None:
        if not hasattr(self, "story"):
            return
        replayed = fold(self.start, self.story)
        assert checksum(replayed) == checksum(self.state), "the journal does not tell how the state came about"
        check_erased(self.start, self.story)
        self.everything_ends()

    def everything_ends(self) -> None:
        """The switches are empty, the work is closed, time goes by: nothing of the night stays but what people keep."""
        tomorrow = self.now + 86_400_000
        core, lead = MACHINES[ActorKind.CORE], Actor(ActorKind.PERSON, "hoa")
        for body in (
            c.SignIn(user="hoa", name="Hoa", role=Role.SUPERVISOR, session="s"),
            *(c.RetireNode(node=node) for node in sorted(self.state.nodes)),
            *(c.RetireNode(node=node) for node in sorted({it.node for it in self.state.calls.values()})),
            c.NodeUp(node=NODE, booted="9"),
            *(c.SwitchLooked(node=node, asked_at=tomorrow, calls=(), watches=()) for node in (NODE, "hcm2")),
        ):
            self.count += 1
            by = MACHINES[ActorKind.SWITCH] if isinstance(body, c.NodeUp | c.SwitchLooked) else core
            self.give(Asked(id=f"{self.count:032x}", actor=by, body=body))
        for ident in sorted(self.state.incidents):
            self.count += 1
            body = c.CloseIncident(incident=ident, disposition="done")
            self.give(Asked(id=f"{self.count:032x}", actor=lead, body=body))
        for ident in sorted(self.state.conversations):
            self.count += 1
            self.give(Asked(id=f"{self.count:032x}", actor=core, body=c.CloseConversation(conversation=ident)))
        for _ in range(40):
            self.now = max(self.now + 3_600_000, T0 + 86_400_000)
            self.clocks_run_out()
        left = self.state
        assert not left.calls and not left.incidents and not left.conversations and not left.early_locations
        assert not left.people and not left.watches and not left.unready
        assert all(not seat.user and seat.duty == Duty() for seat in left.positions.values())
        assert all(unit.assignment is None for unit in left.units.values())


TestControlRoom = ControlRoom.TestCase
TestControlRoom.settings = tries(60, 3_000, stateful_step_count=40)
TestControlRoom = pytest.mark.timeout(1_800)(TestControlRoom)


@pytest.mark.parametrize("kind", COMMANDS)
def test_every_command_by_everybody_in_full_swing(kind: type[Body]) -> None:
    """However seldom the machine comes by: each command is tried here, on a state that has something of everything."""
    outcomes: set[str] = set()

    @given(data=st.data(), body=command(kind))
    @tries(25, 500)
    def ask(data: st.DataObject, body: Command) -> None:
        actor = data.draw(st.sampled_from((*MACHINES.values(), *PERSONS)))
        for pointed in (body, to_the_point(BUSY.state, body, lambda among: data.draw(st.sampled_from(among)))):
            for by in (actor, data.draw(st.sampled_from(right_actors(BUSY.state, kind)))):
                asked = Asked(id="f" * 32, actor=by, body=pointed)
                decision = decide(BUSY.state, asked, BUSY.now)
                check_decision(BUSY.state, asked, BUSY.now, decision)
                outcomes.add("accepted" if isinstance(decision, Decision) else decision.code)

    ask()
    assert "accepted" in outcomes, outcomes
    assert outcomes - {"accepted"}, "nobody was ever refused"
