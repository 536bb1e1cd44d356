"""Ready, not ready with a reason, wrap-up; and services of which nobody is ready while somebody waits."""

from __future__ import annotations

from dispatch_core.domain.commands import BeNotReady, BeReady, NobodyReady, SomebodyReady, WrapUpOver
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import (
    AlarmHandled,
    AlarmRaised,
    PositionNotReady,
    PositionReady,
    ServiceReady,
    ServiceUnready,
)
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.state import Position
from dispatch_core.domain.vocabulary import AlarmLevel, DutyState
from dispatch_core.domain.words import Word, listed


def _own_seat(story: Story) -> Position | Refusal:
    position = story.state.people[story.user].position
    return story.state.positions[position] if position else refuse("no_position")


@rule(BeReady)
def be_ready(story: Story, body: BeReady) -> Refusal | None:
    seat = _own_seat(story)
    if isinstance(seat, Refusal):
        return seat
    if seat.duty.state is DutyState.READY:
        return refuse("already_so")
    story.happen(PositionReady(position=seat.id))
    return None


@rule(BeNotReady)
def be_not_ready(story: Story, body: BeNotReady) -> Refusal | None:
    seat = _own_seat(story)
    if isinstance(seat, Refusal):
        return seat
    reasons = story.state.site.reasons
    if body.why not in reasons:
        near = listed(Word(it.code, it.vi, it.en) for _, it in sorted(reasons.items()))
        return refuse("unknown_reason", reason=body.why, near=near)
    if seat.duty.state is DutyState.NOT_READY and seat.duty.why == body.why:
        return refuse("already_so")
    story.happen(PositionNotReady(position=seat.id, why=body.why))
    return None


@rule(WrapUpOver)
def wrap_up_over(story: Story, body: WrapUpOver) -> Refusal | None:
    seat = story.state.positions.get(body.position)
    if seat is None or seat.duty.state is not DutyState.WRAP_UP:
        return NOTHING
    story.happen(PositionReady(position=seat.id))
    return None


def nobody(service: str) -> str:
    """The key of the alarm for a service that nobody is ready for."""
    return f"nobody_ready:{service}"


@rule(NobodyReady)
def nobody_ready(story: Story, body: NobodyReady) -> Refusal | None:
    """Callers overflow to every position meanwhile; a supervisor must know."""
    if body.service in story.state.unready:
        return NOTHING
    story.happen(ServiceUnready(service=body.service))
    if nobody(body.service) not in story.state.alarms:
        key, kind = nobody(body.service), "nobody_ready"
        story.happen(AlarmRaised(key=key, kind=kind, subject=body.service, level=AlarmLevel.CRITICAL))
    return None


@rule(SomebodyReady)
def somebody_ready(story: Story, body: SomebodyReady) -> Refusal | None:
    if body.service not in story.state.unready:
        return NOTHING
    story.happen(ServiceReady(service=body.service))
    if nobody(body.service) in story.state.alarms:
        story.happen(AlarmHandled(key=nobody(body.service)))
    return None
