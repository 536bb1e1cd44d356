"""A surge in the switch's own database: what those who wait hear, when all of ours is dead too."""

from __future__ import annotations

import re

from dispatch_core.domain.effects import TellSurge, ThankCaller
from dispatch_core.ports import ActionFailed
from telephony.actions import Actions
from telephony.dialplan_contexts import PROMPT_TO, START, SURGE_FAMILY, SURGE_SAID, SURGE_THANK, SURGE_THANKS
from telephony.orders.table import carries

_WORD = re.compile(r"[A-Za-z0-9-]{1,40}")


@carries(TellSurge)
async def tell(actions: Actions, order: TellSurge) -> None:
    """May be done again: it says how it is, not what changes. The time is the switch's to watch."""
    try:
        await actions.ask("DBDelTree", Family=SURGE_FAMILY)
    except ActionFailed as problem:
        if problem.unknown:
            raise  # else there was none
    if not (_WORD.fullmatch(order.incident) and _WORD.fullmatch(order.sound)):
        return
    value = f"{order.until // 1000}:{order.incident}:{order.sound}"
    for service in order.services:
        if _WORD.fullmatch(service):
            await actions.ask("DBPut", Family=SURGE_FAMILY, Key=service, Val=value)


@carries(ThankCaller)
async def thank(actions: Actions, order: ThankCaller) -> None:
    """A channel of its own speaks, in place of the one that announces; it says nothing to whoever has been answered."""
    variables = (f"__{PROMPT_TO}={actions.caller('thank', order.call)}", f"__{SURGE_SAID}={order.incident}")
    await actions.ask(
        "Originate",
        Channel=f"Local/{START}@{SURGE_THANK}/n",
        Context=SURGE_THANKS,
        Exten=START,
        Priority=1,
        Async="true",
        Variable=variables,
    )
