"""A unit is sent to another incident, and a supervisor takes a slip back."""

from __future__ import annotations

import pytest

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.decide.redirecting import UNDO_MS
from dispatch_core.domain.state import Incident
from dispatch_core.domain.vocabulary import LegState, UnitStatus
from tests.domain.world import World, staffed


def two(units: tuple[str, ...] = ("A1",)) -> tuple[World, str, str]:
    """An incident with units, and another one."""
    world = staffed()
    first = world.at_work(units)
    return world, first.id, world.talk("c2", "B01", "fire").id


def the(world: World, incident: str) -> Incident:
    return world.state.incidents[incident]


def go(world: World, unit: str, to: str, reason: str = "gần hơn") -> tuple[e.Event, ...]:
    return world.person("hoa", c.RedirectUnit(unit=unit, incident=to, reason=reason))


def test_a_unit_goes_to_another_incident_and_the_leg_that_it_left_tells_what_it_lacks() -> None:
    world, first, second = two()
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.EN_ROUTE))
    told = go(world, "A1", second)
    assert [type(it) for it in told] == [e.LegOpened, e.UnitReleased, e.UnitAssigned, e.UnitRedirected]
    unit = world.state.units["A1"]
    assert unit.assignment is not None and unit.assignment.incident == second
    assert unit.status is UnitStatus.OFFERED
    assert the(world, first).legs["ambulance"].units == ()
    assert the(world, second).legs["ambulance"].units == ("A1",)
    for incident in (first, second):
        line = the(world, incident).notes[-1]
        assert (line.kind, line.text) == ("redirected", "gần hơn")
        assert line.about == ("A1", first, second, "ambulance", "1")


def test_who_turned_back_before_is_missed_again() -> None:
    world, first, second = two(("A1", "A2"))
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.EN_ROUTE))
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.AVAILABLE))
    go(world, "A2", second)
    assert f"turned_back:{first}.ambulance" in world.state.alarms


def test_why_it_may_not_go() -> None:
    world, first, second = two(("A1", "A2"))
    no = world.person_no
    assert no("hoa", c.RedirectUnit(unit="X9", incident=second, reason="x")) == "unknown_unit"
    assert no("hoa", c.RedirectUnit(unit="A1", incident="20261123-99999", reason="x")) == "unknown_incident"
    assert no("hoa", c.RedirectUnit(unit="A3", incident=second, reason="x")) == "unit_free"
    assert no("hoa", c.RedirectUnit(unit="A1", incident=first, reason="x")) == "already_so"
    assert no("hoa", c.RedirectUnit(unit="A1", incident=second, reason=" ")) == "reason_missing"
    assert no("hoa", c.RedirectUnit(unit="A1", incident=second, reason="x" * 501)) == "text_too_long"
    assert no("lan", c.RedirectUnit(unit="A1", incident=second, reason="x")) == "not_allowed"
    for status in (UnitStatus.ON_SCENE, UnitStatus.TRANSPORTING):
        world.person("lan", c.ReportStatus(unit="A1", status=status))
    assert no("hoa", c.RedirectUnit(unit="A1", incident=second, reason="x")) == "unit_carries"
    world.person("lan", c.ReleaseUnit(unit="A1"))
    world.over("c2")
    world.person("lan", c.CloseIncident(incident=second, disposition="resolved"))
    assert no("hoa", c.RedirectUnit(unit="A2", incident=second, reason="x")) == "incident_closed"


@pytest.mark.parametrize("reported", [None, UnitStatus.EN_ROUTE, UnitStatus.ON_SCENE])
def test_a_unit_that_was_sent_elsewhere_by_a_slip_goes_back_as_far_as_it_had_come(reported: UnitStatus | None) -> None:
    world, first, second = two()
    if reported is not None:
        world.person("lan", c.ReportStatus(unit="A1", status=reported))
    go(world, "A1", second)
    world.later(UNDO_MS).person("hoa", c.UndoReassign(unit="A1"))
    unit = world.state.units["A1"]
    assert unit.assignment is not None and unit.assignment.incident == first
    assert unit.status is (reported or UnitStatus.OFFERED)
    assert the(world, second).legs["ambulance"].units == ()
    assert the(world, second).notes[-1].kind == "redirect_undone"
    assert world.person_no("hoa", c.UndoReassign(unit="A1")) == "nothing_to_undo", "once"


