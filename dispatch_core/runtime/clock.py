"""The one door through which time and randomness come in. Everything else is handed a ``Clock`` and ``Ids``."""

from __future__ import annotations

import secrets
import time

from dispatch_core.domain.vocabulary import Instant


class SystemClock:
    """The host's clocks."""

    def now(self) -> Instant:
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        return time.monotonic()


class SystemIds:
    """UUIDv7 (RFC 9562): 48 bits of milliseconds, then randomness; later ids sort after earlier ones."""

    def __init__(self, clock: SystemClock) -> None:
        self._clock = clock

    def new(self) -> str:
        value = (self._clock.now() & (1 << 48) - 1) << 80 | secrets.randbits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return f"{value:032x}"

    def secret(self, length: int) -> str:
        return secrets.token_urlsafe(length)[:length]
