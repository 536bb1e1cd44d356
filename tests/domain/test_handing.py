"""Handing a shift over: everything stays his who hands it until it is taken, and nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, due
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.evolve.rules import NOTES_KEPT
from dispatch_core.domain.handing import WAITS_MS, in_hand, left, named
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState
from tests.domain.examples import tries
from tests.domain.world import World, staffed, text


def with_work() -> tuple[World, tuple[str, str, str]]:
    """lan has two incidents (the first with a text and a call-back), and the police leg of one of minh's."""
    world = staffed()
    mine = []
    for ident in ("c1", "c2"):
        mine.append(world.talk(ident).id)
        world.over(ident)
    his = world.talk("c3", "B01", "police").id
    world.over("c3")
    world.person("minh", c.OpenLeg(incident=his, service="police"))
    world.person("hoa", c.ReassignLeg(incident=his, service="police", dispatcher="lan", reason="x"))
    world.switch(text("t1", "khói"))
    world.person("lan", c.TakeConversation(conversation="t1"))
    world.person("lan", c.LinkConversation(conversation="t1", incident=mine[0]))
    world.call("c4")
    world.over("c4")
    world.state = replace(
        world.state, missed={"c4": replace(world.state.missed["c4"], incident=mine[0])}
    )
    return world, (mine[0], mine[1], his)


@pytest.fixture
def work() -> tuple[World, tuple[str, str, str]]:
    return with_work()


Work = tuple[World, tuple[str, str, str]]


def owner(world: World, incident: str) -> str:
    return world.state.incidents[incident].owner


def kinds(incident: Incident) -> list[str]:
    return [it.kind for it in incident.notes if it.kind.startswith(("shift", "draft"))]


def test_what_somebody_has_in_hand(work: Work) -> None:
    world, (one, two, his) = work
    hand = in_hand(world.state, "lan")
    assert (hand.incidents, hand.legs) == ((one, two), (f"{his}/police",))
    assert (hand.conversations, hand.missed) == (("t1",), ("c4",))
    assert named(hand) == (one, two, his)
    assert not in_hand(world.state, "hoa")


def test_everything_is_handed_and_taken(work: Work) -> None:
    world, (one, two, his) = work
    world.person("lan", c.HandShift(to="hoa", text="ca đêm", drafts={one: "đang gõ", two: "  ", "gone": "x"}))
    over = world.state.hand_overs["lan"]
    assert (over.to, over.text, over.drafts) == ("hoa", "ca đêm", {one: "đang gõ"})
    assert owner(world, one) == "lan", "until it is taken it stays where it was"
    assert kinds(world.state.incidents[one]) == ["shift_handed", "draft_left"]
    world.person("hoa", c.TakeShift(user="lan"))
    assert [owner(world, it) for it in (one, two, his)] == ["hoa", "hoa", "minh"]
    assert world.state.incidents[his].legs["police"].dispatcher == "hoa"
    assert world.state.conversations["t1"].owner == "hoa"
    assert not world.state.hand_overs and not in_hand(world.state, "lan").incidents
    assert kinds(world.state.incidents[one]) == ["shift_handed", "draft_left", "shift_taken"]


def test_a_part_is_taken_and_the_rest_still_stands(work: Work) -> None:
    world, (one, two, his) = work
    world.person("lan", c.HandShift(to="hoa"))
    world.person("hoa", c.TakeShift(user="lan", incidents=(one,)))
    assert (owner(world, one), owner(world, two)) == ("hoa", "lan")
    assert world.state.conversations["t1"].owner == "hoa", "the text is about what was taken"
    assert named(left(world.state, world.state.hand_overs["lan"])) == (two, his)
    assert world.person_no("hoa", c.TakeShift(user="lan", incidents=(one,))) == "not_handed"
    world.state = replace(world.state, missed={})
    world.person("hoa", c.TakeShift(user="lan", incidents=(two, his)))
    assert not world.state.hand_overs, "nothing is left of it"


def test_chosen_incidents_alone(work: Work) -> None:
    world, (one, two, his) = work
    assert world.person_no("lan", c.HandShift(to="hoa", incidents=(one, "20261123-00099"))) == "not_in_hand"
    world.person("lan", c.HandShift(to="hoa", incidents=(his,)))
    over = world.state.hand_overs["lan"]
    assert (over.incidents, over.legs, over.conversations, over.missed) == ((), (f"{his}/police",), (), ())
    world.person("lan", c.HandShift(to="minh", incidents=(one,)))
    over = world.state.hand_overs["lan"]
    assert (over.to, over.incidents, over.conversations, over.missed) == ("minh", (one,), ("t1",), ("c4",))
    assert kinds(world.state.incidents[his]) == ["shift_handed", "shift_ended"], "the newer one takes its place"


def test_who_may_hand_to_whom(work: Work) -> None:
    world, _ = work
    assert world.person_no("lan", c.HandShift(to="lan")) == "shift_to_self"
    assert world.person_no("lan", c.HandShift(to="tuan")) == "not_a_dispatcher"
    assert world.person_no("lan", c.HandShift(to="minh", text="x" * 501)) == "text_too_long"
    assert world.person_no("hoa", c.HandShift(to="minh")) == "nothing_in_hand"


def test_who_may_take_and_drop_it(work: Work) -> None:
    world, _ = work
    assert world.person_no("hoa", c.TakeShift(user="lan")) == "no_shift"
    assert world.person_no("lan", c.DropShift(user="lan")) == "no_shift"
    world.core(c.SignIn(user="vy", name="Vy", role=world.state.people["lan"].role, session="s"))
    for dropper in ("lan", "minh", "hoa"):  # who hands it, who is to take it, the supervisor
        world.person("lan", c.HandShift(to="minh"))
        assert world.person_no("hoa", c.TakeShift(user="lan")) == "shift_for_another"
        assert world.person_no("vy", c.DropShift(user="lan")) == "shift_for_another"
        world.person(dropper, c.DropShift(user="lan"))
        assert not world.state.hand_overs and len(in_hand(world.state, "lan").incidents) == 2


