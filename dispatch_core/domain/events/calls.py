"""What happened to calls."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Direction, EndedBy, Instant, Location


class CallArrived(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number", "name")

    call: str
    node: str
    at: Instant
    direction: Direction
    dialled: str
    services: tuple[str, ...]
    carrier: str = ""
    number: str = ""
    name: str = ""


class CallLocated(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("location", "link")

    call: str
    location: Location | None = None
    note: str = ""
    link: str = ""


class CallQueued(Happened, frozen=True, tag=True):
    call: str
    queue: str
    at: Instant
    overflow: bool


class CallRinging(Happened, frozen=True, tag=True):
    call: str
    position: str


class CallRingStopped(Happened, frozen=True, tag=True):
    call: str
    position: str


class AnswerAsked(Happened, frozen=True, tag=True):
    """An intent: the switch is asked only after this is committed."""

    call: str
    position: str
    user: str


class AnswerDropped(Happened, frozen=True, tag=True):
    call: str
    position: str
    why: str


class CallAnswered(Happened, frozen=True, tag=True):
    call: str
    position: str
    at: Instant


class CallHeld(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class CallResumed(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class CallJoined(Happened, frozen=True, tag=True):
    call: str
    party: str


class CallParted(Happened, frozen=True, tag=True):
    call: str
    party: str


class PositionReleased(Happened, frozen=True, tag=True):
    call: str
    position: str


class HangUpAsked(Happened, frozen=True, tag=True):
    """An intent, as ``AnswerAsked`` is."""

    call: str


class HangUpDropped(Happened, frozen=True, tag=True):
    """The switch did not hang up: somebody may ask again."""

    call: str
    why: str


class CallEnded(Happened, frozen=True, tag=True):
    call: str
    at: Instant
    by: EndedBy
    cause: int


class CallFound(Happened, frozen=True, tag=True):
    """A call that was taken for lost is alive at the switch."""

    call: str


class RecordingStarted(Happened, frozen=True, tag=True):
    call: str
    file: str
