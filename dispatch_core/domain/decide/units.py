"""Sending units, what they report, and giving a leg to somebody else."""

from __future__ import annotations

from dispatch_core.domain.commands import AssignUnits, ReassignLeg, ReleaseUnit, ReportStatus
from dispatch_core.domain.decide.accepting import set_status
from dispatch_core.domain.decide.asking import ask_after_no, ask_in_place, end_offer, tell_if_missed
from dispatch_core.domain.decide.calming import calm_asked, calm_unit
from dispatch_core.domain.decide.dispatching import tell_overrides
from dispatch_core.domain.decide.hospitals import delivered
from dispatch_core.domain.decide.incidents import not_a_desk, open_missing_legs, too_long
from dispatch_core.domain.decide.instants import local_clock
from dispatch_core.domain.decide.story import Story, open_incident, rule, service_named, working_leg
from dispatch_core.domain.events import LegReassigned, UnitAssigned, UnitReleased
from dispatch_core.domain.offering import unit_offer
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Assignment, Incident, Leg
from dispatch_core.domain.unit_status import FOLLOWS, GOES_AWAY, NOT_THERE_YET, may_follow
from dispatch_core.domain.vocabulary import CrewState, OfferOutcome, OfferTo, UnitStatus
from dispatch_core.domain.words import STATUSES, listed

UNITS_AT_ONCE = 40


def cannot_go(story: Story, call_sign: str) -> Refusal | None:
    """None where the unit may be sent, else who has it and since when."""
    unit = story.state.units.get(call_sign)
    if unit is None:
        return refuse("unknown_unit", unit=call_sign)
    if unit.assignment is not None:
        work = unit.assignment
        return refuse(
            "unit_busy", unit=call_sign, incident=work.incident, user=work.by.partition(":")[2],
            at=local_clock(story.state, work.at),
        )  # fmt: skip
    if unit.status is not UnitStatus.AVAILABLE:
        return refuse("unit_out_of_service", unit=call_sign)
    if unit.crew.state is CrewState.UNSTAFFED:
        return refuse("unit_unstaffed", unit=call_sign, at=local_clock(story.state, unit.crew.since))
    return None


@rule(AssignUnits)
def assign_units(story: Story, body: AssignUnits) -> Refusal | None:
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    named = tuple(dict.fromkeys(body.units))
    if not named:
        return refuse("no_units")
    if len(named) > UNITS_AT_ONCE:
        return refuse("too_many_units", count=len(named), limit=UNITS_AT_ONCE)
    for call_sign in named:
        no = cannot_go(story, call_sign)
        if no is not None:
            return no
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    for service in dict.fromkeys(story.state.units[it].service for it in named):
        open_missing_legs(story, incident, (service,))
    tell_overrides(story, incident, named, body.reason)
    for call_sign in named:
        service = story.state.units[call_sign].service
        story.happen(UnitAssigned(incident=incident.id, service=service, unit=call_sign))
        calm_asked(story, incident.id, service)
    return None


def release(story: Story, call_sign: str, work: Assignment) -> None:
    story.happen(UnitReleased(incident=work.incident, service=work.service, unit=call_sign))
    calm_unit(story, call_sign)


@rule(ReleaseUnit)
def release_unit(story: Story, body: ReleaseUnit) -> Refusal | None:
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    if unit.assignment is None:
        return refuse("unit_free", unit=body.unit)
    work, was = unit.assignment, unit.status
    release(story, unit.call_sign, work)
    if was in NOT_THERE_YET:
        tell_if_missed(story, work.incident, work.service)
    return None


