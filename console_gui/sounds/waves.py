"""The sounds themselves, made by arithmetic: short, soft at both ends, and told apart by ear without being loud. No Qt.

Urgent is three pairs that rise; high is one pair that falls. Nothing else sounds.
"""

from __future__ import annotations

import math
from array import array
from functools import lru_cache

from dispatch_core.domain.vocabulary import AlarmLevel

RATE = 16_000
PEAK = 0.55
EDGE_S = 0.012
"""A tone that began or ended at once would click."""

TONES: dict[AlarmLevel, tuple[tuple[float, float], ...]] = {
    AlarmLevel.CRITICAL: ((784.0, 0.11), (1047.0, 0.13), (0.0, 0.07)) * 3,
    AlarmLevel.HIGH: ((659.0, 0.16), (494.0, 0.24)),
}
"""(Hz, seconds) of each tone in order; 0 Hz is a pause. Their fundamentals pass through the narrowest headset."""


@lru_cache(maxsize=8)
def wave(level: AlarmLevel) -> bytes:
    """Mono, 16 bits, ``RATE``; empty for a level that does not sound."""
    samples = array("h")
    for pitch, seconds in TONES.get(level, ()):
        count = int(RATE * seconds)
        for at in range(count):
            edge = min(1.0, at / (EDGE_S * RATE), (count - at) / (EDGE_S * RATE))
            turn = 2 * math.pi * pitch * at / RATE
            value = (math.sin(turn) + 0.25 * math.sin(2 * turn)) / 1.25
            samples.append(int(32_767 * PEAK * edge * value))
    return samples.tobytes()


def seconds(level: AlarmLevel) -> float:
    return sum(length for _, length in TONES.get(level, ()))
