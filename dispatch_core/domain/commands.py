"""Everything that can be asked of the core: by people, the switch, timers, workers and other systems.

All are the same kind of thing: a body inside an ``Asked`` envelope with an id that takes effect once. The bodies of
the switch (``facts``) are reports of what already happened and are never refused for want of permission.
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dispatch_core.domain.state import Site, Unit
from dispatch_core.domain.vocabulary import (
    Candidate,
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


class ActorKind(StrEnum):
    PERSON = "person"
    SWITCH = "switch"
    INTAKE = "intake"  # another system with a token
    CORE = "core"  # timers, workers, start-up


class Actor(Struct, frozen=True):
    kind: ActorKind
    name: str


class Body(Struct, frozen=True, kw_only=True, tag_field="t"):
    """Base of every command body; ``t`` names its type on the wire."""


# --- people -----------------------------------------------------------------------------------------------------------


class SignIn(Body, frozen=True, tag=True):
    """Said by the core after the password was checked."""

    user: str
    name: str
    role: Role
    session: str


class SignOut(Body, frozen=True, tag=True):
    """``session``, where it is given, must still be the person's: a newer sign-in is not ended."""

    user: str
    session: str = ""


class TakePosition(Body, frozen=True, tag=True):
    position: str


class LeavePosition(Body, frozen=True, tag=True):
    pass


# --- calls ------------------------------------------------------------------------------------------------------------


class AnswerCall(Body, frozen=True, tag=True):
    """Make the phone of the asker's position pick this call up."""

    call: str


class HangUp(Body, frozen=True, tag=True):
    call: str


# --- incidents --------------------------------------------------------------------------------------------------------


class SetType(Body, frozen=True, tag=True):
    """``seen`` is the type that the person saw; another one meanwhile is a conflict."""

    incident: str
    type: str
    seen: str


class SetPriority(Body, frozen=True, tag=True):
    incident: str
    priority: int
    seen: int


class Locate(Body, frozen=True, tag=True):
    """``seen`` is the ``location_version`` that the person saw."""

    incident: str
    location: Location
    seen: int


class AddNote(Body, frozen=True, tag=True):
    incident: str
    text: str


class TakeIncident(Body, frozen=True, tag=True):
    incident: str


class OpenLeg(Body, frozen=True, tag=True):
    incident: str
    service: str


class CloseLeg(Body, frozen=True, tag=True):
    incident: str
    service: str


class AssignUnits(Body, frozen=True, tag=True):
    """Send units to an incident; each joins the leg of its own service, which is opened if need be. All or none."""

    incident: str
    units: tuple[str, ...]


class ReleaseUnit(Body, frozen=True, tag=True):
    unit: str


class ReportStatus(Body, frozen=True, tag=True):
    unit: str
    status: UnitStatus


class ReassignIncident(Body, frozen=True, tag=True):
    incident: str
    to: str
    reason: str


class ReassignLeg(Body, frozen=True, tag=True):
    """Exactly one of ``dispatcher``, ``station`` or ``unit`` (with ``instead_of``) says where the leg goes."""

    incident: str
    service: str
    reason: str
    dispatcher: str = ""
    station: str = ""
    unit: str = ""
    instead_of: str = ""


class CloseIncident(Body, frozen=True, tag=True):
    incident: str
    disposition: str


class CloseEmpty(Body, frozen=True, tag=True):
    """The one key for a call without content: closes the incident and hangs up what still runs."""

    incident: str


class HandleAlarm(Body, frozen=True, tag=True):
    key: str


# --- the telephony admin ----------------------------------------------------------------------------------------------


class AddPosition(Body, frozen=True, tag=True):
    position: str
    label: str
    services: tuple[str, ...]


class PositionInstalled(Body, frozen=True, tag=True):
    position: str


class PositionFailed(Body, frozen=True, tag=True):
    position: str
    vi: str
    en: str


# --- the switch: facts ------------------------------------------------------------------------------------------------


class NodeUp(Body, frozen=True, tag=True):
    """The event stream of a node is alive; ``booted`` is the node's own start time."""

    node: str
    booted: str


class NodeDown(Body, frozen=True, tag=True):
    node: str
    why: str


class CallCame(Body, frozen=True, tag=True):
    call: str
    node: str
    at: Instant
    dialled: str
    services: tuple[str, ...]
    number: str = ""
    name: str = ""
    carrier: str = ""


class CallBackStarted(Body, frozen=True, tag=True):
    """An outgoing call of ours exists at the switch."""

    call: str
    node: str
    at: Instant
    number: str = ""
    position: str = ""


