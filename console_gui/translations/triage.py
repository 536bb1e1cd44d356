"""How triage cards read: questions, answers with what they set, and the story's lines. No Qt."""

from __future__ import annotations

from console_gui.translations.formats import one_line
from console_gui.translations.tables import say
from dispatch_core.domain.state import Note, State
from dispatch_core.domain.triage import Proposal
from dispatch_core.domain.vocabulary import Card, CardAnswer, Want

SHOWN = 200
"""Characters of one text of a card, whatever the site wrote."""


def pick(vi: str, en: str, language: str) -> str:
    return one_line(vi if language == "vi" else en, SHOWN)


def type_named(state: State, code: str, language: str) -> str:
    known = state.types.get(code)
    return pick(known.vi, known.en, language) if known is not None else code


def _wanted(state: State, want: Want, language: str) -> str:
    capability = state.capabilities.get(want.capability)
    service = state.site.services.get(want.service)
    if capability is not None:
        name = pick(capability.vi, capability.en, language)
    elif service is not None:
        name = pick(service.vi, service.en, language)
    else:
        name = want.capability or want.service
    return say(language, "card.wants", count=want.count, what=name)


def effect(state: State, answer: CardAnswer, language: str) -> str:
    """What an answer sets, "" where it sets nothing."""
    kind = state.types.get(answer.type)
    parts = [say(language, "card.sets_type", type=type_named(state, answer.type, language))] if kind else []
    if answer.priority:
        parts.append(say(language, "card.sets_priority", priority=answer.priority))
    parts += [_wanted(state, want, language) for want in answer.wants]
    return "  ".join(parts)


def proposal(state: State, it: Proposal, language: str) -> str:
    """ "" where nothing is proposed."""
    parts = [type_named(state, it.type, language)] if it.type else []
    if it.priority:
        parts.append(say(language, "card.sets_priority", priority=it.priority))
    for code in it.services:
        known = state.site.services.get(code)
        name = pick(known.vi, known.en, language) if known is not None else code
        parts.append(say(language, "card.propose_leg", service=name))
    return say(language, "card.propose", what=", ".join(parts)) if parts else ""


def number_of(card: Card, question: str) -> int:
    """The number by which a question is called, whatever else is asked; 0 where the card has it no more."""
    return card.ask.index(question) + 1 if question in card.ask else 0


def note(line: Note, language: str) -> str | None:
    """A line of the story that tells of a card, None for every other."""
    if line.kind == "card" and len(line.about) >= 4:
        ask, said = pick(line.about[0], line.about[1], language), pick(line.about[2], line.about[3], language)
        if len(line.about) >= 6:
            was = pick(line.about[4], line.about[5], language)
            return say(language, "note.card_changed", ask=ask, said=said, was=was)
        return say(language, "note.card", ask=ask, said=said)
    if line.kind == "card_dropped" and len(line.about) >= 4:
        ask, said = pick(line.about[0], line.about[1], language), pick(line.about[2], line.about[3], language)
        return say(language, "note.card_dropped", ask=ask, said=said)
    return None


def by_card(line: Note, text: str, language: str) -> str:
    """A type or a priority that an answer set says so."""
    own = {"type": 2, "priority": 1}[line.kind]
    return say(language, "note.by_card", text=text) if len(line.about) > own else text
