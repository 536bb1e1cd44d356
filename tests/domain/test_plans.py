"""What plans want by type, priority and alarm level; greater alarms and how they are taken back; shifts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.decide.dispatching import REST_MOST_MIN
from dispatch_core.domain.effects import FindRoute, effects_of
from dispatch_core.domain.evolve.dispatching import OVERRIDES_KEPT
from dispatch_core.domain.plans import needs_for, planned
from dispatch_core.domain.shifts import shift_began, tally_at, work_done
from dispatch_core.domain.state import Site
from dispatch_core.domain.vocabulary import ALARM_LEVELS, LegState, Need, RecommendRules, Tally
from tests.domain.examples import tries
from tests.domain.world import T0, World, place, unit


def crash(world: World) -> str:
    incident = world.talk()
    world.person("lan", c.SetType(incident=incident.id, type="crash", seen=""))
    return incident.id


def test_lines_that_want_the_same_are_one(world: World) -> None:
    first = planned(world.state, "crash", 1, 1)
    assert first == (Need(service="ambulance", capability="als"), Need(service="police", count=2))
    second = planned(world.state, "crash", 1, 2)
    assert second == (
        Need(service="ambulance", capability="als", count=2),
        Need(service="police", count=2),
        Need(service="fire", stations=True, parallel=2),
    )
    assert planned(world.state, "crash", 1, ALARM_LEVELS) == second, "what a level adds stays at the next"
    assert planned(world.state, "dragon", 1, 5) == ()


def test_the_wider_terms_hold() -> None:
    world = World()
    lines = (
        Need(service="fire", capability="a", radius_km=5, parallel=2),
        Need(service="fire", capability="a", radius_km=9, stations=True),
        Need(service="fire", capability="b", radius_km=5),
        Need(service="fire", capability="b"),
    )
    from dispatch_core.domain.vocabulary import IncidentType

    state = replace(world.state, types={"x": IncidentType(code="x", vi="x", en="x", needs=lines)})
    assert planned(state, "x", 3, 1) == (
        Need(service="fire", capability="a", count=2, radius_km=9, parallel=2, stations=True),
        Need(service="fire", capability="b", count=2, radius_km=0),
    )


def test_a_plan_for_some_priorities(world: World) -> None:
    assert planned(world.state, "theft", 4, 1) == ()
    incident = world.talk(service="police")
    world.person("lan", c.SetType(incident=incident.id, type="theft", seen=""))
    assert set(world.state.incidents[incident.id].legs) == {"police"}
    told = world.person("lan", c.SetPriority(incident=incident.id, priority=1, seen=4))
    assert [it.service for it in told if isinstance(it, e.LegOpened)] == ["ambulance"]
    needs = needs_for(world.state, world.state.incidents[incident.id], "police")
    assert needs == (Need(service="police", count=2, radius_km=5),)
    world.person("lan", c.CloseLeg(incident=incident.id, service="ambulance"))
    told = world.person("lan", c.SetPriority(incident=incident.id, priority=2, seen=1))
    assert [type(it) for it in told] == [e.PrioritySet], "what a person closed stays closed: nothing more is wanted"


def test_a_greater_alarm_opens_what_the_plan_adds(world: World) -> None:
    incident = crash(world)
    raise_it = c.RaiseAlarmLevel(incident=incident, level=2, seen=1, reason=" nhiều xe ")
    told = world.person("lan", raise_it)
    assert told == (
        e.AlarmLevelSet(incident=incident, was=1, level=2, reason="nhiều xe"),
        e.LegOpened(incident=incident, service="fire", priority=1),
    )
    after = world.state.incidents[incident]
    assert (after.level, after.legs["fire"].level, after.legs["police"].level) == (2, 2, 1)
    line = after.notes[-2]
    assert (line.kind, line.about, line.text) == ("alarm_level", ("2", "1"), "nhiều xe")


def test_the_greater_alarm_asks_how_long_the_units_need(world: World) -> None:
    incident = crash(world)
    world.person("lan", c.Locate(incident=incident, location=place(), seen=0))
    begin = len(world.story)
    world.person("lan", c.RaiseAlarmLevel(incident=incident, level=2, seen=1))
    asked = [it for recorded in world.story[begin:] for it in effects_of(recorded, world.state)]
    assert {service for it in asked if isinstance(it, FindRoute) for service in it.services} == {
        "ambulance", "police", "fire",
    }  # fmt: skip
    world.person("lan", c.RankAgain(incident=incident, service="fire"))
    (again,) = effects_of(world.story[-1], world.state)
    assert isinstance(again, FindRoute) and again.services == ("fire",)
    assert effects_of(world.story[-1], replace(world.state, incidents={})) == ()


def test_a_slip_is_taken_back_but_never_over_units_at_work(world: World) -> None:
    incident = crash(world)
    world.person("lan", c.RaiseAlarmLevel(incident=incident, level=2, seen=1))
    raised = world.state
    told = world.person("lan", c.LowerAlarmLevel(incident=incident, level=1, seen=2))
    assert [type(it) for it in told] == [e.AlarmLevelSet, e.LegClosed]
    assert world.state.incidents[incident].legs["fire"].state is LegState.CLOSED
    world.person("lan", c.RaiseAlarmLevel(incident=incident, level=2, seen=1))
    assert world.state.incidents[incident].legs["fire"].state is LegState.OPEN
    world.state = raised
    world.person("lan", c.AssignUnits(incident=incident, units=("F1",)))
    told = world.person("lan", c.LowerAlarmLevel(incident=incident, level=1, seen=2))
    assert [type(it) for it in told] == [e.AlarmLevelSet]
    assert world.state.incidents[incident].legs["fire"].units == ("F1",)


@pytest.mark.parametrize(
    ("kind", "level", "seen", "code"),
    [
        (c.RaiseAlarmLevel, 0, 1, "bad_level"),
        (c.RaiseAlarmLevel, ALARM_LEVELS + 1, 1, "bad_level"),
        (c.RaiseAlarmLevel, 2, 2, "changed_meanwhile"),
        (c.RaiseAlarmLevel, 1, 1, "already_so"),
        (c.LowerAlarmLevel, 2, 1, "bad_level"),
    ],
)
def test_levels_that_cannot_be(world: World, kind: type, level: int, seen: int, code: str) -> None:
    incident = crash(world)
    assert world.person_no("lan", kind(incident=incident, level=level, seen=seen)) == code


def test_more_levels_that_cannot_be(world: World) -> None:
    incident = crash(world)
    world.person("lan", c.RaiseAlarmLevel(incident=incident, level=3, seen=1))
    assert world.person_no("lan", c.RaiseAlarmLevel(incident=incident, level=2, seen=3)) == "bad_level"
    assert world.person_no("lan", c.LowerAlarmLevel(incident=incident, level=4, seen=3)) == "bad_level"
    long = c.RaiseAlarmLevel(incident=incident, level=4, seen=3, reason="x" * 501)
    assert world.person_no("lan", long) == "text_too_long"
    assert world.person_no("lan", replace(long, incident="x")) == "unknown_incident"
    assert world.person_no("lan", c.LowerAlarmLevel(incident="x", level=1, seen=3)) == "unknown_incident"


def test_the_live_state_keeps_only_so_many_overrides(world: World) -> None:
    from dispatch_core.domain.evolve import evolve

    incident = crash(world)
    state = world.state
    for _ in range(OVERRIDES_KEPT + 3):
        told = e.RecommendationOverridden(
            incident=incident, service="ambulance", unit="A2", instead="A1", sooner_s=1.0
        )
        state = evolve(state, e.Recorded(seq=state.seq + 1, at=T0, by="person:lan", command="c", event=told))
    assert len(state.incidents[incident].legs["ambulance"].overrides) == OVERRIDES_KEPT


# --- shifts -----------------------------------------------------------------------------------------------------------

HOUR = 3_600_000


@pytest.mark.parametrize(
    ("hour", "began"),
    [(6, 6), (12, 6), (17.99, 6), (18, 18), (23, 18), (0, -6), (5.99, -6)],
)
def test_when_a_shift_began(hour: float, began: float) -> None:
    """At UTC+7, with shifts from 06:00 and 18:00; T0 is noon."""
    midnight = T0 - 12 * HOUR
    assert shift_began(Site(), midnight + round(hour * HOUR)) == midnight + round(began * HOUR)


def test_a_site_without_shifts_counts_by_the_day() -> None:
    site = Site(recommending=RecommendRules(shifts=()))
    assert shift_began(site, T0) == T0 - 12 * HOUR


@given(
    st.integers(0, 4 * 10**12),
    st.integers(-720, 840),
    st.lists(st.integers(0, 1439), max_size=4, unique=True).map(tuple),
)
@tries(200, 10_000)
def test_a_shift_never_begins_later_than_now_nor_a_day_ago(at: int, offset: int, shifts: tuple[int, ...]) -> None:
    site = Site(utc_offset_min=offset, recommending=RecommendRules(shifts=shifts))
    began = shift_began(site, at)
    assert 0 <= at - began < 24 * HOUR
    assert shift_began(site, began) == began, "the beginning belongs to the shift"


def test_work_of_nobody_is_no_work() -> None:
    free = unit("A1", "ambulance", "S-A", tally=Tally(shift=1, runs=9, worked_ms=9))
    assert tally_at(Site(), free, T0) == work_done(Site(), free, T0) == Tally(shift=T0 - 6 * HOUR)
    assert REST_MOST_MIN == 720
