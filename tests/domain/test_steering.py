"""Steering a call that talks: who may, when not, what the switch is asked, and when it has come about."""

from __future__ import annotations

from itertools import permutations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.canonical import checksum
from dispatch_core.domain.commands import Command
from dispatch_core.domain.deadlines import STEER_LIMIT_MS, STEER_RING_LIMIT_MS, WATCH_LIMIT_MS, due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import CallState, EndedBy, SteerAct, TargetKind, WatchHow
from tests.domain.test_look import listed, looked
from tests.domain.world import NODE, PLANTED_NUMBER, T0, World

S = 1_000
POSITION, SERVICE, NUMBER = TargetKind.POSITION, TargetKind.SERVICE, TargetKind.NUMBER


def held(world: World, call: str = "c1") -> None:
    world.later(2 * S)
    world.switch(c.CallOnHold(call=call, at=world.now))


def consulting(world: World, whom: str = "B01") -> None:
    world.talk("c1", "B02")
    held(world)
    world.switch(c.PartyJoined(call="c1", party=whom))


def orders(world: World) -> tuple[x.Effect, ...]:
    return effects_of(world.story[-1], world.state)


# --- who may, and when not --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        c.HoldCall(call="c1"), c.ResumeCall(call="c1"), c.TransferCall(call="c1", kind=SERVICE, target="fire"),
        c.ConsultCall(call="c1", kind=POSITION, target="B03"), c.CompleteConsult(call="c1"), c.JoinConsult(call="c1"),
        c.BackToCaller(call="c1"), c.InviteToCall(call="c1", kind=POSITION, target="B03"),
    ],
    ids=lambda body: type(body).__name__,
)  # fmt: skip
def test_only_who_talks_may_steer(world: World, body: Command) -> None:
    assert world.person_no("lan", body) == "unknown_call"
    world.call("c1")
    assert world.person_no("lan", body) == "nobody_talks"
    world.switch(c.CallTakenAt(call="c1", position="B02", at=world.now + S))
    assert world.person_no("minh", body) == "not_yours_to_steer"
    world.person("minh", c.LeavePosition())
    assert world.person_no("minh", body) == "no_position"
    world.person("lan", c.HangUp(call="c1"))
    assert world.person_no("lan", body) == "being_ended"
    world.over()
    assert world.person_no("lan", body) == "call_over"


def test_a_supervisor_may_in_anothers_stead(world: World) -> None:
    world.talk("c1", "B02")
    (asked,) = world.person("hoa", c.HoldCall(call="c1"))
    assert asked == e.SteerAsked(call="c1", act=SteerAct.HOLD, position="B02", user="hoa")
    assert orders(world) == (x.HoldCaller(NODE, "c1", "B02"),)


def test_one_thing_at_a_time(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.HoldCall(call="c1"))
    refusal = world.refusal("lan", c.HoldCall(call="c1"))
    assert refusal.code == "being_steered" and "“giữ máy”" in refusal.sentence("vi")
    for body in (c.MuteCall(call="c1", on=True), c.LeaveConference(call="c1"), c.BackToCaller(call="c1")):
        assert world.person_no("lan", body) == "being_steered"


def test_hold_and_resume(world: World) -> None:
    world.talk("c1", "B02")
    assert world.person_no("lan", c.ResumeCall(call="c1")) == "not_on_hold"
    world.person("lan", c.HoldCall(call="c1"))
    held(world)
    call = world.the("c1")
    assert (call.state, call.position, call.steer) == (CallState.HELD, "B02", None)
    assert world.person_no("lan", c.HoldCall(call="c1")) == "already_held"
    assert world.person_no("lan", c.InviteToCall(call="c1", kind=POSITION, target="B01")) == "already_held"
    world.person("lan", c.ResumeCall(call="c1"))
    assert orders(world) == (x.ResumeCaller(NODE, "c1", "B02"),)
    world.switch(c.CallOffHold(call="c1", at=world.now + S))
    assert (world.the("c1").state, world.the("c1").steer) == (CallState.ANSWERED, None)


