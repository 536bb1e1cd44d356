"""Alarms that the core raises by itself: one for each key until somebody handles it, or what it told of is over."""

from __future__ import annotations

from dispatch_core.domain.decide.story import Story
from dispatch_core.domain.decide.switch import NOTHING
from dispatch_core.domain.events import AlarmHandled, AlarmRaised
from dispatch_core.domain.refusals import Refusal
from dispatch_core.domain.vocabulary import AlarmLevel


def raise_alarm(story: Story, kind: str, subject: str, level: AlarmLevel) -> Refusal | None:
    key = f"{kind}:{subject}"
    if key in story.state.alarms:
        return NOTHING
    story.happen(AlarmRaised(key=key, kind=kind, subject=subject, level=level))
    return None


def clear_alarm(story: Story, kind: str, subject: str) -> Refusal | None:
    key = f"{kind}:{subject}"
    if key not in story.state.alarms:
        return NOTHING
    story.happen(AlarmHandled(key=key))
    return None
