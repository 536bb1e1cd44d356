"""What people ask of a call: who gets it, who may end it, and what becomes of an intent."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.deadlines import ANSWER_LIMIT_MS, HANG_UP_LIMIT_MS, due
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import CallState, EndedBy
from tests.domain.world import NODE, World, came


def test_the_first_who_asks_gets_the_call(world: World) -> None:
    world.call("c1")
    (asked,) = world.person("lan", c.AnswerCall(call="c1"))
    assert asked == e.AnswerAsked(call="c1", position="B02", user="lan")
    refusal = world.refusal("minh", c.AnswerCall(call="c1"))
    assert (refusal.code, refusal.details) == ("call_taken", {"position": "B02"})
    assert world.person_no("lan", c.AnswerCall(call="c1")) == "call_taken"


def test_a_call_that_cannot_be_answered(world: World) -> None:
    assert world.person_no("lan", c.AnswerCall(call="c9")) == "unknown_call"
    world.talk("c1", "B01")
    assert world.person_no("lan", c.AnswerCall(call="c1")) == "call_taken"
    world.over("c1")
    assert world.person_no("lan", c.AnswerCall(call="c1")) == "call_over"
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=world.now, number="0903"))
    assert world.person_no("lan", c.AnswerCall(call="cb1")) == "not_waiting"
    world.person("lan", c.LeavePosition())
    world.call("c2")
    assert world.person_no("lan", c.AnswerCall(call="c2")) == "no_position"


def test_a_phone_that_is_busy_picks_nothing_up(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.call("c2")
    refusal = world.refusal("lan", c.AnswerCall(call="c2"))
    assert (refusal.code, refusal.details) == ("position_busy", {"position": "B02", "call": incident.id})


def test_a_phone_that_was_told_to_pick_up_is_busy(world: World) -> None:
    world.call("c1")
    world.call("c2")
    world.person("lan", c.AnswerCall(call="c1"))
    assert world.person_no("lan", c.AnswerCall(call="c2")) == "position_busy"
    world.over("c1")  # a call that ends before its intent sets the phone free
    world.person("lan", c.AnswerCall(call="c2"))


def test_a_phone_in_a_conference_is_busy(world: World) -> None:
    world.talk("c1", "B01")
    world.switch(c.PartyJoined(call="c1", party="B02"))
    world.call("c2")
    assert world.person_no("lan", c.AnswerCall(call="c2")) == "position_busy"


def test_a_caller_in_a_conference_is_not_pulled_out_of_it(world: World) -> None:
    world.talk("c1", "B01")
    world.switch(c.PartyJoined(call="c1", party="B04"))
    world.switch(c.PositionLet(call="c1", position="B01"))
    assert world.the("c1").position == ""
    assert world.person_no("lan", c.AnswerCall(call="c1")) == "not_waiting"


def test_another_phone_is_lifted_while_an_answer_is_asked(world: World) -> None:
    """The queue rang B01 too, and minh was faster at the phone than lan on the console."""
    world.call("c1")
    world.person("lan", c.AnswerCall(call="c1"))
    world.switch(c.CallTakenAt(call="c1", position="B01", at=world.now + 500))
    call = world.the("c1")
    assert (call.position, call.intent, world.incident_of("c1").owner) == ("B01", None, "minh")
    failed = c.AnswerFailed(call="c1", position="B02", why="refused")
    assert world.core_no(failed) == "nothing_new"
    world.call("c2")
    world.person("lan", c.AnswerCall(call="c2"))


def test_ones_own_phone_takes_another_call_while_an_answer_is_asked(world: World) -> None:
    world.call("c1")
    world.call("c2")
    world.person("lan", c.AnswerCall(call="c1"))
    world.switch(c.CallTakenAt(call="c2", position="B02", at=world.now + 500))
    assert world.the("c1").intent is not None
    world.switch(c.AnswerNotTaken(call="c1", position="B02"))
    assert world.the("c1").intent is None
    world.person("minh", c.AnswerCall(call="c1"))


def test_a_phone_that_does_not_pick_up_gives_the_call_back(world: World) -> None:
    world.call("c1")
    world.person("lan", c.AnswerCall(call="c1"))
    world.switch(c.CallRings(call="c1", position="B02"))
    assert world.switch_no(c.AnswerNotTaken(call="c1", position="B01")) == "nothing_new"
    assert world.switch_no(c.AnswerNotTaken(call="c9", position="B01")) == "nothing_new"
    told = world.switch(c.AnswerNotTaken(call="c1", position="B02"))
    assert [type(it) for it in told] == [e.CallRingStopped, e.AnswerDropped]
    assert (world.the("c1").state, world.the("c1").ringing) == (CallState.QUEUED, ())
    assert world.switch_no(c.AnswerNotTaken(call="c1", position="B02")) == "nothing_new"


def test_an_intent_without_outcome_is_given_up_in_time(world: World) -> None:
    world.call("c1")
    world.person("lan", c.AnswerCall(call="c1"))
    assert due(world.state, world.now + ANSWER_LIMIT_MS) == ()
    (given_up,) = due(world.state, world.now + ANSWER_LIMIT_MS + 1)
    assert world.core(given_up) == (e.AnswerDropped(call="c1", position="B02", why="no_outcome"),)  # type: ignore[arg-type]
    world.person("minh", c.AnswerCall(call="c1"))


def test_an_intent_does_not_outlive_a_clock_that_is_set_back(world: World) -> None:
    world.call("c1")
    world.person("lan", c.AnswerCall(call="c1"))
    assert due(world.state, world.now - 3_600_000) == (c.AnswerFailed(call="c1", position="B02", why="no_outcome"),)


def test_only_who_talks_or_a_supervisor_ends_a_call(world: World) -> None:
    world.talk("c1", "B02")
    refusal = world.refusal("minh", c.HangUp(call="c1"))
    assert (refusal.code, refusal.details) == ("not_your_call", {"position": "B02"})
    world.person("lan", c.HangUp(call="c1"))
    assert world.person_no("lan", c.HangUp(call="c1")) == "already_so"
    world.talk("c2", "B01")
    world.person("hoa", c.HangUp(call="c2"))


def test_nobody_drops_a_caller_who_waits(world: World) -> None:
    assert world.person_no("hoa", c.HangUp(call="c1")) == "unknown_call"
    world.call("c1")
    assert world.person_no("hoa", c.HangUp(call="c1")) == "caller_waits"
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=world.now))
    world.person("lan", c.HangUp(call="cb1"))  # our own ringing out is another thing


def test_a_call_of_nobody_may_be_ended_by_anybody(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.PositionLet(call="c1", position="B02"))
    world.person("minh", c.HangUp(call="c1"))


def test_a_hang_up_that_fails_may_be_asked_again(world: World) -> None:
    world.talk("c1", "B02")
    failed = c.HangUpFailed(call="c1", why="refused")
    assert world.core_no(failed) == "nothing_new"
    world.person("lan", c.HangUp(call="c1"))
    assert due(world.state, world.now + HANG_UP_LIMIT_MS) == ()
    (late,) = due(world.state, world.now + HANG_UP_LIMIT_MS + 1)
    assert world.core(late) == (e.HangUpDropped(call="c1", why="no_outcome"),)  # type: ignore[arg-type]
    assert (world.the("c1").hang_up_asked, world.the("c1").hang_up_at) == (False, 0)
    world.person("lan", c.HangUp(call="c1"))
    world.over("c1", EndedBy.US)
    assert world.the("c1").ended_by is EndedBy.POSITION
    assert world.core_no(failed) == "nothing_new"
    assert world.core_no(c.HangUpFailed(call="c9", why="")) == "nothing_new"


def test_a_hang_up_that_was_asked_does_not_follow_the_call_to_another_phone(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.HangUp(call="c1"))
    world.switch(c.CallTakenAt(call="c1", position="B01", at=world.now + 5_000))
    assert not world.the("c1").hang_up_asked
    assert world.person_no("lan", c.HangUp(call="c1")) == "not_your_call"
    world.over("c1", EndedBy.US)
    assert world.the("c1").ended_by is EndedBy.US


def test_a_hang_up_that_was_asked_does_not_follow_the_caller_back_into_the_queue(world: World) -> None:
    """Nor may the incident be closed over a caller who waits again."""
    incident = world.talk("c1", "B02")
    world.person("lan", c.HangUp(call="c1"))
    world.switch(c.CallQueuedAt(call="c1", queue="q-ambulance", at=world.now + 5_000))
    call = world.the("c1")
    assert (call.state, call.hang_up_asked, call.hang_up_at) == (CallState.QUEUED, False, 0)
    assert world.person_no("lan", c.CloseIncident(incident=incident.id, disposition="xong")) == "still_live"
    assert world.person_no("lan", c.CloseEmpty(incident=incident.id)) == "caller_waits"


def test_without_a_seat_one_may_hang_up_only_as_a_supervisor(world: World) -> None:
    world.talk("c1", "B02")
    world.person("minh", c.LeavePosition())
    assert world.person_no("minh", c.HangUp(call="c1")) == "not_your_call"
    world.over("c1")
    assert world.person_no("hoa", c.HangUp(call="c1")) == "call_over"


def test_many_ask_for_one_call_at_once(world: World) -> None:
    world.switch(came("c1"))
    outcomes = [
        world.give(world.asked(ActorKind.PERSON, user, c.AnswerCall(call="c1"))) for user in ("hoa", "lan", "minh")
    ]
    assert [isinstance(outcome, Refusal) for outcome in outcomes] == [False, True, True]


def test_a_caller_who_was_handed_over_rings_at_the_other_phone_and_may_be_taken_by_anybody(world: World) -> None:
    incident = world.talk("c1", "B02")
    world.switch(c.PositionLet(call="c1", position="B02"))
    assert world.the("c1").state is CallState.ANSWERED
    world.switch(c.CallRings(call="c1", position="B03"))
    assert (world.the("c1").state, world.the("c1").ringing) == (CallState.RINGING, ("B03",))
    assert world.person_no("lan", c.HangUp(call="c1")) == "caller_waits"
    world.switch(c.CallRingsNoMore(call="c1", position="B03"))
    assert world.the("c1").state is CallState.ANSWERED
    world.switch(c.CallRings(call="c1", position="B03"))
    world.switch(c.CallTakenAt(call="c1", position="B03", at=world.now + 5_000))
    call = world.the("c1")
    assert (call.state, call.ringing, call.positions) == (CallState.ANSWERED, (), ("B02", "B03"))
    assert call.incident == incident.id
    assert world.switch_no(c.CallRings(call="c1", position="B04")) == "nothing_new"  # late: somebody talks
