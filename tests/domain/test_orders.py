"""The same facts lead to the same call, in every order and however often they are told (within a look of each other).

Only the arrival must come first: what is told of an unknown call waits for the look at the switch, as shown here too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import factorial

from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain import commands as c
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.commands import ActorKind, Command
from dispatch_core.domain.decide import decide
from dispatch_core.domain.evolve.talks import earliest
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import CallState, EndedBy
from tests.domain.examples import tries
from tests.domain.world import NODE, T0, World, came, place, staffed

STAFFED = staffed().state
S = 1_000

# one call's facts as the switch tells them: queued, overflowed, answered, held, transferred, over
STORIES: dict[str, tuple[Command, ...]] = {
    "answered": (
        c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 100),
        c.RecordingRuns(call="c1", file="rec/c1.wav"),
        c.CallPlaced(call="c1", location=place(at=T0)),
        c.CallTakenAt(call="c1", position="B02", at=T0 + 3 * S),
        c.CallTakenAt(call="c1", position="B02", at=T0 + 3 * S + 4),  # two of the switch's events tell of one answer
        c.CallOver(call="c1", at=T0 + 9 * S, by=EndedBy.CALLER, cause=16),
    ),
    "overflowed": (
        c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 100),
        c.CallQueuedAt(call="c1", queue="q-all", at=T0 + 15 * S, overflow=True),
        c.CallTakenAt(call="c1", position="B02", at=T0 + 17 * S),
    ),
    "held": (
        c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 100),
        c.CallTakenAt(call="c1", position="B02", at=T0 + 3 * S),
        c.CallOnHold(call="c1", at=T0 + 4 * S),
        c.CallOffHold(call="c1", at=T0 + 5 * S),
        c.CallOnHold(call="c1", at=T0 + 6 * S),
    ),
    "transferred": (
        c.CallTakenAt(call="c1", position="B04", at=T0 + 1 * S),
        c.CallOnHold(call="c1", at=T0 + 2 * S),
        c.CallTakenAt(call="c1", position="B02", at=T0 + 3 * S),
        c.CallTakenAt(call="c1", position="B04", at=T0 + 7 * S),
    ),
    "sent back": (
        c.CallTakenAt(call="c1", position="B04", at=T0 + 1 * S),
        c.CallQueuedAt(call="c1", queue="q-all", at=T0 + 5 * S),
        c.CallTakenAt(call="c1", position="B02", at=T0 + 8 * S),
        c.CallOver(call="c1", at=T0 + 9 * S, by=EndedBy.POSITION, cause=16),
    ),
    "abandoned": (
        c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 100),
        c.CallRings(call="c1", position="B02"),
        c.CallRingsNoMore(call="c1", position="B02"),
        c.CallOver(call="c1", at=T0 + 9 * S, by=EndedBy.CALLER, cause=0),
    ),
}


def told(facts: Sequence[Command]) -> World:
    world = World(STAFFED, T0)
    world.switch(came("c1"))
    for fact in facts:
        world.give(world.asked(ActorKind.SWITCH, NODE, fact))
    return world


def likeness(world: World) -> tuple[Call, str, tuple[str, ...]]:
    """All that the facts decide: the call, whose the incident is, and the lines of its story."""
    incident = world.incident_of("c1")
    return world.the("c1"), incident.owner, tuple(note.kind for note in incident.notes)


def test_every_order_of_every_story() -> None:
    for name, story in STORIES.items():
        in_order = likeness(told(story))
        orders = 0
        for facts in permutations(story):
            assert likeness(told(facts)) == in_order, (name, facts)
            orders += 1
        assert orders == factorial(len(story)), name


@given(data=st.data(), name=st.sampled_from(sorted(STORIES)))
@tries(150, 5_000)
def test_doubled_and_shuffled(data: st.DataObject, name: str) -> None:
    """Any subset told again, at any later place, in any order: the same end."""
    story = list(STORIES[name])
    again = data.draw(st.lists(st.sampled_from(story), max_size=6))
    facts = data.draw(st.permutations(story)) + again
    assert likeness(told(facts)) == likeness(told(story))


@given(data=st.data(), name=st.sampled_from(sorted(STORIES)))
@tries(80, 3_000)
def test_a_fact_told_twice_in_a_row_is_nothing_new(data: st.DataObject, name: str) -> None:
    world = told(())
    for fact in data.draw(st.permutations(list(STORIES[name]))):
        world.give(world.asked(ActorKind.SWITCH, NODE, fact))
        before = checksum(world.state)
        again = decide(world.state, world.asked(ActorKind.SWITCH, NODE, fact), world.now)
        assert isinstance(again, Refusal) and again.code == "nothing_new"
        assert checksum(world.state) == before


def test_what_is_told_before_the_arrival_is_found_by_the_next_look() -> None:
    world = World(STAFFED, T0)
    for fact in STORIES["overflowed"]:
        assert world.switch_no(fact) == "nothing_new"
    world.switch(came("c1"))
    live = c.LiveCall(call="c1", dialled="115", services=("ambulance",), queue="q-all", position="B02")
    world.switch(c.SwitchLooked(node=NODE, asked_at=T0 + 20 * S, calls=(live,)))
    assert (world.the("c1").state, world.the("c1").position) == (CallState.ANSWERED, "B02")
    assert world.incident_of("c1").owner == "lan"


def test_an_end_that_is_told_before_the_arrival_is_found_by_the_next_look() -> None:
    world = World(STAFFED, T0)
    assert world.switch_no(c.CallOver(call="c1", at=T0 + S, by=EndedBy.CALLER)) == "nothing_new"
    world.switch(came("c1"))
    world.switch(c.SwitchLooked(node=NODE, asked_at=T0 + 5 * S, calls=()))
    assert (world.the("c1").state, world.the("c1").ended_by) == (CallState.ABANDONED, EndedBy.SWITCH_LOST)


def test_earliest_knows_that_zero_is_not_known() -> None:
    assert (earliest(0, 5), earliest(5, 0), earliest(7, 5), earliest(0, 0)) == (5, 5, 5, 0)
