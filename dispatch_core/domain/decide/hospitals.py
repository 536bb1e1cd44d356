"""Hospitals: their lists, beds and diverts, and where a unit takes its patient."""

from __future__ import annotations

from dispatch_core.domain.commands import LoadHospitals, LoadPlaceRules, SetBeds, SetDivert, TakeTo
from dispatch_core.domain.decide.accepting import set_status
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.events import (
    BedsSet,
    DivertSet,
    HospitalChosen,
    HospitalsLoaded,
    PatientDelivered,
    PlaceRulesLoaded,
)
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Assignment, Unit
from dispatch_core.domain.vocabulary import UnitStatus
from dispatch_core.domain.words import STATUSES

BEDS_MOST = 9_999
DIVERT_MOST_MIN = 7 * 24 * 60
CARRIES = frozenset({UnitStatus.ON_SCENE, UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL})


@rule(LoadPlaceRules)
def load_place_rules(story: Story, body: LoadPlaceRules) -> Refusal | None:
    if body.rules == story.state.place_rules:
        return refuse("nothing_new")
    story.happen(PlaceRulesLoaded(rules=body.rules))
    return None


@rule(LoadHospitals)
def load_hospitals(story: Story, body: LoadHospitals) -> Refusal | None:
    """A list says which hospitals there are; what was told of their beds and diverts stays."""
    event = HospitalsLoaded(hospitals=body.hospitals)
    if story.foresee(event).hospitals == story.state.hospitals:
        return refuse("nothing_new")
    story.happen(event)
    return None


@rule(SetBeds)
def set_beds(story: Story, body: SetBeds) -> Refusal | None:
    hospital = story.state.hospitals.get(body.hospital)
    if hospital is None:
        return refuse("unknown_hospital", hospital=body.hospital)
    kinds = story.state.place_rules.beds
    if body.kind not in kinds:
        return refuse("unknown_bed_kind", kind=body.kind, near=", ".join(sorted(kinds)))
    if not 0 <= body.free <= BEDS_MOST:
        return refuse("bad_bed_count", limit=BEDS_MOST)
    story.happen(BedsSet(hospital=body.hospital, kind=body.kind, free=body.free))
    return None


@rule(SetDivert)
def set_divert(story: Story, body: SetDivert) -> Refusal | None:
    hospital = story.state.hospitals.get(body.hospital)
    if hospital is None:
        return refuse("unknown_hospital", hospital=body.hospital)
    if not body.on:
        if hospital.divert is None:
            return refuse("not_diverted", hospital=hospital.name)
        story.happen(DivertSet(hospital=body.hospital, on=False, until=0))
        return None
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    if not 0 <= body.minutes <= DIVERT_MOST_MIN:
        return refuse("bad_divert_minutes", limit=DIVERT_MOST_MIN)
    until = story.now + body.minutes * 60_000 if body.minutes else 0
    reason = one_line(body.reason, REASON_LIMIT)
    story.happen(DivertSet(hospital=body.hospital, on=True, until=until, reason=reason))
    return None


@rule(TakeTo)
def take_to(story: Story, body: TakeTo) -> Refusal | None:
    """From the scene it sets out with that; at a hospital already, the patient is taken as delivered there."""
    unit = story.state.units.get(body.unit)
    if unit is None:
        return refuse("unknown_unit", unit=body.unit)
    hospital = story.state.hospitals.get(body.hospital)
    if hospital is None:
        return refuse("unknown_hospital", hospital=body.hospital)
    work = unit.assignment
    if work is None or unit.status not in CARRIES:
        return refuse("nobody_aboard", unit=unit.call_sign, status=STATUSES[unit.status])
    if unit.hospital == hospital.id:
        return refuse("already_so")
    if hospital.divert is not None and hospital.divert.holds(story.now) and not body.confirmed:
        return refuse("hospital_diverts", hospital=hospital.name)
    story.happen(HospitalChosen(incident=work.incident, unit=unit.call_sign, hospital=hospital.id))
    if unit.status is UnitStatus.ON_SCENE:
        set_status(story, unit.call_sign, UnitStatus.TRANSPORTING)
    elif unit.status is UnitStatus.AT_HOSPITAL and not unit.hospital:
        _deliver(story, unit, work, hospital.id)
    return None


def delivered(story: Story, unit: Unit) -> None:
    """The unit reports that it has arrived: where a hospital was named, it has one bed less."""
    if unit.assignment is not None and unit.hospital in story.state.hospitals:
        _deliver(story, unit, unit.assignment, unit.hospital)


def _deliver(story: Story, unit: Unit, work: Assignment, hospital: str) -> None:
    kind = story.state.place_rules.delivered
    story.happen(PatientDelivered(incident=work.incident, unit=unit.call_sign, hospital=hospital, kind=kind))
