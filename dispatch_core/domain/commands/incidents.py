"""What people ask about incidents, legs and units."""

from __future__ import annotations

from dispatch_core.domain.commands.actor import Body
from dispatch_core.domain.vocabulary import Location, UnitStatus


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
    """Send units to an incident; each joins the leg of its own service, which is opened if need be. All or none.
    ``reason``: why others than the recommended ones go, where a better one is free."""

    incident: str
    units: tuple[str, ...]
    reason: str = ""


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
    """The one key for a call without content: closes the incident and hangs up what still runs. ``confirmed``: also
    where the caller pressed the key of those who cannot speak."""

    incident: str
    confirmed: bool = False


class HandleAlarm(Body, frozen=True, tag=True):
    key: str
