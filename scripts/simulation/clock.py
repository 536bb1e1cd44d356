"""Time and ids of a simulated process: the loop's virtual time, and ids thrown with the run's dice."""

from __future__ import annotations

from dispatch_core.domain.vocabulary import Instant
from scripts.simulation.chance import Chance
from scripts.simulation.loop import SimulatedLoop

BEGINS_AT: Instant = 1_795_453_200_000 - 20_000
"""Twenty seconds before a midnight in Saigon (2026-11-24 00:00 +07): every run sees the day change."""


class SimulatedClock:
    """``ports.Clock``; ``stepped_ms`` is how far somebody moved this process's wall clock."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop
        self.stepped_ms = 0

    def now(self) -> Instant:
        return BEGINS_AT + int(self._loop.time() * 1000) + self.stepped_ms

    def monotonic(self) -> float:
        return self._loop.time()


class SimulatedIds:
    """``ports.Ids``, and the console's ``Door``."""

    def __init__(self, clock: SimulatedClock, chance: Chance) -> None:
        self._clock = clock
        self._chance = chance

    def new(self) -> str:
        value = (self._clock.now() & (1 << 48) - 1) << 80 | self._chance.bits(80)
        value = value & ~(0xF << 76) | 0x7 << 76
        value = value & ~(0x3 << 62) | 0x2 << 62
        return f"{value:032x}"

    def secret(self, length: int) -> str:
        return f"{self._chance.bits(length * 4):0{length}x}"

    def monotonic(self) -> float:
        return self._clock.monotonic()

    def new_id(self) -> str:
        return self.new()

    def jitter(self) -> float:
        return self._chance.between(0.0, 1.0)
