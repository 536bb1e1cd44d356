"""Crews over a shift: when it began, what a unit did in it, when a rest is over."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from dispatch_core.domain.commands import Command, SetCrew
from dispatch_core.domain.state import Site, State, Unit
from dispatch_core.domain.vocabulary import CrewState, Instant, Tally

MINUTE_MS = 60_000
DAY_MINUTES = 24 * 60


def shift_began(site: Site, at: Instant) -> Instant:
    """The beginning of the shift that runs at ``at``, by the site's own clock."""
    offset = site.utc_offset_min * MINUTE_MS
    minutes = (at + offset) // MINUTE_MS
    midnight, of_day = minutes - minutes % DAY_MINUTES, minutes % DAY_MINUTES
    return (midnight + _last_before(site.recommending.shifts, of_day)) * MINUTE_MS - offset


def _last_before(shifts: Sequence[int], minute: int) -> int:
    """Minutes from midnight; before the day's first shift the last of the day before still runs."""
    begun = [it for it in shifts if it <= minute]
    if begun:
        return max(begun)
    return max(shifts) - DAY_MINUTES if shifts else 0


def tally_at(site: Site, unit: Unit, at: Instant) -> Tally:
    """What the unit did in the shift of ``at``: nothing yet, where its tally is of an earlier one."""
    shift = shift_began(site, at)
    return unit.tally if unit.tally.shift == shift else Tally(shift=shift)


def exhausted_by(site: Site, unit: Unit, at: Instant) -> tuple[str, ...]:
    """Of what the unit has done as much in this shift as the site allows, and how much; () = it may go on."""
    rules, done = site.recommending, tally_at(site, unit, at)
    if rules.runs_most and done.runs >= rules.runs_most:
        return ("runs", str(done.runs))
    if rules.work_most_min and done.worked_ms >= rules.work_most_min * MINUTE_MS:
        return ("work", str(done.worked_ms))
    return ()


def a_run_more(site: Site, unit: Unit, at: Instant) -> Tally:
    known = tally_at(site, unit, at)
    return replace(known, runs=known.runs + 1)


def a_run_less(site: Site, unit: Unit, at: Instant) -> Tally:
    """It was asked and did not go."""
    known = tally_at(site, unit, at)
    return replace(known, runs=max(0, known.runs - 1))


def work_done(site: Site, unit: Unit, at: Instant) -> Tally:
    """With the work that ends now; what was done before this shift is not counted."""
    known = tally_at(site, unit, at)
    if unit.assignment is None:
        return known
    began = max(unit.assignment.at, known.shift)
    return replace(known, worked_ms=known.worked_ms + max(0, at - began))


def rests_over(state: State, now: Instant) -> list[Command]:
    """Crews whose rest has come to its end."""
    return [
        SetCrew(unit=unit.call_sign, crew=CrewState.STAFFED)
        for _, unit in sorted(state.units.items())
        if unit.crew.state is CrewState.RESTING and 0 < unit.crew.until <= now
    ]
