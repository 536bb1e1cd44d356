"""Triage cards: an answer is kept with its words; what it sets is set as by hand, never over a person's decision."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.commands import AnswerCard, LoadCards
from dispatch_core.domain.decide.incidents import open_missing_legs
from dispatch_core.domain.decide.story import Story, open_incident, rule
from dispatch_core.domain.events import CardAnswered, CardsLoaded, PrioritySet, RankingAsked, TypeSet
from dispatch_core.domain.plans import services_planned, services_that_want_more
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.triage import asked, card_of, given_to, priority_by_answers, type_by_answers
from dispatch_core.domain.vocabulary import Card, CardAnswer, CardQuestion, LegState
from dispatch_core.domain.words import ANSWER_FIELD, Word


@rule(LoadCards)
def load_cards(story: Story, body: LoadCards) -> Refusal | None:
    known = story.state.cards
    book = replace(body.book, version=known.version)
    if book == known:
        return refuse("nothing_new")
    story.happen(CardsLoaded(book=replace(book, version=known.version + 1)))
    return None


@rule(AnswerCard)
def answer_card(story: Story, body: AnswerCard) -> Refusal | None:
    """The answer is kept whatever else happened meanwhile to type and priority: it is what the caller said."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    card = _card_seen(story.state, incident, body)
    if isinstance(card, Refusal):
        return card
    question = _question(story.state, incident, card, body)
    if isinstance(question, Refusal):
        return question
    answer = next((it for it in question.answers if it.code == body.answer), None)
    if answer is None:
        near = _listed(question.answers)
        return refuse("unknown_answer", question=_word(question), answer=body.answer, near=near)
    known = given_to(incident.triage).get(question.code)
    if body.seen != (known.answer if known is not None else ""):
        value = Word(known.answer, *known.said) if known is not None else Word("", "—", "—")
        return refuse("changed_meanwhile", what=ANSWER_FIELD, value=value)
    words = ((question.vi, question.en), (answer.vi, answer.en))
    if known is not None and known.answer == answer.code and (known.ask, known.said) == words:
        return refuse("already_so")
    story.happen(_answered(story.state, incident, card, question, answer))
    _set(story, incident, card, body)
    return None


def _card_seen(state: State, incident: Incident, body: AnswerCard) -> Card | Refusal:
    card = card_of(state, incident)
    if card is None or card.code != body.card:
        if body.card not in state.cards.cards:
            return refuse("unknown_card", card=body.card)
        return refuse("no_card") if card is None else refuse("card_changed")
    return card if body.version == state.cards.version else refuse("cards_renewed")


def _question(state: State, incident: Incident, card: Card, body: AnswerCard) -> CardQuestion | Refusal:
    question = state.cards.questions.get(body.question)
    if question is None or question.code not in card.ask:
        return refuse("unknown_question", card=Word(card.code, card.vi, card.en), question=body.question)
    answers = {it.question: it.answer for it in incident.triage.given}
    if question not in asked(state.cards, card, answers):
        return refuse("not_asked", question=_word(question))
    return question


def _word(it: CardQuestion) -> Word:
    return Word(it.code, it.vi.rstrip("? "), it.en.rstrip("? "))


def _listed(answers: tuple[CardAnswer, ...]) -> Word:
    return Word("", ", ".join(it.vi for it in answers), ", ".join(it.en for it in answers))


def _answered(
    state: State, incident: Incident, card: Card, question: CardQuestion, answer: CardAnswer
) -> CardAnswered:
    known = given_to(incident.triage)
    answers = {it.question: it.answer for it in known.values()}
    before = {it.code for it in asked(state.cards, card, answers)}
    after = {it.code for it in asked(state.cards, card, {**answers, question.code: answer.code})}
    kind = state.types.get(answer.type)
    was = known.get(question.code)
    return CardAnswered(
        incident=incident.id, card=card.code, version=state.cards.version, question=question.code, answer=answer.code,
        ask=(question.vi, question.en), said=(answer.vi, answer.en), was=was.said if was is not None else (),
        type=kind.code if kind is not None else "", type_priority=kind.priority if kind is not None else 0,
        priority=answer.priority,
        wants=answer.wants, dropped=tuple(it for it in card.ask if it in before - after and it in known),
    )  # fmt: skip


def _set(story: Story, before: Incident, card: Card, body: AnswerCard) -> None:
    """What the answers come to now, where that changed and no person decided otherwise. A leg that a person closed
    stays closed."""
    _set_type(story, before, card, body)
    _set_priority(story, before, card, body)
    after = story.state.incidents[before.id]
    wanted = services_planned(story.state, after) if after.type != before.type else ()
    more = services_that_want_more(story.state, before, after)
    open_missing_legs(story, after, tuple(it for it in dict.fromkeys((*wanted, *more)) if it not in after.legs))
    place = after.location
    at_work = tuple(it for it in more if it in before.legs and before.legs[it].state is LegState.OPEN)
    if at_work and place is not None and place.lat is not None:
        story.happen(RankingAsked(incident=before.id, services=at_work))


def _set_type(story: Story, before: Incident, card: Card, body: AnswerCard) -> None:
    triage = story.state.incidents[before.id].triage
    by_answers = type_by_answers(triage)
    kind = story.state.types.get(by_answers or triage.base)
    if by_answers == type_by_answers(before.triage) or kind is None or kind.code == before.type:
        return
    if triage.type_held or body.seen_type != before.type:
        return
    urgent = priority_by_answers(triage, kind.code) or kind.priority
    priority = before.priority if _priority_is_anothers(before, body) else urgent
    story.happen(TypeSet(incident=before.id, type=kind.code, priority=priority, card=card.code))


def _set_priority(story: Story, before: Incident, card: Card, body: AnswerCard) -> None:
    now = story.state.incidents[before.id]
    by_answers = priority_by_answers(now.triage, now.type)
    urgent = by_answers or story.state.types[now.type].priority  # it has a card, and so a type
    if by_answers == priority_by_answers(before.triage, before.type) or urgent == now.priority:
        return
    if not _priority_is_anothers(before, body):
        story.happen(PrioritySet(incident=before.id, priority=urgent, card=card.code))


def _priority_is_anothers(before: Incident, body: AnswerCard) -> bool:
    return before.triage.priority_held or body.seen_priority != before.priority
