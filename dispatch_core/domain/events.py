"""What happened. The journal keeps these for ever; a stored event never changes its shape.

A new shape is a new ``VERSION`` with an entry in ``upcast``. ``PERSONAL`` names the fields that may have to be erased:
the journal keeps them in a table of their own, and after an erasure the event reads back with their defaults. Every
personal field therefore has a default, and ``evolve`` works with it.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    Candidate,
    Direction,
    EndedBy,
    IncidentType,
    Instant,
    Location,
    Role,
    Station,
    UnitStatus,
    ZoneAnswer,
    ZoneSetRef,
)


class Happened(Struct, frozen=True, kw_only=True, tag_field="t"):
    """Base of every event; ``t`` names its type in the journal and on the wire."""

    VERSION: ClassVar[int] = 1
    PERSONAL: ClassVar[tuple[str, ...]] = ()


# --- site, people, nodes ----------------------------------------------------------------------------------------------


class SiteConfigured(Happened, frozen=True, tag=True):
    site: Site
    positions: dict[str, tuple[str, tuple[str, ...]]]


class TypesLoaded(Happened, frozen=True, tag=True):
    types: dict[str, IncidentType]


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


# --- calls ------------------------------------------------------------------------------------------------------------


class CallArrived(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number", "name")

    call: str
    node: str
    at: Instant
    direction: Direction
    dialled: str
    services: tuple[str, ...]
    carrier: str = ""
    number: str = ""
    name: str = ""


class CallLocated(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("location",)

    call: str
    location: Location | None = None
    note: str = ""


class CallQueued(Happened, frozen=True, tag=True):
    call: str
    queue: str
    at: Instant
    overflow: bool


class CallRinging(Happened, frozen=True, tag=True):
    call: str
    position: str


class CallRingStopped(Happened, frozen=True, tag=True):
    call: str
    position: str


class AnswerAsked(Happened, frozen=True, tag=True):
    """An intent: the switch is asked only after this is committed."""

    call: str
    position: str
    user: str


class AnswerDropped(Happened, frozen=True, tag=True):
    call: str
    position: str
    why: str


class CallAnswered(Happened, frozen=True, tag=True):
    call: str
    position: str
    at: Instant


class CallHeld(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class CallResumed(Happened, frozen=True, tag=True):
    call: str
    at: Instant


class CallJoined(Happened, frozen=True, tag=True):
    call: str
    party: str


class CallParted(Happened, frozen=True, tag=True):
    call: str
    party: str


class PositionReleased(Happened, frozen=True, tag=True):
    call: str
    position: str


class HangUpAsked(Happened, frozen=True, tag=True):
    """An intent, as ``AnswerAsked`` is."""

    call: str


class HangUpDropped(Happened, frozen=True, tag=True):
    """The switch did not hang up: somebody may ask again."""

    call: str
    why: str


class CallEnded(Happened, frozen=True, tag=True):
    call: str
    at: Instant
    by: EndedBy
    cause: int


class CallFound(Happened, frozen=True, tag=True):
    """A call that was taken for lost is alive at the switch."""

    call: str


class RecordingStarted(Happened, frozen=True, tag=True):
    call: str
    file: str


class TextReceived(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("number", "text")

    text_id: str
    node: str
    at: Instant
    dialled: str
    number: str = ""
    text: str = ""


# --- incidents --------------------------------------------------------------------------------------------------------


class IncidentReceived(Happened, frozen=True, tag=True):
    incident: str
    day: str
    count: int
    call: str
    services: tuple[str, ...]


class TypeSet(Happened, frozen=True, tag=True):
    incident: str
    type: str
    priority: int


class PrioritySet(Happened, frozen=True, tag=True):
    incident: str
    priority: int


class IncidentLocated(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("location",)

    incident: str
    location: Location | None = None


class IncidentRouted(Happened, frozen=True, tag=True):
    incident: str
    location_version: int
    answers: dict[str, ZoneAnswer]
    candidates: dict[str, tuple[Candidate, ...]]


class NoteAdded(Happened, frozen=True, tag=True):
    PERSONAL: ClassVar[tuple[str, ...]] = ("text",)

    incident: str
    text: str = ""


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
    incident: str
    service: str
    unit: str


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
    """A closed incident leaves the live state, with its calls."""

    incident: str
    calls: tuple[str, ...]


class AlarmRaised(Happened, frozen=True, tag=True):
    key: str
    kind: str
    subject: str
    level: AlarmLevel


class AlarmHandled(Happened, frozen=True, tag=True):
    key: str


Event = (
    SiteConfigured | TypesLoaded | ResourcesLoaded | ZoneSetPublished | PersonSignedIn | PersonSignedOut | PositionTaken
    | PositionLeft | PositionAsked | PositionAdded | PositionRefused | NodeConnected | NodeLost | CallArrived
    | CallLocated | CallQueued | CallRinging | CallRingStopped | AnswerAsked | AnswerDropped | CallAnswered | CallHeld
    | CallResumed | CallJoined | CallParted | PositionReleased | HangUpAsked | HangUpDropped | CallEnded | CallFound
    | RecordingStarted | TextReceived | IncidentReceived | TypeSet | PrioritySet | IncidentLocated | IncidentRouted
    | NoteAdded | IncidentTaken | LegOpened | LegClosed | UnitAssigned | UnitReleased | UnitStatusSet
    | IncidentReassigned | LegReassigned | IncidentClosed | IncidentArchived | AlarmRaised | AlarmHandled
)  # fmt: skip


class Recorded(Struct, frozen=True, kw_only=True):
    """An event in its place: number, moment of the decision, whose doing, which command."""

    seq: int
    at: Instant
    by: str  # "person:lan", "switch:hcm1", "core:timer"
    command: str
    event: Event
