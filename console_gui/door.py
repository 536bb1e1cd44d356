"""The one door of the console for time, ids and randomness, so that everything else replays in a test."""

from __future__ import annotations

import os
import time
from typing import Protocol


class Door(Protocol):
    def monotonic(self) -> float:
        """Seconds that only go forward."""
        ...

    def new_id(self) -> str:
        """A UUIDv7 as 32 hex digits: the id of a command, which takes effect once."""
        ...

    def jitter(self) -> float:
        """Somewhere in 0..1, so that consoles that lost the same server do not all come back at once."""
        ...


class SystemDoor:
    """The machine's clock and random numbers. UUIDv7 as in RFC 9562: 48 bits of milliseconds, then random bits."""

    def monotonic(self) -> float:
        return time.monotonic()

    def new_id(self) -> str:
        milliseconds = time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF
        chance = int.from_bytes(os.urandom(10), "big")
        upper = milliseconds << 16 | 0x7000 | chance >> 68 & 0x0FFF
        lower = 0b10 << 62 | chance & 0x3FFFFFFFFFFFFFFF
        return f"{upper << 64 | lower:032x}"

    def jitter(self) -> float:
        return os.urandom(1)[0] / 255