def test_one_mutes_oneself_alone(world: World) -> None:
    assert world.person_no("lan", c.MuteCall(call="c1", on=True)) == "unknown_call"
    world.talk("c1", "B02")
    assert world.person_no("minh", c.MuteCall(call="c1", on=True)) == "not_in_call"
    assert world.person_no("lan", c.MuteCall(call="c1", on=False)) == "not_muted"
    world.person("lan", c.MuteCall(call="c1", on=True))
    (order,) = orders(world)
    assert order == x.MuteVoice(NODE, "c1", "B02")
    told = order.taken()  # type: ignore[attr-defined]
    assert told == c.VoiceKept(call="c1", position="B02", on=True)
    world.core(told)
    assert (world.the("c1").muted, world.the("c1").steer) == (("B02",), None)
    assert world.core_no(told) == "nothing_new"
    assert world.person_no("lan", c.MuteCall(call="c1", on=True)) == "already_muted"
    world.person("lan", c.MuteCall(call="c1", on=False))
    (order,) = orders(world)
    world.core(order.taken())  # type: ignore[attr-defined]
    assert world.the("c1").muted == ()
    assert world.switch_no(c.VoiceKept(call="c9", position="B02", on=True)) == "nothing_new"
    assert world.switch_no(c.VoiceKept(call="c1", position="B04", on=True)) == "nothing_new"
    world.person("lan", c.LeavePosition())
    assert world.person_no("lan", c.MuteCall(call="c1", on=True)) == "no_position"


def test_who_leaves_is_not_muted_any_more(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.PartyJoined(call="c1", party="B01"))
    for position in ("B01", "B02"):
        world.later(S).switch(c.VoiceKept(call="c1", position=position, on=True))
    world.switch(c.PartyLeft(call="c1", party="B01"))
    assert world.the("c1").muted == ("B02",)
    world.switch(c.CallTakenAt(call="c1", position="B03", at=world.now + 5 * S))
    assert world.the("c1").muted == ()


@pytest.mark.parametrize(
    ("kind", "target", "code"),
    [
        (POSITION, "B99", "unknown_position"), (POSITION, PLANTED_NUMBER, "unknown_position"),
        (POSITION, "B02", "already_in_call"), (POSITION, "B04", "nobody_there"), (POSITION, "B01", "position_busy"),
        (POSITION, "B07", "position_installing"), (SERVICE, "moon", "unknown_service"),
        (SERVICE, PLANTED_NUMBER, "unknown_service"), (NUMBER, "12", "bad_number"), (NUMBER, "09a", "bad_number"),
        (NUMBER, "0" * 21, "bad_number"), (TargetKind.NONE, "0281234567", "bad_number"), (NUMBER, "114", "own_number"),
    ],
)  # fmt: skip
def test_nobody_is_sent_where_nobody_is(world: World, kind: TargetKind, target: str, code: str) -> None:
    world.talk("c1", "B02")
    world.talk("c2", "B01", "police")
    world.person("tuan", c.AddPosition(position="B07", label="7", services=("fire",)))
    refusal = world.refusal("lan", c.TransferCall(call="c1", kind=kind, target=target))
    assert refusal.code == code
    assert PLANTED_NUMBER not in str(refusal.details)


def test_handed_over_to_each_kind_of_target(world: World) -> None:
    world.talk("c1", "B02")
    for kind, target, to in (
        (POSITION, "B03", "B03"), (SERVICE, "fire", "fire"), (NUMBER, "090 355-66.77", PLANTED_NUMBER),
    ):  # fmt: skip
        world.person("lan", c.TransferCall(call="c1", kind=kind, target=target))
        assert orders(world) == (x.HandOver(NODE, "c1", "B02", kind, to),)
        world.core(c.SteerFailed(call="c1", act=SteerAct.TRANSFER, why="refused"))
    assert world.the("c1").guest == PLANTED_NUMBER


