"""The dice: every choice of a run comes from its seed, and each part throws its own, so that one part's throws do not
change another's."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Dice named ``name`` of the run ``seed``."""

    def __init__(self, seed: int, name: str) -> None:
        self._seed, self._name = seed, name
        self._random = random.Random(f"{seed}:{name}")

    def of(self, name: str) -> Chance:
        """Dice of a part of this part."""
        return Chance(self._seed, f"{self._name}/{name}")

    def happens(self, probability: float) -> bool:
        return self._random.random() < probability

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def number(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(low, high)

    def one(self, among: Sequence[T]) -> T:
        return self._random.choice(among)

    def weighted(self, among: dict[str, float]) -> str:
        return self._random.choices(list(among), list(among.values()))[0]

    def bits(self, count: int) -> int:
        return self._random.getrandbits(count)

    def delay(self, usual: float) -> float:
        """How long a message takes: around ``usual`` seconds, now and then ten times as long."""
        factor = self.between(2.0, 10.0) if self.happens(0.03) else self.between(0.5, 1.5)
        return usual * factor
