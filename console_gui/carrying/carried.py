"""What dropping would do, as a line of the command line, or why it does nothing. No Qt.

Whatever is dropped is typed: a drop and the command are one path, and the core decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from console_gui.desk import Desk
from console_gui.translations import sentences
from console_gui.translations.formats import short
from dispatch_core.domain.state import Incident, Unit
from dispatch_core.domain.vocabulary import CrewState, IncidentState, UnitStatus


class Kind(Enum):
    UNIT = "unit"
    INCIDENT = "incident"
    LEG = "leg"


@dataclass(frozen=True, slots=True)
class Carried:
    kind: Kind
    ident: str  # call sign or incident
    service: str = ""  # of a leg


@dataclass(frozen=True, slots=True)
class Drop:
    """``told`` stands at the pointer; ``line`` is carried out when it is dropped, "" = nothing is."""

    told: str
    line: str = ""


def onto_incident(desk: Desk, carried: Carried, ident: str, service: str = "") -> Drop | None:
    """``service``: the leg that the pointer is on."""
    incident = desk.state.incidents.get(ident)
    unit = desk.state.units.get(carried.ident) if carried.kind is Kind.UNIT else None
    if incident is None or unit is None:
        return None
    why = _why_not(desk, unit, incident, service)
    if why is not None:
        return Drop(why)
    there, named = short(incident.id), sentences.service(desk.state, unit.service, desk.words.language)
    if unit.assignment is None:
        told = desk.words("carry.assign", unit=unit.call_sign, incident=there, service=named)
        return Drop(told, f"d {unit.call_sign} {there}")
    was = short(unit.assignment.incident)
    told = desk.words("carry.redirect", unit=unit.call_sign, was=was, incident=there, service=named)
    return Drop(told, f"re {unit.call_sign} {there}")


def _why_not(desk: Desk, unit: Unit, incident: Incident, service: str) -> str | None:
    words, sign = desk.words, unit.call_sign
    if incident.state is IncidentState.CLOSED:
        return words("carry.closed", incident=short(incident.id))
    if service and unit.service != service:
        named = sentences.service(desk.state, service, words.language)
        return words("carry.wrong_service", unit=sign, service=named)
    if unit.assignment is not None:
        was = unit.assignment.incident
        if was == incident.id:
            return words("carry.same", unit=sign, incident=short(was))
        return None if desk.supervising else words("carry.busy", unit=sign, was=short(was))
    if unit.status is UnitStatus.OUT_OF_SERVICE:
        return words("carry.out", unit=sign)
    return words("carry.unstaffed", unit=sign) if unit.crew.state is CrewState.UNSTAFFED else None


def onto_position(desk: Desk, carried: Carried, position: str) -> Drop | None:
    """An incident or a leg to whoever sits there."""
    seat = desk.state.positions.get(position)
    if seat is None or carried.kind is Kind.UNIT:
        return None
    if not desk.supervising:
        return Drop(desk.words("carry.lead"))
    if not seat.user:
        return Drop(desk.words("carry.nobody"))
    to = sentences.person(desk.state, seat.user, desk.words.language)
    return _given(desk, carried, to, f"@{seat.user}")


def onto_station(desk: Desk, carried: Carried, station: str) -> Drop | None:
    known = desk.state.stations.get(station)
    if known is None or carried.kind is not Kind.LEG:
        return None
    return _given(desk, carried, known.name, f"tram:{known.id}") if desk.supervising else Drop(desk.words("carry.lead"))


def _given(desk: Desk, carried: Carried, to: str, named: str) -> Drop | None:
    incident = desk.state.incidents.get(carried.ident)
    if incident is None:
        return None
    there = short(incident.id)
    if incident.state is IncidentState.CLOSED:
        return Drop(desk.words("carry.closed", incident=there))
    if carried.kind is Kind.INCIDENT:
        return Drop(desk.words("carry.incident", incident=there, to=to), f"re {there} {named}")
    service = sentences.service(desk.state, carried.service, desk.words.language)
    told = desk.words("carry.leg", incident=there, service=service, to=to)
    return Drop(told, f"re {there}/{carried.service} {named}")
