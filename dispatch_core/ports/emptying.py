"""One Asterisk that is emptied of callers, as whoever restarts it needs it."""

from __future__ import annotations

from typing import Protocol

from dispatch_core.ports.switchboard import Probed


class EmptiedSwitch(Protocol):
    """Each of these that asks the switch raises ActionFailed."""

    @property
    def up(self) -> bool:
        """Whether it can be asked now."""
        ...

    async def drain(self, seconds: int, *, everybody: bool = False) -> None:
        """For so many seconds (at most `settings.DRAIN_LASTS_S`) new callers are sent on to another node by their
        carrier; 0 = they are taken again. Who comes again soon is taken, unless ``everybody`` is sent on (at most
        `settings.SHUT_LASTS_S`): for the last moments before the node is stopped. Ends by itself."""
        ...

    async def busy(self) -> int:
        """How many channels of calls it has at this moment."""
        ...

    def reachable(self) -> frozenset[str]:
        """Carriers and phones (by position) that answer this node, as was last heard."""
        ...

    async def probe(self, number: str, token: str) -> Probed:
        """A synthetic call to one of its own numbers; waits for ever."""
        ...
