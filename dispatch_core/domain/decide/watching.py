"""A supervisor's ear: listening at a position, whispering to it, coming into its call. Each is on record before it is
done; what a supervisor hears ends with the call."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.calls import busy_with
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import WatchAsked, WatchBegan, WatchEnded, WatchStopAsked
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Call, State, Watch
from dispatch_core.domain.vocabulary import CallState, WatchHow


def _call_of(state: State, position: str) -> Call | None:
    """The call in which the position talks."""
    for _, call in sorted(state.calls.items()):
        if call.state.live and position in (call.position, *call.parties):
            return call
    return None


@rule(c.WatchPosition)
def watch(story: Story, body: c.WatchPosition) -> Refusal | None:
    """The same phone goes on in another way where it listens already; else it is called, and picks up by itself."""
    own = story.state.people[story.user].position
    if not own:
        return refuse("no_position")
    if body.position not in story.state.positions:
        return refuse("unknown_position", position=body.position)
    if body.position == own:
        return refuse("own_position")
    call = _call_of(story.state, body.position)
    if call is None:
        return refuse("not_on_a_call", position=body.position)
    if body.how is WatchHow.BARGE and call.state is CallState.HELD:
        return refuse("already_held")
    before = story.state.watches.get(own)
    if before is not None and (not before.running or before.watched != body.position):
        return refuse("watching_already", position=before.watched)
    if before is not None and before.how is body.how:
        return refuse("already_so")
    no = busy_with(story.state, own) if before is None else None
    if no is not None:
        return no
    channel = before.channel if before is not None else f"watch-{story.asked.id}"
    story.happen(
        WatchAsked(
            position=own,
            user=story.user,
            node=call.node,
            call=call.id,
            watched=body.position,
            how=body.how,
            channel=channel,
        )
    )
    return None


@rule(c.StopWatching)
def stop(story: Story, body: c.StopWatching) -> Refusal | None:
    known = story.state.watches.get(story.state.people[story.user].position)
    if known is None:
        return refuse("not_watching")
    if known.stop_asked:
        return refuse("already_so")
    story.happen(WatchStopAsked(position=known.position, channel=known.channel))
    return None


# --- outcomes ---------------------------------------------------------------------------------------------------------


def _by_channel(state: State, channel: str) -> Watch | None:
    return next((watch for watch in state.watches.values() if watch.channel == channel), None)


@rule(c.WatchRuns)
def watch_runs(story: Story, body: c.WatchRuns) -> Refusal | None:
    known = _by_channel(story.state, body.channel)
    if known is None or known.running:
        return NOTHING
    story.happen(WatchBegan(position=known.position, channel=known.channel))
    return None


@rule(c.WatchOver)
def watch_over(story: Story, body: c.WatchOver) -> Refusal | None:
    known = _by_channel(story.state, body.channel)
    if known is None:
        return NOTHING
    why = "" if known.running else "not_picked_up"
    story.happen(WatchEnded(position=known.position, channel=known.channel, why=why))
    return None


@rule(c.WatchFailed)
def watch_failed(story: Story, body: c.WatchFailed) -> Refusal | None:
    known = _by_channel(story.state, body.channel)
    if known is None:
        return NOTHING
    why = one_line(body.why, REASON_LIMIT)
    story.happen(WatchEnded(position=known.position, channel=known.channel, why=why))
    return None
