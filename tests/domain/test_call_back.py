"""Calling back: asked once under an id chosen before, never repeated, its outcome told or put to a person."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.numbers import same_subscriber, typed
from dispatch_core.domain.overdue import CALL_BACK_GIVEN_UP_MS, CALL_BACK_LIMIT_MS
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import CallBackOutcome, CallState, Direction, EndedBy, IncidentState, MissedEnd
from tests.domain.world import NODE, T0, World

NUMBER = "0912345678"
DONE = CallBackOutcome


def missed(world: World, ident: str = "c1", number: str = NUMBER, service: str = "ambulance") -> str:
    """A caller who gave up; the incident."""
    dialled = {"police": "113", "fire": "114", "ambulance": "115"}[service]
    world.switch(
        c.CallCame(call=ident, node=NODE, at=world.now, dialled=dialled, services=(service,), number=number)
    )
    world.switch(c.CallOver(call=ident, at=world.now + 4_000, by=EndedBy.CALLER, cause=0))
    world.later(10_000)
    return world.the(ident).incident


def asked(world: World, user: str = "lan", **whom: str) -> str:
    """Somebody calls back; the id of the call."""
    first = world.person(user, c.CallBack(**(whom or {"missed": "c1"})))[0]
    assert isinstance(first, e.CallBackAsked)
    return first.call


def test_a_missed_caller_is_called_back_and_reached(world: World) -> None:
    incident = missed(world)
    cb = asked(world)
    assert cb == f"cb{world.story[-1].command}"
    (order,) = effects_of(world.story[-1], world.state)
    assert order == x.RingBack(NODE, cb, "B02", NUMBER, "115")
    assert order.failed("refused") == c.CallBackFailed(call=cb, why="refused")
    call = world.the(cb)
    assert (call.direction, call.number, call.incident) == (Direction.OUTGOING, NUMBER, incident)
    assert world.state.incidents[incident].calls == ("c1", cb)
    assert (world.state.missed["c1"].tries, world.state.missed["c1"].tried_by) == (1, "lan")
    world.switch(c.CallBackStarted(call=cb, node=NODE, at=world.now + 500, number=NUMBER, position="B02"))
    told = world.switch(c.CallTakenAt(call=cb, position="B02", at=world.now + 3_000))
    assert e.MissedTaken(line="c1", end=MissedEnd.CALLED_BACK, user="lan", call=cb) in told
    assert not world.state.missed and world.state.missed_today.called_back == 1
    assert world.the(cb).back.outcome is DONE.REACHED  # type: ignore[union-attr]
    assert world.switch_no(c.CallBackOver(call=cb, outcome=DONE.REACHED)) == "nothing_new"
    assert world.switch_no(c.CallBackOver(call=cb, outcome=DONE.BUSY)) == "nothing_new"
    world.switch(c.CallOver(call=cb, at=world.now + 60_000, by=EndedBy.POSITION, cause=16))
    assert world.the(cb).state is CallState.ENDED
    kinds = [note.kind for note in world.state.incidents[incident].notes]
    assert kinds == ["received", "call_back", "taken", "call_back_reached"]


@pytest.mark.parametrize("outcome", [it for it in DONE if it is not DONE.REACHED])
def test_one_who_was_not_reached_stays_on_the_list(world: World, outcome: CallBackOutcome) -> None:
    incident = missed(world)
    cb = asked(world)
    world.switch(c.CallBackOver(call=cb, outcome=outcome))
    world.switch(c.CallOver(call=cb, at=world.now, by=EndedBy.UNREACHED, cause=17))
    assert world.state.missed["c1"].outcome is outcome
    last = world.state.incidents[incident].notes[-1]
    assert (last.kind, last.about) == ("call_back_ended", (cb, outcome.value))
    assert (f"call_back_unknown:{cb}" in world.state.alarms) == (outcome is DONE.UNKNOWN)
    again = asked(world, "hoa")  # somebody may try again: a new intent with a new id
    assert again != cb and world.state.missed["c1"].tries == 2 and world.state.missed["c1"].outcome is None


@pytest.mark.parametrize(
    ("cause", "outcome"), [(17, DONE.BUSY), (19, DONE.NO_ANSWER), (1, DONE.INVALID), (34, DONE.UNREACHABLE)]
)
def test_where_the_switch_did_not_say_it_in_words_the_cause_does(
    world: World, cause: int, outcome: CallBackOutcome
) -> None:
    missed(world)
    cb = asked(world)
    world.switch(c.CallOver(call=cb, at=world.now, by=EndedBy.UNREACHED, cause=cause))
    assert world.the(cb).back.outcome is outcome  # type: ignore[union-attr]
    world.switch(c.CallBackOver(call=cb, outcome=DONE.NO_PICK_UP))  # told late: the words count
    assert world.the(cb).back.outcome is DONE.NO_PICK_UP  # type: ignore[union-attr]


def test_reached_counts_also_where_nobody_saw_the_talk(world: World) -> None:
    missed(world)
    cb = asked(world)
    world.switch(c.CallOver(call=cb, at=world.now, by=EndedBy.UNREACHED, cause=16))
    world.switch(c.CallBackOver(call=cb, outcome=DONE.REACHED))
    assert not world.state.missed
    assert world.switch_no(c.CallBackOver(call="c1", outcome=DONE.BUSY)) == "nothing_new"
    assert world.switch_no(c.CallBackOver(call="c9", outcome=DONE.BUSY)) == "nothing_new"


# --- orders that were refused, or of which nobody knows ---------------------------------------------------------------


def test_an_order_that_was_refused_rang_nobody(world: World) -> None:
    missed(world)
    cb = asked(world)
    world.core(c.CallBackFailed(call=cb, why="refused"))
    assert (world.the(cb).state, world.state.missed["c1"].outcome) == (CallState.ENDED, DONE.REFUSED)
    assert world.core_no(c.CallBackFailed(call=cb, why="refused")) == "nothing_new"


def test_an_order_whose_answer_was_lost_is_looked_for_and_found(world: World) -> None:
    missed(world)
    cb = asked(world)
    ordered = world.story[-1]
    world.core(c.CallBackFailed(call=cb, why="unknown"))
    assert world.the(cb).back.unsure_at == world.now  # type: ignore[union-attr]
    assert effects_of(ordered, world.state) == ()
    assert world.core_no(c.CallBackFailed(call=cb, why="unknown")) == "nothing_new"
    listed = c.LiveCall(call=cb, dialled="", services=(), outgoing=True)
    assert world.switch_no(c.SwitchLooked(node=NODE, asked_at=world.now + 4_000, calls=(listed,))) == "nothing_new"
    world.switch(c.CallBackStarted(call=cb, node=NODE, at=world.now + 5_000))
    assert world.the(cb).back.unsure_at == 0  # type: ignore[union-attr]
    assert world.core_no(c.CallBackFailed(call=cb, why="no_outcome")) == "nothing_new"


def test_after_a_crash_an_intent_that_the_switch_does_not_know_is_put_to_a_person(world: World) -> None:
    """It may have rung somebody's phone before: it is not ordered again by anything but a person."""
    missed(world)
    cb = asked(world)
    told = world.switch(c.SwitchLooked(node=NODE, asked_at=world.now + 4_000, calls=()))
    assert not [effect for it in world.story[-len(told) :] for effect in effects_of(it, world.state)]
    assert world.state.missed["c1"].outcome is DONE.UNKNOWN
    assert world.state.alarms[f"call_back_unknown:{cb}"].subject == "B02"
    alive = c.LiveCall(call=cb, dialled="", services=(), outgoing=True)
    world.switch(c.SwitchLooked(node=NODE, asked_at=world.now + 9_000, calls=(alive,)))  # it was there after all
    assert world.the(cb).state.live and world.the(cb).back.outcome is None  # type: ignore[union-attr]


