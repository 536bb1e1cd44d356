"""Time and ids by hand, for tests."""

from __future__ import annotations


class HandDoor:
    """Time moves only when told; ids count up."""

    def __init__(self) -> None:
        self.at = 100.0
        self.made = 0

    def monotonic(self) -> float:
        return self.at

    def new_id(self) -> str:
        self.made += 1
        return f"{self.made:032x}"

    def jitter(self) -> float:
        return 0.5
