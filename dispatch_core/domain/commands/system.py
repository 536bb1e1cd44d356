"""What workers, timers and the start of the core ask."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.vocabulary import (
    AskedPlace,
    Capability,
    IncidentType,
    Reach,
    ResponsePlan,
    Station,
    ZoneAnswer,
    ZoneSetRef,
)


class RouteFound(Body, frozen=True, tag=True):
    """The geography's answer for one version of an incident's location: whose zone it is, and how long the units of
    each service need, soonest first."""

    incident: str
    location_version: int
    answers: dict[str, ZoneAnswer]
    reaches: dict[str, tuple[Reach, ...]]
    asked: AskedPlace | None = None  # the place as it was asked for
    seen: int = 0  # the newest event that the geography knew of; 0 = not said


class AnswerFailed(Body, frozen=True, tag=True):
    """The switch refused or did not confirm the answer that was asked for."""

    call: str
    position: str
    why: str


class HangUpFailed(Body, frozen=True, tag=True):
    """The switch refused or did not confirm the hang-up that was asked for."""

    call: str
    why: str


class ArchiveIncident(Body, frozen=True, tag=True):
    """``incident`` "": the calls that belong to none."""

    incident: str


class ConfigureSite(Body, frozen=True, tag=True):
    site: Site
    positions: dict[str, tuple[str, tuple[str, ...]]]  # id -> label, services


class LoadTypes(Body, frozen=True, tag=True):
    types: dict[str, IncidentType]
    plans: tuple[ResponsePlan, ...] = ()
    capabilities: dict[str, Capability] = {}
    sameness: Sameness = Sameness()


class LoadResources(Body, frozen=True, tag=True):
    stations: dict[str, Station]
    units: tuple[Unit, ...]


class PublishZoneSet(Body, frozen=True, tag=True):
    ref: ZoneSetRef
