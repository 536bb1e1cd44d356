"""Triage cards came, and were answered."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import CardBook, Want


class CardsLoaded(Happened, frozen=True, tag=True):
    book: CardBook


class CardAnswered(Happened, frozen=True, tag=True):
    """With the words of the card as they were: (Vietnamese, English). ``was``: the answer that it replaces, in its
    words; ``type_priority``: the priority that the type brings; ``dropped``: questions that are not asked any more,
    whose answers stay in the story alone."""

    incident: str
    card: str
    version: int
    question: str
    answer: str
    ask: tuple[str, str]
    said: tuple[str, str]
    was: tuple[str, ...] = ()
    type: str = ""
    type_priority: int = 0
    priority: int = 0
    wants: tuple[Want, ...] = ()
    dropped: tuple[str, ...] = ()
