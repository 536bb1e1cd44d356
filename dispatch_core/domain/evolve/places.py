"""What the events about hospitals, premise notes and covering units mean."""

from __future__ import annotations

from msgspec.structs import replace

from dispatch_core.domain.events import (
    BedsSet,
    DivertSet,
    HospitalChosen,
    HospitalsLoaded,
    PatientDelivered,
    PlaceRulesLoaded,
    PremiseRemoved,
    PremisesFound,
    PremiseUndone,
    PremiseWritten,
    Recorded,
    UnitMovedUp,
    UnitSentHome,
)
from dispatch_core.domain.evolve.rules import change_incident, change_unit, rule, tell
from dispatch_core.domain.state import State, put
from dispatch_core.domain.vocabulary import Beds, Divert, Hospital


def _change_hospital(state: State, known: Hospital | None, **changes: object) -> State:
    if known is None:
        return state
    return replace(state, hospitals=put(state.hospitals, known.id, replace(known, **changes)))


@rule(PlaceRulesLoaded)
def place_rules_loaded(state: State, event: PlaceRulesLoaded, _: Recorded) -> State:
    return replace(state, place_rules=event.rules)


@rule(HospitalsLoaded)
def hospitals_loaded(state: State, event: HospitalsLoaded, _: Recorded) -> State:
    """Beds that somebody told of and a divert outlive the list."""
    hospitals = {}
    for ident, hospital in event.hospitals.items():
        known = state.hospitals.get(ident)
        if known is not None:
            told = {kind: beds for kind, beds in known.beds.items() if beds.at}
            hospital = replace(hospital, beds={**hospital.beds, **told}, divert=known.divert)
        hospitals[ident] = hospital
    return replace(state, hospitals=hospitals)


@rule(BedsSet)
def beds_set(state: State, event: BedsSet, recorded: Recorded) -> State:
    known = state.hospitals.get(event.hospital)
    beds = known.beds if known is not None else {}
    told = Beds(free=event.free, at=recorded.at, by=recorded.by)
    return _change_hospital(state, known, beds=put(beds, event.kind, told))


@rule(DivertSet)
def divert_set(state: State, event: DivertSet, recorded: Recorded) -> State:
    divert = Divert(at=recorded.at, by=recorded.by, until=event.until, reason=event.reason) if event.on else None
    return _change_hospital(state, state.hospitals.get(event.hospital), divert=divert)


@rule(HospitalChosen)
def hospital_chosen(state: State, event: HospitalChosen, recorded: Recorded) -> State:
    state = change_unit(state, event.unit, lambda unit: replace(unit, hospital=event.hospital))
    return change_incident(
        state, event.incident, lambda it: tell(it, recorded, "hospital", event.unit, event.hospital)
    )


@rule(PatientDelivered)
def patient_delivered(state: State, event: PatientDelivered, recorded: Recorded) -> State:
    """Never below none; of beds that nobody ever told of there is nothing to count down."""
    known = state.hospitals.get(event.hospital)
    beds = known.beds.get(event.kind) if known is not None else None
    if known is not None and beds is not None:
        left = Beds(free=max(0, beds.free - 1), at=recorded.at, by=recorded.by)
        state = _change_hospital(state, known, beds=put(known.beds, event.kind, left))
    return change_incident(
        state, event.incident, lambda it: tell(it, recorded, "delivered", event.unit, event.hospital)
    )


@rule(PremiseWritten)
def premise_written(state: State, event: PremiseWritten, _: Recorded) -> State:
    return replace(state, premise_count=max(state.premise_count, event.count))


@rule(PremiseRemoved)
def premise_removed(state: State, _: PremiseRemoved, __: Recorded) -> State:
    """The notes themselves are rows of the database, never part of the live state."""
    return state


@rule(PremiseUndone)
def premise_undone(state: State, _: PremiseUndone, __: Recorded) -> State:
    return state


@rule(PremisesFound)
def premises_found(state: State, event: PremisesFound, _: Recorded) -> State:
    return change_incident(state, event.incident, lambda it: replace(it, premises=event.found))


@rule(UnitMovedUp)
def unit_moved_up(state: State, event: UnitMovedUp, recorded: Recorded) -> State:
    """As everywhere: without a reported position a unit is taken to stand at its station, now at this one."""
    station = state.stations.get(event.station)
    if station is None:
        return state
    return change_unit(
        state,
        event.unit,
        lambda unit: replace(unit, cover=event.station, cover_at=recorded.at, lat=station.lat, lon=station.lon),
    )


@rule(UnitSentHome)
def unit_sent_home(state: State, event: UnitSentHome, _: Recorded) -> State:
    unit = state.units.get(event.unit)
    home = state.stations.get(unit.station) if unit is not None else None
    if home is None:
        return change_unit(state, event.unit, lambda unit: replace(unit, cover="", cover_at=0))
    return change_unit(
        state, event.unit, lambda unit: replace(unit, cover="", cover_at=0, lat=home.lat, lon=home.lon)
    )
