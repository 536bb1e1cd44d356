"""Everything that a link reads, to facts: events through the tracker, forgeries and parked messages to alarms.

Guarded here: a flood of forged lines or of unreadable messages is told once in a while, not line by line.
"""

from __future__ import annotations

from dispatch_core.domain.commands import Command, ForgerySeen, MessageParked
from dispatch_core.settings import FORGERY_TOLD_EVERY_S, PARKED_TOLD_EVERY_S
from telephony.link.messages import AmiEvent, Forgery, Parked
from telephony.translate.naming import Naming
from telephony.translate.tracker import Tracker


class Translator:
    """One node's stream. `now` is in seconds and only goes forward."""

    def __init__(self, node: str, naming: Naming) -> None:
        self.tracker = Tracker(node, naming)
        self._node = node
        self._told: dict[str, float] = {}
        self._carrier_told_at = -FORGERY_TOLD_EVERY_S

    def start_anew(self) -> None:
        """The node itself started anew: none of its channels and calls is left."""
        ahead = self.tracker.ahead
        self.tracker = Tracker(self._node, self.tracker.naming)
        self.tracker.ahead = ahead

    def event(self, event: AmiEvent) -> list[Command]:
        """Raises ValueError for an event that cannot be understood; then nothing changed."""
        return self.tracker.apply(event)

    def forged(self, forgery: Forgery, now: float) -> list[Command]:
        """One alarm for each carrier through which the lines came; for the node only while no carrier is known."""
        carrier = self.tracker.carrier_behind(forgery.channel)
        if carrier:
            self._carrier_told_at = now
        elif now - self._carrier_told_at < FORGERY_TOLD_EVERY_S:
            return []
        if not self._due(f"forged:{carrier}", now, FORGERY_TOLD_EVERY_S):
            return []
        return [ForgerySeen(node=self._node, trunk=carrier)]

    def parked(self, parked: Parked, now: float) -> list[Command]:
        if not self._due("parked", now, PARKED_TOLD_EVERY_S):
            return []
        return [MessageParked(node=self._node, why=parked.why[:200])]

    def _due(self, what: str, now: float, every: float) -> bool:
        last = self._told.get(what)
        if last is not None and now - last < every:
            return False
        self._told[what] = now
        return True
