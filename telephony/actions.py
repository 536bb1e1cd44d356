"""What a switch can be asked to do, once for each order; what orders need to know of it.

Channels are named by their unique id: names are given out anew after a restart, ids are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dispatch_core.ports import ActionFailed
from telephony.dialplan_contexts import OVERFLOW_QUEUE, position_interface
from telephony.reconcile import Ask, QueueLooked
from telephony.translate.tracker import Tracker


class Actions:
    """One switch. ``ask`` sends an action once; ``tracker`` gives what is known of its calls at this moment; ``queues``
    is what the newest look found."""

    def __init__(
        self, ask: Ask, tracker: Callable[[], Tracker], queues: Callable[[], Mapping[str, QueueLooked]]
    ) -> None:
        self.ask = ask
        self._tracker = tracker
        self._queues = queues

    @property
    def tracker(self) -> Tracker:
        return self._tracker()

    def caller(self, action: str, call: str) -> str:
        """The unique id of the caller's channel. Raises ActionFailed where the call is not at this switch."""
        channel = self.tracker.caller_of(call)
        if not channel:
            raise ActionFailed(action, f"no caller of {call} at this switch")
        return channel

    async def must_know(self, action: str, position: str) -> None:
        """Raises ActionFailed where the switch has no such position: a caller sent there would be let go."""
        listed = any(position in queue.members for queue in self._queues().values())
        if not listed and not await self.knows_endpoint(position):
            raise ActionFailed(action, f"the switch knows no position {position}")

    async def serve(self, position: str, on: bool) -> None:
        """Unpause (or pause) the phone in its services' queues; in the queue of everybody it is never paused."""
        for name, queue in sorted(self._queues().items()):
            if name != OVERFLOW_QUEUE and position in queue.members and queue.members[position] is on:
                await self.ask(
                    "QueuePause", Queue=name, Interface=position_interface(position), Paused="false" if on else "true"
                )

    async def reload(self) -> None:
        """Read the configuration anew. "Success" says nothing about whether it is good."""
        await self.ask("Reload")

    async def knows_endpoint(self, name: str) -> bool:
        """Whether the switch has an endpoint of this name."""
        try:
            await self.ask("PJSIPShowEndpoint", Endpoint=name)
        except ActionFailed as problem:
            if problem.unknown:
                raise
            return False
        return True
