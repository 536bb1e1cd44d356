"""Working on an incident: what, how urgent, where, whose; two people at one form."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.evolve.rules import NOTES_KEPT
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import IncidentState, LegState, LocationSource
from tests.domain.world import PLANT, REACHES, World, place, zone


def now(world: World, incident: Incident) -> Incident:
    return world.state.incidents[incident.id]


@pytest.mark.parametrize(
    "body",
    [
        c.SetType(incident="x", type="crash", seen=""),
        c.SetPriority(incident="x", priority=1, seen=3),
        c.Locate(incident="x", location=place(), seen=0),
        c.AddNote(incident="x", text="a"),
        c.TakeIncident(incident="x"),
        c.OpenLeg(incident="x", service="fire"),
        c.CloseLeg(incident="x", service="fire"),
        c.AssignUnits(incident="x", units=("A1",)),
    ],
    ids=lambda body: type(body).__name__,
)
def test_an_incident_that_nobody_knows(world: World, body: c.Command) -> None:
    assert world.person_no("lan", body) == "unknown_incident"


def test_the_type_brings_priority_and_the_legs_of_its_plan(world: World) -> None:
    incident = world.talk()
    told = world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    assert [type(it) for it in told] == [e.TypeSet, e.LegOpened, e.LegOpened]
    changed = now(world, incident)
    assert (changed.type, changed.priority, changed.state) == ("crash", 1, IncidentState.OPEN)
    assert sorted(changed.legs) == ["ambulance", "police"]
    assert {leg.priority for leg in changed.legs.values()} == {1}


def test_a_type_without_a_plan_opens_the_first_guess(world: World) -> None:
    incident = world.call("c1", "police")
    world.person("lan", c.SetType(incident=incident.id, type="theft", seen=""))
    assert sorted(now(world, incident).legs) == ["police"]
    one_number = c.CallCame(call="c2", node="hcm1", at=world.now, dialled="112", services=("fire", "police"))
    world.switch(one_number)
    merged = world.incident_of("c2")
    world.person("lan", c.SetType(incident=merged.id, type="theft", seen=""))
    assert sorted(now(world, merged).legs) == ["fire"]


def test_another_type_opens_what_is_missing_and_changes_the_open_legs_priority(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="ambulance"))
    world.person("lan", c.OpenLeg(incident=incident.id, service="fire"))
    world.person("lan", c.CloseLeg(incident=incident.id, service="fire"))
    told = world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    assert [it.service for it in told if isinstance(it, e.LegOpened)] == ["police"]
    legs = now(world, incident).legs
    assert {service: leg.priority for service, leg in legs.items()} == {"ambulance": 1, "police": 1, "fire": 3}


def test_two_people_set_the_type(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    refusal = world.refusal("minh", c.SetType(incident=incident.id, type="theft", seen=""))
    assert refusal.code == "changed_meanwhile"
    assert "“Tai nạn giao thông”" in refusal.sentence("vi") and "“Road crash”" in refusal.sentence("en")
    assert world.person_no("lan", c.SetType(incident=incident.id, type="crash", seen="crash")) == "already_so"
    assert world.person_no("lan", c.SetType(incident=incident.id, type="dragon", seen="crash")) == "unknown_type"


def test_a_type_that_the_site_no_longer_has_is_named_by_its_code(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.core(c.LoadTypes(types={"theft": world.state.types["theft"]}))
    refusal = world.refusal("minh", c.SetType(incident=incident.id, type="theft", seen=""))
    assert "“crash”" in refusal.sentence("vi")


def test_priority(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="ambulance"))
    world.person("lan", c.SetPriority(incident=incident.id, priority=1, seen=3))
    assert now(world, incident).legs["ambulance"].priority == 1
    assert world.person_no("minh", c.SetPriority(incident=incident.id, priority=2, seen=3)) == "changed_meanwhile"
    assert world.person_no("lan", c.SetPriority(incident=incident.id, priority=1, seen=1)) == "already_so"
    for priority in (0, 6):
        assert world.person_no("lan", c.SetPriority(incident=incident.id, priority=priority, seen=1)) == "bad_priority"


def test_a_place_and_the_one_who_looked_at_an_older_one(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.Locate(incident=incident.id, location=place("ngã tư\nHàng Xanh"), seen=0))
    located = now(world, incident)
    assert located.location is not None and located.location.label == "ngã tư\ufffdHàng Xanh"
    assert (located.location_version, located.state) == (1, IncidentState.OPEN)
    refusal = world.refusal("minh", c.Locate(incident=incident.id, location=place(), seen=0))
    assert (refusal.code, refusal.details) == ("place_changed", {})  # where it is, is personal: the form shows it
    spoken = place("hẻm bên hông chợ", lat=None, lon=None, source=LocationSource.SPOKEN)
    world.person("minh", c.Locate(incident=incident.id, location=spoken, seen=1))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"label": "  "}, "empty_text"),
        ({"label": "x" * 501}, "text_too_long"),
        ({"lat": None}, "bad_location"),
        ({"lon": None}, "bad_location"),
        ({"lat": 90.5}, "bad_location"),
        ({"lat": -90.5}, "bad_location"),
        ({"lon": 180.5}, "bad_location"),
        ({"lon": -180.5}, "bad_location"),
        ({"lat": float("nan")}, "bad_location"),
        ({"lon": float("inf")}, "bad_location"),
        ({"uncertainty_m": -1.0}, "bad_location"),
        ({"uncertainty_m": float("nan")}, "bad_location"),
        ({"uncertainty_m": float("inf")}, "bad_location"),
        ({"uncertainty_m": 1e308}, "bad_location"),
        ({"lat": None, "lon": None, "uncertainty_m": float("inf")}, "bad_location"),
    ],
)
def test_a_place_that_is_none(world: World, more: dict[str, object], code: str) -> None:
    incident = world.talk()
    location = place(**{"label": "chợ Bến Thành", **more})  # type: ignore[arg-type]
    assert world.person_no("lan", c.Locate(incident=incident.id, location=location, seen=0)) == code


def test_the_poles_and_the_date_line_are_places(world: World) -> None:
    incident = world.talk()
    for seen, (lat, lon) in enumerate(((90, 180), (-90, -180))):
        world.person("lan", c.Locate(incident=incident.id, location=place("cực", lat=lat, lon=lon), seen=seen))


def test_another_place_forgets_what_the_geography_said_of_the_old_one(world: World) -> None:
    """A zone and a station of the old place beside the new one would send units to the wrong side of the city."""
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    answers = {"ambulance": zone("ambulance"), "police": zone("police")}
    world.core(c.RouteFound(incident=incident.id, location_version=1, answers=answers, reaches=REACHES))
    fixed = c.ReassignLeg(incident=incident.id, service="police", reason="gần hơn", station="S-P2")
    world.person("hoa", fixed)
    world.person("lan", c.Locate(incident=incident.id, location=place("Thủ Đức"), seen=1))
    legs = now(world, incident).legs
    assert (legs["ambulance"].zone, legs["ambulance"].station, legs["ambulance"].candidates) == (None, "", ())
    assert (legs["police"].zone, legs["police"].station) == (None, "S-P2")


def test_notes_append_even_to_a_closed_incident(world: World) -> None:
    incident = world.at_work()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    world.person("minh", c.AddNote(incident=incident.id, text=f"dòng 1\n{PLANT}\x00"))
    assert now(world, incident).notes[-1].text == f"dòng 1\n{PLANT}\ufffd"
    assert world.person_no("minh", c.AddNote(incident=incident.id, text=" \n ")) == "empty_text"
    assert world.person_no("minh", c.AddNote(incident=incident.id, text="x" * 4_001)) == "text_too_long"


def test_the_story_in_the_live_state_has_a_limit(world: World) -> None:
    incident = world.call()
    for number in range(NOTES_KEPT + 5):
        world.person("lan", c.AddNote(incident=incident.id, text=str(number)))
    notes = now(world, incident).notes
    assert (len(notes), notes[0].text, notes[-1].text) == (NOTES_KEPT, "5", str(NOTES_KEPT + 4))


def test_typed_words_outlast_what_came_about_by_itself(world: World) -> None:
    incident = world.talk()
    world.person("lan", c.AddNote(incident=incident.id, text="KHÍ CLO, đừng vào"))
    for number in range(NOTES_KEPT):
        seen = 2 - number % 2 if number else 3
        world.person("lan", c.SetPriority(incident=incident.id, priority=1 + number % 2, seen=seen))
    notes = now(world, incident).notes
    assert len(notes) == NOTES_KEPT and [it.text for it in notes if it.kind == "note"] == ["KHÍ CLO, đừng vào"]
    assert notes[0].kind == "note" and notes[-1].about == ("2",)
    for number in range(NOTES_KEPT):
        world.person("lan", c.AddNote(incident=incident.id, text=str(number)))
    world.person("lan", c.SetPriority(incident=incident.id, priority=1, seen=2))
    notes = now(world, incident).notes
    assert len(notes) == NOTES_KEPT and (notes[0].text, notes[-2].text, notes[-1].kind) == ("1", "499", "priority")


def test_every_change_raises_the_version(world: World) -> None:
    incident = world.talk()
    version = now(world, incident).version
    world.person("lan", c.AddNote(incident=incident.id, text="a"))
    assert now(world, incident).version == version + 1


def test_whose_incident_it_is(world: World) -> None:
    incident = world.call()
    world.person("minh", c.TakeIncident(incident=incident.id))
    assert world.person_no("minh", c.TakeIncident(incident=incident.id)) == "already_so"
    refusal = world.refusal("lan", c.TakeIncident(incident=incident.id))
    assert (refusal.code, refusal.details["user"]) == ("incident_owned", "minh")


def test_legs_open_close_and_open_again(world: World) -> None:
    incident = world.talk()
    opened = c.OpenLeg(incident=incident.id, service="fire")
    close = c.CloseLeg(incident=incident.id, service="fire")
    assert world.person_no("lan", close) == "no_leg"
    assert world.person_no("lan", c.OpenLeg(incident=incident.id, service="moon")) == "unknown_service"
    world.person("lan", opened)
    assert world.person_no("lan", opened) == "leg_open"
    world.person("lan", c.AssignUnits(incident=incident.id, units=("F1",)))
    refusal = world.refusal("lan", close)
    assert (refusal.code, refusal.details["units"]) == ("leg_at_work", "F1")
    assert refusal.sentence("vi") == "Nhánh Chữa cháy còn đơn vị F1; cho đơn vị về trước."
    world.person("lan", c.ReleaseUnit(unit="F1"))
    first_opened = now(world, incident).legs["fire"].opened_at
    world.later(1_000).person("lan", close)
    assert now(world, incident).legs["fire"].state is LegState.CLOSED
    assert world.person_no("lan", close) == "no_leg"
    world.person("lan", c.SetPriority(incident=incident.id, priority=2, seen=3))
    world.person("lan", opened)
    leg = now(world, incident).legs["fire"]
    assert (leg.state, leg.closed_at, leg.opened_at, leg.priority) == (LegState.OPEN, 0, first_opened, 2)


def test_a_supervisor_gives_an_incident_to_somebody_who_can_work_on_it(world: World) -> None:
    incident = world.talk()
    reason = "ca đêm\nbàn giao"
    assert (
        world.person_no("lan", c.ReassignIncident(incident=incident.id, to="minh", reason=reason)) == "not_allowed"
    )
    assert world.person_no("hoa", c.ReassignIncident(incident=incident.id, to="minh", reason=" ")) == "reason_missing"
    for to, code in (("tuan", "not_a_dispatcher"), ("ma", "unknown_user"), ("lan", "already_so")):
        assert world.person_no("hoa", c.ReassignIncident(incident=incident.id, to=to, reason=reason)) == code
    long = c.ReassignIncident(incident=incident.id, to="minh", reason="x" * 501)
    assert world.person_no("hoa", long) == "text_too_long"
    (told,) = world.person("hoa", c.ReassignIncident(incident=incident.id, to="minh", reason=reason))
    assert told == e.IncidentReassigned(incident=incident.id, was="lan", to="minh", reason="ca đêm\ufffdbàn giao")
    assert now(world, incident).owner == "minh"
    assert now(world, incident).notes[-1].about == ("lan", "minh")


@pytest.mark.parametrize(
    "body",
    [
        c.SetType(incident="20261123-00001", type="crash", seen=""),
        c.SetPriority(incident="20261123-00001", priority=1, seen=3),
        c.Locate(incident="20261123-00001", location=place(), seen=0),
        c.TakeIncident(incident="20261123-00001"),
        c.OpenLeg(incident="20261123-00001", service="fire"),
        c.CloseLeg(incident="20261123-00001", service="fire"),
        c.AssignUnits(incident="20261123-00001", units=("A1",)),
        c.ReassignIncident(incident="20261123-00001", to="minh", reason="a"),
        c.ReassignLeg(incident="20261123-00001", service="fire", reason="a", station="S-F"),
    ],
    ids=lambda body: type(body).__name__,
)
def test_nobody_works_on_a_closed_incident(world: World, body: c.Command) -> None:
    incident = world.at_work()
    world.person("lan", c.CloseIncident(incident=incident.id, disposition="xong"))
    assert world.person_no("hoa", body) == "incident_closed"
