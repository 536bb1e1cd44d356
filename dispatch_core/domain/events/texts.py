"""What happened to text messages and their conversations."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant


class TextReceived(Happened, frozen=True, tag=True):
    """``conversation`` "" = the message begins one of its own."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("number", "text")

    text_id: str
    node: str
    at: Instant
    dialled: str
    number: str = ""
    text: str = ""
    carrier: str = ""
    origin: str = ""
    conversation: str = ""


class TextAsked(Happened, frozen=True, tag=True):
    """An intent: the switch is asked to send only after this is committed."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)

    conversation: str
    text_id: str
    user: str
    text: str = ""


class TextSent(Happened, frozen=True, tag=True):
    conversation: str
    text_id: str


class TextDropped(Happened, frozen=True, tag=True):
    """``unknown``: it may have been sent all the same; nobody sends it again by himself."""

    conversation: str
    text_id: str
    why: str
    unknown: bool


class ConversationTaken(Happened, frozen=True, tag=True):
    conversation: str
    user: str


class ConversationLinked(Happened, frozen=True, tag=True):
    conversation: str
    incident: str


class ConversationLate(Happened, frozen=True, tag=True):
    conversation: str
    since: Instant


class ConversationClosed(Happened, frozen=True, tag=True):
    conversation: str


class ConversationArchived(Happened, frozen=True, tag=True):
    conversation: str
