"""What is heard of a caller who does not speak, and the prompt that asks for a key."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant


class CallerSounds(Body, frozen=True, tag=True):
    """Speech or noise began on the caller's channel."""

    call: str
    at: Instant


class CallerFallsSilent(Body, frozen=True, tag=True):
    call: str
    at: Instant


class CallerPressed(Body, frozen=True, tag=True):
    """One key of the caller's own phone."""

    call: str
    digit: str
    at: Instant


class PlayPrompt(Body, frozen=True, tag=True):
    """Ask the caller, and only the caller hears it, to press a key if he cannot speak."""

    call: str


class PromptPlays(Body, frozen=True, tag=True):
    call: str
    at: Instant


class PromptFailed(Body, frozen=True, tag=True):
    call: str
    why: str
