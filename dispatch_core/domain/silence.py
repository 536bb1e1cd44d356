"""What is heard of a caller who says nothing: talking, keys, the prompt. Values that a call carries."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant

CANNOT_SPEAK = "5"
"""The key that callers are asked to press who cannot speak."""

KEYS = frozenset("0123456789*#ABCD")
KEYS_KEPT = 60
"""Keys that a call carries in the live state; the journal has them all."""

SAME_KEY_MS = 40
"""No finger presses twice so fast; two reports of one key within this time are one."""


class KeyPress(Struct, frozen=True):
    digit: str  # personal
    at: Instant


class Silence(Struct, frozen=True, kw_only=True):
    """Moments are 0 where it has not happened. ``prompt_asked_at``: asked for, and not known yet whether it plays."""

    heard_at: Instant = 0  # the caller, or something around him, began to sound: newest
    quiet_at: Instant = 0  # it ended: newest
    keys: tuple[KeyPress, ...] = ()
    cannot_speak_at: Instant = 0  # CANNOT_SPEAK was pressed: first
    prompt_asked_at: Instant = 0
    prompted_at: Instant = 0  # newest
    prompts_asked: int = 0

    @property
    def sounds(self) -> bool:
        """Whether something is heard at this moment."""
        return self.heard_at > self.quiet_at