def test_a_transfer_has_come_about_when_another_talks_or_the_caller_waits(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.TransferCall(call="c1", kind=POSITION, target="B03"))
    world.switch(c.PositionLet(call="c1", position="B02"))
    call = world.the("c1")
    assert call.steer is not None and call.position == ""  # it rings there
    world.switch(c.CallTakenAt(call="c1", position="B03", at=world.now + 9 * S))
    assert (world.the("c1").position, world.the("c1").steer) == ("B03", None)
    world.later(10 * S)
    world.person("hoa", c.TransferCall(call="c1", kind=SERVICE, target="fire"))
    world.switch(c.CallQueuedAt(call="c1", queue="q-fire", at=world.now + S))
    assert (world.the("c1").state, world.the("c1").steer) == (CallState.QUEUED, None)


def test_a_transfer_to_a_number_has_come_about_when_they_talk(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.TransferCall(call="c1", kind=NUMBER, target=PLANTED_NUMBER))
    world.switch(c.PartyJoined(call="c1", party="viettel"))
    assert world.the("c1").steer is None


def test_nobody_came_and_whoever_asked_is_told(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.TransferCall(call="c1", kind=POSITION, target="B03"))
    assert world.switch_no(c.TargetNotReached(call="c1", act=SteerAct.CONSULT, why="BUSY")) == "nothing_new"
    assert world.switch_no(c.TargetNotReached(call="c9", act=SteerAct.TRANSFER, why="BUSY")) == "nothing_new"
    (dropped,) = world.switch(c.TargetNotReached(call="c1", act=SteerAct.TRANSFER, why="BUSY"))
    assert dropped == e.SteerDropped(call="c1", act=SteerAct.TRANSFER, why="BUSY", user="lan", to="B03")
    assert world.the("c1").steer is None
    assert world.switch_no(c.TargetNotReached(call="c1", act=SteerAct.TRANSFER, why="BUSY")) == "nothing_new"


def test_asked_completed_joined_and_back(world: World) -> None:
    world.talk("c1", "B02")
    for body in (c.CompleteConsult(call="c1"), c.JoinConsult(call="c1"), c.BackToCaller(call="c1")):
        assert world.person_no("lan", body) == "nobody_asked"
    assert world.person_no("lan", c.ConsultCall(call="c1", kind=SERVICE, target="fire")) == "not_a_service"
    assert world.person_no("lan", c.ConsultCall(call="c1", kind=NUMBER, target="1")) == "bad_number"
    world.person("lan", c.ConsultCall(call="c1", kind=POSITION, target="B01"))
    assert orders(world) == (x.Consult(NODE, "c1", "B02", POSITION, "B01"),)
    held(world)
    assert world.the("c1").steer is not None  # it still rings there
    world.person("lan", c.BackToCaller(call="c1"))  # without waiting any longer
    assert orders(world) == (x.EndConsultation(NODE, "c1", "B02"),)
    world.switch(c.CallOffHold(call="c1", at=world.now + S))
    assert world.the("c1").steer is None
    world.person("lan", c.ConsultCall(call="c1", kind=POSITION, target="B01"))
    held(world)
    world.switch(c.PartyJoined(call="c1", party="B01"))
    assert world.the("c1").steer is None
    for body in (
        c.ConsultCall(call="c1", kind=POSITION, target="B03"), c.TransferCall(call="c1", kind=SERVICE, target="fire"),
    ):  # fmt: skip
        assert world.person_no("lan", body) == "in_conference"
    for body, order, over in (
        (c.CompleteConsult(call="c1"), x.CompleteConsultation, SteerAct.COMPLETE),
        (c.JoinConsult(call="c1"), x.JoinConsultation, SteerAct.JOIN),
        (c.ResumeCall(call="c1"), x.EndConsultation, SteerAct.BACK),
    ):
        world.person("lan", body)
        assert orders(world) == (order(NODE, "c1", "B02"),)
        world.core(c.SteerFailed(call="c1", act=over, why="unknown"))
    world.person("lan", c.CompleteConsult(call="c1"))
    world.switch(c.CallTakenAt(call="c1", position="B01", at=world.now + S))
    call = world.the("c1")
    assert (call.position, call.parties, call.steer, call.state) == ("B01", (), None, CallState.ANSWERED)


