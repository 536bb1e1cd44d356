"""Units: send, free, statuses; and a supervisor's reassignments."""

from __future__ import annotations

from console_gui.command_line import resolve
from console_gui.command_line.outcomes import Act, Context, Outcome, Send, Wrong, wrong
from console_gui.command_line.tokens import Line, target, target_last
from console_gui.command_line.verbs_dispatching import because
from console_gui.command_line.verbs_leading import AskReason, reassigned, redirect
from console_gui.folding import fold
from dispatch_core.domain import commands as c
from dispatch_core.domain.state import Incident

REASSIGN_SYNTAX = ("re #42/115 @lan lý do", "re #42/115 @lan reason")
STATION_WORDS = ("station", "tram")


def assign(line: Line, context: Context) -> Outcome:
    """``d A12 FE3 #42 vì kẹt xe``; commas between units are allowed."""
    before, reason = because(line.rest)
    parts, named = target_last(before.replace(",", " ").split())
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    units: list[str] = []
    for word in parts:
        unit = resolve.unit(context.state, word)
        if isinstance(unit, Wrong):
            return unit
        units.append(unit.call_sign)
    if not units:
        return wrong("units")
    return Send(c.AssignUnits(incident=incident.id, units=tuple(units), reason=reason))


def release(line: Line, context: Context) -> Outcome:
    if not line.rest:
        return wrong("units")
    unit = resolve.unit(context.state, line.rest)
    return unit if isinstance(unit, Wrong) else Send(c.ReleaseUnit(unit=unit.call_sign))


def report_status(line: Line, context: Context) -> Outcome:
    word, _, said = line.rest.partition(" ")
    if not word:
        return wrong("usage", syntax=("/st A12 toi", "/st A12 onscene"))
    unit = resolve.unit(context.state, word)
    if isinstance(unit, Wrong):
        return unit
    status = resolve.status(said, unit)
    return status if isinstance(status, Wrong) else Send(c.ReportStatus(unit=unit.call_sign, status=status))


def reassign(line: Line, context: Context) -> Outcome:
    """``re #42 @lan why`` for the incident; ``re #42/115 …`` for a leg: ``@lan``, ``station:ID`` or ``A14<A12``;
    ``re A12 #43 …`` for a unit. Without a reason it is asked for, without anything everything is."""
    if not line.rest:
        return AskReason(Act.REASSIGN)
    first, _, rest = line.rest.partition(" ")
    named = target(first)
    if named is None and rest.strip():
        return redirect(first, rest, context)
    to, _, reason = rest.strip().partition(" ")
    if named is None or not to:
        return wrong("usage", syntax=REASSIGN_SYNTAX)
    incident = resolve.incident(context, named)
    if isinstance(incident, Wrong):
        return incident
    reason = reason.strip()
    if named.leg:
        return _reassign_leg(context, incident, named.leg, to, reason)
    user = resolve.person(context.state, to)
    return user if isinstance(user, Wrong) else reassigned(
        c.ReassignIncident(incident=incident.id, to=user, reason=reason)
    )


def _reassign_leg(context: Context, incident: Incident, leg: str, to: str, reason: str) -> Outcome:
    state = context.state
    service = resolve.service(state, leg)
    if isinstance(service, Wrong):
        return service
    if to.startswith("@"):
        user = resolve.person(state, to)
        if isinstance(user, Wrong):
            return user
        return reassigned(c.ReassignLeg(incident=incident.id, service=service, reason=reason, dispatcher=user))
    kind, colon, ident = to.partition(":")
    if colon and fold(kind) in STATION_WORDS:
        station = resolve.station(state, ident, service)
        if isinstance(station, Wrong):
            return station
        return reassigned(c.ReassignLeg(incident=incident.id, service=service, reason=reason, station=station))
    new, _, old = to.partition("<")
    unit = resolve.unit(state, new)
    if isinstance(unit, Wrong):
        return unit
    instead = resolve.unit(state, old) if old else None
    if isinstance(instead, Wrong):
        return instead
    return reassigned(
        c.ReassignLeg(
            incident=incident.id, service=service, reason=reason, unit=unit.call_sign,
            instead_of=instead.call_sign if instead is not None else "",
        )
    )  # fmt: skip
