"""Conversations by text: each message once, each answer once, and somebody is told when nobody answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.conversations import (
    ANSWER_BYTES,
    ANSWERS_A_MINUTE,
    CONVERSATIONS_KEPT,
    LINES_KEPT,
    SAME_TEXT_MS,
    Conversation,
    TextState,
)
from dispatch_core.domain.deadlines import CLOSED_KEPT_MS, due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.state import State
from dispatch_core.domain.text_clocks import IDLE_MS, SEND_LIMIT_MS, WAIT_LIMIT_MS
from tests.domain.examples import tries
from tests.domain.world import NODE, T0, World, staffed, text


def the(world: World, ident: str = "t1") -> Conversation:
    return world.state.conversations[ident]


def answer(world: World, said: str = "Chúng tôi nghe", user: str = "lan", ident: str = "t1") -> str:
    """The id of the answer."""
    world.person(user, c.SendText(conversation=ident, text=said))
    return the(world, ident).lines[-1].id


def test_messages_of_one_number_to_one_service_are_one_conversation(world: World) -> None:
    world.switch(text("t1", "cháy", T0))
    world.switch(text("t2", "nhà tôi", T0 + 5_000, carrier=""))
    world.switch(text("t3", "tai nạn", T0 + 6_000, dialled="115"))
    world.switch(text("t4", "ai đó", T0 + 7_000, number=""))
    world.switch(text("t5", "ai đó", T0 + 7_000, number=""))
    assert {ident: [line.text for line in it.lines] for ident, it in world.state.conversations.items()} == {
        "t1": ["cháy", "nhà tôi"], "t3": ["tai nạn"], "t4": ["ai đó"], "t5": ["ai đó"],
    }  # fmt: skip
    assert (the(world).carrier, the(world).node, the(world).dialled) == ("viettel", NODE, "113")
    assert the(world).waits_since == T0 and not world.state.incidents


def test_a_message_that_is_sent_again_is_one(world: World) -> None:
    world.switch(text("t1", "cháy", T0, origin="o"))
    for again in (text("t1", "cháy", T0), text("t2", "cháy", T0 + SAME_TEXT_MS - 1, origin="o")):
        assert world.switch_no(again) == "nothing_new"
    world.switch(text("t2", "cháy", T0 + SAME_TEXT_MS, origin="o"))  # somebody says it again
    world.switch(text("t3", "cháy!", T0 + 1, origin="o"))
    world.switch(text("t4", "cháy", T0 + 2))  # of another message that reads the same
    assert [line.id for line in the(world).lines] == ["t1", "t3", "t4", "t2"]


FACTS = [text(f"t{n}", f"tin {n % 3}", T0 + n * 700, origin=f"o{n % 2}") for n in range(6)]


@given(st.permutations([*FACTS, *FACTS[:3]]))
@tries(40, 400)
def test_order_and_repeats_do_not_matter(told: list[c.TextCame]) -> None:
    world = staffed()
    world.switch(text("t-first", "đầu", T0 - 1))
    for fact in told:
        world.give(world.asked(c.ActorKind.SWITCH, NODE, fact))
    straight = staffed()
    straight.switch(text("t-first", "đầu", T0 - 1))
    for fact in FACTS:
        straight.give(straight.asked(c.ActorKind.SWITCH, NODE, fact))
    assert world.state.conversations == straight.state.conversations


def test_an_answer_goes_out_once_the_way_the_message_came(world: World) -> None:
    world.switch(text("t1", "cháy", T0))
    seq = world.state.seq
    ident = answer(world, "  Ở đâu?\r\nBao nhiêu người?\r ")
    asked = [it for it in world.story if it.seq > seq]
    assert [type(it.event) for it in asked] == [e.ConversationTaken, e.TextAsked]
    order = x.SendTextTo(NODE, "t1", ident, "viettel", "113", the(world).number, "Ở đâu?\nBao nhiêu người?")
    assert effects_of(asked[-1], world.state) == (order,)
    assert order.failed("refused") == c.TextFailed(conversation="t1", text_id=ident, why="refused")
    line = the(world).lines[-1]
    assert (line.state, line.by, the(world).owner, the(world).waits_since) == (TextState.ASKED, "lan", "lan", 0)
    world.core(order.taken())
    assert the(world).lines[-1].state is TextState.SENT
    assert effects_of(asked[-1], world.state) == () == effects_of(asked[-1], State())
    assert world.core_no(order.taken()) == world.core_no(order.failed("refused")) == "nothing_new"
    assert the(world).lines[-1].at > the(world).lines[0].at


@pytest.mark.parametrize(
    ("why", "state", "waits"),
    [("refused", TextState.REFUSED, T0), ("unknown", TextState.UNKNOWN, 0), ("no_outcome", TextState.UNKNOWN, 0)],
)
def test_what_is_not_known_is_said_and_never_sent_again(world: World, why: str, state: TextState, waits: int) -> None:
    world.switch(text("t1", at=T0))
    ident = answer(world)
    seq = world.state.seq
    world.core(c.TextFailed(conversation="t1", text_id=ident, why=why))
    assert (the(world).lines[-1].state, the(world).lines[-1].why, the(world).waits_since) == (state, why, waits)
    assert [effects_of(it, world.state) for it in world.story if it.seq > seq] == [()]
    late = c.TextHandedOn(conversation="t1", text_id=ident)
    if state is TextState.UNKNOWN:
        world.core(late)  # the switch says so after all
        assert the(world).lines[-1].state is TextState.SENT
    else:
        assert world.core_no(late) == "nothing_new"


def test_answers_have_limits(world: World) -> None:
    say = c.SendText(conversation="t1", text="á")
    assert world.person_no("lan", say) == "unknown_conversation"
    world.switch(text("t1", at=T0))
    world.switch(text("t2", at=T0, number=""))
    assert world.person_no("lan", c.SendText(conversation="t1", text=" \r\n ")) == "empty_text"
    assert world.person_no("lan", c.SendText(conversation="t2", text="á")) == "no_number_to_answer"
    long = world.refusal("lan", c.SendText(conversation="t1", text="á" * (ANSWER_BYTES // 2 + 3)))
    assert (long.code, long.details["over"]) == ("answer_too_long", "6")
    for _ in range(ANSWERS_A_MINUTE):
        answer(world, "á" * (ANSWER_BYTES // 2))
    assert world.person_no("lan", say) == "too_many_answers"
    world.later(60_100).person("minh", say)  # anybody may help
    assert the(world).owner == "lan"


def test_somebody_takes_a_conversation_and_nobody_takes_it_away(world: World) -> None:
    world.switch(text("t1", at=T0))
    take = c.TakeConversation(conversation="t1")
    world.person("lan", take)
    assert world.person_no("lan", take) == "already_so"
    assert world.person_no("minh", take) == "conversation_taken"
    world.person("lan", c.SignOut(user="lan"))
    world.person("minh", take)
    assert the(world).owner == "minh"
    assert world.person_no("minh", c.TakeConversation(conversation="t9")) == "unknown_conversation"


def test_an_incident_is_made_of_it_with_one_key(world: World) -> None:
    world.switch(text("t1", at=T0, dialled="114"))
    make = c.OpenForText(conversation="t1")
    world.person("lan", make)
    incident = world.state.incidents[the(world).incident]
    assert (incident.services, incident.owner, incident.calls) == (("fire",), "lan", ())
    assert incident.notes[-1].kind == "texted" and incident.notes[-1].about == ("t1",)
    assert world.person_no("minh", make) == "already_so"
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="resolved"))
    world.person("minh", make)  # it is about something else by now
    assert the(world).incident != incident.id and the(world).owner == "lan"
    assert world.person_no("lan", c.OpenForText(conversation="t9")) == "unknown_conversation"


def test_it_may_be_about_an_incident_that_is_there(world: World) -> None:
    incident = world.talk()
    world.switch(text("t1", at=T0))
    link = c.LinkConversation(conversation="t1", incident=incident.id)
    world.person("lan", link)
    assert the(world).incident == incident.id
    assert world.person_no("lan", link) == "already_so"
    assert world.person_no("lan", c.LinkConversation(conversation="t1", incident="x")) == "unknown_incident"
    assert world.person_no("lan", c.LinkConversation(conversation="t9", incident="x")) == "unknown_conversation"


def test_closed_it_is_quiet_until_a_new_message_opens_it(world: World) -> None:
    world.switch(text("t1", at=T0))
    close = c.CloseConversation(conversation="t1")
    world.person("lan", close)
    assert not the(world).open and not the(world).waits_since
    for body in (close, c.SendText(conversation="t1", text="á"), c.OpenForText(conversation="t1")):
        assert world.person_no("lan", body) == "conversation_closed"
    world.switch(text("t2", at=T0 + 1_000))
    assert the(world).open and not the(world).owner and len(the(world).lines) == 2


def test_who_waits_long_is_alarmed_once(world: World) -> None:
    world.switch(text("t1", at=T0))
    assert due(world.state, T0 + WAIT_LIMIT_MS) == ()
    late = due(world.later(WAIT_LIMIT_MS + 1).state, world.now)
    assert late == (c.TextWaitsLong(conversation="t1", since=T0),)
    world.core(late[0])
    assert world.state.alarms["text_waits:t1"].subject == "113"
    assert due(world.state, world.now) == () and world.core_no(late[0]) == "nothing_new"
    answer(world)
    assert not world.state.alarms
    world.switch(text("t2", at=world.now + 1))
    world.later(WAIT_LIMIT_MS + 2).core(c.TextWaitsLong(conversation="t1", since=world.now))
    world.switch(text("t3", at=world.now))  # waits on: the same alarm
    world.person("lan", c.CloseConversation(conversation="t1"))
    assert not world.state.alarms
    assert world.core_no(c.TextWaitsLong(conversation="t9", since=T0)) == "nothing_new"


def test_an_alarm_that_stands_is_not_doubled(world: World) -> None:
    world.switch(text("t1", at=T0))
    world.core(c.TextWaitsLong(conversation="t1", since=T0))
    ident = answer(world)
    world.core(c.TextFailed(conversation="t1", text_id=ident, why="unknown"))
    world.switch(text("t2", at=world.now + 10))
    world.core(c.TextWaitsLong(conversation="t1", since=world.now))
    since = the(world).late_for
    # its waiting begins anew while the alarm stands: an earlier message is told late
    world.switch(text("t0", at=since - 1))
    world.core(c.TextWaitsLong(conversation="t1", since=world.now))
    assert the(world).late_for == since - 1 and world.state.alarms["text_waits:t1"].count == 1


def test_clocks_of_answers_and_of_what_is_over(world: World) -> None:
    world.switch(text("t1", at=T0))
    ident = answer(world)
    assert due(world.state, world.now + SEND_LIMIT_MS) == ()
    assert due(world.state, world.now + SEND_LIMIT_MS + 10) == (
        c.TextFailed(conversation="t1", text_id=ident, why="no_outcome"),
    )
    world.core(c.TextHandedOn(conversation="t1", text_id=ident))
    assert due(world.state, world.now + IDLE_MS) == ()
    world.later(IDLE_MS + 2)
    (close,) = due(world.state, world.now)
    assert close == c.CloseConversation(conversation="t1")
    archive = c.ArchiveConversation(conversation="t1")
    assert world.core_no(archive) == "nothing_new"
    world.core(close)
    assert world.core_no(archive) == "nothing_new"
    assert due(world.later(CLOSED_KEPT_MS + 1).state, world.now)[0] == archive
    world.core(archive)
    assert not world.state.conversations and world.core_no(archive) == "nothing_new"
    assert world.core_no(c.TextHandedOn(conversation="t1", text_id=ident)) == "nothing_new"


def test_a_flood_pushes_out_what_matters_least_and_is_alarmed(world: World) -> None:
    for n in range(CONVERSATIONS_KEPT):
        world.switch(text(f"t{n}", at=T0 + n, number=f"09{n:08d}"))
    world.person("lan", c.TakeConversation(conversation="t0"))
    world.core(c.TextWaitsLong(conversation="t1", since=T0))
    world.person("lan", c.CloseConversation(conversation="t7"))
    world.switch(text("n1", at=T0 + 10_000, number="081"))
    assert "t7" not in world.state.conversations and "text_flood" in world.state.alarms
    world.switch(text("n2", at=T0 + 10_001, number="082"))
    assert "t1" not in world.state.conversations and "text_waits:t1" not in world.state.alarms
    assert "t0" in world.state.conversations and len(world.state.conversations) == CONVERSATIONS_KEPT


def test_a_long_conversation_carries_its_newest_lines(world: World) -> None:
    for n in range(LINES_KEPT + 3):
        world.switch(text(f"t{n:03d}", f"{n}", T0 + n))
    (it,) = world.state.conversations.values()
    assert [line.text for line in it.lines] == [str(n) for n in range(3, LINES_KEPT + 3)]
    assert Conversation(id="x", node="n", carrier="", dialled="113", began_at=T0).newest_at == T0

