"""Who can go: the units of a service for an incident, the best first, the set that covers what the plan wants, what is
lacking; and each unit that is not proposed, with why not.

Pure: travel times come in as the geography measured them, everything else is in the state. They are kept on the leg,
so that what is recommended is reckoned anew (``ranked``) whenever units, crews or the plan have changed, without
measuring again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from dispatch_core.domain.covering import AT_WORK, Able, cover
from dispatch_core.domain.offering import TURNED_BACK, declined_on, why_spared
from dispatch_core.domain.offering import is_free as is_free
from dispatch_core.domain.plans import SLOTS_MOST, needs_for
from dispatch_core.domain.shifts import exhausted_by
from dispatch_core.domain.state import Incident, Leg, State, Unit
from dispatch_core.domain.vocabulary import Candidate, CrewState, Instant, Need, Passed, Reach, UnitStatus

CANDIDATES_KEPT = 12
"""Beside those that are chosen."""

PASSED_KEPT = 16
INCAPABLE_KEPT = 6
"""Of those who are passed over: who could do the work, and who could not."""


MEASURED_ALONE = frozenset({"position_stale", "out_of_radius", "unreachable"})
"""Why a crew cannot come that cannot be seen from the state itself."""


class Ranking(Struct, frozen=True, kw_only=True):
    """``candidates``: the chosen ones first, each group the soonest first. ``lacking``: what nobody is there for.
    ``unfit``: call signs beyond ``passed`` of whom only the measuring knows that they cannot come."""

    candidates: tuple[Candidate, ...] = ()
    passed: tuple[Passed, ...] = ()
    unfit: tuple[str, ...] = ()
    lacking: tuple[Need, ...] = ()

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(it for it in self.candidates if it.chosen)


def free_units(state: State, service: str) -> tuple[Unit, ...]:
    """Units of the service that may be sent now, in the order of their call signs."""
    free = (unit for unit in state.units.values() if unit.service == service and is_free(unit))
    return tuple(sorted(free, key=lambda unit: unit.call_sign))


def recommend(
    state: State, incident: Incident, service: str, reaches: Iterable[Reach], now: Instant, *, whole: bool = True
) -> Ranking:
    """``whole``: the reaches are of every unit that can get there, so that one without cannot."""
    needs = needs_for(state, incident, service)
    leg = incident.legs.get(service)
    on_it = frozenset(leg.units) if leg is not None else frozenset()
    declines = state.site.offers.declines
    measured = {it.unit: it for it in sorted(reaches, key=lambda it: (it.seconds, it.unit))}
    free: list[tuple[Unit, Reach]] = []
    passed: list[Passed] = []
    for reach in measured.values():
        unit = state.units.get(reach.unit)
        if unit is None or unit.service != service or unit.call_sign in on_it:
            continue
        why = _why_not(state, unit, reach, needs, now) or (
            Passed(unit=unit.call_sign, why=_said_no(leg, unit)) if declined_on(leg, unit, declines) else None
        )
        if why is None:
            free.append((unit, reach))
        else:
            passed.append(replace(why, reach=reach))
    if whole:
        passed += _unreachable(state, service, measured)
    return _ranking(state, leg, needs, free, passed)


def _said_no(leg: Leg | None, unit: Unit) -> str:
    return TURNED_BACK if leg is not None and unit.call_sign in leg.turned_back else "declined"


def ranked(state: State, incident: Incident, service: str, now: Instant) -> Ranking:
    """What is recommended for a leg as things are now, with the travel times that were measured last."""
    leg = incident.legs.get(service)
    if leg is None or not leg.ranked_at:
        return Ranking()
    reaches = [
        Reach(
            unit=it.unit, seconds=it.seconds, metres=it.metres, measured=it.measured, age_ms=it.age_ms,
            walk_m=it.walk_m, note=it.note,
        )
        for it in leg.candidates
    ]  # fmt: skip
    reaches += [it.reach for it in leg.passed if it.reach is not None]
    found = recommend(state, incident, service, reaches, now, whole=False)
    return replace(found, passed=_with_unreachable(found.passed, leg))


def _with_unreachable(passed: Sequence[Passed], leg: Leg) -> tuple[Passed, ...]:
    """Nothing was measured of who cannot get there: they stay what they were."""
    return (*passed, *(it for it in leg.passed if it.reach is None))


def somebody_unmeasured(state: State, incident: Incident, leg: Leg, now: Instant) -> bool:
    """Whether a crew that could be asked is free and was not measured, or was too far down to be kept."""
    known = {it.unit for it in leg.candidates} | {it.unit for it in leg.passed} | set(leg.unfit)
    wanted = frozenset(need.capability for need in needs_for(state, incident, leg.service))
    return any(
        ("" in wanted or wanted & set(unit.capabilities))
        and why_spared(state, unit, now) is None
        and not declined_on(leg, unit, state.site.offers.declines)
        for unit in free_units(state, leg.service)
        if unit.call_sign not in known
    )


def ranking_is_old(state: State, leg: Leg, now: Instant) -> bool:
    """Whether the travel times are worth measuring anew."""
    fresh_ms = state.site.recommending.fresh_s * 1000
    return bool(leg.ranked_at and fresh_ms) and now - leg.ranked_at > fresh_ms


class Better(Struct, frozen=True):
    """Who was free and better than a unit that is sent, by how much, and what the latter cannot do."""

    instead: str
    sooner_s: float
    lacks: tuple[str, ...]


def better_than(
    state: State, incident: Incident, service: str, ranking: Ranking, unit: str, sent: Sequence[str]
) -> Better | None:
    """None where the unit is of the recommended set, where nobody of it stays behind, or where it makes no
    difference."""
    if any(it.unit == unit for it in ranking.chosen):
        return None
    left = [it for it in ranking.chosen if it.unit not in sent]
    if not left:
        return None
    best = min(left, key=lambda it: it.seconds)
    wanted = {it.capability for it in needs_for(state, incident, service)}
    lacks = () if "" in wanted or wanted & set(state.units[unit].capabilities) else tuple(sorted(wanted))
    measured = {it.unit: it.seconds for it in ranking.candidates}
    measured |= {it.unit: it.reach.seconds for it in ranking.passed if it.reach is not None}
    if unit not in measured:  # further away than all that were kept
        return Better(best.unit, 0.0, lacks)
    sooner = round(measured[unit] - best.seconds, 1)
    least = state.site.recommending.better_by_s
    if lacks or (least and sooner >= least):
        return Better(best.unit, max(0.0, sooner), lacks)
    return None


def _why_not(state: State, unit: Unit, reach: Reach, needs: Sequence[Need], now: Instant) -> Passed | None:
    """The first reason against the unit, in the order in which a dispatcher would say them."""
    rules, crew = state.site.recommending, unit.crew
    why = ""
    about: tuple[str, ...] = ()
    if unit.assignment is not None:
        why, about = "at_work", (unit.assignment.incident,)
    elif unit.status is not UnitStatus.AVAILABLE:
        why, about = unit.status.value, (str(unit.status_at),)
    elif crew.state is CrewState.UNSTAFFED:
        why, about = "not_staffed", (str(crew.since),)
    elif crew.state is CrewState.RESTING:
        why, about = "resting", (str(crew.until),)
    elif exhausted := exhausted_by(state.site, unit, now):
        why, about = "exhausted", exhausted
    elif rules.stale_s and reach.age_ms is not None and reach.age_ms > rules.stale_s * 1000:
        why, about = "position_stale", (str(reach.age_ms),)
    elif (far := _reach_km(state, unit, needs)) and reach.metres > far * 1000:
        why, about = "out_of_radius", (f"{far:g}",)
    return Passed(unit=unit.call_sign, why=why, about=about) if why else None


def _reach_km(state: State, unit: Unit, needs: Sequence[Need]) -> float:
    """How far the unit may come from, by the widest of the lines that it could fill; 0 = however far."""
    usual = state.site.recommending.radius_km.get(unit.service, 0.0)
    lines = [it for it in needs if not it.capability or it.capability in unit.capabilities] or needs
    every = [it.radius_km or usual for it in lines]
    return 0.0 if 0.0 in every else max(every)


def _unreachable(state: State, service: str, measured: dict[str, Reach]) -> list[Passed]:
    return [
        Passed(unit=unit.call_sign, why="unreachable")
        for _, unit in sorted(state.units.items())
        if unit.service == service and unit.call_sign not in measured and is_free(unit)
    ]


def _ranking(
    state: State, leg: Leg | None, needs: Sequence[Need], free: Sequence[tuple[Unit, Reach]], passed: list[Passed]
) -> Ranking:
    places = [it.capability for it in needs for _ in range(it.count)][:SLOTS_MOST]
    sent = [state.units[it] for it in (leg.units if leg is not None else ()) if it in state.units]
    able = [Able(it.call_sign, frozenset(it.capabilities), AT_WORK) for it in sent]
    able += [Able(unit.call_sign, frozenset(unit.capabilities), reach.seconds) for unit, reach in free]
    filled = cover(places, able)
    lacking = _lacking(needs, filled)
    wanted = {it.capability for it in needs}
    missed = {it.capability for it in lacking}
    candidates = []
    for unit, reach in free:
        capable = "" in wanted or bool(wanted & set(unit.capabilities))
        if not capable and not missed:
            passed.append(Passed(unit=unit.call_sign, why="not_capable", about=tuple(sorted(wanted)), reach=reach))
            continue
        candidates.append(
            Candidate(
                unit=unit.call_sign,
                seconds=reach.seconds,
                metres=reach.metres,
                measured=reach.measured,
                age_ms=reach.age_ms,
                capable=capable,
                chosen=unit.call_sign in filled,
                fills=filled.get(unit.call_sign, ""),
                walk_m=reach.walk_m,
                note=reach.note,
            )
        )
    candidates.sort(key=lambda it: (not it.chosen, not it.capable))  # stable: the soonest of each stay first
    chosen = sum(it.chosen for it in candidates)
    passed.sort(key=_place_of)
    every = [it for it in passed if it.why != "not_capable"]
    could, beyond = every[:PASSED_KEPT], every[PASSED_KEPT:]
    could_not = [it for it in passed if it.why == "not_capable"][:INCAPABLE_KEPT]
    return Ranking(
        candidates=tuple(candidates[: chosen + CANDIDATES_KEPT]), passed=(*could, *could_not), lacking=lacking,
        unfit=tuple(it.unit for it in beyond if it.why in MEASURED_ALONE),
    )  # fmt: skip


def _place_of(it: Passed) -> tuple[bool, float, str]:
    """The nearest first; last those who cannot get there."""
    seconds = it.reach.seconds if it.reach is not None else 0.0
    return it.reach is None, seconds, it.unit


def _lacking(needs: Sequence[Need], filled: dict[str, str]) -> tuple[Need, ...]:
    there = Counter(filled.values())
    short = (replace(it, count=it.count - there[it.capability]) for it in needs)
    return tuple(it for it in short if it.count > 0)
