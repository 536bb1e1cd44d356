"""What happened to incidents, legs and units, and which alarms were raised."""

from __future__ import annotations

from typing import ClassVar

from dispatch_core.domain.events.happened import Happened
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    AskedPlace,
    Candidate,
    Instant,
    Location,
    Passed,
    UnitStatus,
    ZoneAnswer,
)


class IncidentReceived(Happened, frozen=True, tag=True):
    incident: str
    day: str
    count: int
    call: str
    services: tuple[str, ...]


class TypeSet(Happened, frozen=True, tag=True):
    """``card``: an answer on this card set it; "" = a person chose it."""

    incident: str
    type: str
    priority: int
    card: str = ""


class PrioritySet(Happened, frozen=True, tag=True):
    """``card`` as in ``TypeSet``."""

    incident: str
    priority: int
    card: str = ""


class IncidentLocated(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("location",)

    incident: str
    location: Location | None = None


class IncidentRouted(Happened, frozen=True, tag=True):
    """``asked``: the point, circle or outline for which the zones answered; ``seen``: the newest event (roads that are
    closed, where units are) that the answer knew of; ``unfit``: by service, crews of the stations that are asked that
    cannot come and were too many for ``passed``."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("asked",)

    incident: str
    location_version: int
    answers: dict[str, ZoneAnswer]
    candidates: dict[str, tuple[Candidate, ...]]
    passed: dict[str, tuple[Passed, ...]] = {}
    asked: AskedPlace | None = None
    seen: int = 0
    unfit: dict[str, tuple[str, ...]] = {}


class NoteAdded(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)

    incident: str
    text: str = ""


class EnteredAfterwards(Happened, frozen=True, tag=True):
    """The incident was written on paper at ``happened_at`` and typed in later."""

    incident: str
    happened_at: Instant


class IncidentTaken(Happened, frozen=True, tag=True):
    incident: str
    user: str


class LegOpened(Happened, frozen=True, tag=True):
    incident: str
    service: str
    priority: int


class LegClosed(Happened, frozen=True, tag=True):
    incident: str
    service: str


class UnitAssigned(Happened, frozen=True, tag=True):
    """``until``: it is offered on a clock, 0 = ordered; ``passed``: who would have come before; ``offer``: the
    station's offer that it answers; ``named``: a person wanted just this one."""

    incident: str
    service: str
    unit: str
    until: Instant = 0
    passed: tuple[Passed, ...] = ()
    offer: str = ""
    named: bool = False


class UnitReleased(Happened, frozen=True, tag=True):
    """The unit is off the leg and available."""

    incident: str
    service: str
    unit: str


class UnitStatusSet(Happened, frozen=True, tag=True):
    unit: str
    status: UnitStatus


class IncidentReassigned(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    was: str
    to: str
    reason: str = ""


class LegReassigned(Happened, frozen=True, tag=True):
    """``what`` is dispatcher, station or unit; ``was`` and ``to`` are of that kind."""

    PERSONAL: ClassVar[tuple[str, ...]] = ("reason",)

    incident: str
    service: str
    what: str
    was: str
    to: str
    reason: str = ""


class IncidentClosed(Happened, frozen=True, tag=True):
    incident: str
    disposition: str


class IncidentArchived(Happened, frozen=True, tag=True):
    """A closed incident leaves the live state, with its calls; with ``incident`` "" calls that belong to none."""

    incident: str
    calls: tuple[str, ...]


class AlarmRaised(Happened, frozen=True, tag=True):
    key: str
    kind: str
    subject: str
    level: AlarmLevel


class AlarmHandled(Happened, frozen=True, tag=True):
    key: str
