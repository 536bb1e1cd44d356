"""How each order of the core is carried out at a switch: a module for each subject, one table."""

from __future__ import annotations

from dispatch_core.domain.effects import SwitchOrder
from telephony.actions import Actions
from telephony.orders import (  # noqa: F401  (each registers how it carries its orders out)
    call_back,
    calls,
    nuisance,
    silence,
    steering,
    surge,
    texts,
)
from telephony.orders.table import ORDERS

__all__ = ["carry_out"]


async def carry_out(actions: Actions, order: SwitchOrder) -> None:
    """Do it once. Raises ActionFailed: refused, or of unknown outcome."""
    await ORDERS[type(order)](actions, order)
