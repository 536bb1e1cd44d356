"""What it means that calls move between incidents."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import CallRangAgain, CallSplit, IncidentFolded, IncidentUnfolded, Recorded
from dispatch_core.domain.evolve.offers import no_more_offers
from dispatch_core.domain.evolve.rules import change_incident, kept, rule, tell, with_call
from dispatch_core.domain.evolve.triage import with_answers_of, without_answers_of
from dispatch_core.domain.state import Folded, Incident, Leg, Note, State, put
from dispatch_core.domain.vocabulary import IncidentState, LegState

FOLDED = "folded"
"""The disposition of an incident that is part of another one."""


@rule(CallRangAgain)
def call_rang_again(state: State, event: CallRangAgain, recorded: Recorded) -> State:
    def join(incident: Incident) -> Incident:
        services = tuple(dict.fromkeys((*incident.services, *event.services)))
        joined = replace(incident, calls=(*incident.calls, event.call), services=services)
        return tell(joined, recorded, "rang_again", event.call, event.of)

    return with_call(change_incident(state, event.incident, join), event.call, incident=event.incident)


@rule(CallSplit)
def call_split(state: State, event: CallSplit, recorded: Recorded) -> State:
    def part(incident: Incident) -> Incident:
        left = tuple(call for call in incident.calls if call != event.call)
        return tell(replace(incident, calls=left), recorded, "split", event.call, event.to)

    state = replace(change_incident(state, event.incident, part), day=event.day, day_count=event.count)
    call = state.calls.get(event.call)
    if call is None:
        return state
    own = Incident(id=event.to, calls=(call.id,), services=call.services, received_at=recorded.at)
    own = tell(own, recorded, "split_from", event.call, event.incident)
    return with_call(replace(state, incidents=put(state.incidents, own.id, own)), call.id, incident=own.id)


@rule(IncidentFolded)
def incident_folded(state: State, event: IncidentFolded, recorded: Recorded) -> State:
    """Its calls and texts move; its typed notes are to be read there too. It is closed, and keeps what undoing
    needs."""
    source = state.incidents.get(event.incident)
    if source is None:
        return state

    def close(leg: Leg) -> Leg:
        if leg.state is LegState.CLOSED:
            return leg
        return replace(no_more_offers(leg, recorded), state=LegState.CLOSED, closed_at=recorded.at)

    open_legs = tuple(service for service, leg in sorted(source.legs.items()) if leg.state is LegState.OPEN)
    texts = tuple(it.id for _, it in sorted(state.conversations.items()) if it.incident == source.id)
    closed = replace(
        source,
        state=IncidentState.CLOSED,
        owner=source.owner or _person(recorded),
        closed_at=recorded.at,
        disposition=FOLDED,
        calls=(),
        legs={service: close(leg) for service, leg in source.legs.items()},
        folded=Folded(
            into=event.into, calls=source.calls, legs=open_legs, state=source.state, conversations=texts
        ),
        version=source.version + 1,
    )
    state = replace(
        state, incidents=put(state.incidents, source.id, tell(closed, recorded, "folded_into", event.into))
    )
    notes = tuple(replace(it, about=(source.id,)) for it in source.notes if it.kind == "note" and not it.about)

    def take(into: Incident) -> Incident:
        services = tuple(dict.fromkeys((*into.services, *source.services)))
        merged = _by_time((*into.notes, *notes))
        taken = replace(
            into, calls=(*into.calls, *source.calls), services=services, notes=merged,
            triage=with_answers_of(into.triage, source),
        )  # fmt: skip
        return tell(taken, recorded, "folded", source.id)

    return _moved(change_incident(state, event.into, take), source.calls, texts, event.into)


@rule(IncidentUnfolded)
def incident_unfolded(state: State, event: IncidentUnfolded, recorded: Recorded) -> State:
    """What was folded is as it was; calls that left meanwhile stay where they are."""
    source, into = state.incidents.get(event.incident), state.incidents.get(event.into)
    if source is None or into is None or source.folded is None:
        return state
    folded = source.folded
    calls = tuple(call for call in into.calls if call in folded.calls)

    def reopen(leg: Leg) -> Leg:
        return replace(leg, state=LegState.OPEN, closed_at=0) if leg.service in folded.legs else leg

    back = replace(
        source,
        state=folded.state,
        closed_at=0,
        disposition="",
        calls=calls,
        legs={service: reopen(leg) for service, leg in source.legs.items()},
        folded=None,
        version=source.version + 1,
    )
    state = replace(
        state, incidents=put(state.incidents, source.id, tell(back, recorded, "unfolded_from", event.into))
    )

    def give(incident: Incident) -> Incident:
        left = tuple(call for call in incident.calls if call not in calls)
        notes = tuple(it for it in incident.notes if not (it.kind == "note" and it.about == (source.id,)))
        changed = replace(incident, calls=left, notes=notes, triage=without_answers_of(incident.triage, source))
        return tell(changed, recorded, "unfolded", source.id)

    of_into = {it.id for it in state.conversations.values() if it.incident == into.id}
    texts = tuple(it for it in folded.conversations if it in of_into)
    return _moved(change_incident(state, event.into, give), calls, texts, source.id)


def _person(recorded: Recorded) -> str:
    """Who did it; nobody where it came about by itself."""
    kind, _, name = recorded.by.partition(":")
    return name if kind == "person" else ""


def _by_time(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    return kept(tuple(sorted(notes, key=lambda note: note.at)))


def _moved(state: State, calls: tuple[str, ...], texts: tuple[str, ...], incident: str) -> State:
    for call in calls:
        state = with_call(state, call, incident=incident)
    moved = {it: replace(state.conversations[it], incident=incident) for it in texts}
    return replace(state, conversations={**state.conversations, **moved})
