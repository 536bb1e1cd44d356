"""Crews that somebody must hear from: how long each may stay in a status, and what begins its clock anew."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain.commands import ActorKind
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.decide import Decision
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.safety import KIND_OF, is_overdue, limit_ms
from dispatch_core.domain.unit_status import NOT_THERE_YET
from dispatch_core.domain.vocabulary import AlarmLevel, Reach, SafetyRules, UnitStatus
from tests.domain.world import FULL_SITE, T0, World, place, staffed

S = UnitStatus
SAFETY = FULL_SITE.safety


def overdue(world: World) -> list[c.Command]:
    return [body for body in due(world.state, world.now) if isinstance(body, c.UnitOverdue)]


@pytest.fixture
def shift() -> World:
    world = staffed(FULL_SITE)
    world.at_work(("A1",))
    return world


@pytest.mark.parametrize(
    ("status", "seconds", "level"),
    [
        (S.OFFERED, 4, AlarmLevel.HIGH),
        (S.ACKNOWLEDGED, 60, AlarmLevel.HIGH),
        (S.EN_ROUTE, 300, AlarmLevel.HIGH),
        (S.ON_SCENE, 600, AlarmLevel.CRITICAL),
        (S.TRANSPORTING, 900, AlarmLevel.LOW),
        (S.AT_HOSPITAL, 900, AlarmLevel.LOW),
    ],
)
def test_each_status_has_its_clock(shift: World, status: S, seconds: int, level: AlarmLevel) -> None:
    for step in (S.ON_SCENE, S.TRANSPORTING, S.AT_HOSPITAL) if status in (S.TRANSPORTING, S.AT_HOSPITAL) else (status,):
        if step is not S.OFFERED:
            shift.person("lan", c.ReportStatus(unit="A1", status=step))
        if step is status:
            break
    assert overdue(shift.later(seconds * 1000)) == []
    assert not is_overdue(shift.state, shift.state.units["A1"], shift.now)
    (body,) = overdue(shift.later(1))
    assert body == c.UnitOverdue(unit="A1", status=status)
    assert is_overdue(shift.state, shift.state.units["A1"], shift.now)
    shift.core(body)
    assert shift.state.alarms[f"{KIND_OF[status]}:A1"].level is level
    assert overdue(shift) == [] and shift.core_no(body) == "nothing_new"


def test_nobody_looks_after_who_is_at_home_or_where_the_site_wants_none(world: World) -> None:
    world.at_work(("A1",))
    assert overdue(world.later(100 * 3_600_000)) == []
    assert limit_ms(SAFETY, world.state.units["A2"]) == 0
    returning = replace(world.state.units["A1"], status=S.RETURNING)
    assert limit_ms(SAFETY, returning) == 0 and limit_ms(SafetyRules(returning_s=5), returning) == 5_000


def test_who_was_heard_from_begins_anew(shift: World) -> None:
    shift.person("lan", c.ReportStatus(unit="A1", status=S.ON_SCENE))
    shift.later(600_001).core(*overdue(shift))
    shift.person("lan", c.CheckUnit(unit="A1"))
    assert shift.state.alarms == {} and shift.state.units["A1"].checked_at == shift.now
    assert overdue(shift.later(600_000)) == [] and overdue(shift.later(1))
    told = [note.kind for note in shift.incident_of("c1").notes]
    assert told[-2:] == ["overdue", "checked"]
    assert shift.person_no("lan", c.CheckUnit(unit="A2")) == "unit_free"
    assert shift.person_no("lan", c.CheckUnit(unit="X9")) == "unknown_unit"


def test_an_alarm_that_nobody_follows_comes_again(shift: World) -> None:
    shift.person("lan", c.ReportStatus(unit="A1", status=S.ON_SCENE))
    shift.later(600_001).core(*overdue(shift))
    shift.later(600_001).core(*overdue(shift))
    assert shift.state.alarms["crew_unchecked:A1"].count == 2
    shift.person("hoa", c.HandleAlarm(key="crew_unchecked:A1"))
    assert overdue(shift) == []
    shift.later(600_001).core(*overdue(shift))
    assert "crew_unchecked:A1" in shift.state.alarms


def test_another_status_and_the_way_home_end_it(shift: World) -> None:
    for end in (c.ReportStatus(unit="A1", status=S.EN_ROUTE), c.ReleaseUnit(unit="A1")):
        shift.later(300_001).core(*overdue(shift))
        assert shift.state.alarms
        shift.person("lan", end)
        assert not shift.state.alarms and shift.state.units["A1"].overdue_at == 0
    assert shift.core_no(c.UnitOverdue(unit="A1", status=S.EN_ROUTE)) == "nothing_new"
    assert shift.core_no(c.UnitOverdue(unit="X9", status=S.EN_ROUTE)) == "nothing_new"


def test_one_unit_in_place_of_another_ends_it_too(shift: World) -> None:
    shift.later(5_000).core(*overdue(shift))
    incident = shift.incident_of("c1").id
    shift.person(
        "hoa",
        c.ReassignLeg(incident=incident, service="ambulance", reason="gần hơn", unit="A2", instead_of="A1"),
    )
    assert not shift.state.alarms


def test_the_way_is_measured_by_what_was_said(world: World) -> None:
    world = staffed(FULL_SITE)
    incident = world.talk()
    world.person("lan", c.OpenLeg(incident=incident.id, service="ambulance"))
    world.person("lan", c.Locate(incident=incident.id, location=place(), seen=0))
    far = {"ambulance": (Reach(unit="A1", seconds=800.4, metres=9_000.0),)}
    world.core(c.RouteFound(incident=incident.id, location_version=1, answers={}, reaches=far))
    world.person("lan", c.AssignUnits(incident=incident.id, units=("A1", "A2")))
    assert [world.state.units[sign].assignment.travel_s for sign in ("A1", "A2")] == [800, 0]  # type: ignore[union-attr]
    for sign in ("A1", "A2"):
        world.person("lan", c.ReportStatus(unit=sign, status=S.EN_ROUTE))
    units = world.state.units
    assert (limit_ms(SAFETY, units["A1"]), limit_ms(SAFETY, units["A2"])) == (1_200_000, 300_000)
    assert limit_ms(SafetyRules(), units["A1"]) == 0


def test_an_offer_on_a_clock_has_that_clock_alone(world: World) -> None:
    world = staffed(FULL_SITE)
    incident = world.talk()
    world.person("lan", c.OfferUnits(incident=incident.id, units=("A1",)))
    assert limit_ms(SAFETY, world.state.units["A1"]) == 0
    assert world.state.units["A1"].status_at == T0


@pytest.mark.parametrize("status", sorted(NOT_THERE_YET))
def test_another_system_cannot_silence_the_clock_of_who_is_to_come(shift: World, status: S) -> None:
    if status is not S.OFFERED:
        shift.person("lan", c.ReportStatus(unit="A1", status=status))
    by_system = shift.asked(ActorKind.INTAKE, "station", c.CheckUnit(unit="A1"))
    no = shift.give(by_system)
    assert isinstance(no, Refusal) and no.code == "unit_not_there"
    shift.person("lan", c.CheckUnit(unit="A1"))
    shift.person("lan", c.ReportStatus(unit="A1", status=S.ON_SCENE))
    assert isinstance(shift.later(1_000).give(by_system), Decision)
    assert shift.state.units["A1"].checked_at == shift.now
