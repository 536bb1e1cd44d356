"""Which clocks have run out: commands that the core gives itself. Deadlines are wall-clock times in the state, so they
survive a restart; how often somebody looks does not matter."""

from __future__ import annotations

from dispatch_core.domain import handing, memos, offer_clocks, route_clocks, silence_clocks, surge_clocks, text_clocks
from dispatch_core.domain.commands import (
    AnswerFailed,
    ArchiveIncident,
    Command,
    EndClosure,
    ForgetLocation,
    ForgetNumber,
    HangUpFailed,
    NodeGivenUp,
    SignOut,
    SteerFailed,
    WatchFailed,
)
from dispatch_core.domain.nuisance import worth_keeping
from dispatch_core.domain.occupied import occupies
from dispatch_core.domain.overdue import may_be_unfolded, overdue_at_desks
from dispatch_core.domain.shifts import rests_over
from dispatch_core.domain.state import Person, State
from dispatch_core.domain.vocabulary import IncidentState, Instant

ANSWER_LIMIT_MS = 20_000
"""The dialplan rings a position's phone for 15 s; an answer without an outcome by then is given up."""

HANG_UP_LIMIT_MS = 10_000
"""A call that still lives this long after somebody asked to end it: they may ask again. Where the clock was set back,
both limits count from either side, so that nothing stays asked for an hour."""

STEER_LIMIT_MS = 10_000
"""What was asked of a talk and has no outcome by then is given up: the state is what the switch said last."""

STEER_RING_LIMIT_MS = 150_000
"""The same where somebody must pick up: beyond a minute for each of two carriers."""

WATCH_LIMIT_MS = 40_000
"""A supervisor's phone that has not picked up, or not let go, by then."""

CLOSED_KEPT_MS = 30 * 60_000
"""A closed incident stays on the boards this long."""

SESSION_MS = 14 * 3_600_000
"""A sign-in ends by itself after the longest shift, but never in mid-call."""

EARLY_LOCATION_MS = 10 * 60_000
"""A location that came before its call waits this long for it."""


NODE_AWAY_MS = 15_000
"""A node that is away this long is given up with its calls: longer than Asterisk takes to start and we to find it."""


def _talks(state: State, person: Person) -> bool:
    return bool(person.position) and any(occupies(call, person.position) for call in state.calls.values())


def due(state: State, now: Instant) -> tuple[Command, ...]:
    """Everything that is overdue at ``now``, in a stable order."""
    commands: list[Command] = []
    for _, call in sorted(state.calls.items()):
        if call.intent is not None and abs(now - call.intent.at) > ANSWER_LIMIT_MS:
            commands.append(AnswerFailed(call=call.id, position=call.intent.position, why="no_outcome"))
        if call.hang_up_asked and call.state.live and abs(now - call.hang_up_at) > HANG_UP_LIMIT_MS:
            commands.append(HangUpFailed(call=call.id, why="no_outcome"))
        if call.steer is not None:
            limit = STEER_RING_LIMIT_MS if call.steer.act.rings else STEER_LIMIT_MS
            if abs(now - call.steer.at) > limit:
                commands.append(SteerFailed(call=call.id, act=call.steer.act, why="no_outcome"))
    commands += _given_up(state, now)
    for _, watch in sorted(state.watches.items()):
        if not watch.running and abs(now - watch.at) > WATCH_LIMIT_MS:
            commands.append(WatchFailed(channel=watch.channel, why="no_outcome"))
    for _, incident in sorted(state.incidents.items()):
        if incident.state is not IncidentState.CLOSED or now - incident.closed_at <= CLOSED_KEPT_MS:
            continue
        live = any(call in state.calls and state.calls[call].state.live for call in incident.calls)
        if not live and not may_be_unfolded(state, incident, now):
            commands.append(ArchiveIncident(incident=incident.id))
    if calls_of_nobody(state, now):
        commands.append(ArchiveIncident(incident=""))
    for user, person in sorted(state.people.items()):
        if now - person.since > SESSION_MS and not _talks(state, person):
            commands.append(SignOut(user=user, session=person.session))
    for ident, early in sorted(state.early_locations.items()):
        if abs(now - early.at) > EARLY_LOCATION_MS:
            commands.append(ForgetLocation(ident=ident))
    commands += [EndClosure(closure=it) for it, of in sorted(state.closures.items()) if 0 < of.until <= now]
    commands += text_clocks.due(state, now, CLOSED_KEPT_MS)
    commands += silence_clocks.due(state, now)
    commands += rests_over(state, now)
    commands += offer_clocks.due(state, now)
    commands += route_clocks.due(state, now)
    commands += surge_clocks.due(state, now)
    commands += memos.due(state, now)
    commands += handing.due(state, now)
    commands += [ForgetNumber(number=it) for it, of in sorted(state.nuisance.items()) if not worth_keeping(of, now)]
    return (*commands, *overdue_at_desks(state, now))


def calls_of_nobody(state: State, now: Instant) -> tuple[str, ...]:
    """Calls that we made and that belong to no incident, once they are over as long as a closed incident stays."""
    over = (call for _, call in sorted(state.calls.items()) if not call.incident and not call.state.live)
    return tuple(call.id for call in over if now - call.ended_at > CLOSED_KEPT_MS)


def _given_up(state: State, now: Instant) -> list[Command]:
    holding = {call.node for call in state.calls.values() if call.state.live}
    holding |= {watch.node for watch in state.watches.values()}
    away = [it for _, it in sorted(state.nodes.items()) if not it.up and it.id in holding]
    return [NodeGivenUp(node=it.id) for it in away if abs(now - it.since) > NODE_AWAY_MS]
