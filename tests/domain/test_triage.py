"""Triage cards: answers with their words, what they set and never set, and what they come to in whatever order."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.plans import needs_for
from dispatch_core.domain.recommending import ranked
from dispatch_core.domain.state import Given, Incident, State, Triage
from dispatch_core.domain.triage import (
    Proposal,
    card_of,
    given_to,
    proposed,
    questions_of,
    unanswered,
    wanted_by_answers,
)
from dispatch_core.domain.views import View, shown_event, shown_state
from dispatch_core.domain.vocabulary import CardBook, IncidentType, LegState, Need, Want
from tests.domain.examples import tries
from tests.domain.laws import check_decision
from tests.domain.world import CARDS, PLANS, REACHES, TYPES, World, place, staffed, zone

KINDS = {
    **TYPES,
    "crash": replace(TYPES["crash"], priority=2),
    "theft": replace(TYPES["theft"], family="crime"),
    "trapped": IncidentType(
        code="trapped", vi="Có người kẹt", en="Trapped", priority=1,
        needs=(Need(service="ambulance", capability="als"), Need(service="fire")),
    ),
    "fraud": IncidentType(code="fraud", vi="Lừa đảo", en="Fraud", family="paper"),
}  # fmt: skip


def carded(kind: str = "crash") -> World:
    """An incident of this type, with cards."""
    world = staffed()
    world.core(c.LoadTypes(types=KINDS, plans=PLANS, capabilities=world.state.capabilities))
    world.core(c.LoadCards(book=CARDS))
    world.talk()
    world.person("lan", c.SetType(incident=it(world).id, type=kind, seen=""))
    return world


def it(world: World) -> Incident:
    return world.incident_of("c1")


def reply(world: World, question: str, answer: str, **more: Any) -> c.AnswerCard:
    """As a console that shows what is there asks it."""
    incident = it(world)
    card, given_ = card_of(world.state, incident), given_to(incident.triage)
    values: dict[str, Any] = {
        "incident": incident.id, "card": card.code if card is not None else "road",
        "version": world.state.cards.version, "question": question, "answer": answer,
        "seen": given_[question].answer if question in given_ else "", "seen_type": incident.type,
        "seen_priority": incident.priority, **more,
    }  # fmt: skip
    return c.AnswerCard(**values)


def say(world: World, question: str, answer: str, user: str = "lan", **more: Any) -> tuple[e.Event, ...]:
    return world.person(user, reply(world, question, answer, **more))


def no(world: World, question: str, answer: str, **more: Any) -> str:
    return world.person_no("lan", reply(world, question, answer, **more))


def asked(world: World) -> list[str]:
    card = card_of(world.state, it(world))
    assert card is not None
    return [question.code for question in questions_of(world.state, it(world), card)]


def next_asked(world: World) -> str:
    card = card_of(world.state, it(world))
    assert card is not None
    found = unanswered(questions_of(world.state, it(world), card), it(world).triage)
    return found.code if found is not None else ""


# --- the book ---------------------------------------------------------------------------------------------------------


def test_every_change_of_the_cards_is_a_version() -> None:
    world = carded()
    assert world.state.cards == replace(CARDS, version=1)
    assert world.core_no(c.LoadCards(book=CARDS)) == "nothing_new"
    assert world.core_no(c.LoadCards(book=replace(CARDS, version=7))) == "nothing_new", "the domain counts"
    world.core(c.LoadCards(book=CardBook()))
    world.core(c.LoadCards(book=CARDS))
    assert world.state.cards.version == 3, "no version is used twice, whatever went and came back"
    assert staffed().core_no(c.LoadCards(book=CardBook())) == "nothing_new"


def test_whose_card_it_is() -> None:
    world = carded()
    state, incident = world.state, it(world)
    whose = {"crash": "road", "trapped": "road", "theft": "crime", "fraud": "", "gone": "", "": ""}
    for kind, card in whose.items():
        found = card_of(state, replace(incident, type=kind))
        assert (found.code if found is not None else "") == card, kind
    own = replace(CARDS.cards["road"], code="zz", types=("theft",))
    both = replace(state, cards=replace(CARDS, cards={**CARDS.cards, "zz": own}))
    assert card_of(both, replace(incident, type="theft")) == own, "its own before its family's"


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_with_its_words_who_and_when() -> None:
    world = carded()
    assert (asked(world), next_asked(world)) == (["awake", "many"], "awake")
    world.later(5_000)
    told = say(world, "awake", "no")
    assert [type(event) for event in told] == [e.CardAnswered, e.PrioritySet]
    (answer,) = it(world).triage.given
    assert (answer.ask, answer.said) == (("Tỉnh không?", "Awake?"), ("Không", "No"))
    assert (answer.by, answer.at, answer.version) == ("person:lan", world.now, 1)
    assert it(world).priority == 1
    line = it(world).notes[-2]
    assert (line.kind, line.about) == ("card", ("Tỉnh không?", "Awake?", "Không", "No"))
    assert it(world).notes[-1].about == ("1", "road"), "the story tells that the card set it"
    assert asked(world) == ["awake", "breathes", "many"] and next_asked(world) == "breathes"
    say(world, "breathes", "yes")
    say(world, "many", "one")
    assert next_asked(world) == ""


def test_an_answer_may_be_changed_and_both_stay_in_the_story() -> None:
    world = carded()
    say(world, "awake", "no")
    say(world, "breathes", "no")
    assert (it(world).type, it(world).priority) == ("trapped", 1)
    say(world, "awake", "yes", user="minh")
    assert [(given_.question, given_.answer) for given_ in it(world).triage.given] == [("awake", "yes")]
    told = [(line.kind, line.about) for line in it(world).notes if line.kind.startswith("card")]
    assert told[-2:] == [
        ("card", ("Tỉnh không?", "Awake?", "Tỉnh", "Yes", "Không", "No")),
        ("card_dropped", ("Thở không?", "Breathing?", "Không thở", "No")),
    ]
    assert (it(world).type, it(world).priority) == ("crash", 2), "what only that answer had set is as before"
    assert it(world).legs["fire"].state is LegState.OPEN, "a leg is closed by a person, never by an answer"


def test_refusals_name_what_is_wrong() -> None:
    world = carded()
    assert no(world, "awake", "no", incident="x") == "unknown_incident"
    assert no(world, "awake", "no", card="dragon") == "unknown_card"
    assert no(world, "awake", "no", card="crime") == "card_changed"
    assert no(world, "awake", "no", version=0) == "cards_renewed"
    assert no(world, "armed", "yes") == "unknown_question"
    assert no(world, "dragon", "yes") == "unknown_question"
    assert no(world, "breathes", "yes") == "not_asked"
    refusal = world.refusal("lan", reply(world, "awake", "maybe"))
    assert "Tỉnh, Không, Kẹt" in refusal.sentence("vi") and "“Awake”" in refusal.sentence("en")
    assert no(world, "awake", "no", seen="yes") == "changed_meanwhile"
    say(world, "awake", "yes")
    refusal = world.refusal("minh", reply(world, "awake", "no", seen=""))
    assert refusal.code == "changed_meanwhile" and "“Tỉnh”" in refusal.sentence("vi")
    assert no(world, "awake", "yes") == "already_so"
    assert world.person_no("tuan", reply(world, "awake", "no")) == "not_allowed"
    world.person("lan", c.SetType(incident=it(world).id, type="fraud", seen="crash"))
    assert no(world, "awake", "no") == "no_card"
    world.over()
    world.person("lan", c.CloseIncident(incident=it(world).id, disposition="resolved"))
    assert no(world, "awake", "no") == "incident_closed"


def test_an_answer_holds_on_every_card_that_asks_the_same() -> None:
    world = carded()
    say(world, "awake", "yes")
    world.person("lan", c.SetType(incident=it(world).id, type="theft", seen="crash"))
    assert (asked(world), next_asked(world)) == (["armed", "awake"], "armed")
    say(world, "armed", "yes")
    assert next_asked(world) == ""


def test_an_answer_keeps_the_words_of_the_card_as_it_was() -> None:
    world = carded()
    say(world, "awake", "yes")
    asks = replace(CARDS.questions["awake"], vi="Còn tỉnh không?")
    world.core(c.LoadCards(book=replace(CARDS, questions={**CARDS.questions, "awake": asks})))
    assert it(world).triage.given[0].ask == ("Tỉnh không?", "Awake?")
    assert next_asked(world) == "many", "the question is the same by its code"
    say(world, "awake", "yes")
    assert it(world).triage.given[0].ask == ("Còn tỉnh không?", "Awake?")
    fewer = replace(asks, answers=asks.answers[1:])
    world.core(c.LoadCards(book=replace(CARDS, questions={**CARDS.questions, "awake": fewer})))
    assert next_asked(world) == "awake", "an answer that is none any more is asked for anew"
    world.core(c.LoadCards(book=replace(CARDS, questions={})))
    assert (asked(world), next_asked(world)) == ([], "")


# --- what is set ------------------------------------------------------------------------------------------------------


def test_a_type_brings_its_priority_and_opens_its_legs() -> None:
    world = carded()
    told = say(world, "awake", "stuck")
    assert told[1:] == (
        e.TypeSet(incident=it(world).id, type="trapped", priority=1, card="road"),
        e.LegOpened(incident=it(world).id, service="fire", priority=1),
    )
    assert it(world).triage.base == "crash"
    say(world, "awake", "yes")
    assert (it(world).type, it(world).priority) == ("crash", 2)


def test_a_type_that_the_site_no_longer_has_sets_nothing() -> None:
    world = carded("theft")
    assert [type(event) for event in say(world, "armed", "no")] == [e.CardAnswered]
    assert it(world).type == "theft"


def test_units_beyond_the_plan_are_wanted_and_their_legs_opened() -> None:
    world = carded()
    assert needs_for(world.state, it(world), "ambulance") == (Need(service="ambulance", capability="als"),)
    told = say(world, "many", "few")
    assert [type(event) for event in told] == [e.CardAnswered, e.LegOpened]
    assert needs_for(world.state, it(world), "ambulance") == (
        Need(service="ambulance", capability="als"), Need(service="ambulance", count=2),
    )  # fmt: skip
    say(world, "awake", "no")
    say(world, "breathes", "yes")
    als = needs_for(world.state, it(world), "ambulance")[0]
    assert als == Need(service="ambulance", capability="als", count=2), "at least so many, not so many more"
    say(world, "many", "lots")
    assert needs_for(world.state, it(world), "ambulance")[1].count == 4
    assert needs_for(world.state, it(world), "fire") == (Need(service="fire"),)


def test_what_is_wanted_is_recommended_and_measured_anew() -> None:
    world = carded()
    world.person("lan", c.Locate(incident=it(world).id, location=place(), seen=0))
    world.core(c.RouteFound(
        incident=it(world).id, location_version=1, answers={"ambulance": zone("ambulance")}, reaches=REACHES,
    ))  # fmt: skip
    assert [each.unit for each in ranked(world.state, it(world), "ambulance", world.now).chosen] == ["A1"]
    told = say(world, "many", "few")
    assert e.RankingAsked(incident=it(world).id, services=("ambulance",)) in told
    ranking = ranked(world.state, it(world), "ambulance", world.now)
    assert [each.unit for each in ranking.chosen] == ["A1", "A2"]
    assert ranking.lacking == (Need(service="ambulance", count=1),)
    assert not any(isinstance(event, e.RankingAsked) for event in say(world, "many", "one"))
    assert [each.unit for each in ranked(world.state, it(world), "ambulance", world.now).chosen] == ["A1"]


# --- a person's own decision ------------------------------------------------------------------------------------------


def test_a_priority_that_a_person_set_stays() -> None:
    world = carded()
    world.person("lan", c.SetPriority(incident=it(world).id, priority=3, seen=2))
    assert [type(event) for event in say(world, "awake", "no")] == [e.CardAnswered]
    assert it(world).priority == 3 and proposed(world.state, it(world)) == Proposal(priority=1)
    told = say(world, "awake", "stuck")
    assert e.TypeSet(incident=it(world).id, type="trapped", priority=3, card="road") in told
    world.person("lan", c.SetPriority(incident=it(world).id, priority=1, seen=3))
    assert proposed(world.state, it(world)) == Proposal()


def test_a_type_by_hand_over_what_a_card_set_holds() -> None:
    world = carded()
    say(world, "awake", "stuck")
    world.person("minh", c.SetType(incident=it(world).id, type="crash", seen="trapped"))
    assert it(world).triage.type_held and it(world).priority == 2
    assert proposed(world.state, it(world)) == Proposal(type="trapped")
    say(world, "awake", "no")
    assert (it(world).type, it(world).priority) == ("crash", 1)
    told = say(world, "breathes", "no")
    assert [type(event) for event in told] == [e.CardAnswered] and it(world).type == "crash"
    assert proposed(world.state, it(world)) == Proposal(type="trapped")


def test_a_less_urgent_type_that_a_person_did_not_want_does_not_calm_the_incident() -> None:
    world = carded()
    calm = replace(CARDS.questions["many"].answers[0], type="fraud")
    many = replace(CARDS.questions["many"], answers=(calm, *CARDS.questions["many"].answers[1:]))
    world.core(c.LoadCards(book=replace(CARDS, questions={**CARDS.questions, "many": many})))
    say(world, "awake", "stuck")
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen="trapped"))
    say(world, "awake", "yes")
    say(world, "many", "one")
    assert (it(world).type, it(world).priority) == ("crash", 2)
    world = carded()
    world.core(c.LoadCards(book=replace(CARDS, questions={**CARDS.questions, "many": many})))
    say(world, "awake", "stuck")
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen="trapped"))
    world.person("lan", c.SetType(incident=it(world).id, type="trapped", seen="crash"))
    world.person("lan", c.SetType(incident=it(world).id, type="crash", seen="trapped"))
    told = say(world, "many", "one")
    assert [type(event) for event in told] == [e.CardAnswered]


def test_a_type_by_hand_before_the_card_set_any_is_what_the_card_begins_with() -> None:
    world = carded()
    say(world, "many", "one")
    world.person("lan", c.SetType(incident=it(world).id, type="theft", seen="crash"))
    assert not it(world).triage.type_held and it(world).triage.base == "theft"
    say(world, "armed", "yes")
    assert it(world).priority == 1


def test_whoever_answered_on_an_older_sight_changes_neither_type_nor_priority() -> None:
    world = carded()
    stale = reply(world, "awake", "stuck")
    world.person("minh", c.SetType(incident=it(world).id, type="trapped", seen="crash"))
    world.person("minh", c.SetType(incident=it(world).id, type="crash", seen="trapped"))
    world.person("minh", c.SetPriority(incident=it(world).id, priority=3, seen=2))
    told = world.person("lan", stale)
    assert e.TypeSet(incident=it(world).id, type="trapped", priority=3, card="road") in told
    world = carded()
    stale = reply(world, "awake", "stuck", seen_type="theft")
    told = world.person("lan", stale)
    assert [type(event) for event in told] == [e.CardAnswered]
    assert it(world).type == "crash" and proposed(world.state, it(world)).type == "trapped"


def test_a_leg_that_a_person_closed_stays_closed() -> None:
    world = carded()
    say(world, "many", "few")
    world.person("lan", c.CloseLeg(incident=it(world).id, service="fire"))
    assert proposed(world.state, it(world)) == Proposal(services=("fire",))
    told = say(world, "awake", "stuck")
    assert not any(isinstance(event, e.LegOpened) for event in told)
    assert it(world).legs["fire"].state is LegState.CLOSED


# --- together ---------------------------------------------------------------------------------------------------------


ANSWERS = (("awake", "no"), ("breathes", "yes"), ("many", "lots"))


IN_ORDER = [it for it in permutations(ANSWERS) if it.index(ANSWERS[0]) < it.index(ANSWERS[1])]
"""Whether somebody breathes is only asked of who is not awake."""


@pytest.mark.parametrize("order", IN_ORDER)
def test_in_whatever_order_they_come_to_the_same(order: tuple[tuple[str, str], ...]) -> None:
    world = carded()
    for question, answer in order:
        say(world, question, answer)
    incident = it(world)
    assert (incident.type, incident.priority) == ("crash", 1)
    assert wanted_by_answers(incident.triage) == (
        Want(service="ambulance", count=4), Want(service="ambulance", capability="als", count=2),
    )  # fmt: skip


CHANCE = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from([*CARDS.questions]), st.integers(0, 2)),
        st.tuples(st.just("type"), st.sampled_from([*KINDS]), st.just(0)),
        st.tuples(st.just("priority"), st.just(""), st.integers(1, 5)),
    ),
    max_size=14,
)


@given(CHANCE)
@tries(60, 2_000)
def test_after_any_answers_and_decisions_a_person_is_not_overruled(steps: list[tuple[str, str, int]]) -> None:
    world = carded()
    by_hand: tuple[str, int] | None = None
    for act, what, number in steps:
        before, incident = world.state, it(world)
        if act == "say":
            answers = CARDS.questions[what].answers
            body: c.Command = reply(world, what, answers[number % len(answers)].code)
        elif act == "type":
            body = c.SetType(incident=incident.id, type=what, seen=incident.type)
        else:
            body = c.SetPriority(incident=incident.id, priority=number, seen=incident.priority)
        request = world.asked(c.ActorKind.PERSON, "lan", body)
        decision = world.give(request)
        check_decision(before, request, world.now, decision)
        after = it(world)
        if act == "priority" and after.priority != incident.priority:
            by_hand = ("priority", after.priority)
        elif act == "type":
            by_hand = None if after.type != incident.type else by_hand
        elif by_hand is not None:
            assert after.priority == by_hand[1], "an answer never sets what a person set"
        given_ = given_to(after.triage)
        assert len(given_) == len(after.triage.given)
        for want in wanted_by_answers(after.triage):
            lines = needs_for(world.state, after, want.service)
            assert any(line.capability == want.capability and line.count >= want.count for line in lines)


def test_of_two_that_want_the_same_the_larger_number_counts() -> None:
    one, two = (
        Given(
            question=str(count), answer="a", card="c", version=1, ask=("", ""), said=("", ""),
            wants=(Want(service="fire", count=count),),
        )
        for count in (1, 2)
    )  # fmt: skip
    for order in ((one, two), (two, one)):
        assert wanted_by_answers(Triage(given=order)) == (Want(service="fire", count=2),)


def test_folded_answers_hold_there_too_and_go_back() -> None:
    world = carded()
    say(world, "awake", "no")
    say(world, "many", "few")
    world.talk("c2", "B03")
    other = world.incident_of("c2")
    world.person("hoa", c.SetType(incident=other.id, type="crash", seen=""))
    first = it(world).id
    card = c.AnswerCard(
        incident=other.id, card="road", version=1, question="many", answer="one", seen_type="crash", seen_priority=2
    )
    world.person("hoa", card)
    world.person("hoa", c.FoldIncident(incident=first, into=other.id))
    known = given_to(world.state.incidents[other.id].triage)
    assert (known["awake"].answer, known["awake"].of, known["many"].answer) == ("no", first, "one")
    assert world.state.incidents[other.id].priority == 1
    world.person("hoa", c.UnfoldIncident(incident=first))
    assert set(given_to(world.state.incidents[other.id].triage)) == {"many"}
    assert set(given_to(world.state.incidents[first].triage)) == {"awake", "many"}


def test_nothing_of_it_is_in_the_telephony_view() -> None:
    world = carded()
    say(world, "awake", "no")
    shown = shown_state(View.TELEPHONY, world.state)
    assert shown.cards == State().cards and not shown.incidents
    kinds = (e.CardsLoaded, e.CardAnswered, e.TypeSet, e.PrioritySet)
    told = [recorded for recorded in world.story if isinstance(recorded.event, kinds)]
    assert len(told) >= 4 and all(shown_event(View.TELEPHONY, recorded) is None for recorded in told)
