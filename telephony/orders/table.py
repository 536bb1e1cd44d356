"""The table from order to the way in which it is carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from dispatch_core.domain.effects import SwitchOrder
from telephony.actions import Actions

CarryOut = Callable[[Actions, Any], Awaitable[None]]
C = TypeVar("C", bound=CarryOut)

ORDERS: dict[type[SwitchOrder], CarryOut] = {}


def carries(kind: type[SwitchOrder]) -> Callable[[C], C]:
    """Register how orders of this kind are carried out."""

    def register(way: C) -> C:
        if kind in ORDERS:
            raise ValueError(f"two ways for {kind.__name__}")
        ORDERS[kind] = way
        return way

    return register
