"""What happened to calls that we make."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import CallBackOutcome, Instant


class CallBackAsked(Happened, frozen=True, tag=True):
    """An intent: the switch is asked only after this is committed. ``call`` is the id that the channel will have."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("number",)

    call: str
    node: str
    position: str
    user: str
    shown: str
    services: tuple[str, ...]
    of: str = ""
    line: str = ""
    incident: str = ""
    number: str = ""


class CallBackDialling(Happened, frozen=True, tag=True):
    """The position picked up and the number is being dialled."""

    call: str
    at: Instant
    position: str = ""


class CallBackUnsure(Happened, frozen=True, tag=True):
    """Whether the switch took the order is not known; it is looked for, and never ordered again."""

    call: str
    why: str


class CallBackReached(Happened, frozen=True, tag=True):
    call: str
    position: str
    incident: str = ""


class CallBackEnded(Happened, frozen=True, tag=True):
    """It reached nobody, or nobody knows."""

    call: str
    outcome: CallBackOutcome
    incident: str = ""
