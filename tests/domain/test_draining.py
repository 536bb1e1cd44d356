"""A node that is emptied for a restart: call-backs go out elsewhere, and its silence is no alarm meanwhile."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.vocabulary import SIMULATED, AlarmLevel
from tests.domain.world import NODE, World

OTHER = "hcm2"
ON, OFF = c.DrainNode(node=NODE, on=True), c.DrainNode(node=NODE, on=False)
DOWN, UP = c.NodeDown(node=NODE, why="restart"), c.NodeUp(node=NODE, booted="2026-11-23 12:30:00")
BLIND = f"telephony_blind:{NODE}"


def called_at(world: World) -> str:
    """A caller of this node who went is called back: at which node."""
    world.call("c1")
    world.over("c1")
    world.person("lan", c.CallBack(call="c1"))
    return next(call.node for call in world.state.calls.values() if call.back is not None)


def test_it_is_told_once_and_taken_back_once(world: World) -> None:
    assert world.core_no(OFF) == "nothing_new"
    assert world.core(ON) == (e.NodeDrained(node=NODE, on=True),)
    assert world.state.nodes[NODE].draining
    assert world.core_no(ON) == "nothing_new"
    assert world.core(OFF) == (e.NodeDrained(node=NODE, on=False),)
    assert not world.state.nodes[NODE].draining
    assert world.core_no(c.DrainNode(node="hcm9", on=True)) == "nothing_new"


def test_a_node_that_is_restarted_is_no_alarm_unless_it_stays_away(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.core(ON)
    world.switch(DOWN)
    assert BLIND not in world.state.alarms
    world.switch(UP)
    assert world.state.nodes[NODE].draining, "it is looked at before it takes callers again"
    world.core(OFF)
    assert BLIND not in world.state.alarms
    world.core(ON)
    world.switch(DOWN)
    world.core(OFF)
    assert world.state.alarms[BLIND].level is AlarmLevel.CRITICAL


def test_a_node_that_dies_with_calls_on_it_is_an_alarm_also_while_it_is_emptied(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.talk("c1", "B02")
    world.core(ON)
    world.switch(DOWN)
    assert BLIND in world.state.alarms


def test_the_only_node_is_an_alarm_also_while_it_is_restarted(world: World) -> None:
    world.core(ON)
    world.switch(DOWN)
    assert BLIND in world.state.alarms
    world.switch(UP)
    assert BLIND not in world.state.alarms


def test_whoever_is_called_back_is_called_at_the_other_node(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.core(ON)
    assert called_at(world) == OTHER


def test_without_another_node_the_call_back_goes_out_where_it_can(world: World) -> None:
    world.core(ON)
    assert called_at(world) == NODE


def test_a_switch_that_is_not_real_takes_nobody_over(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted=f"{SIMULATED}1"))
    world.core(ON)
    assert called_at(world) == NODE
