"""Where nobody can pass, and where one can again."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import ClosureKind, Instant


class ClosureDrawn(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    closure: str
    kind: ClosureKind
    outline: tuple[tuple[float, float], ...]
    vehicles: tuple[str, ...]
    until: Instant
    user: str
    count: int
    reason: str = ""


class ClosureEnded(Happened, frozen=True, tag=True):
    closure: str
    kind: ClosureKind
    outline: tuple[tuple[float, float], ...]
