"""A sound device that a test holds in its hand: what was played, and whether there is anything to play on."""

from __future__ import annotations

from collections.abc import Callable


class HandSounds:
    def __init__(self, *, there: bool = True) -> None:
        self.there = there
        self.fails = False  # there is a device, and it does not play
        self.played: list[tuple[bytes, float]] = []
        self.stopped = 0
        self.closed = False
        self._changed: Callable[[], None] = lambda: None

    def watch(self, changed: Callable[[], None]) -> None:
        self._changed = changed

    def works(self) -> bool:
        return self.there and not self.fails

    def play(self, wave: bytes, volume: float) -> bool:
        if not self.works():
            return False
        if volume > 0:
            self.played.append((wave, volume))
        return True

    def stop(self) -> None:
        self.stopped += 1

    def close(self) -> None:
        self.closed = True

    def becomes(self, *, there: bool) -> None:
        self.there = there
        self._changed()
