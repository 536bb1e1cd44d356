"""What was asked and answered about an incident, in the words of the card as it was then."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant, Want


class Given(Struct, frozen=True, kw_only=True):
    """One answer. ``ask`` and ``said`` are (Vietnamese, English); ``priority`` is the answer's own, ``type_priority``
    that of the type that it sets, 0 = none; ``of``: the incident that was folded into this one with the answer."""

    question: str
    answer: str
    card: str
    version: int
    ask: tuple[str, str]
    said: tuple[str, str]
    type: str = ""
    type_priority: int = 0
    priority: int = 0
    wants: tuple[Want, ...] = ()
    at: Instant = 0
    by: str = ""
    of: str = ""


class Triage(Struct, frozen=True, kw_only=True):
    """``given``: one answer for each question, the oldest first. ``base``: the type before an answer set another.
    ``type_held``, ``priority_held``: a person decided otherwise by hand, so that answers only propose."""

    given: tuple[Given, ...] = ()
    base: str = ""
    type_held: bool = False
    priority_held: bool = False
