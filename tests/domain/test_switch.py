"""What the switch reports of calls: each fact once, in its place, and nothing from a caller that cannot be kept."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.plain_text import CALLER_LIMIT, LABEL_LIMIT, MESSAGE_LIMIT
from dispatch_core.domain.state import Talk
from dispatch_core.domain.vocabulary import CallState, Direction, EndedBy, IncidentState
from tests.domain.world import NODE, PLANT, T0, World, came, place


def test_a_call_opens_an_incident_in_receiving(world: World) -> None:
    told = world.switch(came("c1"))
    assert [type(it) for it in told] == [e.CallArrived, e.IncidentReceived]
    incident = world.incident_of("c1")
    assert (incident.id, incident.state, incident.calls) == ("20261123-00001", IncidentState.RECEIVING, ("c1",))
    assert incident.services == ("ambulance",)
    assert world.the("c1").state is CallState.ARRIVING
    assert world.switch_no(came("c1")) == "nothing_new"


def test_the_life_of_a_call(world: World) -> None:
    world.switch(came("c1"))
    world.switch(c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 100))
    assert world.the("c1").state is CallState.QUEUED
    world.switch(c.CallRings(call="c1", position="B01"))
    world.switch(c.CallRings(call="c1", position="B02"))
    world.switch(c.CallRingsNoMore(call="c1", position="B01"))
    assert (world.the("c1").state, world.the("c1").ringing) == (CallState.RINGING, ("B02",))
    world.switch(c.CallRingsNoMore(call="c1", position="B02"))
    assert world.the("c1").state is CallState.QUEUED
    world.switch(c.CallQueuedAt(call="c1", queue="q-all", at=T0 + 15_000, overflow=True))
    world.switch(c.CallTakenAt(call="c1", position="B01", at=T0 + 16_000))
    world.switch(c.CallOnHold(call="c1", at=T0 + 20_000))
    assert (world.the("c1").state, world.the("c1").held_at) == (CallState.HELD, T0 + 20_000)
    world.switch(c.CallOffHold(call="c1", at=T0 + 22_000))
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 30_000))
    world.switch(c.RecordingRuns(call="c1", file="rec/c1.wav"))
    world.over("c1")
    call = world.the("c1")
    assert (call.state, call.positions) == (CallState.ENDED, ("B01", "B02"))
    assert call.talks == (Talk("B01", T0 + 16_000), Talk("B02", T0 + 30_000))
    assert call.talked_from == (T0 + 16_000, T0 + 30_000)
    assert (call.queue, call.overflowed, call.queued_at, call.answered_at) == ("q-all", True, T0 + 100, T0 + 16_000)
    assert (call.recording, call.ended_by, call.cause) == ("rec/c1.wav", EndedBy.CALLER, 16)
    assert world.incident_of("c1").owner == "minh"


def test_rings_before_any_queue(world: World) -> None:
    world.switch(came("c1"))
    world.switch(c.CallRings(call="c1", position="B01"))
    assert world.the("c1").state is CallState.RINGING
    world.switch(c.CallRingsNoMore(call="c1", position="B01"))
    assert world.the("c1").state is CallState.ARRIVING


def test_never_answered_is_abandoned(world: World) -> None:
    world.call("c1")
    world.over("c1", EndedBy.CALLER)
    assert world.the("c1").state is CallState.ABANDONED
    assert world.switch_no(c.CallOver(call="c1", at=T0, by=EndedBy.US)) == "nothing_new"
    assert world.switch_no(c.CallOver(call="c9", at=T0, by=EndedBy.US)) == "nothing_new"


def test_an_outgoing_call_is_ended_never_abandoned_and_opens_no_incident(world: World) -> None:
    told, _ = world.switch(c.CallBackStarted(call="cb1", node=NODE, at=T0, number=f"0903{PLANT}", position="B02"))
    assert isinstance(told, e.CallArrived)
    assert (told.direction, told.dialled) == (Direction.OUTGOING, "")  # the number is where it can be erased
    assert world.switch_no(c.CallBackStarted(call="cb1", node=NODE, at=T0)) == "nothing_new"
    assert world.switch_no(came("cb1")) == "nothing_new"
    world.over("cb1", EndedBy.UNREACHED)
    assert world.the("cb1").state is CallState.ENDED
    assert not world.state.incidents


def test_back_to_the_queue_after_an_answer(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 9_000))
    call = world.the("c1")
    assert (call.state, call.position, call.requeued_at) == (CallState.QUEUED, "", T0 + 9_000)
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 12_000))
    call = world.the("c1")
    assert (call.state, call.positions) == (CallState.ANSWERED, ("B02",))


def test_a_phone_that_returns_from_hold_by_talking(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.CallOnHold(call="c1", at=T0 + 5_000))
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 7_000))
    call = world.the("c1")
    assert (call.state, call.held_at, call.positions) == (CallState.ANSWERED, 0, ("B02",))
    assert world.switch_no(c.CallOnHold(call="c1", at=T0 + 5_000)) == "nothing_new"


def test_a_phone_that_was_let_go_and_talks_again(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.PositionLet(call="c1", position="B02"))
    assert world.the("c1").position == ""
    assert world.switch_no(c.CallTakenAt(call="c1", position="B02", at=T0 + 1_000)) == "nothing_new"  # told again
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 9_000))
    assert (world.the("c1").position, world.the("c1").positions) == ("B02", ("B02",))


def test_off_hold_without_a_time_is_now(world: World) -> None:
    world.talk("c1", "B02")
    off = c.CallOffHold(call="c1")
    assert world.switch_no(off) == "nothing_new"
    world.switch(c.CallOnHold(call="c1", at=T0 + 5_000))
    (told,) = world.switch(off)
    assert told == e.CallResumed(call="c1", at=T0 + 5_001)  # our clock is behind the switch's
    assert world.switch_no(off) == "nothing_new"
    assert world.switch_no(c.CallOffHold(call="c9")) == "nothing_new"


def test_parties_come_and_go(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.PartyJoined(call="c1", party="B04"))
    assert world.switch_no(c.PartyJoined(call="c1", party="B04")) == "nothing_new"
    assert world.switch_no(c.PartyJoined(call="c1", party="B02")) == "nothing_new"
    assert world.switch_no(c.PartyJoined(call="c9", party="B02")) == "nothing_new"
    world.switch(c.CallTakenAt(call="c1", position="B04", at=T0 + 9_000))
    assert world.the("c1").parties == ()
    world.switch(c.PartyJoined(call="c1", party="B02"))
    world.switch(c.PartyLeft(call="c1", party="B02"))
    assert world.switch_no(c.PartyLeft(call="c1", party="B02")) == "nothing_new"
    world.over("c1")
    assert world.switch_no(c.PartyJoined(call="c1", party="B01")) == "nothing_new"


def test_who_lets_go_must_have_talked(world: World) -> None:
    world.talk("c1", "B02")
    assert world.switch_no(c.PositionLet(call="c1", position="B01")) == "nothing_new"
    assert world.switch_no(c.PositionLet(call="c9", position="B01")) == "nothing_new"


def test_an_answer_at_an_empty_seat_gives_the_incident_to_nobody(world: World) -> None:
    world.talk("c1", "B04")
    assert world.incident_of("c1").owner == ""
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 9_000))
    assert world.incident_of("c1").owner == "lan"
    world.switch(c.CallTakenAt(call="c1", position="B01", at=T0 + 12_000))
    assert world.incident_of("c1").owner == "lan"


def test_an_answered_outgoing_call_belongs_to_no_incident(world: World) -> None:
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=T0))
    told, reached = world.switch(c.CallTakenAt(call="cb1", position="B02", at=T0 + 1_000))
    assert reached == e.CallBackReached(call="cb1", position="B02")
    assert told == e.CallAnswered(call="cb1", position="B02", at=T0 + 1_000)


# --- what callers send ------------------------------------------------------------------------------------------------


def test_text_that_cannot_be_kept_is_made_fit(world: World) -> None:
    """A caller chooses the name: the database refuses NUL, the wire lone surrogates, and both would lose the call."""
    hostile = "a\x00b\ud800c\r\nEvent: Hangup" + "x" * 500
    world.switch(c.CallCame(call="c1", node=NODE, at=T0, dialled="115", services=(), number=hostile, name=hostile))
    call = world.the("c1")
    assert call.name == call.number == ("a\ufffdb\ufffdc\ufffd\ufffdEvent: Hangup" + "x" * 500)[:CALLER_LIMIT]
    body = "cháy\n\x00" + "x" * 9_000
    world.switch(c.TextCame(text_id="t1", node=NODE, at=T0, dialled="113", number="09", text=body))
    text = world.state.conversations["t1"].lines[0].text
    assert text.startswith("cháy\n\ufffdx") and len(text) == MESSAGE_LIMIT
    assert world.switch_no(c.TextCame(text_id="t1", node=NODE, at=T0, dialled="113")) == "nothing_new"


def test_a_location_that_came_with_the_call(world: World) -> None:
    world.switch(came("c1"))
    placed = c.CallPlaced(call="c1", location=place("x" * 900, at=T0))
    world.switch(placed)
    location = world.the("c1").location
    assert location is not None and len(location.label) == LABEL_LIMIT
    assert world.switch_no(placed) == "nothing_new"
    assert world.switch_no(c.CallPlaced(call="c9", location=place())) == "nothing_new"
    # an older one is kept behind it, and one that could not be read never hides it
    world.switch(c.CallPlaced(call="c1", location=place("cũ", at=T0 - 1)))
    assert world.the("c1").location == location
    assert [it.label for it in world.the("c1").other_locations] == ["cũ"]
    assert world.switch_no(c.CallPlaced(call="c1", note="truncated")) == "nothing_new"
    world.switch(c.CallPlaced(call="c1", location=place("mới", at=T0 + 1)))


@pytest.mark.parametrize("bad", [{"lat": float("nan")}, {"lat": 90.1}, {"lon": None}, {"uncertainty_m": float("inf")}])
def test_coordinates_that_are_none_are_not_taken(world: World, bad: dict[str, float]) -> None:
    world.switch(came("c1"))
    world.switch(c.CallPlaced(call="c1", location=place(**bad)))
    assert (world.the("c1").location, world.the("c1").location_note) == (None, "bad_coordinates")


def test_an_arrival_that_comes_after_a_look_fills_in_what_the_look_did_not_know(world: World) -> None:
    bare = c.LiveCall(call="c1", dialled="", services=(), arrived_at=T0 + 300)
    world.switch(c.SwitchLooked(node=NODE, asked_at=T0 + 500, calls=(bare,)))
    world.switch(came("c1", at=T0))
    call = world.the("c1")
    assert (call.number, call.dialled, call.services) == (f"0903{PLANT}", "115", ("ambulance",))
    assert (call.carrier, call.arrived_at) == ("viettel", T0)
    assert len(world.state.incidents) == 1
    assert world.switch_no(came("c1", at=T0)) == "nothing_new"


# --- late and doubled -------------------------------------------------------------------------------------------------


def test_an_answer_that_is_told_after_the_end_still_counts(world: World) -> None:
    """Otherwise a call that was answered would be called back as abandoned."""
    world.call("c1")
    world.over("c1")
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 900))
    call = world.the("c1")
    assert (call.state, call.positions, call.position) == (CallState.ENDED, ("B02",), "")
    assert world.incident_of("c1").owner == "lan"


def test_an_old_queue_fact_does_not_send_an_answered_caller_back(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.CallQueuedAt(call="c1", queue="q-ambulance", at=T0 + 50))
    call = world.the("c1")
    assert (call.state, call.position, call.queued_at) == (CallState.ANSWERED, "B02", T0 + 50)


def test_an_old_answer_does_not_take_a_transferred_call_back(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.CallTakenAt(call="c1", position="B01", at=T0 + 9_000))
    assert world.switch_no(c.CallTakenAt(call="c1", position="B02", at=T0 + 1_000)) == "nothing_new"
    assert world.switch_no(c.CallTakenAt(call="c1", position="B02", at=T0 + 1_200)) == "nothing_new"  # told again
    assert world.the("c1").position == "B01"


def test_an_answer_just_before_and_just_after_a_queue_are_two(world: World) -> None:
    world.switch(came("c1"))
    world.switch(c.CallQueuedAt(call="c1", queue="q-all", at=T0 + 10))
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 20))
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0))
    call = world.the("c1")
    assert (call.state, call.position, call.answered_at) == (CallState.ANSWERED, "B02", T0)
    assert call.talks == (Talk("B02", T0), Talk("B02", T0 + 20))


def test_two_tellings_of_one_answer_are_one_from_the_earlier_on(world: World) -> None:
    world.call("c1")
    for at in (T0 + 3_030, T0 + 3_000, T0 + 3_499):
        world.give(world.asked(c.ActorKind.SWITCH, NODE, c.CallTakenAt(call="c1", position="B02", at=at)))
    assert world.the("c1").talks == (Talk("B02", T0 + 3_000),)
    world.switch(c.CallTakenAt(call="c1", position="B02", at=T0 + 3_500))
    assert world.the("c1").talked_from == (T0 + 3_000,) and len(world.the("c1").talks) == 2


def test_a_ring_that_is_told_late_does_not_ring_on(world: World) -> None:
    world.talk("c1", "B02")
    assert world.switch_no(c.CallRings(call="c1", position="B01")) == "nothing_new"
    world.over("c1")
    assert world.switch_no(c.CallRings(call="c1", position="B01")) == "nothing_new"
    assert world.switch_no(c.CallOnHold(call="c1", at=T0 + 99_000)) == "nothing_new"


def test_a_recording_may_be_told_after_the_end(world: World) -> None:
    world.call("c1")
    world.over("c1")
    world.switch(c.RecordingRuns(call="c1", file="rec/c1.wav"))
    assert world.switch_no(c.RecordingRuns(call="c1", file="rec/c1.wav")) == "nothing_new"
