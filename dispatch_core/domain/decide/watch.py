"""What watching found, as alarms that come and go by themselves. Silence is one of them: a number that nobody can reach
looks like a quiet night otherwise.

Each alarm names the node that saw it: a carrier may reach one node and not the other. Handled by a person while it
lasts, a silent number is told again by the next probe; the others when they begin anew.
"""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.alarms import clear_alarm, raise_alarm
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING, end_all
from dispatch_core.domain.events import AlarmHandled, NodeRetired
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import AlarmLevel

BUSY, BUSY_NO_MORE = 80, 70
FULL, FULL_NO_MORE = 100, 90
"""Percent of a carrier's channels at which an alarm begins, and below which it is over."""


def _at(what: str, node: str) -> str:
    return f"{what}@{node}"


@rule(c.ProbeSeen)
def probe_seen(story: Story, body: c.ProbeSeen) -> Refusal | None:
    return clear_alarm(story, "number_silent", _at(body.number, body.node))


@rule(c.ProbeMissed)
def probe_missed(story: Story, body: c.ProbeMissed) -> Refusal | None:
    """Nothing new of a node that is away: that is an alarm of its own, and every number would only repeat it."""
    node = story.state.nodes.get(body.node)
    if node is None or not node.up or body.number not in story.state.site.numbers:
        return NOTHING
    return raise_alarm(story, "number_silent", _at(body.number, body.node), AlarmLevel.CRITICAL)


@rule(c.CarrierLost)
def carrier_lost(story: Story, body: c.CarrierLost) -> Refusal | None:
    return raise_alarm(story, "trunk_down", _at(body.carrier, body.node), AlarmLevel.CRITICAL)


@rule(c.CarrierBack)
def carrier_back(story: Story, body: c.CarrierBack) -> Refusal | None:
    return clear_alarm(story, "trunk_down", _at(body.carrier, body.node))


@rule(c.CarrierUsed)
def carrier_used(story: Story, body: c.CarrierUsed) -> Refusal | None:
    """Told well before it is full, and over only when it is clearly below, so that it does not come with every call."""
    share = body.in_use * 100 // max(body.capacity, 1)
    if share >= BUSY:
        raise_alarm(story, "trunk_busy", body.carrier, AlarmLevel.HIGH)
    elif share < BUSY_NO_MORE:
        clear_alarm(story, "trunk_busy", body.carrier)
    if share >= FULL:
        raise_alarm(story, "trunk_full", body.carrier, AlarmLevel.CRITICAL)
    elif share < FULL_NO_MORE:
        clear_alarm(story, "trunk_full", body.carrier)
    return None if story.events else NOTHING


@rule(c.EventsStopped)
def events_stopped(story: Story, body: c.EventsStopped) -> Refusal | None:
    return raise_alarm(story, "events_stopped", body.node, AlarmLevel.HIGH)


@rule(c.EventsFlow)
def events_flow(story: Story, body: c.EventsFlow) -> Refusal | None:
    return clear_alarm(story, "events_stopped", body.node)


@rule(c.NodeGivenUp)
def node_given_up(story: Story, body: c.NodeGivenUp) -> Refusal | None:
    """Its calls end, their incidents stay, and who waited there can be called back. Where they were alive after all,
    the look finds them again when the node returns."""
    node = story.state.nodes.get(body.node)
    if node is None or node.up:
        return NOTHING
    end_all(story, body.node)
    return None if story.events else NOTHING


@rule(c.RetireNode)
def retire_node(story: Story, body: c.RetireNode) -> Refusal | None:
    """What it still held is over, and what was alarmed of it nobody can act on any more."""
    if body.node not in story.state.nodes:
        return NOTHING
    end_all(story, body.node)
    for key, alarm in sorted(story.state.alarms.items()):
        if alarm.subject.rpartition("@")[2] == body.node:
            story.happen(AlarmHandled(key=key))
    story.happen(NodeRetired(node=body.node))
    return None
