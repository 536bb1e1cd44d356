"""Text messages: what came in, what is answered, and what becomes of a conversation."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant


class TextCame(Body, frozen=True, tag=True):
    """``origin`` is the same for a message that a carrier sent again, at whichever node; "" = not known."""

    text_id: str
    node: str
    at: Instant
    dialled: str
    number: str = ""
    text: str = ""
    carrier: str = ""
    origin: str = ""


class SendText(Body, frozen=True, tag=True):
    conversation: str
    text: str


class TextHandedOn(Body, frozen=True, tag=True):
    """The switch has given the answer to the carrier."""

    conversation: str
    text_id: str


class TextFailed(Body, frozen=True, tag=True):
    conversation: str
    text_id: str
    why: str


class TakeConversation(Body, frozen=True, tag=True):
    conversation: str


class OpenForText(Body, frozen=True, tag=True):
    """Make an incident of a conversation."""

    conversation: str


class LinkConversation(Body, frozen=True, tag=True):
    """The conversation is about an incident that is there already."""

    conversation: str
    incident: str


class CloseConversation(Body, frozen=True, tag=True):
    conversation: str


class TextWaitsLong(Body, frozen=True, tag=True):
    """Nobody has answered since ``since``."""

    conversation: str
    since: Instant


class ArchiveConversation(Body, frozen=True, tag=True):
    conversation: str
