"""The doors through which time and randomness come in."""

from __future__ import annotations

from typing import Protocol

from dispatch_core.domain.vocabulary import Instant


class Clock(Protocol):
    """The one door for time."""

    def now(self) -> Instant:
        """Wall clock, milliseconds UTC: only for what is stored and shown."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward: for durations within this process."""
        ...


class Ids(Protocol):
    """The one door for randomness."""

    def new(self) -> str:
        """A UUIDv7 as 32 hex digits; later ones sort after earlier ones."""
        ...

    def secret(self, length: int) -> str:
        """URL-safe random text for passwords and sessions."""
        ...
