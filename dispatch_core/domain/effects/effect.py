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
        raise TypeError(f"{type(self).__name__} does not say what its failure means")

    def taken(self) -> Command | None:
        """What the core is told where the switch took the order and no event of the switch will say so."""
        return None


Rule = Callable[[Any, Recorded, State], tuple[Effect, ...]]
R = TypeVar("R", bound=Rule)

RULES: dict[type[Happened], tuple[Rule, ...]] = {}


def on(*kinds: type[Happened]) -> Callable[[R], R]:
    """Register effects of an event: ``(event, recorded, state after its batch) -> effects``. Several subjects may
    have some of one event; each rule stands once."""

    def register(rule: R) -> R:
        for kind in kinds:
            if rule in RULES.get(kind, ()):
                raise ValueError(f"the same rule twice for {kind.__name__}")
            RULES[kind] = (*RULES.get(kind, ()), rule)
        return rule

    return register
