"""What follows from a call's being answered, ended or found again: the list of missed calls, the outcome of a
call-back, the wrap-up of the position that talked."""

from __future__ import annotations

from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.events import (
    AlarmHandled,
    AlarmRaised,
    CallBackEnded,
    CallBackReached,
    CallMissed,
    MissedTaken,
    MissedWithdrawn,
    WrapUpBegan,
)
from dispatch_core.domain.made_up import apart
from dispatch_core.domain.numbers import same_subscriber
from dispatch_core.domain.occupied import occupies
from dispatch_core.domain.state import Call, Missed, State
from dispatch_core.domain.vocabulary import (
    AlarmLevel,
    CallBackOutcome,
    CallState,
    Direction,
    DutyState,
    EndedBy,
    MissedEnd,
)

MISSED_KEPT = 500
"""Lines of the list; beyond it the oldest leaves, and the journal still has it."""

UNKNOWN = "call_back_unknown"

OUTCOME_OF_CAUSE = {
    1: CallBackOutcome.INVALID,
    16: CallBackOutcome.GIVEN_UP,
    17: CallBackOutcome.BUSY,
    18: CallBackOutcome.NO_ANSWER,
    19: CallBackOutcome.NO_ANSWER,
    21: CallBackOutcome.NO_ANSWER,
    28: CallBackOutcome.INVALID,
}
"""Q.850, where the switch did not say it in words; every other cause means that no way led there."""


def after_answer(story: Story, ident: str, position: str) -> None:
    """Somebody talks with the caller: what was missed of that number is off the list."""
    call = story.state.calls[ident]
    if call.direction is Direction.TEST:
        return
    seat = story.state.positions.get(position)
    user = seat.user if seat is not None else ""
    if call.direction is Direction.OUTGOING:
        if call.back is None or call.back.outcome is not CallBackOutcome.REACHED:
            story.happen(CallBackReached(call=ident, position=position, incident=call.incident))
        off_the_list(story, call, MissedEnd.CALLED_BACK, call.back.user if call.back is not None else user)
        return
    _withdraw(story, ident)
    off_the_list(story, call, MissedEnd.RANG_AGAIN, user)


def off_the_list(story: Story, call: Call, end: MissedEnd, user: str) -> None:
    for line in lines_of(story.state, call.number, call.node):
        take_line(story, line, end, user, call.id)


def take_line(story: Story, line: Missed, end: MissedEnd, user: str = "", call: str = "", reason: str = "") -> None:
    story.happen(MissedTaken(line=line.id, end=end, user=user, call=call, reason=reason))
    calm(story, line)


def lines_of(state: State, number: str, node: str) -> list[Missed]:
    """The lines of the number as this node tells of it; none for one that was withheld."""
    country = state.site.country_code
    return [
        line for _, line in sorted(state.missed.items())
        if same_subscriber(line.number, number, country) and not apart(state, line.node, node)
    ]  # fmt: skip


def after_found(story: Story, ident: str) -> None:
    """A call that was taken for lost lives."""
    _withdraw(story, ident)
    key = f"{UNKNOWN}:{ident}"
    if key in story.state.alarms:
        story.happen(AlarmHandled(key=key))


def _withdraw(story: Story, ident: str) -> None:
    for _, line in sorted(story.state.missed.items()):
        if ident in line.calls:
            story.happen(MissedWithdrawn(call=ident, line=line.id))
            calm(story, line)


def calm(story: Story, line: Missed) -> None:
    """The alarm of a service whose last overdue line is off the list, or is being called back, is over."""
    for service in line.services[:1]:
        key = unattended(service)
        left = any(it.overdue and it.services[:1] == (service,) for it in story.state.missed.values())
        if key in story.state.alarms and not left:
            story.happen(AlarmHandled(key=key))


def unattended(service: str) -> str:
    """The key of the alarm for a service's missed calls."""
    return f"missed_unattended:{service}"


def after_end(story: Story, before: Call) -> None:
    """``before`` is the call as it was when it ended."""
    call = story.state.calls[before.id]
    if call.direction is Direction.TEST:
        return  # nobody was missed, and there is nothing to write down
    if call.direction is Direction.OUTGOING:
        _call_back_over(story, call)
    elif call.state is CallState.ABANDONED or (call.ended_by is EndedBy.SWITCH_LOST and not before.hang_up_asked):
        _missed(story, call)
    wrap_up(story, before.position)


def _call_back_over(story: Story, call: Call) -> None:
    """One that reached nobody, and of which the switch did not say in words why, is known by its cause."""
    if call.answered_at or (call.back is not None and call.back.outcome is not None):
        return
    lost = call.ended_by is EndedBy.SWITCH_LOST
    outcome = CallBackOutcome.UNKNOWN if lost else OUTCOME_OF_CAUSE.get(call.cause, CallBackOutcome.UNREACHABLE)
    call_back_ended(story, call, outcome)


def call_back_ended(story: Story, call: Call, outcome: CallBackOutcome) -> None:
    """What nobody knows is put to a person."""
    story.happen(CallBackEnded(call=call.id, outcome=outcome, incident=call.incident))
    if outcome is CallBackOutcome.UNKNOWN:
        subject = call.back.position if call.back is not None else call.node
        story.happen(AlarmRaised(key=f"{UNKNOWN}:{call.id}", kind=UNKNOWN, subject=subject, level=AlarmLevel.HIGH))


def _missed(story: Story, call: Call) -> None:
    """A caller who said by a key that he calls about what is known, and hung up, is counted there and not missed; one
    whose incident stayed another (he is elsewhere, somebody works on it) is."""
    if call.surge.same_at and call.incident == call.surge.incident:
        return
    lines = lines_of(story.state, call.number, call.node)
    line = lines[0].id if lines else call.id
    story.happen(CallMissed(call=call.id, line=line, cut=call.ended_by is EndedBy.SWITCH_LOST))
    if len(story.state.missed) > MISSED_KEPT:
        oldest = min(story.state.missed.values(), key=lambda it: (it.first_at, it.id))
        take_line(story, oldest, MissedEnd.TOO_MANY)


def wrap_up(story: Story, position: str) -> None:
    """The position is off a call: it gets the site's time to write things down, unless it is not ready."""
    seat = story.state.positions.get(position)
    time = story.state.site.wrap_up_ms
    if seat is None or not seat.user or not time or seat.duty.state is DutyState.NOT_READY:
        return
    if any(occupies(call, position) for call in story.state.calls.values()):
        return
    story.happen(WrapUpBegan(position=position, until=story.now + time))
