"""The list of missed calls: taken off by hand, and told to a supervisor when nobody looks after it."""

from __future__ import annotations

from dispatch_core.domain.commands import MissedWaits, TakeOffMissed
from dispatch_core.domain.decide.aftermath import take_line, unattended
from dispatch_core.domain.decide.call_back import missed_gone
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import AlarmRaised, MissedOverdue
from dispatch_core.domain.plain_text import REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import AlarmLevel, MissedEnd


@rule(TakeOffMissed)
def take_off_missed(story: Story, body: TakeOffMissed) -> Refusal | None:
    """Not while somebody is calling back just then: they may be about to reach the caller."""
    line = story.state.missed.get(body.missed)
    if line is None:
        return missed_gone(story.state, body.missed)
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    call = story.state.calls.get(line.tried)
    if call is not None and call.state.live and call.back is not None and call.back.user != story.user:
        return refuse("being_called_back", user=call.back.user, position=call.back.position)
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    take_line(story, line, MissedEnd.BY_HAND, story.user, line.calls[-1], reason)
    return None


@rule(MissedWaits)
def missed_waits(story: Story, body: MissedWaits) -> Refusal | None:
    line = story.state.missed.get(body.missed)
    if line is None or line.overdue:
        return NOTHING
    story.happen(MissedOverdue(line=line.id))
    service = next(iter(line.services), "")
    kind = "missed_unattended"
    if unattended(service) not in story.state.alarms:
        story.happen(AlarmRaised(key=unattended(service), kind=kind, subject=service, level=AlarmLevel.HIGH))
    return None
