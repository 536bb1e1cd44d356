"""What became of a number's standing."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import Instant


class NumberRated(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number",)

    closures: tuple[Instant, ...]
    real_at: Instant
    number: str = ""


class NumberSet(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number", "reason")

    on: bool
    user: str
    number: str = ""
    reason: str = ""


class NumberForgotten(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number",)

    number: str = ""
