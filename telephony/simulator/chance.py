"""Chance from a seed: the same seed gives the same numbers, on every machine and Python.

Not for secrets. Everything that is left to chance in a simulated shift comes from here.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Chance:
    """SplitMix64. `of` makes an independent stream, so that one part's numbers do not move another's."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._state = int.from_bytes(hashlib.sha256(seed.encode("utf-8")).digest()[:8], "big")

    def of(self, what: str) -> Chance:
        return Chance(f"{self._seed}/{what}")

    def _next(self) -> int:
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        z = self._state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def unit(self) -> float:
        """From 0 to below 1."""
        return (self._next() >> 11) / (1 << 53)

    def happens(self, share: float) -> bool:
        return self.unit() < share

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def number(self, low: int, high: int) -> int:
        """From `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def around(self, mean: float) -> float:
        """An exponential time with this mean."""
        return -mean * math.log(1.0 - self.unit())

    def one(self, of: Sequence[T]) -> T:
        return of[int(self.unit() * len(of))]
