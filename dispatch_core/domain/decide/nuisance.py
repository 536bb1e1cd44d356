"""Whose calls stand behind others: by history, or by a supervisor's word. Nobody is ever turned away."""

from __future__ import annotations

from dispatch_core.domain import commands as c
from dispatch_core.domain.decide.incidents import too_long
from dispatch_core.domain.decide.story import Story, rule
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import AlarmRaised, Event, NumberForgotten, NumberRated, NumberSet
from dispatch_core.domain.nuisance import stands_behind, worth_keeping
from dispatch_core.domain.plain_text import CALLER_LIMIT, REASON_LIMIT, one_line
from dispatch_core.domain.refusals import Refusal, refuse
from dispatch_core.domain.vocabulary import AlarmLevel, Direction

UNMARKED = "numbers_not_marked"


def _changes(story: Story, event: Event) -> bool:
    return story.foresee(event).nuisance != story.state.nuisance


@rule(c.NumbersRated)
def numbers_rated(story: Story, body: c.NumbersRated) -> Refusal | None:
    """Only what changes whose turn it is, or why, is kept."""
    rated = [
        NumberRated(number=one_line(it.number, CALLER_LIMIT), closures=tuple(sorted(it.closures)), real_at=it.real_at)
        for it in body.ratings
    ]
    changing = [event for event in rated if event.number and _changes(story, event)]
    for event in changing:
        story.happen(event)
    return None if changing else NOTHING


@rule(c.SetNuisance)
def set_nuisance(story: Story, body: c.SetNuisance) -> Refusal | None:
    call = story.state.calls.get(body.call)
    if call is None:
        return refuse("unknown_call", call=body.call)
    if not call.number or call.direction is Direction.OUTGOING:
        return refuse("no_number_to_rate")
    if not body.reason.strip():
        return refuse("reason_missing")
    no = too_long(body.reason, REASON_LIMIT)
    if no is not None:
        return no
    if body.on == stands_behind(story.state.nuisance.get(call.number), story.now):
        return refuse("already_so")
    reason = one_line(body.reason.strip(), REASON_LIMIT)
    story.happen(NumberSet(number=call.number, on=body.on, user=story.user, reason=reason))
    return None


@rule(c.ForgetNumber)
def forget_number(story: Story, body: c.ForgetNumber) -> Refusal | None:
    known = story.state.nuisance.get(body.number)
    if known is None or worth_keeping(known, story.now):
        return NOTHING
    story.happen(NumberForgotten(number=body.number))
    return None


@rule(c.NumbersNotMarked)
def numbers_not_marked(story: Story, body: c.NumbersNotMarked) -> Refusal | None:
    key = f"{UNMARKED}:{body.node}"
    if key in story.state.alarms:
        return NOTHING
    story.happen(AlarmRaised(key=key, kind=UNMARKED, subject=one_line(body.node, CALLER_LIMIT), level=AlarmLevel.LOW))
    return None
