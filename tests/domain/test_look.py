"""The look at the switch repairs what events did not tell, and never undoes what they did."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.vocabulary import CallState, EndedBy
from tests.domain.world import NODE, T0, World, came

S = 1_000


def looked(*calls: c.LiveCall, at: int = T0 + 10 * S, node: str = NODE) -> c.SwitchLooked:
    return c.SwitchLooked(node=node, asked_at=at, calls=calls)


def listed(call: str = "c1", **more: object) -> c.LiveCall:
    return c.LiveCall(call=call, dialled="115", services=("ambulance",), **more)  # type: ignore[arg-type]


def test_a_call_that_is_gone_has_ended(world: World) -> None:
    world.talk("c1", "B02")
    assert world.switch_no(looked(at=T0 + 1 * S)) == "nothing_new"  # it may be too young to be in the list
    assert world.switch_no(looked(node="hcm2")) == "nothing_new"  # another switch's list
    told, missed = world.switch(looked())
    assert told == e.CallEnded(call="c1", at=T0 + 10 * S, by=EndedBy.SWITCH_LOST, cause=0)
    assert missed == e.CallMissed(call="c1", line="c1", cut=True)  # a caller who was cut off is called back
    assert world.the("c1").state is CallState.ENDED


def test_a_call_whose_arrival_was_missed_comes_in_with_an_incident(world: World) -> None:
    told = world.switch(looked(listed(queue="q-ambulance", recording="rec/c1.wav")))
    kinds = [type(it) for it in told]
    assert kinds == [e.CallArrived, e.IncidentReceived, e.RecordingStarted, e.CallQueued]
    assert (world.the("c1").arrived_at, world.the("c1").queued_at) == (T0 + 10 * S, T0 + 10 * S)
    assert world.switch_no(looked(listed(queue="q-ambulance", recording="rec/c1.wav"))) == "nothing_new"
    # its answer, told a moment later, is the newest word
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 10 * S + 1))
    assert world.the("c1").position == "B02"


def test_its_own_arrival_time_is_better_than_that_of_the_look(world: World) -> None:
    world.switch(looked(listed(position="B02", arrived_at=T0 + 3 * S)))
    call = world.the("c1")
    assert (call.arrived_at, call.answered_at, call.position) == (T0 + 3 * S, T0 + 10 * S, "B02")
    assert world.incident_of("c1").owner == "lan"


def test_a_missed_queue_answer_and_transfer(world: World) -> None:
    world.switch(came("c1"))
    world.switch(looked(listed(queue="q-ambulance"), at=T0 + 1 * S))  # at once: nothing else is known of the call
    assert world.the("c1").state is CallState.QUEUED
    assert world.switch_no(looked(listed(queue="q-ambulance"), at=T0 + 8 * S)) == "nothing_new"
    world.switch(looked(listed(position="B02")))
    assert world.the("c1").position == "B02"
    assert world.switch_no(looked(listed(position="B02"), at=T0 + 14 * S)) == "nothing_new"
    world.switch(looked(listed(position="B01"), at=T0 + 15 * S))
    assert world.the("c1").positions == ("B02", "B01")
    world.switch(looked(listed(queue="q-all"), at=T0 + 20 * S))
    assert (world.the("c1").state, world.the("c1").queue) == (CallState.QUEUED, "q-all")


def test_a_missed_letting_go(world: World) -> None:
    world.talk("c1", "B02")
    (told,) = world.switch(looked(listed()))
    assert told == e.PositionReleased(call="c1", position="B02")
    assert world.switch_no(looked(listed(), at=T0 + 15 * S)) == "nothing_new"


def test_a_look_that_was_asked_before_the_newest_fact_changes_nothing(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.CallTakenAt(call="c1", position="B01", at=T0 + 9 * S))
    assert world.switch_no(looked(listed(position="B02"))) == "nothing_new"
    assert world.switch_no(looked(listed(queue="q-all"))) == "nothing_new"
    assert world.switch_no(looked(listed())) == "nothing_new"
    assert world.the("c1").position == "B01"


def test_a_call_that_ended_while_the_switch_was_asked(world: World) -> None:
    world.talk("c1", "B02")
    world.over("c1")
    assert world.switch_no(looked(listed(position="B02"), at=T0 + 90 * S)) == "nothing_new"


def test_a_call_that_was_taken_for_lost_is_found_again(world: World) -> None:
    """Otherwise a caller would talk, and no screen would show it."""
    world.talk("c1", "B02")
    world.person("lan", c.HangUp(call="c1"))
    world.switch(looked())
    assert world.switch_no(looked(listed(position="B02"))) == "nothing_new"  # asked when it was given up
    told = world.switch(looked(listed(), at=T0 + 15 * S))
    assert told == (e.CallFound(call="c1"),)
    assert (world.the("c1").state, world.the("c1").hang_up_asked) == (CallState.ANSWERED, False)
    world.switch(looked(listed(position="B02"), at=T0 + 20 * S))
    call = world.the("c1")
    assert (call.state, call.position, call.ended_by, call.hang_up_asked) == (CallState.ANSWERED, "B02", None, False)


def test_a_clock_that_was_set_back_does_not_blind_the_look(world: World) -> None:
    """The call's facts lie an hour ahead: what the switch lists now is still newer than they are."""
    world.talk("c1", "B02")
    hour_back = T0 - 3_600 * S
    world.switch(looked(listed(position="B01"), at=hour_back))
    assert world.the("c1").positions == ("B02", "B01")
    assert world.switch_no(looked(listed(position="B01"), at=hour_back)) == "nothing_new"
    world.switch(looked(listed(queue="q-all"), at=hour_back + 5 * S))
    assert world.the("c1").state is CallState.QUEUED
    world.switch(looked(at=hour_back + 10 * S))
    assert not world.the("c1").state.live


@pytest.mark.parametrize("missing", range(6))
def test_whichever_fact_is_missing_the_next_look_repairs_it(world: World, missing: int) -> None:
    """Of a call that waits, overflows, is answered, transferred and sent back."""
    facts: list[tuple[c.Command, c.LiveCall]] = [
        (came("c1"), listed(queue="")),
        (c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 1 * S), listed(queue="q-ambulance")),
        (c.CallQueuedAt(call="c1", queue="q-all", at=T0 + 15 * S, overflow=True), listed(queue="q-all")),
        (c.CallTakenAt(call="c1", position="B02", at=T0 + 20 * S), listed(position="B02")),
        (c.CallTakenAt(call="c1", position="B01", at=T0 + 40 * S), listed(position="B01")),
        (c.CallQueuedAt(call="c1", queue="q-all", at=T0 + 60 * S), listed(queue="q-all")),
    ]
    whole = World(world.state, T0)
    for place, (fact, now) in enumerate(facts):
        whole.switch(fact)
        if place != missing:
            world.switch(fact)
        else:
            world.switch(looked(now, at=fact.at + 5 * S))
        mine, theirs = world.the("c1"), whole.the("c1")
        assert (mine.state, mine.position, mine.queue) == (theirs.state, theirs.position, theirs.queue), place