def test_clocks_say_that_nothing_is_known_and_then_give_up(world: World) -> None:
    missed(world)
    cb = asked(world)
    failed = c.CallBackFailed(call=cb, why="no_outcome")
    assert failed not in due(world.state, world.now + CALL_BACK_LIMIT_MS)
    world.later(CALL_BACK_LIMIT_MS + 1)
    assert failed in due(world.state, world.now)
    world.core(failed)
    assert failed not in due(world.state, world.now + CALL_BACK_GIVEN_UP_MS)
    world.later(CALL_BACK_GIVEN_UP_MS + 1)
    assert failed in due(world.state, world.now)
    world.core(failed)
    assert not world.the(cb).state.live and world.state.missed["c1"].outcome is DONE.UNKNOWN


def test_what_was_overtaken_within_its_batch_does_not_go_out(world: World) -> None:
    missed(world)
    cb = asked(world)
    ordered = world.story[-1]
    assert effects_of(ordered, State()) == ()
    world.person("lan", c.HangUp(call=cb))
    assert effects_of(ordered, world.state) == ()
    world.over(cb, EndedBy.US)
    assert effects_of(ordered, world.state) == ()


def test_one_that_only_the_switch_knows_is_followed_too(world: World) -> None:
    stranger = c.LiveCall(call="cb9", dialled="", services=(), outgoing=True, number=NUMBER)
    told = world.switch(c.SwitchLooked(node=NODE, asked_at=T0, calls=(stranger,)))
    assert [type(it) for it in told] == [e.CallArrived]
    assert world.the("cb9").direction is Direction.OUTGOING and not world.the("cb9").incident
    world.switch(c.CallBackOver(call="cb9", outcome=DONE.UNKNOWN))
    assert world.state.alarms["call_back_unknown:cb9"].subject == NODE
    again = world.the("cb9")
    assert world.refusal("lan", c.CallBack(number=NUMBER)).code == "being_called_back" and again.back is not None
    world.switch(c.CallBackOver(call="cb9", outcome=DONE.REACHED))


