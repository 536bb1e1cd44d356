"""What one subject's rules do to another's: calls that are steered, folded, called back, held and lost at once."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, NODE_AWAY_MS, SESSION_MS, due
from dispatch_core.domain.decide.recordings import GAPS_TOLD
from dispatch_core.domain.effects import RateNumbers, effects_of
from dispatch_core.domain.silence_clocks import silent_since
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import CallBackOutcome, CallState, DutyState, TargetKind, WatchHow
from tests.domain.test_call_back import NUMBER, missed
from tests.domain.test_folding import rings
from tests.domain.world import FULL_SITE, NODE, World, place, staffed, text

ASK = {"kind": TargetKind.NUMBER, "target": "0283829797"}


def live(call: str = "c1", **more: object) -> c.LiveCall:
    return c.LiveCall(call=call, dialled="115", services=("ambulance",), **more)  # type: ignore[arg-type]


def looked(world: World, *calls: c.LiveCall, **more: object) -> None:
    world.switch(c.SwitchLooked(node=NODE, asked_at=world.now, calls=calls, **more))  # type: ignore[arg-type]


# --- two wishes at once -----------------------------------------------------------------------------------------------


def test_who_gives_a_call_away_does_not_cut_it_with_the_same_hand(world: World) -> None:
    """Hand over, hang up: the habit of years. The order would end the caller."""
    incident = world.talk("c1")
    world.person("lan", c.TransferCall(call="c1", **ASK))
    for hand in (c.HangUp(call="c1"), c.CloseEmpty(incident=incident.id)):
        assert world.person_no("lan", hand) == "being_steered"
        assert world.person_no("hoa", hand) == "being_steered"
    world.core(c.SteerFailed(call="c1", act=world.the("c1").steer.act, why="refused"))  # type: ignore[union-attr]
    world.person("lan", c.HangUp(call="c1"))


def test_a_hold_that_hangs_does_not_keep_anybody_from_hanging_up(world: World) -> None:
    world.talk("c1")
    world.person("lan", c.HoldCall(call="c1"))
    world.person("lan", c.HangUp(call="c1"))


def test_a_call_with_others_in_it_is_not_without_content(world: World) -> None:
    incident = world.talk("c1")
    world.switch(c.PartyJoined(call="c1", party="viettel"))
    assert world.person_no("lan", c.CloseEmpty(incident=incident.id)) == "in_conference"
    world.switch(c.PartyLeft(call="c1", party="viettel"))
    world.person("lan", c.CloseEmpty(incident=incident.id))


def test_no_prompt_breaks_in_on_others_who_talk(world: World) -> None:
    world.talk("c1")
    assert silent_since(world.the("c1"))
    world.switch(c.PartyJoined(call="c1", party="B01"))
    assert not silent_since(world.the("c1"))
    world.switch(c.PositionLet(call="c1", position="B02"))
    world.switch(c.PartyLeft(call="c1", party="B01"))
    assert not silent_since(world.the("c1"))


# --- lost and found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parties", [(), ("viettel",)])
def test_a_held_call_that_was_lost_is_found_on_hold(world: World, parties: tuple[str, ...]) -> None:
    world.talk("c1")
    world.later(2_000).switch(c.CallOnHold(call="c1", at=world.now))
    world.later(5_000).switch(c.NodeDown(node=NODE, why="cut"))
    world.later(NODE_AWAY_MS + 1).core(c.NodeGivenUp(node=NODE))
    assert world.the("c1").state is CallState.ENDED and "c1" in world.state.missed
    world.later(1_000).switch(c.NodeUp(node=NODE, booted="2026-11-23 06:00:00"))
    seen = live(position="B02", parties=parties, held=True)
    looked(world.later(100), seen)
    call = world.the("c1")
    assert (call.state, call.position, call.parties) == (CallState.HELD, "B02", parties)
    assert not world.state.missed
    looked(world.later(5_000), replace(seen, held=False))
    assert world.the("c1").state is CallState.ANSWERED
    unknown = c.SwitchLooked(node=NODE, asked_at=world.later(5_000).now, calls=(replace(seen, held=None),))
    assert world.switch_no(unknown) == "nothing_new"


def test_nobody_listens_at_a_switch_that_is_gone(world: World) -> None:
    world.talk("c1")
    world.person("hoa", c.WatchPosition(position="B02", how=WatchHow.LISTEN))
    world.switch(c.WatchRuns(channel=world.state.watches["B03"].channel))
    world.over("c1")
    world.later(10).switch(c.NodeDown(node=NODE, why="cut"))
    away = world.state
    (give_up,) = due(world.state, world.now + NODE_AWAY_MS + 1)
    world.core(give_up)
    assert not world.state.watches
    for gone in (c.NodeUp(node=NODE, booted="again"), c.RetireNode(node=NODE)):
        world.state = away
        world.core(gone) if isinstance(gone, c.RetireNode) else world.switch(gone)
        assert not world.state.watches


def test_a_call_back_of_unknown_outcome_that_is_found_is_no_alarm_any_more(world: World) -> None:
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=world.now, number="0903"))
    looked(world.later(9_000))
    assert world.the("cb1").back.outcome is CallBackOutcome.UNKNOWN  # type: ignore[union-attr]
    assert "call_back_unknown:cb1" in world.state.alarms
    looked(world.later(5_000), live("cb1", outgoing=True))
    assert world.the("cb1").state.live and not world.state.alarms


# --- seats ------------------------------------------------------------------------------------------------------------


def test_who_leaves_the_seat_listens_no_longer(world: World) -> None:
    world.talk("c1")
    world.person("hoa", c.WatchPosition(position="B02", how=WatchHow.LISTEN))
    told = world.person("hoa", c.LeavePosition())
    assert [type(it) for it in told] == [e.WatchStopAsked, e.PositionLeft]
    assert [type(it) for it in world.person("hoa", c.TakePosition(position="B04"))] == [e.PositionTaken]
    world.core(c.SignIn(user="kim", name="Kim", role=world.state.people["hoa"].role, session="s"))
    world.person("kim", c.TakePosition(position="B03"))
    assert [type(it) for it in world.person("kim", c.LeavePosition())] == [e.PositionLeft]


def test_nobody_is_signed_out_of_a_conference(world: World) -> None:
    world.talk("c1")
    world.switch(c.PartyJoined(call="c1", party="B01"))
    gone = {it.user for it in due(world.state, world.now + SESSION_MS + 1) if isinstance(it, c.SignOut)}
    assert "minh" not in gone and "lan" not in gone and "hoa" in gone


def test_the_time_to_write_begins_with_the_end_of_the_last_call() -> None:
    world = staffed(FULL_SITE)
    world.talk("c1")
    world.over("c1")
    first = world.state.positions["B02"].duty
    assert first.state is DutyState.WRAP_UP
    world.later(5_000)
    world.switch(c.CallCame(call="c2", node=NODE, at=world.now, dialled="115", services=("ambulance",), number="0988"))
    world.person("lan", c.AnswerCall(call="c2"))
    world.switch(c.CallTakenAt(call="c2", position="B02", at=world.now + 100))
    world.later(3_000).over("c2")
    assert world.state.positions["B02"].duty.until == first.until + 8_000


def test_who_goes_on_as_a_party_writes_nothing_down_yet() -> None:
    world = staffed(FULL_SITE)
    world.talk("c1")
    world.switch(c.PartyJoined(call="c1", party="B01"))
    world.talk("c2", "B01", "police")
    world.over("c2")
    assert world.state.positions["B01"].duty.state is DutyState.READY


# --- folded -----------------------------------------------------------------------------------------------------------


def test_a_hold_goes_wherever_its_calls_go() -> None:
    """Who may remove a recording asks about the incident that its call is in now."""
    world = staffed(FULL_SITE)
    one, other, third = rings(world, "c1", "0901"), rings(world, "c2", "0902"), rings(world, "c3", "0903")
    world.person("hoa", c.HoldRecording(incident=one, reason="khiếu nại"))
    world.person("lan", c.FoldIncident(incident=one, into=other))
    assert world.state.holds[other].reason == "khiếu nại"
    remove = c.RemoveRecording(call="c1", incident=other, file="c1.wav")
    assert world.core_no(remove) == "recording_held"
    world.person("lan", c.SplitCall(call="c1"))
    assert world.core_no(replace(remove, incident=world.the("c1").incident)) == "recording_held"
    world.person("lan", c.FoldIncident(incident=third, into=other))
    world.person("lan", c.UnfoldIncident(incident=third))
    assert third in world.state.holds
    world.person("lan", c.FoldIncident(incident=third, into=other))
    assert len([it for it in world.story if isinstance(it.event, e.HoldPlaced)]) == 4


def test_a_text_goes_along_and_comes_back() -> None:
    world = staffed(FULL_SITE)
    one, other = rings(world, "c1", "0901"), rings(world, "c2", "0902")
    for ident, number in (("t1", "0905"), ("t2", "0906")):
        world.switch(text(ident, number=number))
        world.person("lan", c.LinkConversation(conversation=ident, incident=one))
    world.person("lan", c.FoldIncident(incident=one, into=other))
    assert [it.incident for it in world.state.conversations.values()] == [other, other]
    assert world.person_no("lan", c.OpenForText(conversation="t1")) == "already_so"
    third = rings(world, "c3", "0903")
    world.person("lan", c.LinkConversation(conversation="t2", incident=third))
    world.person("lan", c.UnfoldIncident(incident=one))
    assert [it.incident for it in world.state.conversations.values()] == [one, third]


def test_a_missed_line_is_called_back_about_what_its_call_became_part_of() -> None:
    world = staffed(FULL_SITE)
    first = missed(world, "c1")
    into = rings(world, "c2", "0977")
    world.person("lan", c.FoldIncident(incident=first, into=into))
    asked = world.person("lan", c.CallBack(missed="c1"))[0]
    assert isinstance(asked, e.CallBackAsked) and asked.incident == into


def test_who_rings_while_we_ring_is_one_matter() -> None:
    world = staffed(FULL_SITE)
    first = missed(world, "c1")
    world.later(FULL_SITE.again_ms + 1)
    asked = world.person("lan", c.CallBack(missed="c1"))[0]
    assert isinstance(asked, e.CallBackAsked) and asked.incident == first
    assert rings(world, "c2", NUMBER) == first


def test_a_number_folded_into_a_real_incident_is_looked_up_anew(world: World) -> None:
    one, other = rings(world, "c1", "0901"), rings(world, "c2", "0902")
    world.person("hoa", c.SetNuisance(call="c1", on=True, reason="quấy rối"))
    world.person("lan", c.SetType(incident=other, type="theft", seen=""))
    world.person("lan", c.FoldIncident(incident=one, into=other))
    folded = next(it for it in world.story if isinstance(it.event, e.IncidentFolded))
    assert effects_of(folded, world.state) == (RateNumbers(("0901",)),)
    assert effects_of(folded, State()) == ()


def test_a_night_without_recordings_is_not_a_thousand_alarms(world: World) -> None:
    for number in range(GAPS_TOLD + 3):
        world.talk(f"c{number}")
        world.over(f"c{number}")
        world.core(c.RecordingSummed(call=f"c{number}", files=()))
    assert len(world.state.alarms) == GAPS_TOLD + 1
    assert world.state.alarms[f"recording_gap@{NODE}"].count == 3


# --- made up ----------------------------------------------------------------------------------------------------------


def drilled(real: bool) -> World:
    world = staffed(FULL_SITE)
    world.switch(c.NodeUp(node="drill", booted="sim-1"))
    if not real:
        world.core(c.RetireNode(node=NODE))
    return world


def rings_at(world: World, ident: str, node: str) -> str:
    came = c.CallCame(call=ident, node=node, at=world.now, dialled="115", services=("ambulance",), number=NUMBER)
    world.switch(came)
    return world.the(ident).incident


def test_what_is_made_up_never_touches_what_is_real() -> None:
    world = drilled(True)
    first = missed(world, "c1")
    assert rings_at(world, "s1", "drill") != first
    world.switch(c.CallTakenAt(call="s1", position="B01", at=world.now + 10))
    assert "c1" in world.state.missed, "somebody in a drill was answered"
    world.over("s1")
    cb = world.person("lan", c.CallBack(missed="c1"))[0]
    assert isinstance(cb, e.CallBackAsked) and cb.node == NODE


def test_a_real_caller_is_not_called_back_at_a_simulated_switch() -> None:
    world = drilled(True)
    missed(world, "c1")
    world.switch(c.NodeDown(node=NODE, why="cut"))
    assert world.person_no("lan", c.CallBack(missed="c1")) == "no_switch"


@pytest.mark.parametrize("real", [True, False])
def test_a_location_from_outside_is_for_real_callers_where_there_are_any(real: bool) -> None:
    world = drilled(real)
    came = c.LocationCame(ident="l1", number=NUMBER, at=world.now, location=place())
    world.switch(came)
    assert not any(isinstance(it, c.ForgetLocation) for it in due(world.state, world.now))
    rings_at(world, "s1", "drill")
    assert (world.the("s1").location is None) is real
    world.switch(replace(came, ident="l2", location=place("Bến Thành", lat=10.77)))
    assert (world.the("s1").location is None) is real
    if real:
        rings_at(world, "c1", NODE)
        assert world.the("c1").location is not None
        rings_at(world, "s2", "drill")
        assert world.the("s2").location is None
    world.later(CLOSED_KEPT_MS)
    for _ in range(2):
        for body in due(world.state, world.now):
            world.core(body)
    assert not world.state.early_locations
