"""The prompt into a caller's ear."""

from __future__ import annotations

from dispatch_core.domain.effects import PromptCaller
from telephony.actions import Actions
from telephony.dialplan_contexts import PROMPT, PROMPT_CALL, PROMPT_SAYS, PROMPT_TO, START
from telephony.orders.table import carries


@carries(PromptCaller)
async def prompt(actions: Actions, order: PromptCaller) -> None:
    """A channel of its own plays; the dialplan tells when it begins."""
    await actions.ask(
        "Originate",
        Channel=f"Local/{START}@{PROMPT}/n",
        Context=PROMPT_SAYS,
        Exten=START,
        Priority=1,
        Async="true",
        Variable=(f"__{PROMPT_TO}={actions.caller('prompt', order.call)}", f"__{PROMPT_CALL}={order.call}"),
    )
