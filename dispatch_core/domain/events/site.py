"""What happened to the site: people, seats, nodes, configuration."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.sameness import Sameness
from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.vocabulary import Capability, IncidentType, ResponsePlan, Role, Station, ZoneSetRef


class SiteConfigured(Happened, frozen=True, tag=True):
    site: Site
    positions: dict[str, tuple[str, tuple[str, ...]]]


class TypesLoaded(Happened, frozen=True, tag=True):
    types: dict[str, IncidentType]
    plans: tuple[ResponsePlan, ...] = ()
    capabilities: dict[str, Capability] = {}
    sameness: Sameness = Sameness()


class ResourcesLoaded(Happened, frozen=True, tag=True):
    stations: dict[str, Station]
    units: tuple[Unit, ...]


class ZoneSetPublished(Happened, frozen=True, tag=True):
    ref: ZoneSetRef


class PersonSignedIn(Happened, frozen=True, tag=True):
    user: str
    name: str
    role: Role
    session: str


class PersonSignedOut(Happened, frozen=True, tag=True):
    user: str


class PositionTaken(Happened, frozen=True, tag=True):
    user: str
    position: str


class PositionLeft(Happened, frozen=True, tag=True):
    user: str
    position: str


class PositionAsked(Happened, frozen=True, tag=True):
    position: str
    label: str
    services: tuple[str, ...]


class PositionAdded(Happened, frozen=True, tag=True):
    position: str


class PositionRefused(Happened, frozen=True, tag=True):
    position: str
    vi: str
    en: str


class NodeConnected(Happened, frozen=True, tag=True):
    node: str
    booted: str


class NodeLost(Happened, frozen=True, tag=True):
    node: str
    why: str


class NodeDrained(Happened, frozen=True, tag=True):
    """``on``: it is being emptied for a restart; else it takes callers again."""

    node: str
    on: bool


class NodeRetired(Happened, frozen=True, tag=True):
    """The site has no such node any more."""

    node: str
