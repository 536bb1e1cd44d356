"""How much longer, or shorter, ways really take at each hour of the day than the streets' profiles say.

What was said at the time already held what had been learned by then; that is taken out again, so that learning twice
from the same runs changes nothing. An hour with few runs stays near the hours around it and near 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from statistics import median

from msgspec import Struct

from dispatch_core.domain.past_runs import PastRun
from dispatch_core.domain.vocabulary import Instant

HOURS = 24
HOUR_MS = 3_600_000

SHORTEST_S, LONGEST_S = 60.0, 2 * 3600.0
"""A way said or seen to take less or more teaches nothing: a key pressed late, a crew that stood round the corner."""

ODD = 4.0
"""Nor one that took so many times as long as was said, or so many times less."""

LEAST_RUNS = 5
"""Of the whole day: fewer teach nothing."""

TRUSTED_RUNS = 20.0
"""An hour with so many runs counts half by itself and half by the hours around it."""

FACTOR_LEAST, FACTOR_MOST = 0.5, 3.0
PERIODS_KEPT = 400

PLAIN = (1.0,) * HOURS


class Period(Struct, frozen=True, kw_only=True):
    """From ``since`` on ways were said to take ``factors`` (by hour of the site's clock) times what the profiles say;
    ``runs``: on how many past runs each rests."""

    since: Instant
    factors: tuple[float, ...]
    runs: tuple[int, ...]


class Learned(Struct, frozen=True, kw_only=True):
    """All periods, the oldest first; none: nothing was ever learned."""

    periods: tuple[Period, ...] = ()

    def at(self, moment: Instant) -> tuple[float, ...]:
        """The factors in force then."""
        return next((it.factors for it in reversed(self.periods) if it.since <= moment), PLAIN)

    @property
    def now(self) -> tuple[float, ...]:
        return self.periods[-1].factors if self.periods else PLAIN


def learn(known: Learned, runs: Iterable[PastRun], at: Instant, utc_offset_min: int) -> Learned:
    """``known`` with a period more, or as it is where the runs teach nothing new."""
    ratios: list[list[float]] = [[] for _ in range(HOURS)]
    for run in runs:
        hour = hour_of(run.set_out, utc_offset_min)
        plain_s = run.said_s / known.at(run.set_out)[hour]
        if SHORTEST_S <= run.said_s <= LONGEST_S and SHORTEST_S <= run.took_s <= LONGEST_S:
            ratio = run.took_s / plain_s
            if 1.0 / ODD <= run.took_s / run.said_s <= ODD:
                ratios[hour].append(math.log(ratio))
    counts = tuple(len(it) for it in ratios)
    if sum(counts) < LEAST_RUNS:
        return known
    factors = _by_hour(ratios)
    if known.periods and known.now == factors and known.periods[-1].runs == counts:
        return known
    period = Period(since=at, factors=factors, runs=counts)
    return Learned(periods=(*known.periods, period)[-PERIODS_KEPT:])


def forgotten(known: Learned, at: Instant) -> Learned:
    """Back to what was in force before the last period, from ``at`` on; without one, to the profiles alone."""
    if not known.periods:
        return known
    before = known.periods[-2] if len(known.periods) > 1 else Period(since=0, factors=PLAIN, runs=(0,) * HOURS)
    return Learned(periods=(*known.periods, Period(since=at, factors=before.factors, runs=before.runs))[-PERIODS_KEPT:])


def hour_of(moment: Instant, utc_offset_min: int) -> int:
    """The hour of the site's clock, 0 to 23."""
    return (moment + utc_offset_min * 60_000) // HOUR_MS % HOURS


def _by_hour(ratios: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Each hour's median, drawn towards its neighbours' and the day's by how few runs it has."""
    everything = [it for hour in ratios for it in hour]
    day = _drawn(median(everything), len(everything), 0.0)
    around = []
    for hour in range(HOURS):
        near = [it for step in (-1, 0, 1) for it in ratios[(hour + step) % HOURS]]
        around.append(_drawn(median(near), len(near), day) if near else day)
    found = [_drawn(median(own), len(own), near) if own else near for own, near in zip(ratios, around, strict=True)]
    return tuple(round(min(max(math.exp(it), FACTOR_LEAST), FACTOR_MOST), 3) for it in found)


def _drawn(own: float, runs: int, towards: float) -> float:
    weight = runs / (runs + TRUSTED_RUNS)
    return weight * own + (1.0 - weight) * towards
