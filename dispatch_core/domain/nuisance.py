"""Numbers from which calls without content come again and again: how much weight their history has.

A number never loses its turn altogether: it stands behind callers who have no such history, and is answered as soon
as none of them waits. One real incident clears it.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.vocabulary import Instant

DAY_MS = 86_400_000
KEPT_MS = 30 * DAY_MS
"""Older closures no longer count, and what a supervisor set or lifted holds as long."""

WEIGHTS = ((DAY_MS, 4), (7 * DAY_MS, 2), (KEPT_MS, 1))
"""What a closure without content weighs by its age: a phone in a pocket calls many times in an hour, once in a year."""

LINE = 12
"""From so many points on a number stands behind: three in a day, six in a week, twelve in a month."""

NUMBERS_KEPT = 2_000
CLOSURES_KEPT = 40


class Nuisance(Struct, frozen=True, kw_only=True):
    """``closures``: moments of closures without content, oldest first. ``real_at``: the newest real incident."""

    number: str = ""  # personal
    closures: tuple[Instant, ...] = ()
    real_at: Instant = 0
    set_at: Instant = 0  # a supervisor put it behind
    lifted_at: Instant = 0  # a supervisor lifted it
    by: str = ""
    reason: str = ""  # personal

    @property
    def cleared_at(self) -> Instant:
        return max(self.real_at, self.lifted_at)


def points(it: Nuisance, now: Instant) -> int:
    """The weight of the history at ``now``."""
    weight = LINE if it.set_at > it.cleared_at and now - it.set_at < KEPT_MS else 0
    for closed_at in it.closures:
        if closed_at > it.cleared_at:
            weight += next((points for age, points in WEIGHTS if now - closed_at < age), 0)
    return weight


def stands_behind(it: Nuisance | None, now: Instant) -> bool:
    return it is not None and points(it, now) >= LINE


def worth_keeping(it: Nuisance, now: Instant) -> bool:
    """Whether it changes anything: it stands behind, or a supervisor's word on it still holds."""
    return stands_behind(it, now) or (it.lifted_at > it.real_at and now - it.lifted_at < KEPT_MS)
