"""The look at the switch: what it lists as alive repairs what its events did not tell."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.aftermath import after_found, wrap_up
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING, answered, arrive, end, fact
from dispatch_core.domain.events import (
    CallFound,
    CallHeld,
    CallJoined,
    CallParted,
    CallQueued,
    CallResumed,
    PositionReleased,
    RecordingStarted,
    VoiceMuted,
    WatchEnded,
)
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.state import Call
from dispatch_core.domain.vocabulary import EndedBy, Instant

LOOK_GRACE_MS = 2_000
"""What happened within this of a look may be missing from it, or be newer than it, without the look being right."""

CLOCK_SLACK_MS = 5_000
"""What happened this far after a look was told by a clock that has been set back since: the look is right."""


def _must_know(at: Instant, asked_at: Instant) -> bool:
    """Whether a look that was asked at ``asked_at`` knows of what happened at ``at``."""
    return not asked_at - LOOK_GRACE_MS <= at <= asked_at + CLOCK_SLACK_MS


def _newest(call: Call) -> Instant:
    told = (call.arrived_at, call.requeued_at, call.hold_told_at, call.mute_told_at)
    return max(*told, *(talk.since for talk in call.talks))


@rule(c.SwitchLooked)
def switch_looked(story: Story, body: c.SwitchLooked) -> Refusal | None:
    """End what is gone, bring in what is new or was taken for lost, follow who talks and where the caller waits."""
    seen = {call.call for call in body.calls}
    for ident, call in sorted(story.state.calls.items()):
        gone = call.node == body.node and call.state.live and ident not in seen
        if gone and _must_know(call.arrived_at, body.asked_at):
            end(story, call, body.asked_at, EndedBy.SWITCH_LOST, 0)
    for listed in body.calls:
        _follow(story, body, listed)
    for _, watch in sorted(story.state.watches.items()):
        gone = body.watches is not None and watch.node == body.node and watch.channel not in body.watches
        if gone and watch.running and _must_know(watch.at, body.asked_at):
            story.happen(WatchEnded(position=watch.position, channel=watch.channel))
    return None if story.events else NOTHING


def _follow(story: Story, body: c.SwitchLooked, listed: c.LiveCall) -> None:
    if listed.call not in story.state.calls:
        arrive(story, listed, body.node, listed.arrived_at or body.asked_at)
    known = story.state.calls[listed.call]
    if not known.state.live:
        if known.ended_by is not EndedBy.SWITCH_LOST or known.ended_at >= body.asked_at:
            return  # its end is on the way, or it ended while we looked
        story.happen(CallFound(call=listed.call))
        after_found(story, listed.call)
        known = story.state.calls[listed.call]
    if listed.recording:
        fact(story, listed.call, RecordingStarted(call=listed.call, file=listed.recording))
    untold = not known.requeued_at and not known.talks
    if not untold and not _must_know(_newest(known), body.asked_at):
        return
    now = max(body.asked_at, _newest(known) + 1)  # after all that is known of the call, whatever the clocks say
    if listed.position:
        if known.position != listed.position:
            answered(story, listed.call, listed.position, now)
    elif listed.queue:
        if known.queue != listed.queue or not known.state.waiting:
            at = known.arrived_at if untold else now  # what the switch still tells of the queue comes after that
            story.happen(CallQueued(call=listed.call, queue=listed.queue, at=at, overflow=False))
    elif known.position:
        story.happen(PositionReleased(call=listed.call, position=known.position))
        wrap_up(story, known.position)
    _follow_company(story, listed, now)


def _follow_company(story: Story, listed: c.LiveCall, now: Instant) -> None:
    """Whether the caller is on hold, who else is in the call, and whose voice is kept."""
    known = story.state.calls[listed.call]
    if listed.held is not None and known.position and listed.held is not bool(known.held_at):
        at = max(now, known.hold_told_at + 1)
        fact(story, listed.call, (CallHeld if listed.held else CallResumed)(call=listed.call, at=at))
    if listed.parties is not None:
        for party in known.parties:
            if party not in listed.parties:
                story.happen(CallParted(call=listed.call, party=party))
        for party in listed.parties:
            if party != story.state.calls[listed.call].position:
                fact(story, listed.call, CallJoined(call=listed.call, party=party))
    if listed.muted is not None:
        at = max(now, known.mute_told_at + 1)
        for position in sorted({*known.muted, *listed.muted}):
            on = position in listed.muted
            if on is not (position in known.muted):
                fact(story, listed.call, VoiceMuted(call=listed.call, position=position, on=on, at=at))
