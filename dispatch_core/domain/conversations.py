"""Text messages between one number and one service number: the values that the live state holds of them.

A conversation stands beside the calls: nobody rings for it, it waits in a list until somebody answers or closes it.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant

LINES_KEPT = 100
"""Messages that a conversation carries in the live state; the journal has them all."""

CONVERSATIONS_KEPT = 300
"""Conversations in the live state: a flood of texts pushes the oldest out (the journal keeps them), and is alarmed."""

ANSWER_BYTES = 660
"""Of an answer, as UTF-8: one line of AMI holds no more as base64."""

ANSWERS_A_MINUTE = 10

SAME_TEXT_MS = 120_000
"""A carrier that got no answer sends a message again, with the same Call-ID, for at most so long."""


class TextState(StrEnum):
    CAME = "came"
    ASKED = "asked"  # an answer on its way to the switch
    SENT = "sent"  # the switch has handed it to the carrier; whether it was read nobody can know
    REFUSED = "refused"  # certainly not sent
    UNKNOWN = "unknown"  # perhaps sent; never sent again by itself


class TextLine(Struct, frozen=True, kw_only=True):
    """One message. ``by`` is the user who wrote it, "" where it came in; ``origin`` tells repeats apart."""

    id: str
    at: Instant
    state: TextState
    text: str = ""  # personal; as it came: screens neutralise it, nothing else touches it
    by: str = ""
    why: str = ""
    origin: str = ""


class Conversation(Struct, frozen=True, kw_only=True):
    """``id`` is that of its first message. An answer goes out where the newest one came in: ``node``, ``carrier``."""

    id: str
    node: str
    carrier: str
    dialled: str
    number: str = ""  # personal
    lines: tuple[TextLine, ...] = ()
    owner: str = ""
    incident: str = ""
    began_at: Instant = 0
    closed_at: Instant = 0
    late_for: Instant = 0  # the waiting for which an alarm was raised

    @property
    def open(self) -> bool:
        return not self.closed_at

    @property
    def waits_since(self) -> Instant:
        """When the first message came that nobody has answered yet; 0 where none waits."""
        since = 0
        for line in self.lines:
            if line.state is TextState.CAME:
                since = since or line.at
            elif line.state is not TextState.REFUSED:
                since = 0
        return since if self.open else 0

    @property
    def newest_at(self) -> Instant:
        return max((line.at for line in self.lines), default=self.began_at)
