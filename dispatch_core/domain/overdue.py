"""Clocks of call-backs, missed calls, wrap-ups and readiness that have run out (``deadlines`` adds them up)."""

from __future__ import annotations

from dispatch_core.domain.commands import (
    CallBackFailed,
    Command,
    MissedWaits,
    NobodyReady,
    SomebodyReady,
    WrapUpOver,
)
from dispatch_core.domain.state import Call, Incident, Missed, State
from dispatch_core.domain.vocabulary import Direction, DutyState, IncidentState, Instant

CALL_BACK_LIMIT_MS = 30_000
"""A position's phone rings for 15 s; a call-back of which the switch told nothing by then may be lost."""

CALL_BACK_GIVEN_UP_MS = 60_000
"""One that may be lost, and that no look at the switch has found by then, is put to a person."""

UNFOLD_WITHIN_MS = 4 * 3_600_000
"""A fold may be undone for four hours, then the incident is filed away like any that was closed."""

NOBODY_READY_MS = 3_000
"""So long a caller has waited before it is an alarm that nobody is ready."""


def overdue_at_desks(state: State, now: Instant) -> list[Command]:
    commands: list[Command] = []
    for ident, call in sorted(state.calls.items()):
        if _may_be_lost(call, now):
            commands.append(CallBackFailed(call=ident, why="no_outcome"))
    for ident, line in sorted(state.missed.items()):
        if _unattended(state, line, now):
            commands.append(MissedWaits(missed=ident))
    for ident, seat in sorted(state.positions.items()):
        if seat.duty.state is DutyState.WRAP_UP and not seat.duty.since <= now < seat.duty.until:
            commands.append(WrapUpOver(position=ident))
    return commands + _readiness(state, now)


def _may_be_lost(call: Call, now: Instant) -> bool:
    run = call.back
    if run is None or not call.state.live or run.dialled_at or run.outcome is not None or call.talks:
        return False
    if run.unsure_at:
        return abs(now - run.unsure_at) > CALL_BACK_GIVEN_UP_MS
    return abs(now - run.at) > CALL_BACK_LIMIT_MS


def may_be_unfolded(state: State, incident: Incident, now: Instant) -> bool:
    """What was folded is kept while the incident that it is part of is open, however many folds lie between, and no
    longer than a fold may be undone: a flood of calls folds thousands."""
    if now - incident.closed_at > UNFOLD_WITHIN_MS:
        return False
    folded = incident.folded
    while folded is not None:
        into = state.incidents.get(folded.into)
        if into is None:
            return False
        if into.state is not IncidentState.CLOSED:
            return True
        folded = into.folded
    return False


def _unattended(state: State, line: Missed, now: Instant) -> bool:
    """Nobody has called back, or tried again, for longer than the site allows."""
    call = state.calls.get(line.tried)
    if not state.site.unattended_ms or line.overdue or (call is not None and call.state.live):
        return False
    return now - max(line.last_at, line.tried_at) > state.site.unattended_ms


def _readiness(state: State, now: Instant) -> list[Command]:
    """Services that somebody waits for while nobody is ready, and those for which that is over."""
    ready = {
        service
        for seat in state.positions.values()
        if seat.user and seat.duty.state is DutyState.READY
        for service in seat.services
    }
    waits = [it for it in state.calls.values() if it.state.waiting and it.direction is Direction.INCOMING]
    wanted = {service for it in waits for service in it.services[:1]} - ready
    long = {service for it in waits if now - it.arrived_at > NOBODY_READY_MS for service in it.services[:1]}
    commands: list[Command] = []
    for service in sorted(wanted & long - set(state.unready)):
        commands.append(NobodyReady(service=service))
    for service in sorted(set(state.unready) - wanted):
        commands.append(SomebodyReady(service=service))
    return commands
