"""Triage cards: the caller's answer to the question in sight or to another one, and the card itself."""

from __future__ import annotations

from collections.abc import Iterable

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Screen, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target_last
from console_gui.command_line.verb import Verb
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.triage import card_of, given_to, proposed, questions_of, unanswered
from dispatch_core.domain.vocabulary import Card, CardQuestion

TAKE = "0"
"""What the card proposes and a person had decided otherwise."""

STEPS = {"lui": "back", "back": "back", "toi": "next", "next": "next"}
SYNTAX = ("th [CÂU] SỐ [#42]", "ans [QUESTION] NUMBER [#42]")


def in_sight(state: State, incident: Incident, card: Card, chosen: str) -> CardQuestion | None:
    """The question that a person went back to, else the first one without an answer."""
    asked = questions_of(state, incident, card)
    went_to = next((it for it in asked if it.code == chosen), None)
    return went_to or unanswered(asked, incident.triage)


def answer(line: Line, context: Context) -> Outcome:
    """``th 2``: the second answer of the question in sight; ``th 3 1``: of question 3 the first; ``th 0``: what the
    card proposes."""
    words, named = target_last(line.words())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    state, card = context.state, card_of(context.state, incident)
    if card is None:
        return wrong("no_card")
    if words == [TAKE]:
        return _take(state, incident)
    if not 1 <= len(words) <= 2 or not all(it.isascii() and it.isdecimal() and len(it) <= 2 for it in words):
        return wrong("usage", syntax=SYNTAX)
    chosen = context.question if incident.id == context.current else ""
    question = in_sight(state, incident, card, chosen)
    if len(words) == 2:
        asked = {card.ask.index(it.code) + 1: it for it in questions_of(state, incident, card)}
        if int(words[0]) not in asked:
            return wrong("card_question", number=words[0], near=resolve.listed(map(str, asked), len(asked)))
        question = asked[int(words[0])]
    if question is None:
        return wrong("card_done")
    number = int(words[-1])
    if not 1 <= number <= len(question.answers):
        near = tuple(
            resolve.listed((f"{at} {it.vi if which == 0 else it.en}" for at, it in enumerate(question.answers, 1)), 9)
            for which in (0, 1)
        )
        return wrong("card_answer", number=number, near=near)
    known = given_to(incident.triage).get(question.code)
    return Send(
        c.AnswerCard(
            incident=incident.id, card=card.code, version=state.cards.version, question=question.code,
            answer=question.answers[number - 1].code, seen=known.answer if known is not None else "",
            seen_type=incident.type, seen_priority=incident.priority,
        )
    )  # fmt: skip


def _take(state: State, incident: Incident) -> Outcome:
    """One thing at a time, the type first: it brings its priority."""
    wanted = proposed(state, incident)
    if wanted.type:
        return Send(c.SetType(incident=incident.id, type=wanted.type, seen=incident.type))
    if wanted.priority:
        return Send(c.SetPriority(incident=incident.id, priority=wanted.priority, seen=incident.priority))
    if wanted.services:
        return Send(c.OpenLeg(incident=incident.id, service=wanted.services[0]))
    return wrong("card_nothing")


def card(line: Line, context: Context) -> Outcome:
    """``the``: shows the card or folds it; ``the lui``, ``the toi``: to the question before, to the next."""
    asked = fold(line.rest)
    if asked and asked not in STEPS:
        return wrong("choice", text=line.rest, near=("lui, toi", "back, next"))
    incident = context.state.incidents.get(context.current)
    if incident is None:
        return wrong("no_incident")
    return Screen(Act.CARD, STEPS.get(asked, "")) if card_of(context.state, incident) is not None else wrong("no_card")


def answers_for(context: Context, language: str, last: str, done: list[str]) -> Iterable[tuple[str, str]]:
    """Of the question in sight, or of the one whose number was typed."""
    incident = context.state.incidents.get(context.current)
    known = card_of(context.state, incident) if incident is not None else None
    if incident is None or known is None:
        return
    question = in_sight(context.state, incident, known, context.question)
    if done:
        asked = {str(known.ask.index(it.code) + 1): it for it in questions_of(context.state, incident, known)}
        question = asked.get(done[0]) if len(done) == 1 else None
    for number, it in enumerate(question.answers if question is not None else (), 1):
        if str(number).startswith(last):
            yield str(number), f"{number} {it.vi if language == 'vi' else it.en}"


VERBS: tuple[Verb, ...] = (
    Verb(("th", "ans", "tra the"), SYNTAX,
         ("Câu trả lời của người gọi cho câu đang hỏi: th 2; cho câu 3: th 3 1; nhận đề nghị của thẻ: th 0",
          "The caller's answer to the question in sight: ans 2; to question 3: ans 3 1; what the card proposes: ans 0"),
         answer, arguments=("card_answer",)),
    Verb(("the", "card", "the hoi"), ("the [lui | toi]", "card [back | next]"),
         ("Mở, thu gọn thẻ hỏi; về câu trước để sửa, tới câu sau",
          "Show the triage card or fold it; to the question before, to change it, or to the next"),
         card, arguments=("card_step",)),
)  # fmt: skip
