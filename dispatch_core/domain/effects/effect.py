"""What an effect is, and the table from event to effects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from msgspec import Struct

from dispatch_core.domain.commands import Command
from dispatch_core.domain.events import Happened, Recorded
from dispatch_core.domain.state import State


class Effect(Struct, frozen=True):
    """Base of everything that is done, or asked, because an event was committed. ``DOER`` tells the outcome."""

    DOER: ClassVar[str] = "core"


class SwitchOrder(Effect, frozen=True):
    """Done at one switch, once: never repeated by itself, whatever becomes of it."""

    DOER: ClassVar[str] = "switch"

    node: str

    def failed(self, why: str) -> Command:
        """What the core is told where the switch did not do it ("refused") or nobody knows ("unknown")."""
        raise NotImplementedError(type(self).__name__)


Rule = Callable[[Any, Recorded, State], tuple[Effect, ...]]
R = TypeVar("R", bound=Rule)

RULES: dict[type[Happened], Rule] = {}


def on(*kinds: type[Happened]) -> Callable[[R], R]:
    """Register the effects of an event: ``(event, recorded, state after its batch) -> effects``."""

    def register(rule: R) -> R:
        for kind in kinds:
            if kind in RULES:
                raise ValueError(f"two rules for {kind.__name__}")
            RULES[kind] = rule
        return rule

    return register
