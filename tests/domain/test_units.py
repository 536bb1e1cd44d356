"""Sending units, what crews report, and giving a leg to somebody else."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.decide import Decision
from dispatch_core.domain.unit_status import FOLLOWS, may_follow
from dispatch_core.domain.vocabulary import IncidentState, UnitStatus
from dispatch_core.domain.words import STATUSES
from tests.domain.world import T0, World

S = UnitStatus


def report(unit: str, status: UnitStatus) -> c.ReportStatus:
    return c.ReportStatus(unit=unit, status=status)


def test_units_join_the_legs_of_their_services(world: World) -> None:
    incident = world.talk()
    told = world.person("lan", c.AssignUnits(incident=incident.id, units=("A1", "P1", "A1", "A2")))
    assert [it.unit for it in told if isinstance(it, e.UnitAssigned)] == ["A1", "P1", "A2"]
    after = world.state.incidents[incident.id]
    assert (after.state, after.legs["ambulance"].units, after.legs["police"].units) == (
        IncidentState.WORKING, ("A1", "A2"), ("P1",),
    )  # fmt: skip
    unit = world.state.units["A1"]
    assert (unit.status, unit.status_at, unit.status_by) == (S.OFFERED, T0, "person:lan")


def test_two_dispatchers_one_unit(world: World) -> None:
    first = world.at_work(("A1",))
    second = world.call("c2")
    refusal = world.refusal("minh", c.AssignUnits(incident=second.id, units=("A2", "A1")))
    assert (refusal.code, refusal.details) == (
        "unit_busy", {"unit": "A1", "incident": first.id, "user": "lan", "at": "12:00:00"},
    )  # fmt: skip
    assert world.state.units["A2"].assignment is None, "all or none"


def test_fifty_at_once_want_one_unit(world: World) -> None:
    incidents = [world.call(f"c{number}").id for number in range(50)]
    orders = [c.AssignUnits(incident=incident, units=("A1",)) for incident in incidents]
    users = ("lan", "minh", "hoa")
    outcomes = [
        world.give(world.asked(ActorKind.PERSON, users[n % 3], order)) for n, order in enumerate(orders)
    ]
    assert [isinstance(outcome, Decision) for outcome in outcomes].count(True) == 1


def test_units_that_cannot_go(world: World) -> None:
    incident = world.talk()
    world.person("lan", report("A2", S.OUT_OF_SERVICE))
    for units, code in (
        ((), "no_units"),
        (tuple(f"X{n}" for n in range(41)), "too_many_units"),
        (("X9",), "unknown_unit"),
        (("A2",), "unit_out_of_service"),
    ):
        assert world.person_no("lan", c.AssignUnits(incident=incident.id, units=units)) == code


def test_release(world: World) -> None:
    incident = world.at_work(("A1",))
    (told,) = world.person("minh", c.ReleaseUnit(unit="A1"))
    assert told == e.UnitReleased(incident=incident.id, service="ambulance", unit="A1")
    assert world.state.incidents[incident.id].legs["ambulance"].units == ()
    assert world.person_no("minh", c.ReleaseUnit(unit="A1")) == "unit_free"
    assert world.person_no("minh", c.ReleaseUnit(unit="X9")) == "unknown_unit"


def test_a_crew_reports_by_radio_or_through_the_intake(world: World) -> None:
    world.at_work(("A1",))
    world.person("lan", report("A1", S.EN_ROUTE))
    outcome = world.give(world.asked(ActorKind.INTAKE, "radio", report("A1", S.ON_SCENE)))
    assert isinstance(outcome, Decision)
    assert world.state.units["A1"].status_by == "intake:radio"
    (told,) = world.person("lan", report("A1", S.AVAILABLE))
    assert isinstance(told, e.UnitReleased)  # "available" from work frees the unit
    assert world.person_no("lan", report("X9", S.AVAILABLE)) == "unknown_unit"
    assert world.person_no("lan", report("A1", S.AVAILABLE)) == "already_so"


def test_a_wrong_status_is_refused_with_what_is_possible(world: World) -> None:
    world.at_work(("A1",))
    world.person("lan", report("A1", S.ON_SCENE))
    refusal = world.refusal("lan", report("A1", S.EN_ROUTE))
    assert refusal.code == "wrong_status"
    assert refusal.details["may"] == "transporting, returning, available"
    assert refusal.sentence("vi") == (
        "A1 đang “tại hiện trường”, không chuyển sang “đang đến” được; có thể: đang chở bệnh nhân, đang về, sẵn sàng."
    )
    assert refusal.sentence("en") == (
        "A1 is “on scene” and cannot become “en route”; possible: transporting, returning, available."
    )


def test_out_of_service_and_back(world: World) -> None:
    world.person("lan", report("A1", S.OUT_OF_SERVICE))
    (told,) = world.person("lan", report("A1", S.AVAILABLE))
    assert told == e.UnitStatusSet(unit="A1", status=S.AVAILABLE)


def test_crews_skip_steps_and_never_go_back() -> None:
    work = [S.OFFERED, S.ACKNOWLEDGED, S.EN_ROUTE, S.ON_SCENE, S.TRANSPORTING, S.AT_HOSPITAL, S.RETURNING]
    assert set(FOLLOWS) == set(S) == set(STATUSES)
    for was, now in ((was, now) for was in work for now in work):
        if may_follow(was, now):
            assert work.index(was) < work.index(now)
    assert all(may_follow(status, S.AVAILABLE) for status in work)
    assert not any(may_follow(status, S.OUT_OF_SERVICE) for status in work)  # it is freed first
    assert not any(may_follow(S.AVAILABLE, status) for status in work)  # work comes by assignment alone


# --- reassigning a leg ------------------------------------------------------------------------------------------------


def leg(incident: str, **to: str) -> c.ReassignLeg:
    return c.ReassignLeg(**{"incident": incident, "service": "ambulance", "reason": "gần hơn", **to})  # type: ignore[arg-type]


def test_a_leg_to_another_dispatcher(world: World) -> None:
    incident = world.at_work(("A1",))
    assert world.person_no("lan", leg(incident.id, dispatcher="minh")) == "not_allowed"
    assert world.person_no("hoa", leg(incident.id, dispatcher="lan")) == "already_so"  # it is the owner's
    assert world.person_no("hoa", leg(incident.id, dispatcher="tuan")) == "not_a_dispatcher"
    assert world.person_no("hoa", leg(incident.id, dispatcher="ma")) == "unknown_user"
    (told,) = world.person("hoa", leg(incident.id, dispatcher="minh"))
    assert isinstance(told, e.LegReassigned)
    assert (told.what, told.was, told.to, told.reason) == ("dispatcher", "lan", "minh", "gần hơn")
    assert world.person_no("hoa", leg(incident.id, dispatcher="minh")) == "already_so"
    (told,) = world.person("hoa", leg(incident.id, dispatcher="hoa"))
    assert isinstance(told, e.LegReassigned) and told.was == "minh"


def test_a_leg_to_another_station(world: World) -> None:
    incident = world.at_work(("P1",))
    to = {"service": "police"}
    refusal = world.refusal("hoa", leg(incident.id, **to, station="S-A"))
    assert refusal.code == "wrong_station"
    assert refusal.sentence("vi") == "Trung tâm Cấp cứu 115 thuộc lực lượng Cấp cứu, không phải Công an."
    assert world.person_no("hoa", leg(incident.id, **to, station="S-9")) == "unknown_station"
    world.person("hoa", leg(incident.id, **to, station="S-P2"))
    changed = world.state.incidents[incident.id].legs["police"]
    assert (changed.station, changed.station_fixed) == ("S-P2", True)
    assert world.person_no("hoa", leg(incident.id, **to, station="S-P2")) == "already_so"


def test_one_unit_in_place_of_another(world: World) -> None:
    incident = world.at_work(("A1",))
    told = world.person("hoa", leg(incident.id, unit="A2", instead_of="A1"))
    assert [type(it) for it in told] == [e.UnitReleased, e.UnitAssigned, e.LegReassigned]
    assert world.state.incidents[incident.id].legs["ambulance"].units == ("A2",)
    assert world.state.units["A1"].status is S.AVAILABLE
    world.person("hoa", leg(incident.id, unit="A3"))  # and one more, in place of none
    assert world.state.incidents[incident.id].legs["ambulance"].units == ("A2", "A3")


def test_a_unit_that_is_offered_elsewhere_is_not_taken_from_there(world: World) -> None:
    first = world.at_work(("A1",))
    second = world.call("c2")
    world.person("minh", c.AssignUnits(incident=second.id, units=("A2",)))
    refusal = world.refusal("hoa", leg(first.id, unit="A2", instead_of="A1"))
    assert (refusal.code, refusal.details["user"]) == ("unit_busy", "minh")
    refusal = world.refusal("hoa", leg(first.id, unit="A3", instead_of="A2"))  # A2 is not there to be replaced
    assert refusal.sentence("en") == "Unit A2 is not on the Ambulance leg of this incident."
    assert world.state.units["A2"].assignment is not None
    assert world.person_no("hoa", leg(first.id, unit="F1", instead_of="A1")) == "wrong_service"
    assert world.person_no("hoa", leg(first.id, unit="A1", instead_of="A1")) == "unit_busy"
    assert world.person_no("hoa", leg(first.id, unit="X9")) == "unknown_unit"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ({}, "say_one"),
        ({"dispatcher": "minh", "station": "S-A"}, "say_one"),
        ({"dispatcher": "minh", "reason": "\n"}, "reason_missing"),
        ({"dispatcher": "minh", "reason": "x" * 501}, "text_too_long"),
        ({"dispatcher": "minh", "service": "fire"}, "no_leg"),
        ({"dispatcher": "minh", "service": "police"}, "no_leg"),
        ({"dispatcher": "minh", "incident": "x"}, "unknown_incident"),
    ],
)
def test_a_reassignment_that_says_too_little_or_too_much(world: World, to: dict[str, str], code: str) -> None:
    incident = world.at_work(("A1",))
    world.person("lan", c.OpenLeg(incident=incident.id, service="police"))
    world.person("lan", c.CloseLeg(incident=incident.id, service="police"))
    assert world.person_no("hoa", leg(**{"incident": incident.id, **to})) == code  # type: ignore[arg-type]
