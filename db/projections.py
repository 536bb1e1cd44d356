"""The rows that people query, computed from a batch: what it touched, as it is after it. Pure.

Each incident and call is written once a batch however many events it had. One that was archived within the batch is
no longer in the state after it; only then is the batch folded again, to see it as it last was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from db.missed_rows import missed_rows
from db.premise_rows import premise_rows
from db.recording_rows import RecordingRows, recording_rows
from dispatch_core.domain.events import (
    CallSplit,
    IncidentArchived,
    IncidentClosed,
    IncidentFolded,
    IncidentRouted,
    IncidentUnfolded,
    LegClosed,
    LegOpened,
    LegReassigned,
    ReassignUndone,
    Recorded,
    ShiftTaken,
    UnitAssigned,
    UnitMovedUp,
    UnitReleased,
    UnitSentHome,
    UnitStatusSet,
)
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.state import Call, Incident, Leg, State
from dispatch_core.domain.vocabulary import Location, UnitStatus

Row = dict[str, Any]

TOUCHES_LEGS = (IncidentClosed, IncidentRouted, LegClosed, LegOpened, LegReassigned, ReassignUndone)


@dataclass(frozen=True, slots=True)
class Projected:
    """Rows to upsert (incidents, legs, calls), to insert (assigned, unit_log), to update (released)."""

    incidents: list[Row] = field(default_factory=list)
    legs: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    released: list[Row] = field(default_factory=list)
    assigned: list[Row] = field(default_factory=list)
    unit_log: list[Row] = field(default_factory=list)
    recordings: RecordingRows = field(default_factory=RecordingRows)
    missed: list[Row] = field(default_factory=list)
    premises: list[Row] = field(default_factory=list)


class Gone(NamedTuple):
    incidents: dict[str, Incident]
    calls: dict[str, Call]


def project(story: list[Recorded], after: State, before: Callable[[], State]) -> Projected:
    """The rows of ``story``; ``before()`` is the state that it began from, asked for only when it is needed."""
    rows = Projected(
        recordings=recording_rows(story, after), missed=missed_rows(story, before), premises=premise_rows(story)
    )
    _units(story, after, rows)
    incidents: dict[str, bool] = {}  # id -> whether its legs changed too
    calls: dict[str, None] = {}
    for recorded in story:
        event = recorded.event
        incident = getattr(event, "incident", "")
        if incident and not isinstance(event, IncidentArchived):
            incidents[incident] = incidents.get(incident, False) or isinstance(event, TOUCHES_LEGS)
        call = getattr(event, "call", "")
        if call:
            calls[call] = None
        _moved(event, after, incidents, calls)
    for line in rows.unit_log:
        if line["incident"]:
            incidents.setdefault(line["incident"], False)  # a report of its unit is a line in its story
    gone = _archived(story, after, incidents, calls, before)
    for ident, with_legs in incidents.items():
        incident_now = after.incidents.get(ident) or gone.incidents.get(ident)
        if incident_now is not None:
            rows.incidents.append(incident_row(incident_now))
            if with_legs:
                rows.legs.extend(leg_row(ident, leg) for leg in incident_now.legs.values())
    for ident in calls:
        call_now = after.calls.get(ident) or gone.calls.get(ident)
        if call_now is not None:
            rows.calls.append(call_row(call_now))
    return rows


def _moved(event: object, after: State, incidents: dict[str, bool], calls: dict[str, None]) -> None:
    """What an event moves besides the thing that it names: calls to another incident, incidents and legs to another
    person."""
    if isinstance(event, CallSplit):
        incidents.setdefault(event.to, False)
    if isinstance(event, ShiftTaken):
        incidents |= dict.fromkeys((*event.incidents, *(leg.partition("/")[0] for leg in event.legs)), True)
    if isinstance(event, IncidentFolded | IncidentUnfolded):
        for ident in (event.incident, event.into):
            incidents[ident] = True
            known = after.incidents.get(ident)
            calls |= dict.fromkeys(known.calls if known is not None else ())


def _archived(
    story: list[Recorded], after: State, incidents: Iterable[str], calls: Iterable[str], before: Callable[[], State]
) -> Gone:
    """The touched incidents and calls that left with the batch, as they last were."""
    gone = Gone({}, {})
    lost = {ident for ident in incidents if ident not in after.incidents}
    lost_calls = {ident for ident in calls if ident not in after.calls}
    archives = any(isinstance(recorded.event, IncidentArchived) for recorded in story)
    if not archives or not (lost or lost_calls):
        return gone
    state = before()
    for recorded in story:
        event = recorded.event
        if isinstance(event, IncidentArchived):
            if event.incident in lost and event.incident in state.incidents:
                gone.incidents[event.incident] = state.incidents[event.incident]
            for call in lost_calls.intersection(event.calls).intersection(state.calls):
                gone.calls[call] = state.calls[call]
        state = evolve(state, recorded)
    return gone


def _units(story: list[Recorded], after: State, rows: Projected) -> None:
    """The unit log, and which assignments begin and end.

    On which leg a unit was when it reported is known backwards: before a release it was on the leg that it was
    released from, before an assignment on none, and otherwise where it is at the end.
    """
    work: dict[str, tuple[str, str] | None] = {}
    log: list[Row] = []
    for recorded in reversed(story):
        event = recorded.event
        if isinstance(event, UnitStatusSet):
            if event.unit not in work:
                unit = after.units.get(event.unit)
                now = unit.assignment if unit is not None else None
                work[event.unit] = (now.incident, now.service) if now is not None else None
            log.append(_log_row(recorded, event.unit, event.status, work[event.unit]))
        elif isinstance(event, UnitMovedUp | UnitSentHome):
            told = f"covers {event.station}" if isinstance(event, UnitMovedUp) else "sent_home"
            log.append({**_log_row(recorded, event.unit, UnitStatus.AVAILABLE, None), "status": told})
        elif isinstance(event, UnitReleased):
            work[event.unit] = (event.incident, event.service)
            log.append(_log_row(recorded, event.unit, UnitStatus.AVAILABLE, work[event.unit]))
        elif isinstance(event, UnitAssigned):
            work[event.unit] = None
            log.append(_log_row(recorded, event.unit, UnitStatus.OFFERED, (event.incident, event.service)))
    rows.unit_log.extend(reversed(log))
    fresh: dict[str, Row] = {}
    for recorded in story:
        event = recorded.event
        if isinstance(event, UnitAssigned):
            row = {
                "seq": recorded.seq, "unit": event.unit, "incident": event.incident, "service": event.service,
                "assigned_at": recorded.at, "assigned_by": recorded.by, "released_at": None, "released_by": None,
            }  # fmt: skip
            rows.assigned.append(row)
            fresh[event.unit] = row
        elif isinstance(event, UnitReleased):
            made_here = fresh.pop(event.unit, None)
            if made_here is not None:
                made_here.update(released_at=recorded.at, released_by=recorded.by)
            else:
                rows.released.append({"of_unit": event.unit, "at": recorded.at, "by": recorded.by})


def _log_row(recorded: Recorded, unit: str, status: UnitStatus, work: tuple[str, str] | None) -> Row:
    incident, service = work if work is not None else (None, None)
    return {
        "seq": recorded.seq, "unit": unit, "status": status.value, "at": recorded.at, "by": recorded.by,
        "incident": incident, "service": service,
    }  # fmt: skip


def shown(text: str) -> str:
    """Text from outside as a text column can hold it; the journal has it unchanged."""
    return text.replace("\0", "\ufffd")


def _place(location: Location | None) -> Row:
    if location is None:
        return {"location_label": None, "location_source": None, "lat": None, "lon": None, "uncertainty_m": None}
    return {
        "location_label": shown(location.label), "location_source": location.source.value, "lat": location.lat,
        "lon": location.lon, "uncertainty_m": location.uncertainty_m,
    }  # fmt: skip


def incident_row(incident: Incident) -> Row:
    return {
        "id": incident.id, "state": incident.state.value, "version": incident.version, "type": incident.type,
        "priority": incident.priority, "services": list(incident.services), "owner": incident.owner,
        "disposition": shown(incident.disposition), "received_at": incident.received_at,
        "closed_at": incident.closed_at or None, **_place(incident.location),
    }  # fmt: skip


def leg_row(incident: str, leg: Leg) -> Row:
    zone = leg.zone
    return {
        "incident": incident, "service": leg.service, "state": leg.state.value, "priority": leg.priority,
        "zone_set": zone.zone_set if zone is not None else "", "zone": zone.zone if zone is not None else "",
        "zone_name": zone.zone_name if zone is not None else "", "station": leg.station,
        "dispatcher": leg.dispatcher, "opened_at": leg.opened_at, "closed_at": leg.closed_at or None,
    }  # fmt: skip


def call_row(call: Call) -> Row:
    return {
        "id": call.id, "node": call.node, "direction": call.direction.value, "state": call.state.value,
        "incident": call.incident, "number": shown(call.number), "name": shown(call.name),
        "dialled": shown(call.dialled), "services": list(call.services), "carrier": shown(call.carrier),
        "queue": call.queue, "overflowed": call.overflowed, "position": call.position,
        "positions": list(call.positions), "arrived_at": call.arrived_at, "queued_at": call.queued_at or None,
        "answered_at": call.answered_at or None, "ended_at": call.ended_at or None,
        "ended_by": call.ended_by.value if call.ended_by is not None else None, "cause": call.cause,
        "recording": shown(call.recording), **_place(call.location),
    }  # fmt: skip
