"""What happened around a caller who does not speak."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant


class CallerHeard(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class CallerQuiet(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class KeyPressed(Happened, frozen=True, tag=True):
    """What somebody types into his phone may be a secret: it can be erased."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("digit",)

    call: str
    at: Instant
    digit: str = ""


class PromptAsked(Happened, frozen=True, tag=True):
    """An intent: the switch is asked only after this is committed."""

    call: str


class PromptPlayed(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class PromptDropped(Happened, frozen=True, tag=True):
    call: str
    why: str
