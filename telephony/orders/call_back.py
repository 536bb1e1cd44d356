"""Calling back: the position's phone first, then the number through a carrier. Ordered once, under an id that was
chosen beforehand."""

from __future__ import annotations

from dispatch_core.domain.effects import RingBack
from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.dialplan_contexts import (
    AUTO_ANSWER,
    CALL_NUMBER,
    CALL_UUID,
    CALLBACK,
    CALLBACK_NUMBER,
    START,
    position_interface,
)
from telephony.orders.table import carries

PICK_UP_MS = 15_000
"""How long the position's own phone rings, where it does not pick up by itself."""


@carries(RingBack)
async def ring_back(actions: Actions, order: RingBack) -> None:
    """The switch answers that it will try; what comes of it is told by events and by looks."""
    await actions.must_know("call back", order.position)
    tracker = actions.tracker
    tracker.ordered(order.call, order.position, order.number)
    try:
        await actions.ask(
            "Originate",
            Channel=position_interface(order.position),
            ChannelId=order.call,
            Context=CALLBACK,
            Exten=START,
            Priority=1,
            Timeout=PICK_UP_MS,
            Async="true",
            CallerID=f'"{order.shown}" <{order.number}>',
            Variable=(
                f"__{CALL_UUID}={order.call}",
                f"__{CALL_NUMBER}={order.shown}",
                f"{CALLBACK_NUMBER}={order.number}",
                *AUTO_ANSWER,
            ),
        )
    except ActionFailed as problem:
        if not problem.unknown:
            tracker.forget(order.call)
        raise
