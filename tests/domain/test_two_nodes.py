"""Two switches and one set of phones: who talks at one is left alone by the other."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.effects import Effect, ServeQueues, effects_of, talks_elsewhere
from dispatch_core.domain.state import State
from dispatch_core.domain.vocabulary import CallBackOutcome, EndedBy, WatchHow
from tests.domain.world import NODE, World, busy

OTHER = "hcm2"


def _since(world: World, seq: int) -> list[Effect]:
    return [it for recorded in world.story if recorded.seq > seq for it in effects_of(recorded, world.state)]


def _told(world: World, body: c.Command) -> set[str]:
    """Which seats every node is told of anew."""
    seq = world.state.seq
    world.switch(body)
    effects = _since(world, seq)
    assert all(isinstance(it, ServeQueues) for it in effects)
    return {it.position for it in effects if isinstance(it, ServeQueues)}


def test_with_one_node_nothing_is_told(world: World) -> None:
    world.call("c1")
    assert _told(world, c.CallTakenAt(call="c1", position="B02", at=world.now)) == set()
    assert not talks_elsewhere(world.state, "B02", NODE)
    assert _told(world, c.NodeDown(node=NODE, why="connect")) == set()


def test_every_node_is_told_when_a_phone_begins_and_ends_to_talk(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.call("c1")
    assert not talks_elsewhere(world.state, "B02", OTHER)
    assert _told(world, c.CallTakenAt(call="c1", position="B02", at=world.now + 1_000)) == {"B02"}
    assert talks_elsewhere(world.state, "B02", OTHER) and not talks_elsewhere(world.state, "B02", NODE)
    assert _told(world, c.PartyJoined(call="c1", party="B04")) == {"B02", "B04"}
    assert talks_elsewhere(world.state, "B04", OTHER)
    assert _told(world, c.PartyLeft(call="c1", party="B04")) == {"B02", "B04"}
    assert _told(world, c.CallTakenAt(call="c1", position="B01", at=world.now + 2_000)) == {"B01", "B02"}
    assert not talks_elsewhere(world.state, "B02", OTHER)
    over = c.CallOver(call="c1", at=world.now + 9_000, by=EndedBy.CALLER, cause=16)
    assert _told(world, over) == {"B01", "B02"}
    assert not talks_elsewhere(world.state, "B01", OTHER)


def test_a_phone_that_is_about_to_pick_up_is_left_alone_too(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.call("c1")
    seq = world.state.seq
    world.person("lan", c.AnswerCall(call="c1"))
    assert ServeQueues("B02", True) in _since(world, seq)
    assert talks_elsewhere(world.state, "B02", OTHER)
    world.core(c.AnswerFailed(call="c1", position="B02", why="refused"))
    assert not talks_elsewhere(world.state, "B02", OTHER)


def test_a_node_that_is_away_keeps_no_phone_from_the_others(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.talk("c1", "B02")
    world.call("c2")
    assert _told(world, c.NodeDown(node=NODE, why="connect")) == {"B02"}
    assert not talks_elsewhere(world.state, "B02", OTHER)


def test_what_is_told_of_a_call_that_is_not_there_moves_nobody() -> None:
    for recorded in busy().story:
        unknown = State(nodes=busy().state.nodes)
        assert not [it for it in effects_of(recorded, unknown) if isinstance(it, ServeQueues) and it.on]


def test_a_phone_that_calls_back_is_left_alone_from_the_asking_to_the_end(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    seq = world.state.seq
    asked = world.person("lan", c.CallBack(number="0912345678"))[0]
    ident = asked.call  # type: ignore[union-attr]
    node = world.the(ident).node
    away = OTHER if node == NODE else NODE
    assert ServeQueues("B02", True) in _since(world, seq)
    assert talks_elsewhere(world.state, "B02", away) and not talks_elsewhere(world.state, "B02", node)
    seq = world.state.seq
    world.switch(c.CallBackOver(call=ident, outcome=CallBackOutcome.BUSY))
    world.switch(c.CallOver(call=ident, at=world.now + 1_001, by=EndedBy.UNREACHED, cause=17))
    assert ServeQueues("B02", True) in _since(world, seq)
    assert not talks_elsewhere(world.state, "B02", away)


def test_a_phone_that_listens_is_left_alone_too(world: World) -> None:
    world.switch(c.NodeUp(node=OTHER, booted="1"))
    world.talk("c1", "B02")
    seq = world.state.seq
    (asked,) = world.person("hoa", c.WatchPosition(position="B02", how=WatchHow.LISTEN))
    assert ServeQueues("B03", True) in _since(world, seq)
    assert talks_elsewhere(world.state, "B03", OTHER) and not talks_elsewhere(world.state, "B03", NODE)
    assert _told(world, c.NodeDown(node=NODE, why="connect")) == {"B02", "B03"}
    assert not talks_elsewhere(world.state, "B03", OTHER)
    world.switch(c.NodeUp(node=NODE, booted="2026-11-23 06:00:00"))
    assert talks_elsewhere(world.state, "B03", OTHER)
    assert _told(world, c.WatchOver(channel=asked.channel)) == {"B03"}  # type: ignore[union-attr]
    assert not talks_elsewhere(world.state, "B03", OTHER)
