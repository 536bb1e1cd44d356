"""The switches themselves: alive, blind, restarted, attacked."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.vocabulary import SIMULATED, AlarmLevel, CallState, EndedBy, IncidentState
from tests.domain.world import NODE, World, came


def test_blindness_is_an_alarm_until_the_stream_is_back(world: World) -> None:
    world.call("c1")
    down = c.NodeDown(node=NODE, why="no answer\r\nto ping")
    told = world.switch(down)
    assert told[0] == e.NodeLost(node=NODE, why="no answer\ufffd\ufffdto ping")
    assert world.state.alarms[f"telephony_blind:{NODE}"].level is AlarmLevel.CRITICAL
    assert not world.state.nodes[NODE].up
    assert world.switch_no(down) == "nothing_new"
    up = c.NodeUp(node=NODE, booted="2026-11-23 06:00:00")
    assert [type(it) for it in world.switch(up)] == [e.NodeConnected, e.AlarmHandled]
    assert world.switch_no(up) == "nothing_new"
    assert world.the("c1").state is CallState.QUEUED  # the same life of the switch: its calls are looked at, not ended


def test_a_switch_that_was_never_up_may_be_down(world: World) -> None:
    world.switch(c.NodeDown(node="hcm2", why="refused"))
    assert not world.state.nodes["hcm2"].up
    assert world.switch(c.NodeUp(node="hcm2", booted="1"))[0] == e.NodeConnected(node="hcm2", booted="1")


def test_a_simulated_switch_is_known_by_what_is_told_of_its_start(world: World) -> None:
    assert not world.state.nodes[NODE].simulated
    world.switch(c.NodeUp(node=NODE, booted=f"{SIMULATED}2026-11-23 06:00:00"))
    assert world.state.nodes[NODE].simulated


def test_blindness_that_somebody_handled_is_not_raised_twice(world: World) -> None:
    world.switch(c.NodeDown(node=NODE, why="gone"))
    world.person("tuan", c.HandleAlarm(key=f"telephony_blind:{NODE}"))
    assert [type(it) for it in world.switch(c.NodeUp(node=NODE, booted="2026-11-23 06:00:00"))] == [e.NodeConnected]


def test_a_restart_ends_every_call_of_that_switch_and_keeps_the_incidents(world: World) -> None:
    world.talk("c1", "B02")
    world.call("c2", "fire")
    world.call("c3", "police")
    world.over("c3")
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.switch(c.CallCame(call="x1", node="hcm2", at=world.now, dialled="113", services=("police",)))
    told = world.switch(c.NodeUp(node=NODE, booted="2026-11-23 12:30:00"))
    ended = [it for it in told if isinstance(it, e.CallEnded)]
    assert [(it.call, it.by) for it in ended] == [("c1", EndedBy.SWITCH_LOST), ("c2", EndedBy.SWITCH_LOST)]
    assert (world.the("c1").state, world.the("c2").state) == (CallState.ENDED, CallState.ABANDONED)
    assert world.the("x1").state.live
    assert {it.state for it in world.state.incidents.values()} == {IncidentState.RECEIVING}


def test_a_forged_event_is_one_alarm_that_names_the_trunk(world: World) -> None:
    for _ in range(3):
        world.give(world.asked(c.ActorKind.SWITCH, NODE, c.ForgerySeen(node=NODE, trunk="trunk1")))
    assert [alarm.subject for alarm in world.state.alarms.values()] == ["trunk1"]
    world.switch(c.ForgerySeen(node=NODE, trunk=""))
    assert {alarm.subject for alarm in world.state.alarms.values()} == {"trunk1", NODE}


def test_an_odd_identity_is_one_alarm_that_names_the_trunk(world: World) -> None:
    world.switch(c.IdentityOdd(node=NODE, trunk="trunk1"))
    assert world.switch_no(c.IdentityOdd(node=NODE, trunk="trunk1")) == "nothing_new"
    assert world.state.alarms["odd_identity:trunk1"].level is AlarmLevel.HIGH
    world.switch(c.IdentityOdd(node=NODE, trunk=""))
    assert f"odd_identity:{NODE}" in world.state.alarms


def test_a_message_set_aside_is_an_alarm(world: World) -> None:
    world.switch(c.MessageParked(node=NODE, why="not UTF-8"))
    assert world.switch_no(c.MessageParked(node=NODE, why="again")) == "nothing_new"
    assert world.state.alarms[f"message_parked:{NODE}"].level is AlarmLevel.HIGH


def test_two_switches_tell_of_their_own_calls(world: World) -> None:
    world.switch(came("c1"))
    assert world.switch_no(c.SwitchLooked(node="hcm2", asked_at=world.now + 60_000, calls=())) == "nothing_new"
