"""What a caller's own channel tells of a caller who may not speak: sounds, pauses and keys.

Guarded here: only the caller's channel counts, and of it only what comes from him; one event that is told twice is one
key. Each is told once, in the order of the switch's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch_core.domain.commands import CallerFallsSilent, CallerPressed, CallerSounds, Command
from dispatch_core.domain.vocabulary import Instant

KEYS_REMEMBERED = 200
"""Keys of one call by the order of their events; whoever presses more is told of no further one."""


@dataclass(slots=True)
class Heard:
    """Moments are 0 where nothing was. `keys`: the event's order to the key and its moment."""

    sounds_at: Instant = 0
    quiet_at: Instant = 0
    keys: dict[int, tuple[str, Instant]] = field(default_factory=dict)
    told_sounds_at: Instant = 0
    told_quiet_at: Instant = 0
    told_keys: set[int] = field(default_factory=set)

    def press(self, order: int, digit: str, at: Instant) -> None:
        if len(self.keys) < KEYS_REMEMBERED:
            self.keys.setdefault(order, (digit, at))

    def facts(self, call: str) -> list[Command]:
        """What must be told now; counts as told afterwards."""
        facts: list[Command] = []
        if self.sounds_at > self.told_sounds_at:
            self.told_sounds_at = self.sounds_at
            facts.append(CallerSounds(call=call, at=self.sounds_at))
        if self.quiet_at > self.told_quiet_at:
            self.told_quiet_at = self.quiet_at
            facts.append(CallerFallsSilent(call=call, at=self.quiet_at))
        for order in sorted(self.keys.keys() - self.told_keys):
            self.told_keys.add(order)
            digit, at = self.keys[order]
            facts.append(CallerPressed(call=call, digit=digit, at=at))
        return facts
