"""Many callers about one thing: when it is proposed to say so to those who wait, and who may say so by a key.

Nobody is ever turned away: whoever stays on the line is answered in turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from msgspec import Struct

from dispatch_core.domain.duplicates import Side, callers_of, compared, distance, place_of
from dispatch_core.domain.offering import pending
from dispatch_core.domain.state import Call, Incident, State
from dispatch_core.domain.surge import SAME_KEY, SurgeRules
from dispatch_core.domain.vocabulary import Direction, IncidentState, Instant, LegState

MINUTE_MS = 60_000
COMPARED = 30
"""The newest open incidents, each with each: whatever many call about is among them."""

FRESH_MS = 30 * MINUTE_MS
"""An incident of which nobody has called for this long is not what they call about now."""


class Pressure(Struct, frozen=True):
    """How many wait now, and how many came within the last minute."""

    waiting: int
    arrivals: int


class About(Struct, frozen=True):
    """The incident that most of it is about, and how many callers and likely same incidents say so."""

    incident: str
    alike: int


def pressure(calls: Iterable[Call], now: Instant) -> Pressure:
    waiting = arrivals = 0
    for call in calls:
        if call.direction is Direction.INCOMING:
            waiting += call.state.waiting
            arrivals += 0 <= now - call.arrived_at < MINUTE_MS
    return Pressure(waiting, arrivals)


def presses(rules: SurgeRules, it: Pressure) -> bool:
    """Whether there is more than usual; a threshold of 0 is none."""
    return 0 < rules.waiting <= it.waiting or 0 < rules.arrivals <= it.arrivals


def eased(rules: SurgeRules, it: Pressure) -> bool:
    """Whether it is over: well below what began it, so that nothing comes and goes with every call."""
    return it.waiting * 2 < max(rules.waiting, 1) and it.arrivals * 2 < max(rules.arrivals, 1)


def about_one(state: State, now: Instant) -> About | None:
    """What they call about, where enough of them call about one thing."""
    newest = [it for it in state.incidents.values() if it.state is not IncidentState.CLOSED and _fresh(state, it, now)]
    newest.sort(key=lambda it: (it.received_at, it.id), reverse=True)
    most = sorted(newest, key=lambda it: (-len(it.calls), it.id))[:COMPARED]
    counted = {it.id: callers_of(state, it) for it in most}
    votes = dict(counted)
    for one, other in combinations([Side(state, it) for it in most], 2):
        if compared(state, one, other) is not None:
            votes[one.incident.id] += counted[other.incident.id]
            votes[other.incident.id] += counted[one.incident.id]
    best = min(most, key=lambda it: (-votes[it.id], not it.type, it.received_at, it.id), default=None)
    if best is None or votes[best.id] < state.site.surge.alike:
        return None
    return About(best.id, votes[best.id])


def _fresh(state: State, incident: Incident, now: Instant) -> bool:
    calls = (state.calls[it].arrived_at for it in incident.calls if it in state.calls)
    return now - max((incident.received_at, *calls)) < FRESH_MS


def services_of(state: State, incident: Incident) -> tuple[str, ...]:
    """Whose callers are told of it: the services that were called about it, and those that work on it."""
    at_work = (code for code, leg in sorted(incident.legs.items()) if leg.state is LegState.OPEN)
    called = (code for it in incident.calls if it in state.calls for code in state.calls[it].services[:1])
    return tuple(it for it in dict.fromkeys((*called, *incident.services, *at_work)) if it in state.site.services)


def pressed_at(call: Call) -> Instant:
    """When the caller said by a key that he calls about what was announced to him, 0 where he did not. A key that was
    pressed before the words, or to somebody who had answered, says something else."""
    told = call.surge.announced_at
    until = call.answered_at or None
    keys = (it.at for it in call.silence.keys if it.digit == SAME_KEY)
    return next((at for at in keys if told and at >= told and (until is None or at < until)), 0)


def far_from(state: State, call: Call) -> bool:
    """Whether the caller is known to be elsewhere: his place and the incident's, both with all they leave open, do not
    meet within the surge's radius."""
    surge = state.surge
    incident = state.incidents.get(surge.incident) if surge is not None else None
    place = place_of(state, incident) if incident is not None else None
    if surge is None or place is None or call.location is None or call.location.doubt:
        return False
    metres = distance(place, call.location)
    return metres is not None and metres - place.uncertainty_m - call.location.uncertainty_m > surge.radius_m


def said_to_differ(state: State, ident: str, into: Incident) -> bool:
    """Whether somebody said that the two are not the same: a caller's key does not overrule that."""
    incident = state.incidents.get(ident)
    return ident in into.unlike or (incident is not None and into.id in incident.unlike)


def may_join(state: State, call: Call) -> bool:
    """Whether the incident of a caller who pressed the key is nobody's work yet, so that it may be folded by itself."""
    incident = state.incidents.get(call.incident)
    if incident is None or incident.state is IncidentState.CLOSED or incident.owner or incident.type:
        return False
    if any(leg.units or pending(leg) for leg in incident.legs.values()) or call.talks or call.intent is not None:
        return False
    others = (state.calls[it] for it in incident.calls if it in state.calls and it != call.id)
    return not any(it.talks or it.state.live for it in others)