def test_an_incident_a_dispatcher_and_a_station_go_back() -> None:
    world, first, _ = two()
    was = the(world, first)
    for body in (
        c.ReassignIncident(incident=first, to="minh", reason="x"),
        c.ReassignLeg(incident=first, service="ambulance", dispatcher="minh", reason="x"),
        c.ReassignLeg(incident=first, service="ambulance", station="S-A", reason="x"),
    ):
        world.person("hoa", body)
        assert the(world, first).owner == "minh" or the(world, first).legs["ambulance"] != was.legs["ambulance"]
        world.later(1_000).person("hoa", c.UndoReassign(incident=first))
        now = the(world, first)
        assert (now.owner, now.legs["ambulance"]) == (was.owner, was.legs["ambulance"])
        assert now.notes[-1].kind == "reassign_undone" and now.handed is None


def test_what_is_no_slip_any_more() -> None:
    world, first, second = two()
    no = world.person_no
    undo = c.UndoReassign(incident=first)
    assert no("hoa", undo) == "nothing_to_undo"
    assert no("hoa", c.UndoReassign(unit="A1")) == "nothing_to_undo"
    assert no("hoa", c.UndoReassign(unit="X9")) == "nothing_to_undo"
    assert no("hoa", c.UndoReassign(incident="20261123-99999")) == "unknown_incident"
    assert no("hoa", c.UndoReassign()) == "say_one"
    assert no("hoa", c.UndoReassign(incident=first, unit="A1")) == "say_one"
    world.core(c.SignIn(user="ha", name="Hà", role=world.state.people["hoa"].role, session="s-ha"))
    world.person("hoa", c.ReassignIncident(incident=first, to="minh", reason="x"))
    assert no("ha", undo) == "nothing_to_undo", "somebody else's"
    world.later(UNDO_MS + 1)
    assert no("hoa", undo) == "nothing_to_undo", "long ago"
    world.person("hoa", c.ReassignLeg(incident=first, service="ambulance", dispatcher="lan", reason="x"))
    world.person("lan", c.ReleaseUnit(unit="A1"))
    world.person("lan", c.CloseLeg(incident=first, service="ambulance"))
    assert no("hoa", undo) == "no_leg"
    world.person("hoa", c.ReassignIncident(incident=first, to="lan", reason="x"))
    world.core(c.SignOut(user="minh"))
    assert no("hoa", undo) == "unknown_user", "nobody is there to take it"


def test_what_changed_since_is_not_undone() -> None:
    world, first, second = two(("A1", "A2"))
    no = world.person_no
    world.person("hoa", c.ReassignIncident(incident=first, to="minh", reason="x"))
    world.core(c.SignOut(user="minh"))
    world.person("lan", c.TakeIncident(incident=first))
    assert no("hoa", c.UndoReassign(incident=first)) == "changed_since"
    for unit in ("A1", "A2"):
        go(world, unit, second)
    world.person("lan", c.ReportStatus(unit="A1", status=UnitStatus.ACKNOWLEDGED))
    assert no("hoa", c.UndoReassign(unit="A1")) == "changed_since"
    world.person("lan", c.CloseLeg(incident=first, service="ambulance"))
    assert the(world, first).legs["ambulance"].state is LegState.CLOSED
    assert no("hoa", c.UndoReassign(unit="A2")) == "no_leg"
    world.person("lan", c.ReleaseUnit(unit="A2"))
    assert no("hoa", c.UndoReassign(unit="A2")) == "unit_free"
    world.later(UNDO_MS + 1)
    assert no("hoa", c.UndoReassign(unit="A2")) == "nothing_to_undo"
