"""What is done at the switch: pick up, hang up, serve queues, reload. Each is sent once and never again by itself.

Channels are named by their unique id: names are given out anew after a restart, ids are not.
"""

from __future__ import annotations

from collections.abc import Callable

from dispatch_core.ports import ActionFailed
from telephony.dialplan_contexts import ANSWER_AT, OVERFLOW_QUEUE, position_interface
from telephony.reconcile import Ask, QueueLooked

NORMAL_CLEARING = 16


class Actions:
    """`caller_of`: call id to the unique id of the caller's channel, "" where the call is not at this switch."""

    def __init__(self, ask: Ask, caller_of: Callable[[str], str]) -> None:
        self._ask = ask
        self._caller_of = caller_of

    def _caller(self, action: str, call: str) -> str:
        channel = self._caller_of(call)
        if not channel:
            raise ActionFailed(action, f"no caller of {call} at this switch")
        return channel

    async def answer(self, call: str, position: str) -> None:
        """Send the caller to where the position's phone is made to pick up."""
        channel = self._caller("answer", call)
        await self._ask("Redirect", Channel=channel, Context=ANSWER_AT, Exten=position, Priority=1)

    async def hang_up(self, call: str) -> None:
        await self._ask("Hangup", Channel=self._caller("hang up", call), Cause=NORMAL_CLEARING)

    async def serve(self, position: str, on: bool, queues: dict[str, QueueLooked]) -> None:
        """Unpause (or pause) the phone in its services' queues; in the queue of everybody it is never paused."""
        for name, queue in sorted(queues.items()):
            if name != OVERFLOW_QUEUE and position in queue.members and queue.members[position] is on:
                await self._ask(
                    "QueuePause", Queue=name, Interface=position_interface(position), Paused="false" if on else "true"
                )

    async def reload(self) -> None:
        """Read the configuration anew. "Success" says nothing about whether it is good."""
        await self._ask("Reload")

    async def knows_endpoint(self, name: str) -> bool:
        """Whether the switch has an endpoint of this name."""
        try:
            await self._ask("PJSIPShowEndpoint", Endpoint=name)
        except ActionFailed as problem:
            if problem.unknown:
                raise
            return False
        return True
