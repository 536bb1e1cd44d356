"""Triage cards as a site writes them: what a call taker asks, what an answer sets, what is read to the caller.

A question stands once, however many cards ask it: an answer that was given holds on every card that would ask the same.
"""

from __future__ import annotations

from msgspec import Struct


class Want(Struct, frozen=True, kw_only=True):
    """At least so many units of a service with a capability ("" = any), whatever the plans want."""

    service: str = ""
    capability: str = ""
    count: int = 1


class CardAnswer(Struct, frozen=True, kw_only=True):
    """What a caller may say. ``type`` "" and ``priority`` 0 set nothing; ``advice`` is what is read out then."""

    code: str = ""
    vi: str = ""
    en: str = ""
    type: str = ""
    priority: int = 0
    wants: tuple[Want, ...] = ()
    advice: str = ""


class CardQuestion(Struct, frozen=True, kw_only=True):
    """``when``: only asked where each of these earlier questions has one of these answers."""

    code: str = ""
    vi: str = ""
    en: str = ""
    answers: tuple[CardAnswer, ...] = ()
    when: dict[str, tuple[str, ...]] = {}


class Advice(Struct, frozen=True, kw_only=True):
    """Short lines that are read to the caller, as many in Vietnamese as in English. ``beat``: counted aloud so many
    times a minute; 0 = not counted."""

    code: str = ""
    vi: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    beat: int = 0


class Card(Struct, frozen=True, kw_only=True):
    """For these types, and for those of these families that have no card of their own. ``ask``: the questions in their
    order; ``advice`` is read out before any answer."""

    code: str = ""
    vi: str = ""
    en: str = ""
    types: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    advice: str = ""


class CardBook(Struct, frozen=True, kw_only=True):
    """All cards of the site. ``version`` grows by one with every change, 0 = there never were any."""

    version: int = 0
    cards: dict[str, Card] = {}
    questions: dict[str, CardQuestion] = {}
    advice: dict[str, Advice] = {}
