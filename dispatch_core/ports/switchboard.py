"""One Asterisk, as the core needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from msgspec import Struct

from dispatch_core.domain.commands import Command
from dispatch_core.domain.effects import SwitchOrder
from dispatch_core.domain.errors import DispatchError

FactSink = Callable[[Command], None]
"""Takes one fact of the switch; never blocks, never raises."""


class ActionFailed(DispatchError):
    """The switch refused an action, or its outcome is unknown (``unknown`` True): it is never repeated by itself."""

    def __init__(self, action: str, why: str, *, unknown: bool = False) -> None:
        super().__init__(
            "action_failed", f"Tổng đài không làm được “{action}”: {why}", f"The switch did not do “{action}”: {why}"
        )
        self.unknown = unknown


class Probed(Struct, frozen=True, kw_only=True):
    """A synthetic call came through: at which number's place, and how many phones of its queue would ring."""

    number: str
    ready: int


class Switchboard(Protocol):
    """One Asterisk, as its events and actions. Facts arrive through the sink given at construction."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def carry_out(self, order: SwitchOrder) -> None:
        """Do this once. Returns when the switch took the order; what comes of it is told as facts. ActionFailed."""
        ...

    async def serve(self, position: str, on: bool, elsewhere: bool, why: str = "") -> None:
        """Let the position's phone take calls of its queues, or not and ``why``. ``elsewhere``: it talks at another
        switch now; this one does not ring it, and stops where it does."""
        ...

    async def probe(self, number: str, token: str) -> Probed:
        """Call the service number over the switch's own SIP; nobody rings and no call is told of. Returns when it came
        to where a caller would begin to wait; waits for ever. ActionFailed."""
        ...
