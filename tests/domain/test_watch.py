"""Silence, carriers that do not answer, streams that stop, nodes that stay away."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain import events as e
from dispatch_core.domain.deadlines import NODE_AWAY_MS, due
from dispatch_core.domain.vocabulary import AlarmLevel, CallState, EndedBy, IncidentState
from tests.domain.world import NODE, T0, World, came

MISSED = c.ProbeMissed(node=NODE, number="114", why="unseen")
SEEN = c.ProbeSeen(node=NODE, number="114", ms=35)


def test_a_silent_number_is_an_alarm_of_its_own_until_it_is_heard_again(world: World) -> None:
    assert world.core_no(SEEN) == "nothing_new"
    (raised,) = world.core(MISSED)
    assert raised == e.AlarmRaised(
        key=f"number_silent:114@{NODE}", kind="number_silent", subject=f"114@{NODE}", level=AlarmLevel.CRITICAL
    )
    assert world.core_no(MISSED) == "nothing_new"
    assert world.core_no(c.ProbeSeen(node=NODE, number="113", ms=3)) == "nothing_new"
    world.core(c.ProbeMissed(node=NODE, number="115", why="refused"))
    assert world.core(SEEN) == (e.AlarmHandled(key=f"number_silent:114@{NODE}"),)
    assert list(world.state.alarms) == [f"number_silent:115@{NODE}"]


def test_somebody_may_handle_it_and_the_next_probe_tells_again(world: World) -> None:
    world.core(MISSED)
    world.person("tuan", c.HandleAlarm(key=f"number_silent:114@{NODE}"))
    assert len(world.core(MISSED)) == 1


def test_of_a_node_that_is_away_or_a_number_that_is_gone_nothing_is_told(world: World) -> None:
    assert world.core_no(c.ProbeMissed(node=NODE, number="117", why="unseen")) == "nothing_new"
    assert world.core_no(c.ProbeMissed(node="hcm2", number="114", why="unseen")) == "nothing_new"
    world.switch(c.NodeDown(node=NODE, why="silent"))
    assert world.core_no(MISSED) == "nothing_new"


def test_a_carrier_that_does_not_answer_is_an_alarm_for_each_node(world: World) -> None:
    lost = c.CarrierLost(node=NODE, carrier="viettel")
    world.switch(lost)
    world.switch(c.CarrierLost(node="hcm2", carrier="viettel"))
    assert world.switch_no(lost) == "nothing_new"
    assert {it.level for it in world.state.alarms.values()} == {AlarmLevel.CRITICAL}
    assert world.switch_no(c.CarrierBack(node=NODE, carrier="vnpt")) == "nothing_new"
    world.switch(c.CarrierBack(node=NODE, carrier="viettel"))
    assert list(world.state.alarms) == ["trunk_down:viettel@hcm2"]


def test_events_that_stopped_while_calls_live(world: World) -> None:
    assert world.switch_no(c.EventsFlow(node=NODE)) == "nothing_new"
    world.switch(c.EventsStopped(node=NODE))
    assert world.state.alarms[f"events_stopped:{NODE}"].level is AlarmLevel.HIGH
    world.switch(c.EventsFlow(node=NODE))
    assert not world.state.alarms


def test_a_node_that_stays_away_is_given_up_with_its_own_calls_only(world: World) -> None:
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.talk("c1", "B02")
    world.call("c2", "fire")
    world.switch(c.CallCame(call="x1", node="hcm2", at=world.now, dialled="113", services=("police",)))
    assert world.core_no(c.NodeGivenUp(node=NODE)) == "nothing_new"
    world.switch(c.NodeDown(node=NODE, why="connect"))
    assert c.NodeGivenUp(node=NODE) not in due(world.state, world.now + NODE_AWAY_MS)
    (given_up,) = [it for it in due(world.state, world.now + NODE_AWAY_MS + 1) if isinstance(it, c.NodeGivenUp)]
    told = world.later(NODE_AWAY_MS + 1).core(given_up)
    assert [(it.call, it.by) for it in told if isinstance(it, e.CallEnded)] == [
        ("c1", EndedBy.SWITCH_LOST), ("c2", EndedBy.SWITCH_LOST),
    ]  # fmt: skip
    assert (world.the("c1").state, world.the("c2").state) == (CallState.ENDED, CallState.ABANDONED)
    assert world.the("x1").state.live
    assert {it.state for it in world.state.incidents.values()} == {IncidentState.RECEIVING}
    assert world.core_no(given_up) == "nothing_new"
    assert due(world.state, world.now + 1) == ()
    assert world.core_no(c.NodeGivenUp(node="hcm9")) == "nothing_new"


def test_a_node_that_was_given_up_and_lived_on_brings_its_calls_back(world: World) -> None:
    world.talk("c1", "B02")
    world.switch(c.NodeDown(node=NODE, why="silent"))
    world.later(NODE_AWAY_MS + 1).core(c.NodeGivenUp(node=NODE))
    world.later(1_000).switch(c.NodeUp(node=NODE, booted="2026-11-23 06:00:00"))
    listed = c.LiveCall(call="c1", dialled="115", services=("ambulance",), position="B02", arrived_at=T0)
    world.later(1_000).switch(c.SwitchLooked(node=NODE, asked_at=world.now, calls=(listed,)))
    assert world.the("c1").state is CallState.ANSWERED and world.the("c1").position == "B02"


def test_the_next_caller_is_the_one_who_has_waited_longest_on_whichever_node(world: World) -> None:
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.switch(came("c1", at=T0 + 2_000))
    world.switch(c.CallCame(call="x1", node="hcm2", at=T0 + 1_000, dialled="115", services=("ambulance",)))
    waiting = sorted(world.state.calls.values(), key=lambda call: call.arrived_at)
    assert [(it.id, it.node) for it in waiting] == [("x1", "hcm2"), ("c1", NODE)]


def test_a_node_that_the_site_has_no_more_leaves_with_its_calls_and_alarms(world: World) -> None:
    assert world.core_no(c.RetireNode(node="hcm2")) == "nothing_new"
    world.switch(c.NodeUp(node="hcm2", booted="1"))
    world.switch(c.CallCame(call="x1", node="hcm2", at=world.now, dialled="113", services=("police",)))
    world.call("c1")
    world.core(c.ProbeMissed(node="hcm2", number="114", why="unseen"))
    world.core(MISSED)
    world.switch(c.NodeDown(node="hcm2", why="connect"))
    told = world.core(c.RetireNode(node="hcm2"))
    kinds = (e.CallEnded, e.AlarmHandled, e.NodeRetired)
    seen = [type(it) for it in told if isinstance(it, kinds)]
    assert seen == [e.CallEnded, e.AlarmHandled, e.AlarmHandled, e.NodeRetired]
    assert list(world.state.nodes) == [NODE] and list(world.state.alarms) == [f"number_silent:114@{NODE}"]
    assert world.the("c1").state.live and world.the("x1").ended_by is EndedBy.SWITCH_LOST
