"""Questions to the geography: zone, station and units for a version of an incident's place."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.closing_roads import incidents_near
from dispatch_core.domain.effects.effect import Effect, on
from dispatch_core.domain.events import (
    AlarmLevelSet,
    ClosureDrawn,
    ClosureEnded,
    IncidentLocated,
    LegOpened,
    MapPublished,
    PrioritySet,
    RankingAsked,
    Recorded,
    RouteAskedAgain,
    TypeSet,
    ZoneSetPublished,
)
from dispatch_core.domain.state import Incident, State
from dispatch_core.domain.vocabulary import LegState


class FindRoute(Effect, frozen=True):
    """A question: zone, station and units for a version of an incident's place."""

    DOER: ClassVar[str] = "geography"

    incident: str
    location_version: int
    lat: float
    lon: float
    services: tuple[str, ...]
    uncertainty_m: float = 0.0
    outline: tuple[tuple[float, float], ...] = ()  # longitude first


class UseZoneSet(Effect, frozen=True):
    service: str
    version: int


class UseMap(Effect, frozen=True):
    version: int


def route(incident: Incident, services: tuple[str, ...]) -> tuple[Effect, ...]:
    place = incident.location
    if place is None or place.lat is None or place.lon is None or not services:
        return ()
    question = FindRoute(
        incident.id, incident.location_version, place.lat, place.lon, services, place.uncertainty_m, place.outline
    )
    return (question,)


def open_services(incident: Incident) -> tuple[str, ...]:
    return tuple(service for service, leg in sorted(incident.legs.items()) if leg.state is LegState.OPEN)


@on(TypeSet, PrioritySet, AlarmLevelSet)
def plan_changed(event: TypeSet | PrioritySet | AlarmLevelSet, _: Recorded, state: State) -> tuple[Effect, ...]:
    incident = state.incidents.get(event.incident)
    return route(incident, open_services(incident)) if incident is not None else ()


@on(IncidentLocated)
def located(event: IncidentLocated, _: Recorded, state: State) -> tuple[Effect, ...]:
    incident = state.incidents.get(event.incident)
    return route(incident, open_services(incident) or incident.services) if incident is not None else ()


@on(LegOpened)
def leg_opened(event: LegOpened, _: Recorded, state: State) -> tuple[Effect, ...]:
    incident = state.incidents.get(event.incident)
    return route(incident, (event.service,)) if incident is not None else ()


@on(RankingAsked, RouteAskedAgain)
def ranking_asked(event: RankingAsked | RouteAskedAgain, _: Recorded, state: State) -> tuple[Effect, ...]:
    incident = state.incidents.get(event.incident)
    return route(incident, event.services) if incident is not None else ()


@on(ZoneSetPublished)
def published(event: ZoneSetPublished, _: Recorded, __: State) -> tuple[Effect, ...]:
    return (UseZoneSet(event.ref.service, event.ref.version),)


@on(MapPublished)
def map_published(event: MapPublished, _: Recorded, __: State) -> tuple[Effect, ...]:
    return (UseMap(event.ref.version),)


@on(ClosureDrawn, ClosureEnded)
def closure_changed(event: ClosureDrawn | ClosureEnded, _: Recorded, state: State) -> tuple[Effect, ...]:
    """Who gets there first may be another now."""
    return tuple(effect for it in incidents_near(state, event.outline) for effect in route(it, open_services(it)))


def unfinished(state: State) -> tuple[Effect, ...]:
    """At start: questions whose answer never came (a closed incident has no open leg to ask for)."""
    effects: list[Effect] = []
    for _, incident in sorted(state.incidents.items()):
        legs = ((service, incident.legs[service]) for service in open_services(incident))
        missing = tuple(service for service, leg in legs if leg.zone is None or leg.then is not None)
        if incident.routed_version < incident.location_version:
            missing = open_services(incident)
        effects.extend(route(incident, missing))
    return tuple(effects)
