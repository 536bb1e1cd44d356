"""Triage cards: the site's book of them, and what a caller answers."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import CardBook


class LoadCards(Body, frozen=True, tag=True):
    """The version inside ``book`` counts for nothing: the domain counts."""

    book: CardBook


class AnswerCard(Body, frozen=True, tag=True):
    """``version`` of the book that the person saw; ``seen``: the answer that stood there, "" = none; ``seen_type`` and
    ``seen_priority``: where another stands meanwhile, the answer is kept and sets nothing of the kind."""

    incident: str
    card: str
    version: int
    question: str
    answer: str
    seen: str = ""
    seen_type: str = ""
    seen_priority: int = 0
