"""The doorbell with a replay window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from dispatch_core.domain.errors import DispatchError


class StreamEntry(Struct, frozen=True):
    """One event for one stream; ``payload`` is empty where the view does not show it."""

    seq: int
    payload: bytes


class BroadcastDown(DispatchError):
    def __init__(self, why: str) -> None:
        super().__init__("broadcast_down", f"Redis không trả lời: {why}", f"Redis does not answer: {why}")


class Broadcast(Protocol):
    """The doorbell with a replay window. Every method raises BroadcastDown where it cannot be reached.

    Every write names the epoch of its core and raises Deposed where a newer one has written: a core that was paused
    must not show anybody an old state when it wakes.
    """

    async def generation(self) -> str:
        """The id of this life of the streams, "" where they are empty."""
        ...

    async def begin_generation(self, epoch: int, generation: str) -> None:
        """Start anew: old streams are deleted."""
        ...

    async def last_seq(self, stream: str) -> int:
        """The newest sequence in the stream, 0 where it is empty or not ours."""
        ...

    async def publish(self, stream: str, epoch: int, entries: Sequence[StreamEntry]) -> None:
        """Append in order. BroadcastDown where one of them does not follow what the stream holds."""
        ...

    async def put(self, key: str, epoch: int, value: bytes) -> None: ...

    async def pulse(self, stream: str, epoch: int, value: bytes) -> None:
        """Append to a short stream of which only the newest entries matter."""
        ...
