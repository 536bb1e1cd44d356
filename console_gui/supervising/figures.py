"""The figures of the supervisor's band, from the live state alone; each names the things behind it. No Qt.

What is counted over an hour or a shift comes from the counts that the state keeps, so it holds calls that have long
left the state, and a console that has just begun shows the same as any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console_gui.promises import ANSWER_MS, OFFER_MS, offered_too_long, waits, waits_too_long
from console_gui.translations.dispatching import unexplained
from console_gui.translations.formats import duration
from dispatch_core.domain.answering import WITHIN_20_MS, this_hour, this_shift
from dispatch_core.domain.recommending import is_free
from dispatch_core.domain.shifts import shift_began
from dispatch_core.domain.state import Answering, Incident, LateCall, State
from dispatch_core.domain.vocabulary import IncidentState, Instant, LegState

ANSWER_TARGET = 95
"""Percent of calls answered in time below which the figure asks for attention (NENA's 95/15)."""

Wanted = Callable[[Incident], bool]
WantedCall = Callable[[LateCall], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """``key`` names it, ``text`` is the value, ``more`` the same of the shift. The list behind it is that of the
    incidents that are ``wanted``, or of the late ``calls``. ``late`` is a clock that has run out, ``broken`` a promise
    that is not kept; ``service`` is its code where the figure is of one."""

    key: str
    text: str
    wanted: Wanted
    more: str = ""
    calls: WantedCall | None = None
    late: bool = False
    broken: bool = False
    limit: int = 0
    service: str = ""


def figures(state: State, now: Instant) -> list[Figure]:
    hour, shift = this_hour(state, now), this_shift(state, now)
    return [*_waiting(state, now), *_answered(state, now, hour, shift), *_missed(state, now, hour, shift),
            *_work(state, now)]  # fmt: skip


def _waiting(state: State, now: Instant) -> list[Figure]:
    """How many wait for each service, and how long the first of them has waited."""
    waiting = [call for call in state.calls.values() if waits(call)]
    found = []
    for code in state.site.services:
        mine = [call for call in waiting if code in call.services[:1]]
        oldest = min((call.arrived_at for call in mine), default=0)
        found.append(
            Figure(
                f"figure.waiting.{code}", str(len(mine)), _among(frozenset(call.incident for call in mine)),
                more=duration(now - oldest) if oldest else "", late=any(waits_too_long(call, now) for call in mine),
                service=code,
            )
        )  # fmt: skip
    return found


def percent(within: int, counts: Answering) -> str:
    total = counts.answered + counts.given_up
    return f"{within * 100 // total}%" if total else "—"


def _answered(state: State, now: Instant, hour: Answering, shift: Answering) -> list[Figure]:
    began = shift_began(state.site, now)
    found = []
    for name, limit_ms in (("within_15", ANSWER_MS), ("within_20", WITHIN_20_MS)):
        within, of_shift = getattr(hour, name), getattr(shift, name)
        total = hour.answered + hour.given_up
        found.append(
            Figure(
                f"figure.{name}", percent(within, hour), _nothing, more=percent(of_shift, shift),
                calls=_later_than(limit_ms, began), broken=total > 0 and within * 100 < ANSWER_TARGET * total,
                limit=limit_ms // 1000,
            )
        )  # fmt: skip
    return found


def _missed(state: State, now: Instant, hour: Answering, shift: Answering) -> list[Figure]:
    began = shift_began(state.site, now)
    missed = frozenset(line.incident for line in state.missed.values())
    overdue = any(it.overdue for it in state.missed.values())
    return [
        Figure("figure.missed", str(len(state.missed)), _among(missed), broken=overdue),
        Figure(
            "figure.given_up", str(hour.given_up), _nothing, more=str(shift.given_up),
            calls=lambda call: not call.position and call.arrived_at >= began,
        ),
        Figure("figure.called_back", f"{hour.reached}/{hour.lines}", _among(missed),
               more=f"{shift.reached}/{shift.lines}"),
    ]  # fmt: skip


def _work(state: State, now: Instant) -> list[Figure]:
    late_units = [unit for unit in state.units.values() if offered_too_long(unit, now)]
    late = frozenset(unit.assignment.incident for unit in late_units if unit.assignment is not None)
    unsent = owed = opened = silent = 0
    live = frozenset(call.incident for call in state.calls.values() if call.state.live)
    for it in state.incidents.values():
        if it.state is IncidentState.CLOSED:
            owed += bool(unexplained(it))
            continue
        opened += 1
        unsent += without_units(it)
        owed += bool(unexplained(it))
        silent += unsaid(it) and it.id not in live
    free = sum(map(is_free, state.units.values()))
    return [
        Figure("figure.unsent", str(unsent), without_units),
        Figure(
            "figure.late_offers", str(len(late_units)), _among(late), broken=bool(late_units), limit=OFFER_MS // 1000
        ),
        Figure(
            "figure.unsaid", str(silent), lambda incident: unsaid(incident) and incident.id not in live,
            broken=bool(silent),
        ),
        Figure("figure.unexplained", str(owed), lambda incident: bool(unexplained(incident)), broken=bool(owed)),
        Figure("figure.open", str(opened), is_open),
        Figure("figure.free", f"{free}/{len(state.units)}", lambda incident: True),
    ]  # fmt: skip


def is_open(incident: Incident) -> bool:
    return incident.state is not IncidentState.CLOSED


def unsaid(incident: Incident) -> bool:
    """Its call is over and nobody has said what it was about, nor closed it."""
    return incident.state is IncidentState.RECEIVING and bool(incident.calls)


def without_units(incident: Incident) -> bool:
    """Open, with legs, and not one unit on any of them."""
    legs = [leg for leg in incident.legs.values() if leg.state is LegState.OPEN]
    return is_open(incident) and bool(legs) and not any(leg.units for leg in legs)


def _nothing(_: Incident) -> bool:
    return False


def _among(idents: frozenset[str]) -> Wanted:
    return lambda incident: incident.id in idents


def _later_than(limit_ms: int, since: Instant) -> WantedCall:
    return lambda call: call.arrived_at >= since and (not call.position or call.waited_ms > limit_ms)
