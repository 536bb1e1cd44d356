"""Notes about places: written, removed, undone; and what the index answers for an incident."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Instant, PastIncident, PremiseFound


class WritePremise(Body, frozen=True, tag=True):
    """``premise`` "" is a new one, else the whole of it is written anew. ``until`` 0: no end."""

    premise: str
    kind: str
    lat: float
    lon: float
    radius_m: float
    label: str
    text: str
    until: Instant = 0


class RemovePremise(Body, frozen=True, tag=True):
    premise: str


class UndoPremise(Body, frozen=True, tag=True):
    """As it was before its last change; a second time brings that back."""

    premise: str


class PremisesTold(Body, frozen=True, tag=True):
    """What is known about one version of an incident's place."""

    incident: str
    location_version: int
    notes: tuple[PremiseFound, ...]
    hydrants: tuple[PremiseFound, ...]
    history: tuple[PastIncident, ...]
