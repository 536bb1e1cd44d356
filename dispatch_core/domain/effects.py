"""What must be done in the world because an event was committed: pure, so that it can be tested and simulated.

An effect goes out only after the commit of the event that asks for it, at most once; its outcome comes back as a
command. After a crash nothing here is repeated by itself: ``unfinished`` gives only questions, never actions.
"""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.events import (
    AnswerAsked,
    HangUpAsked,
    IncidentLocated,
    LegOpened,
    NodeConnected,
    PersonSignedOut,
    PositionAdded,
    PositionAsked,
    PositionLeft,
    PositionTaken,
    Recorded,
    TypeSet,
    ZoneSetPublished,
)
from dispatch_core.domain.state import AnswerIntent, Incident, State
from dispatch_core.domain.vocabulary import LegState


class AnswerAt(Struct, frozen=True):
    """Make the phone of ``position`` pick up ``call``."""

    call: str
    node: str
    position: str


class EndCall(Struct, frozen=True):
    call: str
    node: str


class ServeQueues(Struct, frozen=True):
    """Somebody sits at the position, or nobody does: its phone takes calls of its services' queues, or not. Saying so
    again does no harm, and is needed after a switch started anew."""

    position: str
    on: bool


class FindRoute(Struct, frozen=True):
    """A question: zone, station and units for a version of an incident's place."""

    incident: str
    location_version: int
    lat: float
    lon: float
    services: tuple[str, ...]


class InstallPosition(Struct, frozen=True):
    position: str
    label: str
    services: tuple[str, ...]


class UseZoneSet(Struct, frozen=True):
    service: str
    version: int


class EndSession(Struct, frozen=True):
    user: str


Effect = AnswerAt | EndCall | ServeQueues | FindRoute | InstallPosition | UseZoneSet | EndSession


def _route(incident: Incident, services: tuple[str, ...]) -> tuple[Effect, ...]:
    place = incident.location
    if place is None or place.lat is None or place.lon is None or not services:
        return ()
    return (FindRoute(incident.id, incident.location_version, place.lat, place.lon, services),)


def _serve(state: State, position: str) -> ServeQueues:
    """What the state after the batch says of the seat, whichever way it came there."""
    seat = state.positions.get(position)
    return ServeQueues(position, seat is not None and bool(seat.user))


def open_services(incident: Incident) -> tuple[str, ...]:
    return tuple(service for service, leg in sorted(incident.legs.items()) if leg.state is LegState.OPEN)


def effects_of(recorded: Recorded, state: State) -> tuple[Effect, ...]:
    """The effects of one committed event; ``state`` is the state after its batch."""
    match recorded.event:
        case AnswerAsked(call=ident, position=position, user=user):
            call = state.calls.get(ident)
            if call is None or call.intent != AnswerIntent(position=position, user=user, at=recorded.at):
                return ()  # overtaken within its own batch: the call ended, or the intent was given up
            return (AnswerAt(ident, call.node, position),)
        case HangUpAsked(call=ident):
            call = state.calls.get(ident)
            if call is None or not (call.state.live and call.hang_up_asked):
                return ()
            return (EndCall(ident, call.node),)
        case PositionTaken(position=position) | PositionLeft(position=position) | PositionAdded(position=position):
            return (_serve(state, position),)
        case NodeConnected():
            seats = sorted(state.positions.items())
            return tuple(_serve(state, position) for position, seat in seats if not seat.installing)
        case TypeSet(incident=ident) if ident in state.incidents:
            return _route(state.incidents[ident], open_services(state.incidents[ident]))
        case IncidentLocated(incident=ident) if ident in state.incidents:
            incident = state.incidents[ident]
            return _route(incident, open_services(incident) or incident.services)
        case LegOpened(incident=ident, service=service) if ident in state.incidents:
            return _route(state.incidents[ident], (service,))
        case PositionAsked(position=position, label=label, services=services):
            return (InstallPosition(position, label, services),)
        case ZoneSetPublished(ref=ref):
            return (UseZoneSet(ref.service, ref.version),)
        case PersonSignedOut(user=user):
            return (EndSession(user),)
        case _:
            return ()


def unfinished(state: State) -> tuple[Effect, ...]:
    """At start: questions whose answer never came (a closed incident has no open leg to ask for). Actions are not here;
    the switch is looked at instead."""
    effects: list[Effect] = []
    for _, incident in sorted(state.incidents.items()):
        missing = tuple(service for service in open_services(incident) if incident.legs[service].zone is None)
        if incident.routed_version < incident.location_version:
            missing = open_services(incident)
        effects.extend(_route(incident, missing))
    return tuple(effects)