# --- what is refused --------------------------------------------------------------------------------------------------


def test_whom(world: World) -> None:
    assert world.person_no("lan", c.CallBack()) == "say_whom"
    assert world.person_no("lan", c.CallBack(call="c1", number="0912")) == "say_whom"
    for number in ("PJSIP/x", "12", "1" * 21, "++84", "0912;ext=1"):
        assert world.person_no("lan", c.CallBack(number=number)) == "bad_number"
    assert world.person_no("lan", c.CallBack(call="c9")) == "unknown_call"
    assert world.person_no("lan", c.CallBack(missed="c9")) == "missed_none"
    assert world.person_no("lan", c.CallBack(number="0912", incident="x")) == "unknown_incident"
    assert world.person_no("lan", c.CallBack(number="0912", shown="911")) == "unknown_service_number"
    world.person("lan", c.LeavePosition())
    assert world.person_no("lan", c.CallBack(number="0912")) == "no_position"
    assert world.person_no("tuan", c.CallBack(number="0912")) == "not_allowed"


def test_a_withheld_number_is_listed_and_cannot_be_called(world: World) -> None:
    missed(world, number="")
    assert "c1" in world.state.missed
    assert world.person_no("lan", c.CallBack(missed="c1")) == "number_hidden"
    assert world.person_no("lan", c.CallBack(call="c1")) == "number_hidden"


def test_one_position_one_call(world: World) -> None:
    missed(world)
    world.talk("c2", "B02")
    assert world.person_no("lan", c.CallBack(missed="c1")) == "position_busy"
    cb = asked(world, "minh")
    assert world.person_no("hoa", c.CallBack(call="c1")) == "being_called_back"
    world.call("c3")
    assert world.person_no("minh", c.AnswerCall(call="c3")) == "position_busy"
    world.switch(c.CallBackStarted(call=cb, node=NODE, at=world.now))
    world.switch(c.CallTakenAt(call=cb, position="B01", at=world.now + 1))
    world.switch(c.CallTakenAt(call=cb, position="B04", at=world.now + 2))  # given to somebody else
    world.person("minh", c.AnswerCall(call="c3"))


def test_a_caller_who_calls_again_is_answered_not_called(world: World) -> None:
    missed(world)
    world.switch(
        c.CallCame(call="c2", node=NODE, at=world.now, dialled="113", services=("police",), number="+84912345678")
    )
    no = world.refusal("lan", c.CallBack(missed="c1"))
    assert (no.code, no.details["incident"]) == ("caller_is_live", world.the("c2").incident)


def test_without_a_switch_nobody_is_called(world: World) -> None:
    missed(world)
    world.switch(c.NodeDown(node=NODE, why="gone"))
    assert world.person_no("lan", c.CallBack(missed="c1")) == "no_switch"
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    assert world.the(asked(world)).node == "hcm2"


def test_a_typed_number(world: World) -> None:
    incident = world.talk("c1", "B01").id
    first = world.person("lan", c.CallBack(number="028 3829.7979", incident=incident))[0]
    assert isinstance(first, e.CallBackAsked)
    assert (first.number, first.shown, first.services) == ("02838297979", "115", ("ambulance",))
    assert world.the(first.call).incident == incident
    free = world.person("hoa", c.CallBack(number="+842838291111"))
    assert len(free) == 1 and world.state.calls[free[0].call].incident == ""  # type: ignore[union-attr]


def test_what_is_about_a_closed_incident_begins_a_new_one(world: World) -> None:
    incident = missed(world)
    world.person("lan", c.CloseEmpty(incident=incident))
    cb = asked(world, call="c1")
    fresh = world.state.incidents[world.the(cb).incident]
    assert fresh.id != incident and fresh.owner == "lan" and fresh.calls == (cb,)
    assert world.state.missed["c1"].tried == cb
    world.core(c.CallBackFailed(call=cb, why="refused"))
    world.later(31 * 60_000)
    world.core(c.ArchiveIncident(incident=incident))
    assert "c1" not in world.state.calls and "c1" in world.state.missed  # the line outlives its calls
    cb = asked(world)
    assert world.state.incidents[world.the(cb).incident].state is IncidentState.RECEIVING


@pytest.mark.parametrize(
    ("one", "other"), [("+84912345678", "0912345678"), ("0084912345678", "+84912345678"), ("0912", "0912")]
)
def test_one_subscriber_however_it_is_written(one: str, other: str) -> None:
    assert same_subscriber(one, other, "84")


def test_other_subscribers() -> None:
    assert not same_subscriber("", "", "84") and not same_subscriber("0912", "0913", "84")
    assert not same_subscriber("1912345678", "0912345678", "84")
    assert typed(" 028-3829 (79.79)") == "02838297979" and typed("") == ""
