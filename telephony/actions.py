"""What a switch can be asked to do, once for each order; what orders need to know of it.

Channels are named by their unique id: names are given out anew after a restart, ids are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dispatch_core.ports import ActionFailed
from telephony.dialplan_contexts import (
    CALL_UUID,
    DRAIN_UNTIL,
    OVERFLOW_QUEUE,
    PROBE_ENDPOINTS,
    SHUT_UNTIL,
    START,
    WAIT_AGAIN,
    position_interface,
)
from telephony.reconcile import Ask, QueueLooked
from telephony.translate.tracker import Tracker

TALKS_ELSEWHERE = 10  # a penalty; everybody else has none
USER_BUSY = 17  # Q.850


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

    async def serve(self, position: str, on: bool, elsewhere: bool = False, why: str = "") -> None:
        """Unpause (or pause) the phone in its services' queues. In the queue of everybody it is never paused, or
        callers would ring nobody if we died now; while it talks elsewhere it comes after all others there."""
        for name, queue in sorted(self._queues().items()):
            if position not in queue.members:
                continue
            if name == OVERFLOW_QUEUE:
                await self._come_after(name, queue, position, TALKS_ELSEWHERE if elsewhere else 0)
            else:
                await self._pause(name, queue, position, not on or elsewhere, why)

    async def _pause(self, name: str, queue: QueueLooked, position: str, paused: bool, why: str) -> None:
        if queue.members[position] is paused:
            return
        interface, word = position_interface(position), "true" if paused else "false"
        reason = {"Reason": why} if paused and why else {}
        queue.members[position] = paused  # before the answer: whoever looks meanwhile need not ask again
        try:
            await self.ask("QueuePause", Queue=name, Interface=interface, Paused=word, **reason)
        except ActionFailed:
            queue.members[position] = not paused
            raise

    async def _come_after(self, name: str, queue: QueueLooked, position: str, penalty: int) -> None:
        if queue.penalties.get(position, 0) == penalty:
            return
        before = queue.penalties.get(position, 0)
        queue.penalties[position] = penalty
        try:
            await self.ask("QueuePenalty", Queue=name, Interface=position_interface(position), Penalty=penalty)
        except ActionFailed:
            queue.penalties[position] = before
            raise

    async def stop_ringing(self, position: str) -> None:
        """Let go of the position's phone where it is being called; the callers wait on."""
        ringing = [it.uid for it in self.tracker.wiring.channels.values() if it.position == position and it.rings]
        for uid in ringing:
            try:
                await self.ask("Hangup", Channel=uid, Cause=USER_BUSY)
            except ActionFailed as problem:
                if problem.unknown:
                    raise  # refused: it has stopped by itself

    async def drain(self, until: int, everybody: bool) -> None:
        """Send new callers on until then, seconds since 1970 by the switch's clock; 0 = no longer."""
        await self.ask("Setvar", Variable=SHUT_UNTIL if everybody else DRAIN_UNTIL, Value=str(until) if until else "")

    async def busy(self) -> int:
        """How many channels the switch has, of which none may be cut."""
        items = (await self.ask("CoreShowChannels")).items
        return sum(not _is_nobody(item.get("Channel")) for item in items)

    async def reload(self) -> None:
        """Read the configuration anew. "Success" says nothing about whether it is good."""
        await self.ask("Reload")
        await self._leave_gone_queues()

    async def _leave_gone_queues(self) -> None:
        """Whoever waits in a queue that is not there any more rings nobody: to the front of one that is."""
        listed = (await self.ask("QueueStatus")).items
        known = {item.get("Queue") for item in listed if item.name == "QueueParams"}
        if OVERFLOW_QUEUE not in known:
            return  # no configuration of ours
        for item in (await self.ask("CoreShowChannels")).items:
            queue, caller = item.get("ApplicationData").partition(",")[0], item.get("Uniqueid")
            if item.get("Application") != "Queue" or queue in known or item.variables.get(CALL_UUID) != caller:
                continue
            try:
                await self.ask("Redirect", Channel=caller, Context=WAIT_AGAIN, Exten=START, Priority=1)
            except ActionFailed as problem:
                if problem.unknown:
                    raise  # refused: he has hung up, or somebody has answered

    async def knows_endpoint(self, name: str) -> bool:
        """Whether the switch has an endpoint of this name."""
        try:
            await self.ask("PJSIPShowEndpoint", Endpoint=name)
        except ActionFailed as problem:
            if problem.unknown:
                raise
            return False
        return True


def _is_nobody(channel: str) -> bool:
    """The one on which messages come, which stays for ever; the node's calls to itself."""
    technology, _, rest = channel.partition("/")
    return technology == "Message" or (technology == "PJSIP" and rest.rpartition("-")[0] in PROBE_ENDPOINTS)