def test_three_together_and_one_leaves(world: World) -> None:
    assert world.person_no("lan", c.LeaveConference(call="c1")) == "unknown_call"
    world.talk("c1", "B02")
    assert world.person_no("lan", c.LeaveConference(call="c1")) == "not_a_conference"
    assert world.person_no("minh", c.LeaveConference(call="c1")) == "not_in_call"
    assert world.person_no("lan", c.InviteToCall(call="c1", kind=SERVICE, target="fire")) == "not_a_service"
    (asked,) = world.person("lan", c.InviteToCall(call="c1", kind=POSITION, target="B01"))
    assert isinstance(asked, e.SteerAsked) and asked.channel.startswith("invite-")
    assert orders(world) == (x.Invite(NODE, "c1", "B02", POSITION, "B01", asked.channel, "115"),)
    world.switch(c.PartyJoined(call="c1", party="B01"))
    assert world.person_no("lan", c.HoldCall(call="c1")) == "in_conference"
    world.person("minh", c.LeaveConference(call="c1"))
    assert orders(world) == (x.LeaveRoom(NODE, "c1", "B01"),)
    world.switch(c.PartyLeft(call="c1", party="B01"))
    assert world.the("c1").steer is None
    world.switch(c.PartyJoined(call="c1", party="viettel"))
    world.person("lan", c.LeaveConference(call="c1"))
    world.switch(c.PositionLet(call="c1", position="B02"))
    assert (world.the("c1").steer, world.the("c1").parties) == (None, ("viettel",))
    world.person("lan", c.LeavePosition())
    assert world.person_no("lan", c.LeaveConference(call="c1")) == "no_position"


def test_a_room_is_full_at_some_time(world: World) -> None:
    world.talk("c1", "B02")
    for number in range(8):
        world.switch(c.PartyJoined(call="c1", party=f"X{number}"))
    assert world.person_no("lan", c.InviteToCall(call="c1", kind=NUMBER, target="0281234567")) == "too_many_parties"


def test_a_call_that_we_made_is_not_given_away(world: World) -> None:
    world.switch(c.CallBackStarted(call="cb1", node=NODE, at=world.now, number="0903"))
    world.switch(c.CallTakenAt(call="cb1", position="B02", at=world.now + S))
    assert world.person_no("lan", c.TransferCall(call="cb1", kind=SERVICE, target="fire")) == "our_own_call"
    world.switch(c.PartyJoined(call="cb1", party="B01"))
    assert world.person_no("lan", c.LeaveConference(call="cb1")) == "our_own_call"
    world.person("minh", c.LeaveConference(call="cb1"))
    world.core(c.SteerFailed(call="cb1", act=SteerAct.LEAVE, why="refused"))
    held(world, "cb1")
    assert world.person_no("lan", c.CompleteConsult(call="cb1")) == "our_own_call"
    assert world.person_no("lan", c.LeaveConference(call="cb1")) == "not_a_conference"


def test_what_has_no_outcome_is_given_up(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.HoldCall(call="c1"))
    assert due(world.state, world.now + STEER_LIMIT_MS) == ()
    (given_up,) = due(world.state, world.now + STEER_LIMIT_MS + 1)
    assert given_up == c.SteerFailed(call="c1", act=SteerAct.HOLD, why="no_outcome")
    world.core(given_up)
    world.person("lan", c.TransferCall(call="c1", kind=POSITION, target="B01"))
    assert due(world.state, world.now + STEER_RING_LIMIT_MS) == ()
    assert due(world.state, world.now + STEER_RING_LIMIT_MS + 1)


def test_an_intent_ends_with_its_call_and_goes_out_only_while_it_stands(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.HoldCall(call="c1"))
    asked = world.story[-1]
    assert effects_of(asked, State()) == ()
    world.core(c.SteerFailed(call="c1", act=SteerAct.HOLD, why="refused"))
    assert effects_of(asked, world.state) == ()
    world.person("lan", c.HoldCall(call="c1"))
    world.over("c1", EndedBy.CALLER)
    assert world.the("c1").steer is None and effects_of(world.story[-2], world.state) == ()
    assert world.core_no(c.SteerFailed(call="c1", act=SteerAct.HOLD, why="refused")) == "nothing_new"


