"""For which legs an answer of the geography is waited for, and since when."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from dispatch_core.domain.events import Recorded, RouteAskedAgain, RouteGivenUp
from dispatch_core.domain.evolve.rules import change_incident, change_leg, rule, tell
from dispatch_core.domain.state import Incident, Leg, State, put
from dispatch_core.domain.vocabulary import Instant, LegState, Station, ZoneAnswer


def awaits(incident: Incident, leg: Leg, at: Instant) -> Leg:
    """The leg whose way is asked for from now on; without a place on the map nothing is asked."""
    place = incident.location
    known = place is not None and place.lat is not None
    return replace(leg, routing_at=at if known else 0, route_tries=0)


def answered(state: State, leg: Leg, answer: ZoneAnswer | None, at: Instant) -> Leg:
    """Nothing is waited for any more, except where a leg lost its station and the zones still name one that is gone."""
    lost = leg.route_tries > 0 and not leg.station
    if lost and answer is not None and answer.station and answer.station not in state.stations:
        return replace(leg, routing_at=at)
    return replace(leg, routing_at=0, route_tries=0)


def all_await(state: State, recorded: Recorded) -> State:
    """Every open leg would be answered otherwise now. What was found stands until the clock has asked."""
    incidents = {ident: _each(it, recorded.at) for ident, it in state.incidents.items()}
    return replace(state, incidents=incidents)


def _each(incident: Incident, at: Instant) -> Incident:
    place = incident.location
    if place is None or place.lat is None or not any(leg.state is LegState.OPEN for leg in incident.legs.values()):
        return incident
    legs = {
        service: awaits(incident, leg, at) if leg.state is LegState.OPEN else leg
        for service, leg in incident.legs.items()
    }
    return replace(incident, legs=legs)


def without_gone_stations(state: State, stations: Mapping[str, Station], recorded: Recorded) -> State:
    """Open legs of a station that has left the list have none until the geography has answered anew."""

    def gone(leg: Leg) -> bool:
        return leg.state is LegState.OPEN and bool(leg.station) and leg.station not in stations

    def lose(incident: Incident) -> Incident:
        for service, leg in sorted(incident.legs.items()):
            if gone(leg):
                known = state.stations.get(leg.station)
                name = known.name if known is not None else leg.station
                lost = awaits(incident, replace(leg, station="", station_fixed=False), recorded.at)
                incident = replace(incident, legs=put(incident.legs, service, lost))
                incident = tell(incident, recorded, "station_gone", service, name)
        return incident

    changed = state
    for ident, incident in state.incidents.items():
        if any(gone(leg) for leg in incident.legs.values()):
            changed = change_incident(changed, ident, lose)
    return changed


@rule(RouteAskedAgain)
def route_asked_again(state: State, event: RouteAskedAgain, recorded: Recorded) -> State:
    def again(incident: Incident) -> Incident:
        for service in event.services:
            incident = change_leg(
                incident, service,
                lambda leg: replace(leg, routing_at=recorded.at, route_tries=leg.route_tries + 1),
            )  # fmt: skip
        return incident

    return change_incident(state, event.incident, again)


@rule(RouteGivenUp)
def route_given_up(state: State, event: RouteGivenUp, recorded: Recorded) -> State:
    """Who waited for the answer is told: an answer hours later asks nobody by itself."""

    def give_up(incident: Incident) -> Incident:
        left = change_leg(incident, event.service, lambda leg: replace(leg, routing_at=0, route_tries=0, then=None))
        return tell(left, recorded, "not_routed", event.service)

    return change_incident(state, event.incident, give_up)
