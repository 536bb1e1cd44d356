"""What the events of a surge mean, and of incidents that are said to differ. Moments of a call are first ones, so that
their order does not matter."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from dispatch_core.domain.events import (
    CallerNoted,
    IncidentsDiffer,
    Recorded,
    SurgeBegan,
    SurgeEnded,
    SurgeHeard,
    SurgePassed,
    SurgeProlonged,
    SurgeProposed,
)
from dispatch_core.domain.evolve.rules import change_call, change_incident, rule, tell
from dispatch_core.domain.evolve.talks import earliest
from dispatch_core.domain.state import Call, Incident, State
from dispatch_core.domain.surge import Surge, SurgeProposal, SurgeWord

UNLIKE_KEPT = 40
"""Incidents that one incident is said to differ from; the oldest word is forgotten first."""


@rule(IncidentsDiffer)
def incidents_differ(state: State, event: IncidentsDiffer, recorded: Recorded) -> State:
    for one, other in ((event.incident, event.other), (event.other, event.incident)):

        def part(incident: Incident, other: str = other) -> Incident:
            unlike = (*(it for it in incident.unlike if it != other), other)[-UNLIKE_KEPT:]
            return tell(replace(incident, unlike=unlike), recorded, "differs", other)

        state = change_incident(state, one, part)
    return state


@rule(SurgeProposed)
def surge_proposed(state: State, event: SurgeProposed, recorded: Recorded) -> State:
    proposal = SurgeProposal(
        incident=event.incident, waiting=event.waiting, arrivals=event.arrivals, alike=event.alike, at=recorded.at
    )
    return replace(state, surge_proposal=proposal)


@rule(SurgePassed)
def surge_passed(state: State, _: SurgePassed, __: Recorded) -> State:
    return replace(state, surge_proposal=None)


@rule(SurgeBegan)
def surge_began(state: State, event: SurgeBegan, recorded: Recorded) -> State:
    surge = Surge(
        incident=event.incident, services=event.services, radius_m=event.radius_m, sound=event.sound,
        since=recorded.at, until=event.until, by=event.user,
    )  # fmt: skip
    state = replace(state, surge=surge)
    return change_incident(state, event.incident, lambda it: tell(it, recorded, "surge_on", text=event.reason))


@rule(SurgeProlonged)
def surge_prolonged(state: State, event: SurgeProlonged, recorded: Recorded) -> State:
    state = _change(state, until=event.until)
    return change_incident(state, event.incident, lambda it: tell(it, recorded, "surge_longer", text=event.reason))


@rule(SurgeEnded)
def surge_ended(state: State, event: SurgeEnded, recorded: Recorded) -> State:
    noted = state.surge.noted if state.surge is not None else 0
    state = replace(state, surge=None)

    def say(incident: Incident) -> Incident:
        return tell(incident, recorded, "surge_off", event.why, str(noted), text=event.reason)

    return change_incident(state, event.incident, say)


@rule(SurgeHeard)
def surge_heard(state: State, event: SurgeHeard, _: Recorded) -> State:
    known = state.calls.get(event.call)
    surge = state.surge
    if known is not None and known.surge.incident != event.incident and surge is not None:
        state = _change(state, told=surge.told + 1)

    def hear(call: Call) -> Call:
        if call.surge.incident != event.incident:
            return replace(call, surge=SurgeWord(incident=event.incident, announced_at=event.at))
        at = earliest(call.surge.announced_at, event.at)
        return replace(call, surge=replace(call.surge, announced_at=at))

    return change_call(state, event.call, hear)


@rule(CallerNoted)
def caller_noted(state: State, event: CallerNoted, recorded: Recorded) -> State:
    surge = state.surge
    if surge is not None:
        state = _change(state, noted=surge.noted + 1, joined=surge.joined + (event.how == "joined"))
    state = change_call(state, event.call, lambda it: replace(it, surge=replace(it.surge, same_at=event.at)))
    return change_incident(
        state, event.incident, lambda it: tell(it, recorded, "caller_noted", event.call, event.how)
    )


def _change(state: State, **changes: Any) -> State:
    return state if state.surge is None else replace(state, surge=replace(state.surge, **changes))
