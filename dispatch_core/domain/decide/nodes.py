"""What is known of the switches themselves: alive or not, started anew, attacked."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.alarms import clear_alarm, raise_alarm
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING, end_all
from dispatch_core.domain.events import NodeConnected, NodeDrained, NodeLost
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import AlarmLevel


@rule(c.NodeUp)
def node_up(story: Story, body: c.NodeUp) -> Refusal | None:
    """A changed start time means that the node restarted: every call that it had is dead, its incident stays."""
    known = story.state.nodes.get(body.node)
    if known is not None and known.up and known.booted == body.booted:
        return NOTHING
    restarted = known is not None and known.booted and known.booted != body.booted
    story.happen(NodeConnected(node=body.node, booted=body.booted))
    if restarted:
        end_all(story, body.node)
    clear_alarm(story, "telephony_blind", body.node)
    clear_alarm(story, "surge_not_told", body.node)  # it is told everything anew
    return None


@rule(c.NodeDown)
def node_down(story: Story, body: c.NodeDown) -> Refusal | None:
    known = story.state.nodes.get(body.node)
    if known is not None and not known.up:
        return NOTHING
    story.happen(NodeLost(node=body.node, why=one_line(body.why, REASON_LIMIT)))
    if known is None or not known.draining or not _spared(story, body.node):
        raise_alarm(story, "telephony_blind", body.node, AlarmLevel.CRITICAL)
    return None


def _spared(story: Story, node: str) -> bool:
    """Whether nobody is harmed by its restart: it holds no call and others take them. Whoever restarts it says how that
    went."""
    held = any(call.state.live for call in story.state.calls.values() if call.node == node)
    return not held and any(it.up and it.id != node for it in story.state.nodes.values())


@rule(c.DrainNode)
def drain_node(story: Story, body: c.DrainNode) -> Refusal | None:
    """What was restarted and is not back when the emptying ends is an alarm from then on."""
    node = story.state.nodes.get(body.node)
    if node is None or node.draining is body.on:
        return NOTHING
    story.happen(NodeDrained(node=body.node, on=body.on))
    if not body.on and not node.up:
        raise_alarm(story, "telephony_blind", body.node, AlarmLevel.CRITICAL)
    return None


@rule(c.ForgerySeen)
def forgery_seen(story: Story, body: c.ForgerySeen) -> Refusal | None:
    return raise_alarm(story, "forged_event", body.trunk or body.node, AlarmLevel.CRITICAL)


@rule(c.IdentityOdd)
def identity_odd(story: Story, body: c.IdentityOdd) -> Refusal | None:
    """The call goes on as any other: who plays with headers may be in need as well."""
    return raise_alarm(story, "odd_identity", body.trunk or body.node, AlarmLevel.HIGH)


@rule(c.MessageParked)
def message_parked(story: Story, body: c.MessageParked) -> Refusal | None:
    return raise_alarm(story, "message_parked", body.node, AlarmLevel.HIGH)