@pytest.mark.parametrize("act", list(SteerAct))
def test_every_order_says_what_failed(world: World, act: SteerAct) -> None:
    world.talk("c1", "B02")
    asked = e.SteerAsked(call="c1", act=act, position="B02", user="lan", kind=POSITION, target="B03")
    recorded = e.Recorded(seq=world.state.seq + 1, at=world.now, by="person:lan", command="1", event=asked)
    (order,) = effects_of(recorded, evolve(world.state, recorded))
    assert isinstance(order, x.SteerOrder)
    assert order.failed("unknown") == c.SteerFailed(call="c1", act=act, why="unknown")


# --- orders of telling ------------------------------------------------------------------------------------------------


def test_a_consultation_told_in_every_order_is_the_same(world: World) -> None:
    world.talk("c1", "B02")
    world.person("lan", c.ConsultCall(call="c1", kind=POSITION, target="B01"))
    facts: tuple[Command, ...] = (
        c.CallOnHold(call="c1", at=T0 + 4 * S),
        c.PartyJoined(call="c1", party="B01"),
        c.CallOffHold(call="c1", at=T0 + 6 * S),
        c.VoiceKept(call="c1", position="B02", on=True, at=T0 + 7 * S),
    )
    found = set()
    for order in permutations((*facts, facts[0], facts[1])):
        other = World(world.state, world.now)
        for fact in order:
            other.give(other.asked(c.ActorKind.SWITCH, NODE, fact))
        call = other.the("c1")
        found.add((call.state, call.parties, call.muted, call.steer))
    assert found == {(CallState.ANSWERED, ("B01",), ("B02",), None)}


# --- the look ---------------------------------------------------------------------------------------------------------


def test_the_look_finds_company_and_microphones(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.PartyJoined(call="c1", party="B04"))
    at = T0 + 20 * S
    world.switch(looked(listed(position="B02", parties=("B01", "B02"), muted=("B02",)), at=at))
    call = world.the("c1")
    assert (call.parties, call.muted) == (("B01",), ("B02",))
    assert world.switch_no(looked(listed(position="B02"), at=at + 10 * S)) == "nothing_new"  # not asked
    before = checksum(world.state)
    assert world.switch_no(looked(listed(position="B02", parties=("B01",), muted=("B02",)), at=at + 10 * S))
    assert checksum(world.state) == before
    world.switch(looked(listed(position="B02", parties=(), muted=()), at=at + 10 * S))
    assert (world.the("c1").parties, world.the("c1").muted) == ((), ())


# --- a supervisor's ear -----------------------------------------------------------------------------------------------


def watching(world: World, how: WatchHow = WatchHow.LISTEN) -> str:
    world.talk("c1", "B02")
    (asked,) = world.person("hoa", c.WatchPosition(position="B02", how=how))
    assert isinstance(asked, e.WatchAsked)
    return asked.channel


def test_only_a_supervisor_listens_and_it_is_on_record(world: World) -> None:
    assert world.person_no("lan", c.WatchPosition(position="B02", how=WatchHow.LISTEN)) == "not_allowed"
    channel = watching(world)
    asked = world.story[-1]
    assert asked.by == "person:hoa"
    assert orders(world) == (x.WatchAt(NODE, "B03", "c1", "B02", WatchHow.LISTEN, channel),)
    assert x.WatchAt(NODE, "B03", "c1", "B02", WatchHow.LISTEN, channel).failed("refused") == c.WatchFailed(
        channel=channel, why="refused"
    )
    world.switch(c.WatchRuns(channel=channel))
    assert world.state.watches["B03"].running
    assert world.switch_no(c.WatchRuns(channel=channel)) == "nothing_new"
    assert world.switch_no(c.WatchRuns(channel="watch-9")) == "nothing_new"
    assert world.the("c1").parties == ()
    (over,) = world.switch(c.WatchOver(channel=channel))
    assert over == e.WatchEnded(position="B03", channel=channel)
    assert world.switch_no(c.WatchOver(channel=channel)) == "nothing_new"
    assert world.core_no(c.WatchFailed(channel=channel, why="unknown")) == "nothing_new"
    assert effects_of(asked, world.state) == ()