@rule(ReportStatus)
def report_status(story: Story, body: ReportStatus) -> Refusal | None:
    """Crews skip steps and never go back; "available" from work frees the unit."""
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    if unit.status is body.status:
        return refuse("already_so")
    if not may_follow(unit.status, body.status):
        may = listed(STATUSES[status] for status in FOLLOWS[unit.status])
        was, to = STATUSES[unit.status], STATUSES[body.status]
        return refuse("wrong_status", unit=unit.call_sign, was=was, to=to, may=may)
    work = unit.assignment
    if body.status is UnitStatus.AVAILABLE and work is not None:
        if _declined(story, unit.call_sign, work):
            return None
        release(story, unit.call_sign, work)
    else:
        set_status(story, unit.call_sign, body.status)
        if body.status is UnitStatus.AT_HOSPITAL:
            delivered(story, unit)
    if work is not None and unit.status in NOT_THERE_YET and body.status in GOES_AWAY:
        ask_in_place(story, work.incident, work.service, unit.call_sign)
    return None


def _declined(story: Story, call_sign: str, work: Assignment) -> bool:
    """Who is asked on a clock and says that it is available has not taken the work: the next one is asked."""
    incident = story.state.incidents[work.incident]
    leg = incident.legs[work.service]
    offer = unit_offer(leg, call_sign)
    if offer is None or not offer.until:
        return False
    end_offer(story, incident, leg, offer, OfferOutcome.DECLINED)
    calm_unit(story, call_sign)
    ask_after_no(story, work.incident, work.service, OfferTo.CREW)
    return True


@rule(ReassignLeg)
def reassign_leg(story: Story, body: ReassignLeg) -> Refusal | None:
    """By a supervisor, with a reason: to another dispatcher, another station, or one unit in place of another."""
    incident = open_incident(story.state, body.incident)
    if isinstance(incident, Refusal):
        return incident
    leg = working_leg(story.state, incident, body.service)
    if isinstance(leg, Refusal):
        return leg
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    if sum(map(bool, (body.dispatcher, body.station, body.unit))) != 1:
        return refuse("say_one")
    if body.dispatcher:
        return _to_dispatcher(story, incident, leg, body)
    if body.station:
        return _to_station(story, incident, leg, body)
    return _to_unit(story, incident, leg, body)


def _tell(story: Story, incident: Incident, leg: Leg, what: str, was: str, to: str, reason: str) -> None:
    told = one_line(reason, REASON_LIMIT)
    story.happen(LegReassigned(incident=incident.id, service=leg.service, what=what, was=was, to=to, reason=told))


def _to_dispatcher(story: Story, incident: Incident, leg: Leg, body: ReassignLeg) -> Refusal | None:
    no = not_a_desk(story, body.dispatcher)
    if no is not None:
        return no
    was = leg.dispatcher or incident.owner
    if was == body.dispatcher:
        return refuse("already_so")
    _tell(story, incident, leg, "dispatcher", was, body.dispatcher, body.reason)
    return None


def _to_station(story: Story, incident: Incident, leg: Leg, body: ReassignLeg) -> Refusal | None:
    station = story.state.stations.get(body.station)
    if station is None:
        return refuse("unknown_station", station=body.station)
    if station.service != leg.service:
        has, wants = service_named(story.state, station.service), service_named(story.state, leg.service)
        return refuse("wrong_station", station=station.name, has=has, wants=wants)
    if leg.station == station.id and leg.station_fixed:
        return refuse("already_so")
    _tell(story, incident, leg, "station", leg.station, station.id, body.reason)
    return None


def _to_unit(story: Story, incident: Incident, leg: Leg, body: ReassignLeg) -> Refusal | None:
    no = cannot_go(story, body.unit)
    if no is not None:
        return no
    unit = story.state.units[body.unit]
    if unit.service != leg.service:
        has, wants = service_named(story.state, unit.service), service_named(story.state, leg.service)
        return refuse("wrong_service", unit=unit.call_sign, has=has, wants=wants)
    if body.instead_of:
        if body.instead_of not in leg.units:
            service = service_named(story.state, leg.service)
            return refuse("unit_not_on_leg", unit=body.instead_of, service=service)
        story.happen(UnitReleased(incident=incident.id, service=leg.service, unit=body.instead_of))
        calm_unit(story, body.instead_of)
    story.happen(UnitAssigned(incident=incident.id, service=leg.service, unit=body.unit))
    calm_asked(story, incident.id, leg.service)
    _tell(story, incident, leg, "unit", body.instead_of, body.unit, body.reason)
    return None
