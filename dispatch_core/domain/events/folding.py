"""Which calls are about which incident, where that changed."""

from __future__ import annotations

from dispatch_core.domain.events.happened import Happened


class CallRangAgain(Happened, frozen=True, tag=True):
    """A call of a number whose earlier call's incident is still open joins it."""

    call: str
    of: str
    incident: str
    services: tuple[str, ...]


class CallSplit(Happened, frozen=True, tag=True):
    """A call leaves an incident for a new one of its own."""

    call: str
    incident: str
    to: str
    day: str
    count: int


class IncidentFolded(Happened, frozen=True, tag=True):
    incident: str
    into: str


class IncidentUnfolded(Happened, frozen=True, tag=True):
    incident: str
    into: str