def test_what_was_closed_or_reassigned_meanwhile_is_not_taken(work: Work) -> None:
    world, (one, two, his) = work
    world.person("lan", c.HandShift(to="minh"))
    world.person("lan", c.CloseIncident(incident=one, disposition="xong"))
    world.person("hoa", c.ReassignIncident(incident=two, to="hoa", reason="x"))
    (taken, _) = world.person("minh", c.TakeShift(user="lan"))
    assert taken == e.ShiftTaken(
        user="lan", to="minh", incidents=(), legs=(f"{his}/police",), conversations=("t1",)
    )
    assert owner(world, two) == "hoa"


def test_one_of_which_nothing_is_left_ends_by_itself(work: Work) -> None:
    world, (one, _, _) = work
    world.state = replace(world.state, missed={})
    world.person("lan", c.HandShift(to="minh", incidents=(one,)))
    assert world.core_no(c.DropShift(user="lan")) == "nothing_new"
    world.person("lan", c.CloseConversation(conversation="t1"))
    world.person("lan", c.CloseIncident(incident=one, disposition="xong"))
    assert c.DropShift(user="lan") in due(world.state, world.now)
    world.core(c.DropShift(user="lan"))
    assert not world.state.hand_overs


def test_one_that_waits_too_long_is_the_supervisors(work: Work) -> None:
    world, _ = work
    assert world.core_no(c.ShiftWaits(user="lan")) == "nothing_new"
    world.person("lan", c.HandShift(to="minh"))
    assert world.core_no(c.ShiftWaits(user="lan")) == "nothing_new"
    assert not [it for it in due(world.state, world.now) if isinstance(it, c.ShiftWaits | c.DropShift)]
    world.later(WAITS_MS + 1)
    (clock,) = [it for it in due(world.state, world.now) if isinstance(it, c.ShiftWaits)]
    world.core(clock)
    assert world.core_no(clock) == "nothing_new"
    assert "shift_waits:lan" in world.state.alarms
    world.person("minh", c.TakeShift(user="lan"))
    assert "shift_waits:lan" not in world.state.alarms


def test_a_leg_that_this_view_does_not_hold_is_nobodys(work: Work) -> None:
    world, (one, _, _) = work
    event = e.ShiftTaken(
        user="lan", to="hoa", incidents=(one,), legs=(f"{one}/moon",), conversations=("gone", "t1")
    )
    recorded = e.Recorded(seq=world.state.seq + 1, at=world.now, by="x", command="x", event=event)
    after = evolve(world.state, recorded)
    assert after.conversations["t1"].owner == "hoa" and "gone" not in after.conversations
    assert after.incidents[one].owner == "hoa" and after.incidents[one].legs == world.state.incidents[one].legs


def test_the_words_leave_with_the_incident(work: Work) -> None:
    world, (one, two, _) = work
    world.person("lan", c.HandShift(to="minh", drafts={one: "đang gõ"}))
    world.person("minh", c.HandShift(to="hoa"))
    world.person("lan", c.CloseIncident(incident=one, disposition="xong"))
    for call in ("c1", "c2"):
        world.core(c.RecordingSummed(call=call, files=()))
    world.later(CLOSED_KEPT_MS + 1)
    world.core(c.ArchiveIncident(incident=one))
    assert world.state.hand_overs["lan"].drafts == {} and one not in world.state.incidents
    assert owner(world, two) == "lan"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hand", "take", "part", "drop", "close", "give", "clock"]),
            st.sampled_from(["lan", "minh", "hoa"]),
            st.integers(0, 2),
        ),
        max_size=20,
    )
)
@tries(40, 500)
def test_no_incident_is_ever_without_its_owner(steps: list[tuple[str, str, int]]) -> None:
    """Whatever is handed, taken, declined, closed or reassigned in between, and in whatever order."""
    world, incidents = with_work()
    for act, user, number in steps:
        one, before = incidents[number], {it: owner(world, it) for it in incidents}
        body: c.Command = {
            "hand": c.HandShift(to=user),
            "take": c.TakeShift(user="lan"),
            "part": c.TakeShift(user="lan", incidents=(one,)),
            "drop": c.DropShift(user="lan"),
            "close": c.CloseIncident(incident=one, disposition="xong"),
            "give": c.ReassignIncident(incident=one, to=user, reason="x"),
            "clock": c.DropShift(user="lan"),
        }[act]
        kind = c.ActorKind.CORE if act == "clock" else c.ActorKind.PERSON
        who = {"hand": "lan", "give": "hoa", "clock": "timer"}.get(act, user)
        world.give(world.asked(kind, who, body))
        for it in incidents:
            assert owner(world, it), "every incident is somebody's"
            if act not in ("take", "part", "give"):
                assert owner(world, it) == before[it]
        for over in world.state.hand_overs.values():
            for it in left(world.state, over).incidents:
                assert owner(world, it) == over.user
                assert world.state.incidents[it].state is not IncidentState.CLOSED


def test_what_somebody_had_typed_is_not_pushed_out_of_the_story() -> None:
    world = staffed()
    incident = world.talk().id
    world.person("lan", c.HandShift(to="minh", drafts={incident: "còn một người trong xe"}))
    for number in range(NOTES_KEPT):
        seen = world.state.incidents[incident].priority
        world.person("lan", c.SetPriority(incident=incident, priority=1 + number % 2, seen=seen))
    assert "còn một người trong xe" in [it.text for it in world.state.incidents[incident].notes]
