"""Taking a unit from one incident to another, and taking a reassignment back that was a slip."""

from __future__ import annotations

from msgspec import Struct

from dispatch_core.domain.commands import RedirectUnit, UndoReassign
from dispatch_core.domain.decide.accepting import set_status
from dispatch_core.domain.decide.asking import tell_if_missed
from dispatch_core.domain.decide.calming import calm_asked, calm_unit
from dispatch_core.domain.decide.incidents import not_a_desk, open_missing_legs, too_long
from dispatch_core.domain.decide.story import Story, open_incident, rule, working_leg
from dispatch_core.domain.events import ReassignUndone, UnitAssigned, UnitRedirected, UnitReleased
from dispatch_core.domain.offering import places_left
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Assignment, Incident, Unit
from dispatch_core.domain.unit_status import NOT_THERE_YET
from dispatch_core.domain.vocabulary import Instant, UnitStatus
from dispatch_core.domain.words import STATUSES

UNDO_MS = 30_000
"""So long a reassignment counts as a slip that its maker may take back without a reason."""

CARRIES = frozenset({UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL})
"""A crew with a patient goes nowhere else."""


class _Way(Struct, frozen=True):
    """A unit at work, and where it is to go."""

    unit: Unit
    work: Assignment
    to: Incident


def _way(story: Story, call_sign: str, to: str) -> _Way | Refusal:
    unit = story.state.units.get(call_sign)
    if unit is None:
        return refuse("unknown_unit", unit=call_sign)
    incident = open_incident(story.state, to)
    if isinstance(incident, Refusal):
        return incident
    if unit.assignment is None:
        return refuse("unit_free", unit=call_sign)
    if unit.assignment.incident == incident.id:
        return refuse("already_so")
    if unit.status in CARRIES:
        return refuse("unit_carries", unit=call_sign, status=STATUSES[unit.status])
    return _Way(unit, unit.assignment, incident)


@rule(RedirectUnit)
def redirect_unit(story: Story, body: RedirectUnit) -> Refusal | None:
    way = _way(story, body.unit, body.incident)
    if isinstance(way, Refusal):
        return way
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    open_missing_legs(story, way.to, (way.unit.service,))
    _move(story, way, one_line(body.reason.strip(), REASON_LIMIT))
    return None


def _move(story: Story, way: _Way, reason: str, *, undo: bool = False) -> None:
    unit, work = way.unit, way.work
    story.happen(UnitReleased(incident=work.incident, service=work.service, unit=unit.call_sign))
    calm_unit(story, unit.call_sign)
    story.happen(UnitAssigned(incident=way.to.id, service=unit.service, unit=unit.call_sign))
    calm_asked(story, way.to.id, unit.service)
    old = story.state.incidents[work.incident]
    missing = max(0, places_left(story.state, old, old.legs[work.service]))
    story.happen(
        UnitRedirected(
            unit=unit.call_sign, incident=work.incident, service=work.service, status=unit.status, to=way.to.id,
            missing=missing, undo=undo, reason=reason,
        )
    )  # fmt: skip
    if unit.status in NOT_THERE_YET and not undo:
        tell_if_missed(story, work.incident, work.service)


# --- a slip is taken back ---------------------------------------------------------------------------------------------


@rule(UndoReassign)
def undo_reassign(story: Story, body: UndoReassign) -> Refusal | None:
    if bool(body.incident) is bool(body.unit):
        return refuse("say_one")
    return _undo_unit(story, body.unit) if body.unit else _undo_incident(story, body.incident)


def _too_late(story: Story, at: Instant, by: str) -> Refusal | None:
    mine = by == f"{story.asked.actor.kind.value}:{story.user}"
    return None if mine and abs(story.now - at) <= UNDO_MS else refuse("nothing_to_undo", seconds=UNDO_MS // 1000)


def _undo_incident(story: Story, ident: str) -> Refusal | None:
    incident = open_incident(story.state, ident)
    if isinstance(incident, Refusal):
        return incident
    handed = incident.handed
    if handed is None:
        return refuse("nothing_to_undo", seconds=UNDO_MS // 1000)
    no = _too_late(story, handed.at, handed.by)
    if no is not None:
        return no
    now = incident.owner
    if handed.what != "incident":
        leg = working_leg(story.state, incident, handed.service)
        if isinstance(leg, Refusal):
            return leg
        now = leg.dispatcher if handed.what == "dispatcher" else leg.station
    if now != handed.to:
        return refuse("changed_since")
    if handed.was and handed.what != "station":
        no = not_a_desk(story, handed.was)
        if no is not None:
            return no
    story.happen(
        ReassignUndone(
            incident=ident, what=handed.what, service=handed.service, was=handed.was, to=handed.to,
            fixed=handed.fixed, also=handed.also,
        )
    )  # fmt: skip
    return None


def _undo_unit(story: Story, call_sign: str) -> Refusal | None:
    """It goes back, and is again as far as it had come, where it has not answered the new order yet."""
    unit = story.state.units.get(call_sign)
    before = unit.redirected if unit is not None else None
    if before is None:
        return refuse("nothing_to_undo", seconds=UNDO_MS // 1000)
    no = _too_late(story, before.at, before.by)
    if no is not None:
        return no
    way = _way(story, call_sign, before.incident)
    if isinstance(way, Refusal):
        return way
    if way.work.incident != before.to or way.unit.status is not UnitStatus.OFFERED:
        return refuse("changed_since")
    leg = working_leg(story.state, way.to, before.service)
    if isinstance(leg, Refusal):
        return leg
    _move(story, way, "", undo=True)
    if before.status is not UnitStatus.OFFERED:
        set_status(story, call_sign, before.status)
    return None
