"""Hospitals, premise notes and units that cover another station."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.choosing_hospitals import choose
from dispatch_core.domain.decide.hospitals import BEDS_MOST
from dispatch_core.domain.decide.premises import NOTES_TOLD, RADIUS_MOST_M
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.vocabulary import (
    USUAL_PLACE_RULES,
    Beds,
    Hospital,
    LocationSource,
    PastIncident,
    Premises,
    Reach,
    UnitStatus,
)
from tests.domain.world import (
    HOSPITALS,
    PLANTED_LAT,
    PLANTED_LON,
    STATIONS,
    UNITS,
    World,
    place,
    premise,
    staffed,
    unit,
)


def emergency(world: World, hospital: str = "H1") -> Beds | None:
    return world.state.hospitals[hospital].beds.get("emergency")


def on_scene(world: World, sign: str = "A1") -> str:
    incident = world.at_work((sign,))
    world.person("lan", c.ReportStatus(unit=sign, status=UnitStatus.ON_SCENE))
    return incident.id


# --- hospitals --------------------------------------------------------------------------------------------------------


def test_the_sites_words_and_numbers_enter_once(world: World) -> None:
    other = replace(USUAL_PLACE_RULES, history_m=50)
    assert world.core(c.LoadPlaceRules(rules=other)) == (e.PlaceRulesLoaded(rules=other),)
    assert world.state.place_rules == other
    assert world.core_no(c.LoadPlaceRules(rules=other)) == "nothing_new"


def test_a_new_list_keeps_what_was_told_of_beds_and_diverts(world: World) -> None:
    world.person("lan", c.SetBeds(hospital="H1", kind="icu", free=4))
    world.person("hoa", c.SetDivert(hospital="H1", on=True, reason="kín"))
    moved = replace(HOSPITALS["H1"], lat=10.75, beds={"emergency": Beds(free=9), "icu": Beds(free=1)})
    new = {"H1": moved, "H3": Hospital(id="H3", name="Mới", lat=10.7, lon=106.6)}
    world.core(c.LoadHospitals(hospitals=new))
    h1 = world.state.hospitals["H1"]
    assert set(world.state.hospitals) == {"H1", "H3"} and h1.lat == 10.75
    assert (h1.beds["emergency"].free, h1.beds["icu"].free) == (9, 4), "what was told outlives the list"
    assert h1.divert is not None
    assert world.core_no(c.LoadHospitals(hospitals=new)) == "nothing_new"


def test_beds_with_who_said_so_and_when(world: World) -> None:
    world.person("lan", c.SetBeds(hospital="H1", kind="emergency", free=7))
    assert emergency(world) == Beds(free=7, at=world.now, by="person:lan")
    assert world.person_no("lan", c.SetBeds(hospital="H9", kind="icu", free=1)) == "unknown_hospital"
    refusal = world.refusal("lan", c.SetBeds(hospital="H1", kind="sofa", free=1))
    assert refusal.code == "unknown_bed_kind" and "icu" in refusal.details["near"]
    for free in (-1, BEDS_MOST + 1):
        assert world.person_no("lan", c.SetBeds(hospital="H1", kind="icu", free=free)) == "bad_bed_count"


def test_a_divert_has_a_reason_and_an_end(world: World) -> None:
    on = c.SetDivert(hospital="H1", on=True, reason="hết máy thở", minutes=1)
    assert world.person_no("lan", replace(on, hospital="H9")) == "unknown_hospital"
    assert world.person_no("lan", replace(on, reason=" ")) == "reason_missing"
    assert world.person_no("lan", replace(on, reason="x" * 501)) == "text_too_long"
    assert world.person_no("lan", replace(on, minutes=-1)) == "bad_divert_minutes"
    world.person("lan", on)
    divert = world.state.hospitals["H1"].divert
    assert divert is not None and divert.reason == "hết máy thở"
    assert divert.holds(world.now) and not divert.holds(world.now + 60_000)
    world.person("lan", replace(on, on=False))
    assert world.state.hospitals["H1"].divert is None
    assert world.person_no("lan", replace(on, on=False)) == "not_diverted"


def test_a_delivered_patient_takes_a_bed(world: World) -> None:
    incident = on_scene(world)
    world.person("lan", c.TakeTo(unit="A1", hospital="H1"))
    assert world.state.units["A1"].status is UnitStatus.TRANSPORTING and world.state.units["A1"].hospital == "H1"
    assert emergency(world) == Beds(free=2)
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.AT_HOSPITAL))
    told = emergency(world)
    assert told is not None and (told.free, told.by) == (1, "person:lan")
    kinds = [note.kind for note in world.state.incidents[incident].notes]
    assert kinds[-4:] == ["hospital", "status", "status", "delivered"]
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.AVAILABLE))
    assert world.state.units["A1"].hospital == ""


def test_a_hospital_named_at_its_door_counts_once(world: World) -> None:
    on_scene(world)
    for status in (UnitStatus.TRANSPORTING, UnitStatus.AT_HOSPITAL):
        world.person("lan", c.ReportStatus(unit="A1", status=status))
    assert emergency(world) == Beds(free=2), "no hospital was named"
    world.person("lan", c.TakeTo(unit="A1", hospital="H1"))
    beds = emergency(world)
    assert beds is not None and beds.free == 1
    world.person("lan", c.TakeTo(unit="A1", hospital="H2"))
    assert emergency(world, "H2") is None and emergency(world) == beds, "a second name is a correction, not a patient"


def test_beds_never_go_below_none_and_unknown_ones_are_not_counted(world: World) -> None:
    world.person("lan", c.SetBeds(hospital="H1", kind="emergency", free=0))
    on_scene(world)
    world.person("lan", c.TakeTo(unit="A1", hospital="H1"))
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.AT_HOSPITAL))
    beds = emergency(world)
    assert beds is not None and beds.free == 0
    world.core(c.LoadHospitals(hospitals={"H2": HOSPITALS["H2"]}))
    state = world.state
    gone = e.PatientDelivered(incident="none", unit="A1", hospital="H1", kind="emergency")
    recorded = e.Recorded(seq=state.seq + 1, at=1, by="person:lan", command="c", event=gone)
    from dispatch_core.domain.evolve import evolve

    assert evolve(state, recorded).hospitals == state.hospitals
    for event in (e.BedsSet(hospital="H1", kind="icu", free=1), e.DivertSet(hospital="H1", on=True, until=0)):
        assert evolve(state, replace(recorded, event=event)).hospitals == state.hospitals


def test_who_takes_a_patient_where(world: World) -> None:
    assert world.person_no("lan", c.TakeTo(unit="X9", hospital="H1")) == "unknown_unit"
    assert world.person_no("lan", c.TakeTo(unit="A1", hospital="H9")) == "unknown_hospital"
    assert world.person_no("lan", c.TakeTo(unit="A1", hospital="H1")) == "nobody_aboard"
    world.at_work(("A1",))
    assert world.person_no("lan", c.TakeTo(unit="A1", hospital="H1")) == "nobody_aboard"
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.ON_SCENE))
    world.person("lan", c.SetDivert(hospital="H1", on=True, reason="kín giường"))
    assert world.person_no("lan", c.TakeTo(unit="A1", hospital="H1")) == "hospital_diverts"
    world.person("lan", c.TakeTo(unit="A1", hospital="H1", confirmed=True))
    assert world.person_no("lan", c.TakeTo(unit="A1", hospital="H1")) == "already_so"
    world.person("lan", c.TakeTo(unit="A1", hospital="H2"))
    assert world.state.units["A1"].status is UnitStatus.TRANSPORTING


def test_the_choice_of_a_hospital_says_what_speaks_against_it(world: World) -> None:
    more = {
        ident: Hospital(
            id=ident, name=ident, lat=10.7, lon=106.6, skills=("trauma",), beds={"emergency": Beds(free=free)}
        )
        for ident, free in (("H3", 0), ("H4", 5))
    }
    world.core(c.LoadHospitals(hospitals={**HOSPITALS, **more}))
    world.person("lan", c.SetDivert(hospital="H4", on=True, reason="kín", minutes=1))
    times = {"H4": 60, "H2": 120, "H3": 180, "H1": 600, "H9": 1}
    reaches = [Reach(unit=ident, seconds=seconds, metres=seconds * 8) for ident, seconds in times.items()]
    found = choose(world.state, reaches, ("trauma",), world.now)
    assert [(it.hospital, it.why) for it in found] == [
        ("H1", ()), ("H3", ("full",)), ("H2", ("lacks:trauma", "beds_unknown")), ("H4", ("diverts",)),
    ]  # fmt: skip
    assert choose(world.state, reaches, (), world.now + 60_000)[0].hospital == "H4", "the divert has run out"


# --- premise notes ----------------------------------------------------------------------------------------------------

WRITE = c.WritePremise(
    premise="", kind="gas", lat=10.8, lon=106.7, radius_m=40, label="Kho gas", text="200 bình, vào từ hẻm 5"
)


def test_notes_are_numbered_and_written_anew_by_number(world: World) -> None:
    (first,) = world.person("lan", WRITE)
    assert isinstance(first, e.PremiseWritten) and (first.premise, first.count) == ("P1", 1)
    (second,) = world.person("lan", WRITE)
    assert isinstance(second, e.PremiseWritten) and second.premise == "P2"
    (again,) = world.person("lan", replace(WRITE, premise="P1", text="dọn rồi"))
    assert isinstance(again, e.PremiseWritten) and (again.premise, again.text, world.state.premise_count) == (
        "P1", "dọn rồi", 2,
    )  # fmt: skip
    assert world.person("lan", c.UndoPremise(premise="P1")) == (e.PremiseUndone(premise="P1"),)
    assert world.person("lan", c.RemovePremise(premise="P2")) == (e.PremiseRemoved(premise="P2"),)
    for recorded in world.story[-3:]:
        assert effects_of(recorded, world.state) == (x.ReadPremises(),)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"premise": "P1"}, "unknown_premise"),
        ({"premise": "hydrants:3"}, "unknown_premise"),
        ({"kind": "dragon"}, "unknown_premise_kind"),
        ({"lat": float("nan")}, "bad_location"),
        ({"lon": 181.0}, "bad_location"),
        ({"radius_m": float("nan")}, "bad_radius"),
        ({"radius_m": RADIUS_MOST_M + 1.0}, "bad_radius"),
        ({"text": " "}, "empty_text"),
        ({"text": "x" * 4_001}, "text_too_long"),
        ({"label": "x" * 501}, "text_too_long"),
        ({"until": 5}, "premise_past"),
    ],
)
def test_notes_that_cannot_be_taken(world: World, changed: dict[str, object], code: str) -> None:
    assert world.person_no("lan", replace(WRITE, **changed)) == code


def test_notes_that_nobody_wrote_are_not_removed(world: World) -> None:
    assert world.person_no("lan", c.RemovePremise(premise="P1")) == "unknown_premise"
    assert world.person_no("lan", c.UndoPremise(premise="P1")) == "unknown_premise"


def told(incident: str, version: int = 1, **more: object) -> c.PremisesTold:
    values: dict[str, object] = {"notes": (premise(),), "hydrants": (), "history": ()}
    return c.PremisesTold(incident=incident, location_version=version, **(values | more))  # type: ignore[arg-type]


def test_what_is_known_of_a_place_comes_with_it_and_goes_with_it(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.Locate(incident=incident.id, location=place(uncertainty_m=25), seen=0))
    question = x.FindPremises(incident.id, 1, PLANTED_LAT, PLANTED_LON, 25.0)
    assert question in effects_of(world.story[-1], world.state)
    past = PastIncident(incident="20260101-00001", type="theft", at=1, metres=4)
    world.core(told(incident.id, history=(past,)))
    found = world.state.incidents[incident.id].premises
    assert found == Premises(version=1, notes=(premise(),), history=(past,))
    assert world.core_no(told(incident.id, history=(past,))) == "nothing_new"
    world.core(told(incident.id, notes=(premise(),) * (NOTES_TOLD + 5)))
    found = world.state.incidents[incident.id].premises
    assert found is not None and len(found.notes) == NOTES_TOLD
    assert x.about_all(world.state) == (question,)
    world.person("lan", c.Locate(incident=incident.id, location=place("khác"), seen=1))
    assert world.state.incidents[incident.id].premises is None
    assert world.core_no(told(incident.id, 1)) == "stale_answer"
    spoken = place("đâu đó", source=LocationSource.SPOKEN, lat=None, lon=None)
    world.person("lan", c.Locate(incident=incident.id, location=spoken, seen=2))
    assert x.about_all(world.state) == ()
    assert world.core_no(told("none")) == "nothing_new"
    world.over()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    assert world.core_no(told(incident.id, 3)) == "nothing_new" and x.about_all(world.state) == ()
    gone = replace(world.story[-1], event=e.IncidentLocated(incident="none"))
    assert effects_of(gone, world.state) == ()


# --- covering ---------------------------------------------------------------------------------------------------------


def test_a_unit_covers_another_station_and_goes_home() -> None:
    world = staffed()
    assert world.person_no("hoa", c.MoveUp(unit="X9", station="S-P")) == "unknown_unit"
    assert world.person_no("hoa", c.MoveUp(unit="P2", station="S-9")) == "unknown_station"
    assert world.person_no("hoa", c.MoveUp(unit="P2", station="S-A")) == "wrong_station"
    assert world.person_no("hoa", c.MoveUp(unit="P2", station="S-P2")) == "already_so"
    assert world.person_no("lan", c.MoveUp(unit="P2", station="S-P")) == "not_allowed"
    assert world.person("hoa", c.MoveUp(unit="P2", station="S-P")) == (e.UnitMovedUp(unit="P2", station="S-P"),)
    p2, post = world.state.units["P2"], STATIONS["S-P"]
    assert (p2.cover, p2.cover_at, p2.lat, p2.lon) == ("S-P", world.now, post.lat, post.lon)
    assert p2.status is UnitStatus.AVAILABLE
    assert world.person_no("hoa", c.MoveUp(unit="P2", station="S-P")) == "already_so"
    assert world.person("hoa", c.MoveUp(unit="P2", station="S-P2")) == (e.UnitSentHome(unit="P2"),)
    p2, home = world.state.units["P2"], STATIONS["S-P2"]
    assert (p2.cover, p2.cover_at, p2.lat, p2.lon) == ("", 0, home.lat, home.lon)
    assert world.person_no("hoa", c.SendHome(unit="P2")) == "covers_nothing"
    assert world.person_no("hoa", c.SendHome(unit="X9")) == "unknown_unit"
    world.person("hoa", c.MoveUp(unit="P2", station="S-P"))
    world.person("hoa", c.SendHome(unit="P2"))
    assert world.state.units["P2"].cover == ""
    world.at_work(("A1",))
    assert world.person_no("hoa", c.MoveUp(unit="A1", station="S-A")) == "unit_at_work"


def test_a_list_of_stations_decides_where_a_covering_unit_stands(world: World) -> None:
    world.person("hoa", c.MoveUp(unit="P2", station="S-P"))
    moved = {**STATIONS, "S-P": replace(STATIONS["S-P"], lat=10.7)}
    world.core(c.LoadResources(stations=moved, units=UNITS))
    assert (world.state.units["P2"].cover, world.state.units["P2"].lat) == ("S-P", 10.7)
    gone = {ident: station for ident, station in STATIONS.items() if ident != "S-P"}
    world.core(c.LoadResources(stations=gone, units=(unit("P2", "police", "S-P2"),)))
    assert world.state.units["P2"].cover == ""


def test_events_about_what_is_not_there_change_nothing(world: World) -> None:
    from dispatch_core.domain.evolve import evolve

    state = world.state
    for event in (e.UnitMovedUp(unit="P2", station="S-9"), e.UnitSentHome(unit="X9")):
        recorded = e.Recorded(seq=state.seq + 1, at=1, by="person:hoa", command="c", event=event)
        assert evolve(state, recorded).units == state.units
    world.core(c.LoadResources(stations={}, units=UNITS))
    recorded = replace(recorded, seq=world.state.seq + 1, event=e.UnitSentHome(unit="P2"))
    assert evolve(world.state, recorded).units["P2"].cover == ""
