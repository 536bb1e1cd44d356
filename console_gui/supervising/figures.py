"""The figures of the supervisor's band, from the live state alone; each names the things behind it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from console_gui.promises import ANSWER_MS, OFFER_MS, WAITING, answered_in_time, offered_too_long, waits, waits_too_long
from console_gui.translations.dispatching import unexplained
from console_gui.translations.formats import duration
from dispatch_core.domain.recommending import is_free
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import Direction, IncidentState, Instant, LegState

ANSWER_TARGET = 95
"""Percent of calls answered in time below which the figure asks for attention (NENA's 95/15)."""

Wanted = Callable[[Incident], bool]


@dataclass(frozen=True, slots=True)
class Figure:
    """``key`` names it, ``text`` is the value; ``wanted`` is the list behind it. ``late`` is a clock that has run out,
    ``broken`` a promise that is not kept."""

    key: str
    text: str
    wanted: Wanted
    late: bool = False
    broken: bool = False
    limit: int = 0


def figures(state: State, now: Instant) -> list[Figure]:
    waiting = [call for call in state.calls.values() if waits(call)]
    oldest = min((call.arrived_at for call in waiting), default=0)
    in_time, total = answered_in_time(state)
    percent = in_time * 100 // total if total else 100
    waited = frozenset(call.incident for call in waiting)
    missed = frozenset(line.incident for line in state.missed.values())
    late_units = [unit for unit in state.units.values() if offered_too_long(unit, now)]
    late_incidents = frozenset(unit.assignment.incident for unit in late_units if unit.assignment is not None)
    unsent = [it for it in state.incidents.values() if without_units(it)]
    free = sum(map(is_free, state.units.values()))
    owed = [it for it in state.incidents.values() if unexplained(it)]
    return [
        Figure("figure.waiting", str(len(waiting)), _among(waited)),
        Figure(
            "figure.longest", duration(now - oldest) if oldest else "0:00", _among(waited),
            late=any(waits_too_long(call, now) for call in waiting),
        ),
        Figure(
            "figure.answered", f"{percent}%", _answered_late(state), broken=percent < ANSWER_TARGET,
            limit=ANSWER_MS // 1000,
        ),
        Figure(
            "figure.abandoned", str(len(state.missed)), _among(missed),
            broken=any(it.overdue for it in state.missed.values()),
        ),
        Figure("figure.called_back", _called_back(state), _among(missed)),
        Figure("figure.unsent", str(len(unsent)), without_units),
        Figure(
            "figure.late_offers", str(len(late_units)), _among(late_incidents), broken=bool(late_units),
            limit=OFFER_MS // 1000,
        ),
        Figure("figure.unexplained", str(len(owed)), lambda incident: bool(unexplained(incident)), broken=bool(owed)),
        Figure("figure.open", str(sum(map(is_open, state.incidents.values()))), is_open),
        Figure("figure.free", f"{free}/{len(state.units)}", lambda incident: True),
    ]  # fmt: skip


def _called_back(state: State) -> str:
    """Of today's missed lines how many were reached again, and within how long on the average."""
    today = state.missed_today
    reached = today.called_back + today.rang_again
    return f"{reached}/{today.lines} {duration(today.wait_ms // reached)}" if reached else f"0/{today.lines}"


def is_open(incident: Incident) -> bool:
    return incident.state is not IncidentState.CLOSED


def without_units(incident: Incident) -> bool:
    """Open, with legs, and not one unit on any of them."""
    legs = [leg for leg in incident.legs.values() if leg.state is LegState.OPEN]
    return is_open(incident) and bool(legs) and not any(leg.units for leg in legs)


def _among(idents: frozenset[str]) -> Wanted:
    return lambda incident: incident.id in idents


def _answered_late(state: State) -> Wanted:
    late = frozenset(
        call.incident
        for call in state.calls.values()
        if call.direction is Direction.INCOMING
        and call.state not in WAITING
        and not (call.answered_at and call.answered_at - call.arrived_at <= ANSWER_MS)
    )
    return _among(late)