class CallPlaced(Body, frozen=True, tag=True):
    """A location came with the call, or could not be read (``location`` None, ``note`` says why)."""

    call: str
    location: Location | None = None
    note: str = ""


class CallQueuedAt(Body, frozen=True, tag=True):
    call: str
    queue: str
    at: Instant
    overflow: bool = False


class CallRings(Body, frozen=True, tag=True):
    call: str
    position: str


class CallRingsNoMore(Body, frozen=True, tag=True):
    call: str
    position: str


class CallTakenAt(Body, frozen=True, tag=True):
    """A position talks with the caller: first answer, transfer and return are all this."""

    call: str
    position: str
    at: Instant


class CallOnHold(Body, frozen=True, tag=True):
    call: str
    at: Instant


class CallOffHold(Body, frozen=True, tag=True):
    """``at`` 0 = the moment of the decision."""

    call: str
    at: Instant = 0


class PartyJoined(Body, frozen=True, tag=True):
    call: str
    party: str


class PartyLeft(Body, frozen=True, tag=True):
    call: str
    party: str


class PositionLet(Body, frozen=True, tag=True):
    """The position that talked is off the call, which goes on."""

    call: str
    position: str


class AnswerNotTaken(Body, frozen=True, tag=True):
    """The position's phone did not pick up; the caller is back in the queue."""

    call: str
    position: str


class CallOver(Body, frozen=True, tag=True):
    call: str
    at: Instant
    by: EndedBy
    cause: int = 0


class RecordingRuns(Body, frozen=True, tag=True):
    call: str
    file: str


class TextCame(Body, frozen=True, tag=True):
    text_id: str
    node: str
    at: Instant
    dialled: str
    number: str = ""
    text: str = ""


class ForgerySeen(Body, frozen=True, tag=True):
    """An event that the switch cannot have sent: somebody injected lines through ``trunk``."""

    node: str
    trunk: str


class MessageParked(Body, frozen=True, tag=True):
    """A message of the switch could not be understood and was set aside."""

    node: str
    why: str


class LiveCall(Struct, frozen=True, kw_only=True):
    """A call as the switch itself lists it."""

    call: str
    dialled: str
    services: tuple[str, ...]
    number: str = ""
    name: str = ""
    carrier: str = ""
    queue: str = ""
    position: str = ""
    recording: str = ""
    arrived_at: Instant = 0


class SwitchLooked(Body, frozen=True, tag=True):
    """Everything that a node says is alive, asked at ``asked_at``: repairs what events did not tell."""

    node: str
    asked_at: Instant
    calls: tuple[LiveCall, ...]


# --- workers, timers, start-up ----------------------------------------------------------------------------------------


class RouteFound(Body, frozen=True, tag=True):
    """The geography's answer for one version of an incident's location."""

    incident: str
    location_version: int
    answers: dict[str, ZoneAnswer]
    candidates: dict[str, tuple[Candidate, ...]]


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
    incident: str


class ConfigureSite(Body, frozen=True, tag=True):
    site: Site
    positions: dict[str, tuple[str, tuple[str, ...]]]  # id -> label, services


class LoadTypes(Body, frozen=True, tag=True):
    types: dict[str, IncidentType]


class LoadResources(Body, frozen=True, tag=True):
    stations: dict[str, Station]
    units: tuple[Unit, ...]


class PublishZoneSet(Body, frozen=True, tag=True):
    ref: ZoneSetRef


Command = (
    SignIn | SignOut | TakePosition | LeavePosition | AnswerCall | HangUp | SetType | SetPriority | Locate | AddNote
    | TakeIncident | OpenLeg | CloseLeg | AssignUnits | ReleaseUnit | ReportStatus | ReassignIncident | ReassignLeg
    | CloseIncident | CloseEmpty | HandleAlarm | AddPosition | PositionInstalled | PositionFailed | NodeUp | NodeDown
    | CallCame | CallBackStarted | CallPlaced | CallQueuedAt | CallRings | CallRingsNoMore | CallTakenAt | CallOnHold
    | CallOffHold | PartyJoined | PartyLeft | PositionLet | AnswerNotTaken | CallOver | RecordingRuns | TextCame
    | ForgerySeen | MessageParked | SwitchLooked | RouteFound | AnswerFailed | HangUpFailed | ArchiveIncident
    | ConfigureSite | LoadTypes | LoadResources | PublishZoneSet
)  # fmt: skip


class Asked(Struct, frozen=True, kw_only=True):
    """A command on its way to the sequencer. ``id`` takes effect once, however often it arrives."""

    id: str
    actor: Actor
    body: Command
