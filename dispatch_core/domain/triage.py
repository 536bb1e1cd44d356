"""Which card an incident has, which of its questions are asked, and what the answers together come to.

Pure. The most urgent priority of all answers counts, the type of the most urgent (of equals, of the newest), and for
each capability the most that any answer wants: in whatever order the answers came, an incident is as urgent and wants
as much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from dispatch_core.domain.state import Given, Incident, State, Triage
from dispatch_core.domain.vocabulary import Card, CardBook, CardQuestion, LegState, Want


def card_of(state: State, incident: Incident) -> Card | None:
    """By its type, else by the type's family; None before there is a type."""
    known = state.types.get(incident.type)
    if known is None:
        return None
    of_family: Card | None = None
    for _, card in sorted(state.cards.cards.items()):
        if known.code in card.types:
            return card
        if known.family and known.family in card.families:
            of_family = card
    return of_family


def given_to(triage: Triage) -> dict[str, Given]:
    return {it.question: it for it in triage.given}


def asked(book: CardBook, card: Card, answers: Mapping[str, str]) -> tuple[CardQuestion, ...]:
    """The card's questions that apply to these answers (question -> answer), in order. One whose condition hangs on a
    question that does not apply does not apply either."""
    there: dict[str, CardQuestion] = {}
    for code in card.ask:
        question = book.questions.get(code)
        if question is not None and all(
            first in there and answers.get(first) in wanted for first, wanted in question.when.items()
        ):
            there[code] = question
    return tuple(there.values())


def questions_of(state: State, incident: Incident, card: Card) -> tuple[CardQuestion, ...]:
    answers = {it.question: it.answer for it in incident.triage.given}
    return asked(state.cards, card, answers)


def unanswered(questions: Sequence[CardQuestion], triage: Triage) -> CardQuestion | None:
    """The first question that has no answer, or one that it does not have any more."""
    given = given_to(triage)
    for question in questions:
        known = given.get(question.code)
        if known is None or all(known.answer != it.code for it in question.answers):
            return question
    return None


def type_by_answers(triage: Triage) -> str:
    """ "" where none of them sets one."""
    found, urgent = "", 0
    for it in triage.given:
        if it.type and (not found or it.type_priority <= urgent):
            found, urgent = it.type, it.type_priority
    return found


def priority_by_answers(triage: Triage, kind: str) -> int:
    """For an incident of type ``kind``; 0 where none of them sets one. An answer that set this type brought its
    priority."""
    own = [it.priority for it in triage.given]
    brought = [it.type_priority for it in triage.given if it.type == kind]
    return min((it for it in (*own, *brought) if it), default=0)


def wanted_by_answers(triage: Triage) -> tuple[Want, ...]:
    most: dict[tuple[str, str], Want] = {}
    for given in triage.given:
        for want in given.wants:
            key = (want.service, want.capability)
            if key not in most or most[key].count < want.count:
                most[key] = want
    return tuple(most[key] for key in sorted(most))


class Proposal(Struct, frozen=True):
    """What the answers come to and a person has decided otherwise: "" and 0 and () where there is nothing."""

    type: str = ""
    priority: int = 0
    services: tuple[str, ...] = ()


def proposed(state: State, incident: Incident) -> Proposal:
    """A priority only where it is more urgent: what a person made more urgent is left so."""
    triage = incident.triage
    kind, urgent = type_by_answers(triage), priority_by_answers(triage, incident.type)
    closed = (
        want.service
        for want in wanted_by_answers(triage)
        if want.service not in incident.legs or incident.legs[want.service].state is LegState.CLOSED
    )
    return Proposal(
        type=kind if kind != incident.type and kind in state.types else "",
        priority=urgent if 0 < urgent < incident.priority else 0,
        services=tuple(dict.fromkeys(closed)),
    )