def test_where_a_supervisor_cannot_listen(world: World) -> None:
    def no(position: str, how: WatchHow = WatchHow.LISTEN) -> str:
        return world.person_no("hoa", c.WatchPosition(position=position, how=how))

    assert no("B99") == "unknown_position"
    assert no("B03") == "own_position"
    assert no("B02") == "not_on_a_call"
    world.talk("c2", "B01", "police")
    channel = watching(world)
    assert no("B02", WatchHow.WHISPER) == "watching_already"  # not picked up yet
    world.switch(c.WatchRuns(channel=channel))
    assert no("B02") == "already_so"
    assert no("B01") == "watching_already"
    world.call("c3")
    assert world.person_no("hoa", c.AnswerCall(call="c3")) == "watching_now"
    held(world)
    assert no("B02", WatchHow.BARGE) == "already_held"
    world.switch(c.WatchOver(channel=channel))
    world.switch(c.CallTakenAt(call="c3", position="B03", at=world.now + S))
    assert no("B02") == "position_busy"
    world.person("hoa", c.LeavePosition())
    assert no("B02") == "no_position"


def test_the_same_phone_goes_on_whispering(world: World) -> None:
    channel = watching(world)
    world.switch(c.WatchRuns(channel=channel))
    (asked,) = world.person("hoa", c.WatchPosition(position="B02", how=WatchHow.WHISPER))
    assert isinstance(asked, e.WatchAsked) and asked.channel == channel


def test_stopping(world: World) -> None:
    assert world.person_no("hoa", c.StopWatching()) == "not_watching"
    channel = watching(world)
    world.person("hoa", c.StopWatching())
    asked = world.story[-1]
    assert orders(world) == (x.StopWatch(NODE, channel),)
    assert x.StopWatch(NODE, channel).failed("unknown") == c.WatchFailed(channel=channel, why="unknown")
    assert world.person_no("hoa", c.StopWatching()) == "already_so"
    (ended,) = world.switch(c.WatchOver(channel=channel))
    assert ended == e.WatchEnded(position="B03", channel=channel, why="not_picked_up")
    assert effects_of(asked, world.state) == ()


def test_a_phone_that_does_not_pick_up_is_given_up(world: World) -> None:
    channel = watching(world)
    assert due(world.state, world.now + WATCH_LIMIT_MS) == ()
    (given_up,) = due(world.state, world.now + WATCH_LIMIT_MS + 1)
    assert given_up == c.WatchFailed(channel=channel, why="no_outcome")
    world.core(given_up)
    assert not world.state.watches


def test_an_ear_that_the_switch_does_not_list_is_gone(world: World) -> None:
    channel = watching(world)
    at = T0 + 20 * S

    def look(*watches: str, node: str = NODE) -> c.SwitchLooked:
        return c.SwitchLooked(node=node, asked_at=at, calls=(listed(position="B02"),), watches=watches)

    assert world.switch_no(look()) == "nothing_new"  # it may not have been called yet
    world.switch(c.WatchRuns(channel=channel))
    assert world.switch_no(look(channel)) == "nothing_new"
    assert world.switch_no(c.SwitchLooked(node=NODE, asked_at=at, calls=(listed(position="B02"),))) == "nothing_new"
    world.switch(look())
    assert not world.state.watches


def test_a_word_about_an_ear_that_is_another_by_now_changes_nothing(world: World) -> None:
    watching(world)
    for event in (
        e.WatchBegan(position="B03", channel="watch-0"),
        e.WatchStopAsked(position="B03", channel="watch-0"),
        e.WatchEnded(position="B03", channel="watch-0"),
    ):
        recorded = e.Recorded(seq=world.state.seq + 1, at=world.now, by="core:test", command="1", event=event)
        assert evolve(world.state, recorded).watches == world.state.watches
