"""Ready, not ready with a reason, wrap-up; and a service that nobody is ready for."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import effects as x
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import due
from dispatch_core.domain.effects import effects_of
from dispatch_core.domain.evolve import evolve
from dispatch_core.domain.overdue import NOBODY_READY_MS
from dispatch_core.domain.state import Duty, Site
from dispatch_core.domain.vocabulary import DutyState, EndedBy
from tests.domain.world import FULL_SITE, POSITIONS, World, staffed

WRAP_UP = FULL_SITE.wrap_up_ms


def duty(world: World, position: str = "B02") -> DutyState:
    return world.state.positions[position].duty.state


def served(world: World) -> list[x.Effect]:
    return list(effects_of(world.story[-1], world.state))


def test_not_ready_with_a_reason_of_the_site_and_ready_again() -> None:
    world = staffed(FULL_SITE)
    assert world.person_no("lan", c.BeReady()) == "already_so"
    no = world.refusal("lan", c.BeNotReady(why="dance"))
    assert (no.code, no.details["near.vi"]) == ("unknown_reason", "giải lao, ăn cơm")
    world.person("lan", c.BeNotReady(why="meal"))
    assert world.state.positions["B02"].duty == Duty(state=DutyState.NOT_READY, why="meal", since=world.now)
    assert served(world) == [x.ServeQueues("B02", False, "meal")]
    assert world.person_no("lan", c.BeNotReady(why="meal")) == "already_so"
    world.person("lan", c.BeNotReady(why="break"))
    world.call("c1")
    world.person("lan", c.AnswerCall(call="c1"))  # by key it may still be answered
    world.person("lan", c.BeReady())
    assert served(world) == [x.ServeQueues("B02", True)]


def test_it_is_of_who_sits_there(world: World) -> None:
    world.person("lan", c.BeNotReady(why="meal"))
    world.person("lan", c.LeavePosition())
    assert world.state.positions["B02"].duty == Duty()
    assert world.person_no("lan", c.BeReady()) == world.person_no("lan", c.BeNotReady(why="meal")) == "no_position"
    world.person("lan", c.TakePosition(position="B02"))
    assert duty(world) is DutyState.READY
    world.person("lan", c.BeNotReady(why="meal"))
    world.core(c.ConfigureSite(site=Site(name="khác"), positions=POSITIONS))
    assert duty(world) is DutyState.NOT_READY


def test_wrap_up_begins_by_itself_and_ends_by_clock_or_key() -> None:
    world = staffed(FULL_SITE)
    world.talk("c1", "B02")
    world.over("c1")
    seat = world.state.positions["B02"]
    assert seat.duty == Duty(state=DutyState.WRAP_UP, since=world.now, until=world.now + WRAP_UP)
    assert served(world) == [x.ServeQueues("B02", False, "wrap_up")]
    world.later(WRAP_UP - 1)
    assert due(world.state, world.now) == ()
    world.later(1)
    assert due(world.state, world.now) == (c.WrapUpOver(position="B02"),)
    assert due(world.state, world.now - 2 * WRAP_UP) == due(world.state, world.now)  # the clock was set back
    world.core(c.WrapUpOver(position="B02"))
    assert duty(world) is DutyState.READY
    assert world.core_no(c.WrapUpOver(position="B02")) == world.core_no(c.WrapUpOver(position="X")) == "nothing_new"
    world.talk("c2", "B02")
    world.over("c2", EndedBy.POSITION)
    world.person("lan", c.BeReady())
    assert duty(world) is DutyState.READY


def test_wrap_up_also_after_giving_a_call_away_and_not_while_talking() -> None:
    world = staffed(FULL_SITE)
    world.talk("c1", "B02")
    world.switch(c.CallTakenAt(call="c1", position="B01", at=world.now + 2_000))
    assert duty(world) is DutyState.WRAP_UP and duty(world, "B01") is DutyState.READY
    world.switch(c.PositionLet(call="c1", position="B01"))
    assert duty(world, "B01") is DutyState.WRAP_UP
    world.talk("c2", "B03")
    world.call("c3")
    world.switch(c.CallTakenAt(call="c3", position="B03", at=world.now + 3_000))
    world.over("c2")
    assert duty(world, "B03") is DutyState.READY  # it talks with another caller
    world.switch(c.PositionLet(call="c3", position="B03"))
    assert duty(world, "B03") is DutyState.WRAP_UP


def test_no_wrap_up_where_the_site_has_none_nobody_sits_or_nobody_is_ready(world: World) -> None:
    world.talk("c1", "B02")
    world.over("c1")
    assert duty(world) is DutyState.READY
    full = staffed(FULL_SITE)
    full.talk("c1", "B04")
    full.over("c1")
    assert duty(full, "B04") is DutyState.READY
    full.person("lan", c.BeNotReady(why="meal"))
    full.talk("c2", "B02")
    full.over("c2")
    assert duty(full) is DutyState.NOT_READY


def test_a_supervisor_is_told_when_somebody_waits_and_nobody_is_ready(world: World) -> None:
    world.person("lan", c.BeNotReady(why="meal"))
    world.call("c1")
    world.later(NOBODY_READY_MS + 1)
    assert due(world.state, world.now) == ()  # hoa is ready for it
    world.person("hoa", c.LeavePosition())
    assert due(world.state, world.now - 1) == ()
    nobody = c.NobodyReady(service="ambulance")
    assert due(world.state, world.now) == (nobody,)
    world.core(nobody)
    assert world.core_no(nobody) == "nothing_new"
    assert "nobody_ready:ambulance" in world.state.alarms and due(world.state, world.now) == ()
    world.person("lan", c.BeReady())
    again = c.SomebodyReady(service="ambulance")
    assert due(world.state, world.now) == (again,)
    world.core(again)
    assert not world.state.alarms and not world.state.unready
    assert world.core_no(again) == "nothing_new"


def test_an_alarm_that_was_handled_by_hand_does_not_come_back_by_itself(world: World) -> None:
    world.person("lan", c.LeavePosition())
    world.person("hoa", c.LeavePosition())
    world.call("c1")
    world.later(NOBODY_READY_MS + 1)
    world.core(c.NobodyReady(service="ambulance"))
    world.person("hoa", c.HandleAlarm(key="nobody_ready:ambulance"))
    assert due(world.state, world.now) == ()
    world.over("c1")
    assert world.core(c.SomebodyReady(service="ambulance")) == (e.ServiceReady(service="ambulance"),)


def test_an_alarm_of_before_stands_for_the_next_one_too(world: World) -> None:
    """Somebody was ready for a moment, and nobody has looked at the alarm since: an older journal may have it so."""
    world.core(c.NobodyReady(service="fire"))
    event = e.ServiceReady(service="fire")
    recorded = e.Recorded(seq=world.state.seq + 1, at=world.now, by="core:timer", command="c", event=event)
    world.state = evolve(world.state, recorded)
    assert world.core(c.NobodyReady(service="fire")) == (e.ServiceUnready(service="fire"),)
